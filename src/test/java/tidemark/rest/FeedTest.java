package tidemark.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static tidemark.testing.Program.record;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.testing.FleetTest;
import tidemark.testing.LentShare;
import tidemark.testing.Program;
import tidemark.testing.Program.Answer;
import tidemark.testing.Workstation;

/** Who follows the delta feed has what the tables have, whatever happens in between. */
class FeedTest extends FleetTest {
  private static final Logger LOG = LoggerFactory.getLogger(FeedTest.class);

  private LentShare server;
  private Program mirror;
  private final Map<String, String> copy = new TreeMap<>();
  private String cursor = "";

  @BeforeEach
  void aServer() {
    everybodyHas(
        "CREATE TABLE customers(code TEXT PRIMARY KEY, name TEXT)",
        "CREATE TABLE orders(id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT REFERENCES customers(code) ON DELETE CASCADE, note TEXT)",
        "INSERT INTO customers VALUES('A','Anna'),('B','Ben')",
        "INSERT INTO orders(code,note) VALUES('A','first')");
    server = anna.server().answersPrograms();
    mirror = Program.of(server, "mirror");
  }

  /** One page; how many changes there were. */
  private int page(int limit) {
    Answer page =
        mirror.get("/api/changes?limit=" + limit + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
    assertThat(page.status()).as(page.text()).isEqualTo(200);
    cursor = String.valueOf(page.get("nextCursor"));
    for (Map<String, ?> change : page.list("changes")) {
      String key = change.get("table") + " " + change.get("key");
      if (change.get("op").equals("put")) {
        copy.put(key, String.valueOf(change.get("row")));
      } else {
        copy.remove(key);
      }
    }
    return page.list("changes").size();
  }

  private void follow(int limit) {
    int pages = 0;
    while (page(limit) > 0) {
      assertThat(pages++).as("pages without end").isLessThan(500);
    }
  }

  private void assertIsWhatTheTablesHave() {
    Map<String, String> there = new TreeMap<>();
    for (String table : List.of("customers", "orders")) {
      String key = table.equals("orders") ? "id" : "code";
      mirror
          .get("/api/" + table)
          .list("records")
          .forEach(row -> there.put(table + " [" + row.get(key) + "]", String.valueOf(row)));
    }
    assertThat(copy).isEqualTo(there);
  }

  private void everybodySyncs() {
    fleet.all().forEach(workstation -> workstation.sync());
    server.looksAfterTheMaster();
  }

  @Test
  void everything_comes_first_and_then_what_changes_with_its_deletes() {
    follow(1);
    assertIsWhatTheTablesHave();
    anna.edit(
        "UPDATE customers SET name='X' WHERE code='B'", "DELETE FROM customers WHERE code='A'");
    everybodySyncs();
    assertThat(page(100)).isEqualTo(3);
    assertIsWhatTheTablesHave();
    assertThat(page(100)).isZero();
  }

  @Test
  void a_row_that_had_to_wait_for_its_parent_comes_when_it_does() {
    follow(100);
    ben.selected = Set.of("orders");
    ben.edit(
        "INSERT INTO customers(code,name) VALUES('P','parent')",
        "INSERT INTO orders(code,note) VALUES('P','child')");
    ben.sync();
    server.looksAfterTheMaster();
    follow(100);
    anna.edit("UPDATE customers SET name='later' WHERE code='B'");
    anna.syncWell();
    server.looksAfterTheMaster();
    follow(100);
    ben.selected = Set.of();
    everybodySyncs();
    follow(100);
    assertThat(copy.toString()).contains("child").contains("parent");
    assertIsWhatTheTablesHave();
  }

  @Test
  void a_cursor_holds_where_the_servers_copy_is_made_anew() {
    follow(100);
    anna.edit("UPDATE customers SET name='X' WHERE code='B'");
    everybodySyncs();
    server.losesItsCopy();
    server.looksAfterTheMaster();
    anna.edit(
        "DELETE FROM customers WHERE code='A'",
        "INSERT INTO customers(code,name) VALUES('N','new')");
    everybodySyncs();
    follow(2);
    assertIsWhatTheTablesHave();
  }

  @Test
  void a_cursor_of_another_ledger_is_gone_with_the_way_to_begin_anew() throws Exception {
    follow(100);
    try (LentShare other = new LentShare(folder.resolve("elsewhere/server.db"))) {
      Files.createDirectories(folder.resolve("elsewhere"));
      Workstation dora =
          new Workstation("dora", folder.resolve("dora"), folder.resolve("elsewhere/server.db"));
      dora.edit("CREATE TABLE customers(code TEXT PRIMARY KEY, name TEXT)");
      Files.copy(dora.db().file(), folder.resolve("elsewhere/server.db"));
      dora.syncWell();
      other.answersPrograms();
      Answer gone = Program.of(other, "x").get("/api/changes?cursor=" + cursor);
      assertThat(gone.status()).as(gone.text()).isEqualTo(410);
      assertThat(String.valueOf(gone.get("hint"))).contains("without a cursor");
    }
  }

  @Test
  void who_waits_is_answered_at_once_when_something_comes() throws Exception {
    follow(100);
    CompletableFuture<Answer> waiting =
        CompletableFuture.supplyAsync(() -> mirror.get("/api/changes?wait=30&cursor=" + cursor));
    while (server.waiting() == 0) {
      Thread.onSpinWait();
    }
    Program.of(server, "shop").post("/api/customers", record("code", "W", "name", "w"));
    Answer answer = waiting.get(20, TimeUnit.SECONDS);
    assertThat(answer.list("changes")).hasSize(1);
  }

  @Test
  void a_key_that_is_revoked_gets_nothing_more_though_it_waits() throws Exception {
    follow(100);
    CompletableFuture<Answer> waiting =
        CompletableFuture.supplyAsync(() -> mirror.get("/api/changes?wait=30&cursor=" + cursor));
    while (server.waiting() == 0) {
      Thread.onSpinWait();
    }
    server.revokeAll();
    assertThat(waiting.get(20, TimeUnit.SECONDS).status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatever_happens_the_copy_is_what_the_tables_have(long seed) {
    LOG.info("seed {}", seed);
    Random random = new Random(seed);
    List<Program> programs = List.of(Program.of(server, "one"), Program.of(server, "two"));
    for (int step = 0; step < 40; step++) {
      Program program = programs.get(random.nextInt(2));
      String code = "C" + random.nextInt(6);
      switch (random.nextInt(9)) {
        case 0 ->
            anna.edit(
                "INSERT OR REPLACE INTO customers(code,name) VALUES('"
                    + code
                    + "','a"
                    + step
                    + "')");
        case 1 -> ben.edit("UPDATE customers SET name='b" + step + "' WHERE code='" + code + "'");
        case 2 -> cara.edit("DELETE FROM customers WHERE code='" + code + "'");
        case 3 -> program.post("/api/customers", record("code", code, "name", "p" + step));
        case 4 -> program.delete("/api/customers/" + code);
        case 5 ->
            program.post("/api/orders", List.of(record("note", "n" + step), record("note", "m")));
        case 6 -> everybodySyncs();
        case 7 -> {
          if (random.nextInt(3) == 0) {
            server.losesItsCopy();
            server.looksAfterTheMaster();
          } else {
            server.restart();
          }
        }
        default -> page(1 + random.nextInt(4));
      }
    }
    everybodySyncs();
    everybodySyncs();
    follow(3);
    assertIsWhatTheTablesHave();
    fleet.settle().assertSame();
  }
}
