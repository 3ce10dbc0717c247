package tidemark.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static tidemark.testing.Program.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.testing.FleetTest;
import tidemark.testing.LentShare;
import tidemark.testing.Program;
import tidemark.testing.Program.Answer;

/** Two servers in front of one place: it makes no difference which of them one comes to. */
class TwoServersTest extends FleetTest {
  private LentShare one;
  private LentShare other;
  private Program atOne;
  private Program atOther;

  @BeforeEach
  void twoServers() {
    everybodyHas(
        "CREATE TABLE customers(code TEXT PRIMARY KEY, name TEXT)",
        "INSERT INTO customers VALUES('A','Anna'),('B','Ben')");
    one = anna.server().answersPrograms();
    other = one.beside("other-server").answersPrograms();
    String key = one.secret("shop");
    atOne = new Program(one, key);
    atOther = new Program(other, key);
  }

  @AfterEach
  void theOtherEnds() {
    other.close();
  }

  private void bothLookAround() {
    one.looksAfterTheMaster();
    other.looksAfterTheMaster();
  }

  @Test
  void what_is_written_at_one_is_read_at_the_other_and_in_the_office() {
    atOne.post("/api/customers", record("code", "C", "name", "Cara"));
    atOther.post("/api/customers", record("code", "D", "name", "Dora"));
    bothLookAround();
    assertThat(atOne.get("/api/customers/D").get("name")).isEqualTo("Dora");
    assertThat(atOther.get("/api/customers/C").get("name")).isEqualTo("Cara");
    fleet.settle().assertSame();
  }

  @Test
  void a_cursor_of_one_goes_on_at_the_other_though_the_first_is_gone() {
    List<Map<String, ?>> seen = new ArrayList<>();
    Answer page = atOne.get("/api/changes?limit=1");
    seen.addAll(page.list("changes"));
    atOne.post("/api/customers", record("code", "C", "name", "Cara"));
    bothLookAround();
    one.close();
    while (!page.list("changes").isEmpty()) {
      page = atOther.get("/api/changes?limit=1&cursor=" + page.get("nextCursor"));
      assertThat(page.status()).as(page.text()).isEqualTo(200);
      seen.addAll(page.list("changes"));
      assertThat(seen.size()).isLessThan(50);
    }
    assertThat(seen.toString()).contains("Anna", "Ben", "Cara");
  }

  @Test
  void a_version_of_one_is_a_condition_at_the_other() {
    bothLookAround();
    String version = String.valueOf(atOne.get("/api/customers/A").header("ETag"));
    String body = "{\"code\":\"A\",\"name\":\"X\"}";
    assertThat(atOther.ask("POST", "/api/customers", body, "If-Match", version).get("action"))
        .isEqualTo("updated");
    bothLookAround();
    assertThat(atOne.ask("POST", "/api/customers", body, "If-Match", version).status())
        .isEqualTo(409);
  }
}
