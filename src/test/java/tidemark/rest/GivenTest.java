package tidemark.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static tidemark.testing.Program.record;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.ConflictRule;
import tidemark.past.Resolution;
import tidemark.serve.AccessKey;
import tidemark.testing.FleetTest;
import tidemark.testing.LentShare;
import tidemark.testing.Program;
import tidemark.testing.Program.Answer;

/**
 * Programs that ask again and again what changed, by clocks of their own, that overwrite what they
 * have with what they get, and push what they have: nobody loses anything by it.
 */
class GivenTest extends FleetTest {
  private static final DateTimeFormatter BARE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd+HH:mm:ss").withZone(ZoneOffset.UTC);

  private LentShare server;
  private Program desktop;
  private Duration clockError = Duration.ZERO;
  private int asked;

  @BeforeEach
  void aServer() {
    everybodyHas(
        "CREATE TABLE customers(code TEXT PRIMARY KEY, name TEXT, phone TEXT, updated_at TEXT)",
        "CREATE TABLE orders(id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT, note TEXT UNIQUE)",
        "INSERT INTO customers(code,name) VALUES('A','Anna'),('B','Ben')");
    server = anna.server().answersPrograms();
    desktop = Program.of(server, "desktop");
  }

  private void edits(String... statements) {
    anna.edit(statements);
    anna.syncWell();
    server.looksAfterTheMaster();
  }

  /** Codes and names of what came since the program asked last, as its own clock has it. */
  private List<String> pull() {
    return pulled(desktop.get("/customers?updatedSince=" + moment()));
  }

  private static List<String> pulled(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.list("records").stream()
        .map(row -> row.get("code") + " " + row.get("name"))
        .toList();
  }

  /** Later each time, whatever the seconds say. */
  private String moment() {
    return BARE.format(Instant.now().plus(clockError).plusSeconds(asked++));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 600, -86_400})
  void whatever_its_clock_says_a_program_is_given_each_change_once(long seconds) {
    clockError = Duration.ofSeconds(seconds);
    assertThat(pulled(desktop.get("/customers"))).containsExactly("A Anna", "B Ben");
    for (int i = 0; i < 3; i++) {
      edits("UPDATE customers SET name='Anna " + i + "' WHERE code='A'");
      assertThat(pull()).containsExactly("A Anna " + i);
      assertThat(pull()).isEmpty();
    }
    edits("INSERT INTO customers(code,name) VALUES('C','Cara')");
    server.restart();
    assertThat(pull()).containsExactly("C Cara");
    assertThat(pull()).isEmpty();
  }

  @Test
  void an_answer_that_was_lost_is_given_again() {
    pull();
    edits("UPDATE customers SET name='X' WHERE code='A'");
    String moment = moment();
    assertThat(pulled(desktop.get("/customers?updatedSince=" + moment))).containsExactly("A X");
    assertThat(pulled(desktop.get("/customers?updatedSince=" + moment))).containsExactly("A X");
    assertThat(pull()).isEmpty();
  }

  @Test
  void what_a_program_wrote_is_not_given_back_to_it_until_others_change_it() {
    pulled(desktop.get("/customers"));
    desktop.post("/customers", record("code", "A", "name", "mine"));
    desktop.post("/customers", record("code", "N", "name", "new"));
    edits("UPDATE customers SET name='Bob' WHERE code='B'");
    assertThat(pull()).containsExactly("B Bob");
    edits("UPDATE customers SET phone='5' WHERE code='A'");
    assertThat(pull()).containsExactly("A mine");
    assertThat(pulled(Program.of(server, "other").get("/customers?updatedSince=2020-01-01")))
        .containsExactlyInAnyOrder("A mine", "B Bob", "N new");
  }

  @Test
  void who_asks_for_an_earlier_moment_gets_all_that_came_since_it() {
    pull();
    edits("UPDATE customers SET name='X' WHERE code='A'");
    pull();
    assertThat(pulled(desktop.get("/customers?updatedSince=2026-01-01T00:00:00Z")))
        .containsExactlyInAnyOrder("A X", "B Ben");
    assertThat(pulled(desktop.get("/customers?updatedSince=2026-01-01T00:00:00+02:00"))).hasSize(2);
  }

  @Test
  void a_key_that_takes_anothers_place_goes_on_where_that_one_was() {
    clockError = Duration.ofMinutes(10);
    pulled(desktop.get("/customers"));
    pull();
    edits("UPDATE customers SET name='X' WHERE code='A'");
    server.give("desktop", AccessKey.Right.WRITE);
    desktop = Program.of(server, "desktop");
    assertThat(pull()).containsExactly("A X");
  }

  @Test
  void a_version_the_program_never_saw_is_kept_when_it_overwrites_it() {
    pulled(desktop.get("/customers"));
    edits("UPDATE customers SET name='Annas' WHERE code='A'");
    Answer written = desktop.post("/customers", record("code", "A", "name", "Desk", "phone", null));
    assertThat(written.get("action")).isEqualTo("updated");
    anna.syncWell();
    assertThat(anna.db().value("SELECT name FROM customers WHERE code='A'")).isEqualTo("Desk");
    assertThat(anna.conflicts()).hasSize(1);
    assertThat(anna.conflicts().get(0)).contains("local").contains("Annas").contains("Desk");
  }

  @Test
  void an_older_edit_does_not_overwrite_a_later_one_the_program_never_saw() {
    pulled(desktop.get("/customers"));
    edits("UPDATE customers SET name='Annas' WHERE code='A'");
    Answer written =
        desktop.post(
            "/customers",
            record("code", "A", "name", "Desk", "updated_at", "2026-11-01T00:00:00Z"));
    assertThat(written.get("action")).as(written.text()).isEqualTo("conflict");
    anna.syncWell();
    assertThat(anna.db().value("SELECT name FROM customers WHERE code='A'")).isEqualTo("Annas");
    assertThat(anna.conflicts().get(0)).contains("remote").contains("Desk");
  }

  @Test
  void a_row_that_others_deleted_is_not_raised_by_an_older_edit() {
    pulled(desktop.get("/customers"));
    edits("DELETE FROM customers WHERE code='A'");
    Answer written =
        desktop.post(
            "/customers",
            record("code", "A", "name", "Desk", "updated_at", "2026-11-01T00:00:00Z"));
    assertThat(written.get("action")).as(written.text()).isEqualTo("conflict");
    assertThat(desktop.get("/customers/A").status()).isEqualTo(410);
    anna.syncWell();
    assertThat(anna.conflicts().get(0)).contains("delete").contains("Desk");
  }

  @Test
  void the_loser_of_a_programs_conflict_can_be_brought_back() {
    pulled(desktop.get("/customers"));
    edits("UPDATE customers SET name='Annas' WHERE code='A'");
    desktop.post("/customers", record("code", "A", "name", "Desk"));
    anna.syncWell();
    String id = anna.db().value("SELECT id FROM sync_conflicts");
    new Resolution(anna.plan(), anna.clock()).restore(id);
    anna.syncWell();
    assertThat(anna.db().value("SELECT name FROM customers WHERE code='A'")).isEqualTo("Annas");
  }

  // ---- the till

  private static List<Map<String, Object>> records(int from, int to) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (int i = from; i < to; i++) {
      all.add(Map.of("code", "K%03d".formatted(i), "name", "n" + i));
    }
    return all;
  }

  @Test
  void of_250_rows_in_pages_of_100_none_is_lost_while_others_write() {
    Program till = Program.of(server, "till");
    for (int from = 0; from < 250; from += 100) {
      Answer up =
          till.post(
              "/api/sync/customers/upload",
              Map.of("records", records(from, Math.min(250, from + 100))));
      assertThat(up.in("data")).containsEntry("errors", List.of());
    }
    List<Object> seen = new ArrayList<>();
    boolean more = true;
    for (int offset = 0; more; offset += 100) {
      Answer page = till.get("/api/sync/customers/download?limit=100&offset=" + offset);
      Map<String, ?> data = page.in("data");
      assertThat(data.get("totalCount")).isEqualTo(252L);
      ((List<?>) data.get("records")).forEach(row -> seen.add(((Map<?, ?>) row).get("code")));
      more = Boolean.TRUE.equals(data.get("hasMore"));
      edits( // before and behind what was read
          "INSERT INTO customers(code,name) VALUES('0" + offset + "','x'),('Z" + offset + "','x')",
          "DELETE FROM customers WHERE code='K" + (offset / 100) + "50'");
    }
    assertThat(seen).hasSize(252).doesNotHaveDuplicates();
  }

  @Test
  void pages_by_cursor_skip_nothing_while_others_write() {
    desktop.post("/api/customers", records(0, 250));
    List<String> seen = new ArrayList<>();
    String next = "";
    int pages = 0;
    do {
      Answer page =
          desktop.get("/api/customers?limit=100" + (next.isEmpty() ? "" : "&cursor=" + next));
      seen.addAll(pulled(page));
      next = page.get("nextCursor") == null ? "" : String.valueOf(page.get("nextCursor"));
      if (pages++ < 3) {
        edits("INSERT INTO customers(code,name) VALUES('0" + pages + "','before')");
      }
      server.restart();
    } while (!next.isEmpty());
    assertThat(seen).hasSize(254).doesNotHaveDuplicates().contains("01 before", "02 before");
  }

  @Test
  void what_an_upload_cannot_bring_in_is_named_and_kept() {
    Program till = Program.of(server, "till");
    desktop.post("/api/orders", record("note", "taken"));
    Answer up =
        till.post(
            "/api/sync/orders/upload",
            Map.of("records", List.of(Map.of("id", 77, "code", "A", "note", "taken"))));
    assertThat(up.get("success")).isEqualTo(true);
    assertThat((List<?>) up.in("data").get("errors")).hasSize(1);
    anna.syncWell();
    assertThat(anna.conflicts()).hasSize(1);
    assertThat(anna.conflicts().get(0)).contains("refused").contains("77").contains("taken");

    anna.edit("DELETE FROM orders WHERE note='taken'");
    anna.syncWell();
    new Resolution(anna.plan(), anna.clock())
        .restore(anna.db().value("SELECT id FROM sync_conflicts"));
    anna.syncWell();
    assertThat(anna.db().rows("SELECT id, note FROM orders")).containsExactly("77|taken");
  }

  @Test
  void a_refused_record_without_a_number_comes_back_under_one() {
    desktop.post("/api/orders", record("note", "taken"));
    Program.of(server, "till")
        .post(
            "/api/sync/orders/upload",
            Map.of("records", List.of(Map.of("code", "Z", "note", "taken"))));
    anna.syncWell();
    anna.edit("DELETE FROM orders WHERE note='taken'");
    anna.syncWell();
    new Resolution(anna.plan(), anna.clock())
        .restore(anna.db().value("SELECT id FROM sync_conflicts"));
    anna.syncWell();
    assertThat(anna.db().value("SELECT code FROM orders")).isEqualTo("Z");
  }

  @Test
  void what_an_upload_does_not_even_understand_is_kept_too() {
    Program till = Program.of(server, "till");
    Answer up =
        till.post(
            "/api/sync/customers/upload",
            Map.of(
                "records",
                List.of(
                    Map.of("code", "T1", "name", "n", "colour", "red"),
                    Map.of("name", "without a key"),
                    Map.of("code", "T3", "name", Map.of("first", "nested")))));
    assertThat((List<?>) up.in("data").get("errors")).hasSize(3);
    anna.syncWell();
    assertThat(anna.conflicts()).hasSize(3).allMatch(one -> one.startsWith("refused"));
    assertThat(anna.conflicts().toString()).contains("red", "without a key", "nested");
    assertThat(till.post("/api/sync/nothing/upload", Map.of("records", List.of())).status())
        .isEqualTo(404);
  }

  @Test
  void under_manual_a_row_the_program_never_saw_stays_until_a_person_brings_the_programs_back() {
    server.own().conflicts = ConflictRule.MANUAL;
    pulled(desktop.get("/customers"));
    edits("UPDATE customers SET name='Annas' WHERE code='A'");
    assertThat(desktop.post("/customers", record("code", "A", "name", "Desk")).get("action"))
        .isEqualTo("conflict");
    assertThat(desktop.get("/customers/A").get("name")).isEqualTo("Annas");
    anna.syncWell();
    new Resolution(anna.plan(), anna.clock())
        .restore(anna.db().value("SELECT id FROM sync_conflicts"));
    anna.syncWell();
    assertThat(anna.db().value("SELECT name FROM customers WHERE code='A'")).isEqualTo("Desk");
  }

  @Test
  void who_goes_back_gets_its_own_rows_on_every_page() {
    pull();
    for (int i = 0; i < 5; i++) {
      desktop.post("/customers", record("code", "O" + i, "name", "own"));
    }
    pull();
    List<String> seen = new ArrayList<>();
    String next = "";
    do {
      Answer page =
          desktop.get(
              "/customers?limit=2&updatedSince=2026-01-01"
                  + (next.isEmpty() ? "" : "&cursor=" + next));
      seen.addAll(pulled(page));
      next = page.get("nextCursor") == null ? "" : String.valueOf(page.get("nextCursor"));
    } while (!next.isEmpty());
    assertThat(seen).contains("O0 own", "O4 own", "A Anna").hasSize(7);
  }

  @Test
  void two_tills_that_gave_one_number_have_two_rows() {
    Program one = Program.of(server, "one");
    Program two = Program.of(server, "two");
    one.post(
        "/api/sync/orders/upload", Map.of("records", List.of(Map.of("id", 5, "note", "one's"))));
    Answer up =
        two.post(
            "/api/sync/orders/upload",
            Map.of("records", List.of(Map.of("id", 5, "note", "two's"))));
    assertThat(up.in("data")).containsEntry("created", 1L);
    two.post(
        "/api/sync/orders/upload",
        Map.of("records", List.of(Map.of("id", 5, "note", "two's, changed"))));
    assertThat(desktop.get("/api/orders").list("records").stream().map(row -> row.get("note")))
        .containsExactlyInAnyOrder("one's", "two's, changed");
  }

  @Test
  void programs_and_workstations_edit_one_row_and_every_loser_is_kept() {
    Program other = Program.of(server, "other");
    pulled(desktop.get("/customers"));
    pulled(other.get("/customers"));
    ben.workFromHome();
    ben.edit("UPDATE customers SET name='ben' WHERE code='A'");
    anna.edit("UPDATE customers SET name='anna' WHERE code='A'");
    cara.edit("UPDATE customers SET name='cara' WHERE code='A'");
    desktop.post("/customers", record("code", "A", "name", "desktop"));
    other.post("/customers", record("code", "A", "name", "other"));
    fleet.settle();
    server.looksAfterTheMaster();
    String winner = anna.db().value("SELECT name FROM customers WHERE code='A'");
    assertThat(other.get("/customers/A").get("name")).isEqualTo(winner);
    fleet.assertSame();
    String kept =
        String.join(" ", anna.db().rows("SELECT local_data, remote_data FROM sync_conflicts"));
    for (String name : List.of("anna", "ben", "cara", "desktop", "other")) {
      assertThat(winner.equals(name) || kept.contains('"' + name + '"'))
          .as(name + " " + kept)
          .isTrue();
    }
  }
}
