package tidemark.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.share.ShareFiles;
import tidemark.testing.FleetTest;
import tidemark.testing.LentShare;
import tidemark.testing.Program;
import tidemark.testing.Program.Answer;

/** Whatever breaks while a program's edit is carried into the ledger, it is there once. */
class CarryTest extends FleetTest {
  private static final String ORDER = "{\"note\":\"once\"}";

  private LentShare server;
  private Program shop;

  @BeforeEach
  void aServer() {
    everybodyHas(
        "CREATE TABLE orders(id INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT)",
        "INSERT INTO orders(note) VALUES('first')");
    server = anna.server().answersPrograms();
    shop = Program.of(server, "shop");
  }

  private Answer order() {
    return shop.ask("POST", "/api/orders", ORDER, "Idempotency-Key", "order 1");
  }

  private void assertIsThereOnce() {
    server.looksAfterTheMaster();
    anna.syncWell();
    assertThat(anna.db().value("SELECT count(*) FROM orders WHERE note='once'")).isEqualTo("1");
  }

  /**
   * Fails one operation on the share, before it is done or after, and all that follow if wanted.
   */
  private ShareFiles.Tap failing(int at, boolean after, boolean forGood, AtomicInteger count) {
    return new ShareFiles.Tap() {
      private void perhaps(boolean done) throws IOException {
        int now = done ? count.get() : count.incrementAndGet();
        if (done == after && (now == at || (forGood && now > at))) {
          throw new IOException("broken at operation " + at);
        }
      }

      @Override
      public void before(ShareFiles.Operation operation, Path path) throws IOException {
        perhaps(false);
      }

      @Override
      public void after(ShareFiles.Operation operation, Path path) throws IOException {
        perhaps(true);
      }
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"before once", "after once", "before for good", "after for good"})
  void a_share_that_fails_at_any_operation_makes_no_second_one_of_it(String how) {
    AtomicInteger count = new AtomicInteger();
    server.own().tap = failing(-1, false, false, count);
    shop.ask("POST", "/api/orders", "{\"note\":\"counted\"}");
    int operations = count.get();
    assertThat(operations).isPositive();
    for (int at = 1; at <= operations; at++) {
      String body = "{\"note\":\"" + how + at + "\"}";
      server.own().tap =
          failing(at, how.startsWith("after"), how.endsWith("good"), new AtomicInteger());
      Answer answer = shop.ask("POST", "/api/orders", body, "Idempotency-Key", how + at);
      assertThat(answer.status()).as(answer.text()).isIn(200, 503);
      server.own().tap = ShareFiles.Tap.NONE;
      Answer again = shop.ask("POST", "/api/orders", body, "Idempotency-Key", how + at);
      assertThat(again.get("action")).as(again.text()).isEqualTo("created");
      server.looksAfterTheMaster();
      assertThat(
              server.own().db().value("SELECT count(*) FROM orders WHERE note='" + how + at + "'"))
          .as("operation %d %s", at, how)
          .isEqualTo("1");
    }
    fleet.settle().assertSame();
  }

  @Test
  void a_server_that_ends_before_it_answers_gives_the_answer_to_who_asks_again() {
    server.own().tap = failing(1, false, true, new AtomicInteger());
    Answer broken = order();
    assertThat(broken.status()).isEqualTo(503);
    server.restart();
    server.own().tap = ShareFiles.Tap.NONE;
    assertThat(order().get("action")).isEqualTo("created");
    assertThat(order().get("action")).isEqualTo("created");
    assertIsThereOnce();
  }

  @Test
  void an_edit_that_was_written_and_not_posted_goes_on_its_way_by_itself() {
    AtomicInteger count = new AtomicInteger();
    server.own().tap = failing(-1, false, false, count);
    shop.ask("POST", "/api/orders", "{\"note\":\"counted\"}");
    for (int at = count.get(); at > 0; at--) {
      server.own().tap = failing(at, false, true, new AtomicInteger());
      Answer answer = shop.ask("POST", "/api/orders", "{\"note\":\"once\"}");
      server.own().tap = ShareFiles.Tap.NONE;
      if (answer.text().contains("it is written here")) {
        assertIsThereOnce();
        return;
      }
      assertThat(answer.status()).as(answer.text()).isIn(200, 503);
      server.looksAfterTheMaster();
      server.own().edit("DELETE FROM orders WHERE note='once'");
      server.looksAfterTheMaster();
    }
    throw new AssertionError("no failure left it written and not posted");
  }
}
