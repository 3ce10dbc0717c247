package tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.page.Browser;
import tidemark.say.SyncWish;
import tidemark.testing.Folders;
import tidemark.testing.Wait;

/** What a program that asks the running daemon is told about the data; all of it is real. */
@Timeout(120)
class AnswersTest {
  private static final String MANUAL = "every: manual\nonStart: false\nconflicts: manual";

  @TempDir Path folder;
  private final List<Kept> all = new ArrayList<>();
  private Kept anna;
  private Kept ben;
  private Asking asking;

  @BeforeEach
  void twoWorkstations() {
    anna = kept("anna");
    ben = kept("ben");
    anna.local()
        .execute(
            "CREATE TABLE quotes(id TEXT PRIMARY KEY, title TEXT, total REAL)",
            "INSERT INTO quotes VALUES('Q1','Shed',10.5),('Q2','<script>alert(1)</script>',2)");
    sync(anna);
    sync(ben);
    asking = new Asking(anna);
  }

  @AfterEach
  void end() {
    asking.close();
    all.forEach(Kept::close);
  }

  private Kept kept(String user) {
    Kept kept = new Kept(folder, user, MANUAL);
    all.add(kept);
    return kept;
  }

  private static void sync(Kept... desks) {
    for (Kept desk : desks) {
      desk.endpoint.sync(SyncWish.ALL);
    }
  }

  /** Both edit the same quote; anna sees it as a conflict that waits for her. */
  private void conflictOver(String... ids) {
    for (String id : ids) {
      ben.local().update("UPDATE quotes SET title='of ben' WHERE id=?", id);
      anna.local().update("UPDATE quotes SET title='of anna' WHERE id=?", id);
    }
    sync(ben, anna);
  }

  private List<String> open() {
    return asking.get("/api/conflicts?state=open").all("id").stream().map(String::valueOf).toList();
  }

  private static String body(List<String> ids, String more) {
    return "{\"database\":\"server\",\"ids\":[\"" + String.join("\",\"", ids) + "\"]" + more + "}";
  }

  // ---- the daemon itself

  private void breakOff(String job) {
    anna.schedule.job(
        job,
        () -> {
          throw new OutOfMemoryError("Java heap space");
        });
    anna.schedule.start();
    anna.schedule.now(job);
    Wait.until("the job to break off", () -> anna.schedule.trouble().isPresent());
  }

  @Test
  void a_job_that_broke_off_is_told_of_and_is_an_error_though_all_is_connected() {
    assertThat(asking.get("/api/status").json()).containsEntry("state", "connected");

    breakOff("care");

    assertThat(asking.get("/api/status").json())
        .containsEntry("state", "error")
        .extractingByKey("daemon", MAP)
        .extractingByKey("trouble", STRING)
        .contains("care broke off", "OutOfMemoryError", "heap space");
    assertThat(asking.get("/api/daemon").json().get("trouble").toString()).contains("care");
  }

  @Test
  @Tag("browser")
  void a_job_that_broke_off_is_told_of_on_the_page() {
    try (Browser page = Browser.start().open(page()).sees("Connected")) {
      breakOff("care");

      page.open(page())
          .sees("Error", "care broke off: java.lang.OutOfMemoryError", "the log says more");
    }
  }

  /** Where it is, once. */
  private String page() {
    return asking.post("/api/code", "").json().get("url").toString();
  }

  /** Its entry was damaged, and is whole again by now. */
  @Test
  void a_run_that_failed_is_an_error_until_one_gets_through() throws Exception {
    ben.local().update("UPDATE quotes SET title='of ben' WHERE id='Q1'");
    sync(ben);
    Path entries = folder.resolve("share/server.db-ledger/entries/000");
    Path entry = entries.resolve(Folders.in(entries).get(1)).resolve("entry.jsonl.gz");
    byte[] whole = Files.readAllBytes(entry);
    Files.write(entry, new byte[whole.length]);
    sync(anna);
    Files.write(entry, whole);

    assertThat(asking.get("/api/status").json())
        .containsEntry("state", "error")
        .extractingByKey("databases", MAP)
        .extractingByKey("server", MAP)
        .extractingByKey("trouble", STRING)
        .contains("the last run failed", "entry");
    sync(anna);
    assertThat(asking.get("/api/status").json()).containsEntry("state", "connected");
  }

  // ---- long values

  /** An answer takes a part of the memory, whatever waits; and says how to ask instead. */
  @Test
  void more_large_rows_than_fit_the_memory_are_refused_and_their_beginnings_told() {
    long many = Runtime.getRuntime().maxMemory() / 24 / 8_000_000 + 2;
    anna.local()
        .update(
            "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n WHERE i<?), big(v) AS (SELECT '{\"id\":1,\"v\":\"' || hex(zeroblob(2000000)) || '\"}') INSERT INTO sync_conflicts(id, timestamp, entry, table_name, row_key, kind, local_data, remote_data, winner, workstation, resolved, local_token, remote_entry) SELECT 'c' || i, '2026-01-01 00:00:00.000', 1, 'quotes', '[' || i || ']', 'update', v, v, 'local', 'w', 1, 'x' || i, 1 FROM n, big",
            many);
    Asking.Answer whole = asking.get("/api/conflicts?last=100");
    assertThat(whole.status()).isEqualTo(400);
    assertThat(whole.text()).contains("would take more than").contains("`most`");
    assertThat(asking.get("/api/conflicts?last=100&most=80").rows()).hasSize((int) many);
    assertThat(asking.get("/api/conflicts?last=2").rows()).hasSize(2);
    assertThat(asking.get("/api/conflicts?id=c1").rows()).hasSize(1);
  }

  @Test
  @SuppressWarnings("unchecked")
  void of_long_values_no_more_is_told_than_was_asked_for_and_all_of_it_by_itself() {
    conflictOver("Q1");
    String long1 = "a".repeat(500) + "\uD83D\uDE00".repeat(500);
    anna.local().update("UPDATE quotes SET title=? WHERE id='Q2'", long1);
    ben.local().update("UPDATE quotes SET title=? WHERE id='Q2'", long1 + "!");
    sync(ben, anna);
    String id = anna.local().value("SELECT id FROM sync_conflicts WHERE row_key='[\"Q2\"]'");

    Map<String, Object> whole = asking.get("/api/conflicts?id=" + id).rows().get(0);
    Map<String, Object> cut = asking.get("/api/conflicts?most=501&id=" + id).rows().get(0);

    assertThat((Map<String, Object>) whole.get("local_data")).containsEntry("title", long1);
    Map<String, Object> local =
        (Map<String, Object>) ((Map<String, Object>) cut.get("local_data")).get("title");
    Map<String, Object> remote =
        (Map<String, Object>) ((Map<String, Object>) cut.get("remote_data")).get("title");
    assertThat(local)
        .containsEntry("start", "a".repeat(500)) // and no half of a character
        .containsEntry("length", 1500L);
    assertThat(remote).containsEntry("length", 1501L).isNotEqualTo(local);
    assertThat((Map<String, Object>) cut.get("local_data")).containsEntry("id", "Q2");
    assertThat(asking.get("/api/conflicts?most=501&state=open").rows()).hasSize(2);
    assertThat(asking.get("/api/conflicts?id=none").rows()).isEmpty();
    assertThat(asking.get("/api/conflicts?most=0").status()).isEqualTo(400);
    assertThat(asking.get("/api/feed?table=quotes&key=Q2").text()).contains(long1 + "!");
    assertThat(asking.get("/api/feed?table=quotes&key=Q2&most=501").text())
        .contains("\"length\":1501")
        .doesNotContain(long1);
  }

  @Test
  void columns_of_the_ledgers_version_are_taken_without_being_sent() {
    conflictOver("Q1");
    ben.local().update("UPDATE quotes SET total=99 WHERE id='Q1'");
    sync(ben, anna);

    Asking.Answer answer =
        asking.post("/api/conflicts/resolve", body(open(), ",\"take\":[\"title\"]"));

    assertThat(answer.json()).containsEntry("refused", List.of());
    sync(anna);
    assertThat(anna.local().value("SELECT title, total FROM quotes WHERE id='Q1'"))
        .isEqualTo("of ben|10.5");
    assertThat(
            asking
                .post(
                    "/api/conflicts/resolve",
                    body(List.of("x"), ",\"take\":[\"a\"],\"keep\":\"local\""))
                .status())
        .isEqualTo(400);
  }

  @Test
  void a_row_made_of_both_is_told_of_and_any_of_the_three_comes_back() {
    conflictOver("Q1");
    List<String> ids = open();
    asking.post("/api/conflicts/resolve", body(ids, ",\"row\":{\"title\":\"of both\"}"));
    sync(anna, ben);

    Map<String, Object> told = asking.get("/api/conflicts?id=" + ids.get(0)).rows().get(0);
    assertThat(told).containsEntry("winner", "local").containsEntry("resolution", "given");
    assertThat(((Map<?, ?>) told.get("given_data")).get("title")).isEqualTo("of both");
    assertThat(((Map<?, ?>) told.get("local_data")).get("title")).isEqualTo("of anna");
    for (String version : List.of("local", "remote", "given")) {
      Asking.Answer back =
          asking.post("/api/conflicts/restore", body(ids, ",\"version\":\"" + version + "\""));
      assertThat(back.json()).containsEntry("refused", List.of());
      assertThat(anna.local().value("SELECT title FROM quotes WHERE id='Q1'"))
          .isEqualTo(
              Map.of("local", "of anna", "remote", "of ben", "given", "of both").get(version));
    }
    assertThat(asking.post("/api/conflicts/restore", body(ids, ",\"version\":\"mine\"")).status())
        .isEqualTo(400);
  }

  // ---- rules

  @Test
  void a_rule_that_would_settle_what_waits_is_told_of_before_and_after() throws Exception {
    conflictOver("Q1", "Q2");
    asking.post("/api/conflicts/resolve", body(List.of(open().get(0)), ",\"keep\":\"local\""));
    String before = Files.readString(anna.config());

    Asking.Answer asked =
        asking.send("PUT", "/api/settings?settling=ask", "{\"sync.conflicts\":\"newest\"}");

    assertThat(asked.status()).isEqualTo(409);
    assertThat(asked.json())
        .containsEntry("type", "urn:tidemark:settling")
        .containsEntry(
            "title",
            "1 conflict that waits for a choice is settled by the next sync: 1 in quotes of server by `newest`");
    assertThat(Files.readString(anna.config())).isEqualTo(before);
    assertThat(asking.get("/api/settings").json()).containsEntry("settles", List.of());

    Asking.Answer done = asking.send("PUT", "/api/settings", "{\"sync.conflicts\":\"newest\"}");

    Map<String, Object> quotes =
        Map.of("database", "server", "table", "quotes", "rule", "newest", "conflicts", 1L);
    assertThat(done.json()).containsEntry("settles", List.of(quotes));
    assertThat(asking.send("PUT", "/api/settings?settling=ask", "{\"tray\":false}").status())
        .as("what would be settled anyway is no matter of this change")
        .isEqualTo(200);
    assertThat(open()).hasSize(1);
  }

  @Test
  void a_rule_of_a_table_and_a_push_leave_what_waits() throws Exception {
    conflictOver("Q1");
    String change = "{\"tables.quotes.conflicts\":\"manual\",\"sync.conflicts\":\"master\"}";

    assertThat(asking.send("PUT", "/api/settings?settling=ask", change).status()).isEqualTo(200);
    String push = "{\"sync.direction\":\"push\",\"tables.quotes.conflicts\":\"local\"}";
    assertThat(asking.send("PUT", "/api/settings?settling=ask", push).status()).isEqualTo(200);
    assertThat(
            asking
                .send("PUT", "/api/settings?settling=ask", "{\"sync.direction\":\"both\"}")
                .status())
        .as("by now the rule would")
        .isEqualTo(409);
  }

  // ---- the end

  @Test
  void a_daemon_that_ends_says_so_and_answers_nothing_else() {
    anna.schedule.close();
    anna.keeper.end(Duration.ofSeconds(10));

    for (String path : List.of("status", "tables", "conflicts", "events")) {
      Asking.Answer answer = asking.get("/api/" + path);
      assertThat(answer.status()).as(path).isEqualTo(503);
      assertThat(answer.json().get("title")).isEqualTo("Tidemark is stopping");
    }
    assertThat(asking.get("/api/daemon").status()).isEqualTo(200);
    assertThat(asking.post("/api/stop", "").status()).as("once more").isEqualTo(200);
  }

  // ---- runs

  @Test
  void history_comes_in_pages_with_the_number_of_all() {
    for (int i = 0; i < 4; i++) {
      anna.clock.setError(anna.clock.error().plusSeconds(60));
      sync(anna);
    }

    Asking.Answer first = asking.get("/api/history?last=2");
    Asking.Answer rest = asking.get("/api/history?last=10&offset=2");

    assertThat(first.header("Tidemark-Total")).isEqualTo("5");
    assertThat(first.rows()).hasSize(2);
    assertThat(rest.rows()).hasSize(3);
    List<Object> times = new ArrayList<>(first.all("timestamp"));
    times.addAll(rest.all("timestamp"));
    assertThat(times.stream().map(String::valueOf).toList())
        .isSortedAccordingTo(java.util.Comparator.reverseOrder())
        .doesNotHaveDuplicates();
    assertThat(first.rows().get(0))
        .containsEntry("database", "server")
        .containsEntry("status", "success")
        .containsEntry("trigger", "manual");
  }

  @Test
  void history_is_filtered_by_what_is_said_and_by_nothing_that_is_not_known() {
    anna.unplug();
    sync(anna);
    anna.plug();

    assertThat(asking.get("/api/history?status=offline").rows()).hasSize(1);
    assertThat(asking.get("/api/history?trigger=watch").rows()).isEmpty();
    assertThat(asking.get("/api/history?workstation=PC-anna").rows()).hasSize(2);
    assertThat(asking.get("/api/history?since=1h").rows()).hasSize(2);
    assertThat(asking.get("/api/history?until=1h").rows()).isEmpty();
    assertThat(asking.get("/api/history?text=SHARE").rows()).hasSize(1);
    assertThat(asking.get("/api/history?text=" + Asking.encoded("%")).rows()).isEmpty();
    assertThat(asking.get("/api/history?everyone=true").all("username")).contains("anna");
    assertThat(asking.get("/api/history?database=server").rows()).hasSize(2);
  }

  @Test
  void what_cannot_be_understood_is_refused_with_what_is_accepted() {
    for (String question :
        List.of(
            "history?last=0",
            "history?last=x",
            "history?last=99999999999",
            "history?offset=-1",
            "history?status=well",
            "history?since=soon",
            "history?everyone=maybe",
            "history?statsu=error",
            "history?last=1&last=2",
            "history?database=none",
            "history/summary?days=0",
            "conflicts?state=closed",
            "feed?until=later",
            "feed?last=0",
            "fleet?database=none",
            "status?since=1h")) {
      Asking.Answer answer = asking.get("/api/" + question);
      assertThat(answer.status()).as(question + ": " + answer.text()).isEqualTo(400);
      assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
      assertThat(answer.json().get("detail").toString()).isNotBlank();
    }
  }

  @Test
  void history_can_be_had_as_a_file_for_a_spreadsheet() {
    for (String path : List.of("/api/history.csv?last=10", "/api/history?csv=true")) {
      Asking.Answer csv = asking.get(path);
      assertThat(csv.header("Content-Type")).isEqualTo("text/csv; charset=utf-8");
      assertThat(csv.header("Content-Disposition")).contains("tidemark-history.csv");
      assertThat(csv.text()).startsWith("database,id,timestamp,").contains("\nserver,1,20");
    }
  }

  @Test
  void days_without_runs_are_there_too() {
    anna.unplug();
    sync(anna);
    anna.plug();
    List<Map<String, Object>> days = asking.get("/api/history/summary?days=3").rows();

    assertThat(days).hasSize(3);
    assertThat(days.get(2))
        .containsEntry("runs", 2L)
        .containsEntry("failed", 1L)
        .containsEntry("pushed", 2L);
    assertThat(days.get(0)).containsEntry("runs", 0L).containsEntry("medianMs", 0L);
    assertThat(asking.get("/api/history/summary").rows()).hasSize(30);
  }

  // ---- conflicts

  @Test
  void conflicts_are_found_by_state_and_table_and_come_in_pages() {
    conflictOver("Q1", "Q2");

    Asking.Answer open = asking.get("/api/conflicts?state=open&last=1");
    assertThat(open.rows()).hasSize(1);
    assertThat(open.header("Tidemark-Total")).isEqualTo("2");
    assertThat(open.rows().get(0))
        .containsEntry("table_name", "quotes")
        .containsEntry("resolved", 0L)
        .extractingByKey("local_data")
        .asString()
        .contains("of anna");
    assertThat(asking.get("/api/conflicts?state=settled").rows()).isEmpty();
    assertThat(asking.get("/api/conflicts?table=quotes").rows()).hasSize(2);
    assertThat(asking.get("/api/conflicts?table=none").header("Tidemark-Total")).isEqualTo("0");
  }

  @Test
  void many_conflicts_are_settled_at_once_and_each_that_is_not_is_named() {
    conflictOver("Q1", "Q2");
    List<String> ids = new ArrayList<>(open());
    ids.add("no-such-conflict");

    Asking.Answer answer = asking.post("/api/conflicts/resolve", body(ids, ",\"keep\":\"local\""));

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat((List<?>) answer.json().get("resolved")).hasSize(2);
    assertThat(answer.json().get("refused").toString())
        .contains("id=no-such-conflict", "there is no conflict");
    assertThat(open()).isEmpty();
    sync(anna, ben);
    assertThat(ben.local().rows("SELECT DISTINCT title FROM quotes")).containsExactly("of anna");
  }

  @Test
  void the_other_version_may_stand_or_one_made_of_both_and_the_loser_comes_back() {
    conflictOver("Q1", "Q2");
    String one = open().get(0);
    asking.post("/api/conflicts/resolve", body(List.of(one), ",\"keep\":\"remote\""));
    String other = open().get(0);
    Asking.Answer mixed =
        asking.post(
            "/api/conflicts/resolve",
            body(List.of(other), ",\"row\":{\"title\":\"of both <b>\",\"total\":7.25}"));
    assertThat(mixed.status()).as(mixed.text()).isEqualTo(200);
    sync(anna, ben);
    assertThat(ben.local().rows("SELECT title FROM quotes"))
        .containsExactlyInAnyOrder("of ben", "of both <b>");

    Asking.Answer back = asking.post("/api/conflicts/restore", body(List.of(one), ""));
    assertThat((List<?>) back.json().get("resolved")).hasSize(1);
    sync(anna, ben);
    assertThat(ben.local().rows("SELECT title FROM quotes"))
        .containsExactlyInAnyOrder("of anna", "of both <b>");
  }

  @Test
  void a_choice_that_cannot_be_understood_settles_nothing() {
    conflictOver("Q1");
    for (String body :
        List.of(
            "{}",
            "{\"database\":\"server\",\"ids\":[],\"keep\":\"local\"}",
            "{\"database\":\"none\",\"ids\":[\"a\"],\"keep\":\"local\"}",
            "{\"database\":\"server\",\"ids\":[\"a\"]}",
            "{\"database\":\"server\",\"ids\":[\"a\"],\"keep\":\"mine\"}",
            "{\"database\":\"server\",\"ids\":[7],\"keep\":\"local\"}",
            "{\"database\":\"server\",\"ids\":[\"a\"],\"keep\":\"local\",\"row\":{}}",
            "{\"database\":\"server\",\"ids\":[\"a\",\"b\"],\"row\":{}}",
            "{\"database\":\"server\",\"ids\":[\"a\"],\"row\":{\"title\":[1]}}",
            "{\"database\":\"server\",\"ids\":[\"a\"],\"keep\":\"local\",\"all\":true}")) {
      assertThat(asking.post("/api/conflicts/resolve", body).status()).as(body).isEqualTo(400);
      assertThat(open()).as(body).hasSize(1);
    }
  }

  // ---- the audit trail, tables, the fleet

  @Test
  void the_audit_trail_is_searched_by_row_user_and_time() {
    conflictOver("Q1");

    List<Map<String, Object>> life =
        asking.get("/api/feed?table=quotes&key=" + Asking.encoded("[ \"Q1\" ]")).rows();
    assertThat(life).hasSize(2);
    assertThat(life.get(0)).containsEntry("by", "anna").containsEntry("op", "put");
    assertThat(life.get(1).get("after").toString()).contains("of ben");
    assertThat(asking.get("/api/feed?key=Q1&by=ben").rows()).hasSize(1);
    assertThat(asking.get("/api/feed?last=1").rows()).hasSize(1);
    assertThat(asking.get("/api/feed?until=1h").all("at")).containsOnlyNulls();
    assertThat(asking.get("/api/feed?since=1h").rows()).hasSize(1);
    assertThat(asking.get("/api/feed").text()).contains("<script>alert(1)</script>");
  }

  @Test
  void every_workstation_is_in_the_fleet_with_what_is_wrong_with_it() {
    List<Map<String, Object>> fleet = asking.get("/api/fleet").rows();
    assertThat(fleet).hasSize(2);
    assertThat(fleet.get(0))
        .containsEntry("workstation", "PC-anna")
        .containsEntry("self", true)
        .containsEntry("behind", 0L)
        .containsEntry("problems", List.of());
    assertThat(fleet.get(1)).containsEntry("user", "ben").containsEntry("self", false);

    anna.clock.setError(Duration.ofDays(9));
    assertThat(asking.get("/api/fleet?database=server").all("problems").toString())
        .contains("silent for 9 days");
  }

  @Test
  void the_tables_are_named_with_how_they_are_synced() {
    assertThat(asking.get("/api/tables").text())
        .isEqualToIgnoringNewLines(
            "[{\"database\":\"server\",\"table\":\"quotes\",\"synced\":true,\"conflicts\":null,\"merge\":\"row\"}]");
  }

  @Test
  void a_row_becomes_what_it_was_after_an_entry_as_a_new_edit() {
    ben.local().update("UPDATE quotes SET title='of ben' WHERE id='Q1'");
    sync(ben, anna);
    String row = "{\"database\":\"server\",\"table\":\"quotes\",\"key\":[\"Q1\"],\"to\":1}";

    Asking.Answer answer = asking.post("/api/restore", row);

    assertThat(answer.json()).as(answer.text()).containsEntry("restored", 1L);
    sync(ben);
    assertThat(ben.local().rows("SELECT title FROM quotes WHERE id='Q1'")).containsExactly("Shed");
    assertThat(asking.get("/api/feed?key=Q1").rows()).hasSize(3);
    assertThat(asking.post("/api/restore", row).json()).containsEntry("restored", 0L);
    assertThat(asking.post("/api/restore", row.replace("[\"Q1\"]", "[]")).status()).isEqualTo(400);
    assertThat(asking.post("/api/restore", row.replace(":1}", ":0}")).status()).isEqualTo(400);
    assertThat(asking.get("/api/restore").status()).isEqualTo(405);
  }

  @Test
  void the_doctor_is_asked_anew_or_for_what_it_found_last() {
    assertThat(asking.get("/api/doctor").json())
        .containsEntry("checkedAt", null)
        .containsEntry("findings", List.of());
    String fresh = asking.get("/api/doctor?fresh=true").text();
    assertThat(fresh).contains("\"database\":\"server\"", "\"health\":\"ok\"");
    assertThat(asking.get("/api/doctor").text()).isEqualTo(fresh);
  }

  @Test
  void what_is_told_has_the_members_that_are_described() {
    conflictOver("Q1");
    asking.get("/api/doctor?fresh=true");
    Map<?, ?> schemas =
        (Map<?, ?>)
            ((Map<?, ?>) asking.get("/api/openapi.json").json().get("components")).get("schemas");
    Map.of(
            "history", "Run",
            "history/summary", "Day",
            "conflicts", "Conflict",
            "feed", "Change",
            "fleet", "Workstation",
            "tables", "Table")
        .forEach(
            (path, name) ->
                assertThat(asking.get("/api/" + path).rows().get(0).keySet())
                    .as(path)
                    .isEqualTo(members(schemas, name)));
    Map.of("daemon", "Daemon", "settings", "Settings", "doctor", "Examined")
        .forEach(
            (path, name) ->
                assertThat(asking.get("/api/" + path).json().keySet())
                    .as(path)
                    .isEqualTo(members(schemas, name)));
  }

  private static Object members(Map<?, ?> schemas, String name) {
    return ((Map<?, ?>) ((Map<?, ?>) schemas.get(name)).get("properties")).keySet();
  }

  @Test
  void of_a_thousand_conflicts_and_a_hundred_thousand_runs_no_more_is_told_than_was_asked_for() {
    anna.local()
        .execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<100000) INSERT INTO sync_log(timestamp, direction, status, records_pulled, records_pushed, conflicts, duration_ms, workstation, username, trigger, details, run_id) SELECT strftime('%Y-%m-%d %H:%M:%f', 'now', '-'||i||' minutes'), 'bidirectional', 'success', 1, 1, 0, i%1000, 'PC-anna', 'anna', 'schedule', '{}', 'r'||i FROM n",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<1000) INSERT INTO sync_conflicts(id, timestamp, entry, table_name, row_key, kind, local_data, remote_data, workstation, resolved, local_token, remote_entry) SELECT 'c'||i, '2026-01-01', 1, 'quotes', '[\"Q'||i||'\"]', 'update', '{\"id\":\"Q1\"}', '{\"id\":\"Q1\"}', 'PC-anna', 0, 't', 1 FROM n");
    for (String path :
        List.of(
            "history?last=50",
            "history?last=50&offset=90000",
            "history?text=nothing",
            "history/summary?days=60",
            "conflicts?state=open&last=50",
            "conflicts?last=50&offset=950")) {
      Asking.Answer answer = asking.get("/api/" + path);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.rows()).as(path).hasSizeLessThanOrEqualTo(60);
    }
    assertThat(asking.get("/api/history?last=1").header("Tidemark-Total")).isEqualTo("100001");
    assertThat(asking.get("/api/conflicts?last=1").header("Tidemark-Total")).isEqualTo("1000");
  }

  @Test
  void without_the_share_what_is_here_is_told_and_what_is_there_is_503() {
    anna.unplug();
    assertThat(asking.get("/api/history").status()).isEqualTo(200);
    assertThat(asking.get("/api/conflicts").status()).isEqualTo(200);
    for (String path : List.of("fleet", "feed", "history?everyone=true")) {
      assertThat(asking.get("/api/" + path).status()).as(path).isEqualTo(503);
    }
    anna.plug();
  }

  @Test
  void get_changes_nothing_and_what_changes_takes_nothing_else() {
    for (String path : List.of("resolve", "restore")) {
      assertThat(asking.get("/api/conflicts/" + path).status()).isEqualTo(405);
    }
    for (String path : List.of("history", "conflicts", "feed", "fleet", "tables")) {
      assertThat(asking.post("/api/" + path, "{}").status()).as(path).isEqualTo(405);
    }
  }
}
