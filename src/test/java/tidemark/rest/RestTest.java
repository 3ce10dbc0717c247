package tidemark.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static tidemark.testing.Program.record;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.serve.AccessKey;
import tidemark.testing.FleetTest;
import tidemark.testing.LentShare;
import tidemark.testing.Program;
import tidemark.testing.Program.Answer;
import tidemark.testing.Wait;

/** Programs that are not Tidemark read and write through a server, as anybody would. */
class RestTest extends FleetTest {
  private LentShare server;
  private Program shop;

  @BeforeEach
  void aServer() {
    everybodyHas(
        "CREATE TABLE customers(code TEXT PRIMARY KEY, name TEXT NOT NULL, phone TEXT, updated_at TEXT)",
        "CREATE TABLE orders(id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT REFERENCES customers(code), total REAL CHECK(total>=0), note TEXT, photo BLOB)",
        "CREATE TABLE prices(sku TEXT, day TEXT, price REAL, PRIMARY KEY(sku, day))",
        "INSERT INTO customers VALUES('A','Anna','1','2026-01-01T00:00:00Z')");
    server = anna.server().answersPrograms();
    shop = Program.of(server, "shop");
  }

  private void everybodySyncs() {
    anna.syncWell();
    ben.syncWell();
    server.looksAfterTheMaster();
  }

  @Test
  void what_a_program_writes_is_everybodys_once_it_is_answered() {
    Answer made = shop.post("/api/customers", record("code", "B", "name", "Bert"));
    assertThat(made.status()).isEqualTo(200);
    assertThat(made.json())
        .containsEntry("success", true)
        .containsEntry("id", "B")
        .containsEntry("action", "created")
        .containsKey("version");
    ben.syncWell();
    assertThat(ben.db().value("SELECT name FROM customers WHERE code='B'")).isEqualTo("Bert");
    assertThat(ben.db().value("SELECT updated_by FROM customers WHERE code='B'")).isEqualTo("shop");
  }

  @Test
  void a_field_that_is_left_out_keeps_its_value_and_null_clears_it() {
    shop.post("/api/customers", record("code", "A", "name", "Anne"));
    assertThat(shop.get("/api/customers/A").get("phone")).isEqualTo("1");
    shop.post("/api/customers", record("code", "A", "phone", null));
    Answer row = shop.get("/api/customers/A");
    assertThat(row.json()).containsEntry("name", "Anne").containsEntry("phone", null);
  }

  @Test
  void a_row_put_back_as_it_was_read_is_unchanged() {
    shop.post("/api/orders", "{\"code\":\"A\",\"total\":5,\"note\":null,\"photo\":\"AAEC\"}");
    Answer read = shop.get("/api/orders/1");
    assertThat(read.json()).containsEntry("total", 5.0).containsEntry("photo", "AAEC");
    assertThat(server.own().db().value("SELECT typeof(photo) FROM orders")).isEqualTo("blob");
    String loose = read.text().replace("5.0", "5"); // as JavaScript would send it
    assertThat(shop.post("/api/orders", loose).get("action")).isEqualTo("unchanged");
    assertThat(shop.post("/api/customers", shop.get("/api/customers/A").text()).get("action"))
        .isEqualTo("unchanged");
  }

  @Test
  void columns_that_were_added_are_shown_only_where_they_are_asked_for() {
    assertThat(shop.get("/api/customers/A").json())
        .containsOnlyKeys("code", "name", "phone", "updated_at");
    assertThat(shop.get("/api/customers/A?sync=true").json())
        .containsKeys("updated_by", "synced_at");
    assertThat(shop.get("/api/customers").list("records").get(0))
        .containsOnlyKeys("code", "name", "phone", "updated_at");
  }

  @Test
  void deleting_is_known_afterwards_and_twice_is_once() {
    assertThat(shop.delete("/api/customers/A").get("action")).isEqualTo("deleted");
    assertThat(shop.delete("/api/customers/A").get("action")).isEqualTo("unchanged");
    assertThat(shop.get("/api/customers/A").status()).isEqualTo(410);
    assertThat(shop.get("/api/customers/Z").status()).isEqualTo(404);
    ben.syncWell();
    assertThat(ben.db().value("SELECT count(*) FROM customers")).isEqualTo("0");
    List<Map<String, Object>> changes = all(shop, "/api/changes");
    assertThat(changes).isEmpty();
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static List<Map<String, Object>> all(Program program, String path) {
    return (List) program.get(path).list("changes");
  }

  @Test
  void the_author_of_an_edit_is_the_keys_user_also_of_a_delete() {
    String cursor = String.valueOf(shop.get("/api/changes").get("nextCursor"));
    shop.post("/api/customers", record("code", "A", "name", "Ann", "updated_by", "somebody"));
    shop.post("/api/customers", record("code", "A", "name", "Anni"));
    assertThat(server.own().db().value("SELECT updated_by FROM customers")).isEqualTo("shop");
    shop.delete("/api/customers/A");
    Map<String, ?> gone = shop.get("/api/changes?cursor=" + cursor).list("changes").get(0);
    assertThat(gone.get("op")).isEqualTo("delete");
    assertThat(gone.get("by")).isEqualTo("shop");
  }

  @Test
  void a_conditional_write_meets_the_version_it_names_or_changes_nothing() {
    String version = String.valueOf(shop.get("/api/customers/A").header("ETag"));
    anna.edit("UPDATE customers SET name='Annika'");
    everybodySyncs();
    String body = "{\"code\":\"A\",\"name\":\"X\"}";
    Answer refused = shop.ask("POST", "/api/customers", body, "If-Match", version);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.in("current")).containsEntry("name", "Annika");
    assertThat(refused.in("sent")).containsEntry("name", "X");
    assertThat(shop.ask("DELETE", "/api/customers/A", null, "If-Match", version).status())
        .isEqualTo(409);
    String present = String.valueOf(shop.get("/api/customers/A").header("ETag"));
    assertThat(shop.ask("POST", "/api/customers", body, "If-Match", present).get("action"))
        .isEqualTo("updated");
    assertThat(
            shop.post("/api/customers", record("code", "A", "name", "Y", "version", "abc"))
                .status())
        .isEqualTo(409);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"code\":\"C\"}|customers.name",
        "{\"code\":\"C\",\"name\":\"n\",\"colour\":\"red\"}|colour",
        "{\"name\":\"n\"}|code",
        "{\"code\":\"C\",\"name\":{\"a\":1}}|name",
        "{\"code\":\"C\",\"name\":\"n\",\"NAME\":\"m\"}|name",
        "{\"code\":\"C\",\"name\":123456789012345678901234567890}|name",
      })
  void a_record_that_cannot_be_taken_is_refused_by_name(String record, String named) {
    Answer refused = shop.post("/api/customers", record);
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(String.valueOf(refused.get("error"))).contains(named);
    assertThat(shop.get("/api/customers").get("count")).isEqualTo(1L);
  }

  @Test
  void constraints_refuse_one_record_and_leave_the_others() {
    Answer several =
        shop.post(
            "/api/orders",
            List.of(
                record("code", "A", "total", 1),
                record("code", "nobody", "total", 1),
                record("code", "A", "total", -1),
                record("code", "A", "total", 2)));
    assertThat(several.get("success")).isEqualTo(false);
    assertThat(several.list("results").stream().map(one -> one.get("success")))
        .containsExactly(true, false, false, true);
    assertThat(several.list("results").get(1).get("error").toString()).contains("FOREIGN KEY");
    assertThat(several.list("results").get(2).get("error").toString()).contains("total>=0");
    ben.syncWell();
    assertThat(ben.db().rows("SELECT total FROM orders ORDER BY 1")).containsExactly("1.0", "2.0");
  }

  @Test
  void keys_of_several_columns_stand_in_addresses_each_value_encoded() {
    shop.post("/api/prices", record("sku", "a,b/c", "day", "2026-01-01", "price", 1));
    assertThat(shop.get("/api/prices/a%2Cb%2Fc,2026-01-01").get("price")).isEqualTo(1.0);
    assertThat(shop.get("/api/prices/a%2Cb%2Fc").status()).isEqualTo(400);
    assertThat(shop.delete("/api/prices/a%2Cb%2Fc,2026-01-01").json())
        .containsEntry("action", "deleted")
        .containsEntry("id", "a%2Cb%2Fc,2026-01-01");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'; DROP TABLE customers; --",
        "..",
        "../../etc/passwd",
        "\u202e\n\r\t",
        "%",
        "\"",
        "😀",
        " ",
        ";a=b",
        "a+b"
      })
  void whatever_stands_in_a_key_is_data(String key) {
    Answer made = shop.post("/api/customers", record("code", key, "name", "n"));
    assertThat(made.get("action")).as(made.text()).isEqualTo("created");
    Answer read = shop.get("/api/customers/" + Program.encoded(key));
    assertThat(read.status()).as(read.text()).isEqualTo(200);
    assertThat(read.get("code")).isEqualTo(key);
    assertThat(shop.get("/api/" + Program.encoded(key)).status()).isIn(400, 404, 405);
    assertThat(shop.get("/api/changes?cursor=" + Program.encoded(key)).status()).isEqualTo(400);
    assertThat(shop.delete("/api/customers/" + Program.encoded(key)).get("action"))
        .isEqualTo("deleted");
    assertThat(shop.get("/api/customers/A").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/nothing, 404",
    "GET, /api/sqlite_master, 404",
    "GET, /api/sync_log, 404",
    "GET, /api/customers/A/B, 404",
    "GET, /api/customers?limit=0, 400",
    "GET, /api/customers?limit=x, 400",
    "GET, /api/customers?updatedSince=yesterday, 400",
    "GET, /api/customers?cursor=rubbish, 400",
    "GET, /api/customers?deleted=perhaps, 400",
    "GET, /api/changes?limit=-1, 400",
    "GET, /api/sync/customers/download?offset=-1, 400",
    "GET, /api/sync/customers/download?offset=100, 410",
    "GET, /api/sync/nothing/download, 404",
    "PUT, /api/customers/A, 405",
    "PATCH, /api/customers, 405",
    "POST, /api/customers/A, 405",
  })
  void what_is_not_allowed_is_refused_in_words(String method, String path, int status) {
    Answer refused = shop.ask(method, path, null);
    assertThat(refused.status()).as(refused.text()).isEqualTo(status);
    assertThat(refused.json()).containsKeys("error", "hint");
    assertThat(refused.text()).doesNotContain("Exception", "tidemark.", ".java");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[1]",
        "7",
        "null",
        "{\"a\":1}{",
        "[[{}]]",
        "{\"code\":\"C\",\"code\":1}"
      })
  void what_is_no_record_is_refused_in_words(String body) {
    Answer refused = shop.post("/api/customers", body);
    assertThat(refused.status()).as(refused.text()).isEqualTo(400);
    assertThat(refused.json()).containsKeys("error", "hint");
  }

  @Test
  void a_key_opens_what_it_is_for_and_nothing_else() {
    String read = server.keys().create("r", AccessKey.Right.READ, Set.of(), Set.of(), null).text();
    String some =
        server
            .keys()
            .create("s", AccessKey.Right.WRITE, Set.of(), Set.of("customers"), null)
            .text();
    String elsewhere =
        server.keys().create("e", AccessKey.Right.WRITE, Set.of("other"), Set.of(), null).text();
    Program reader = new Program(server, read);
    assertThat(reader.get("/api/customers").status()).isEqualTo(200);
    assertThat(reader.post("/api/customers", record("code", "B", "name", "b")).status())
        .isEqualTo(403);
    assertThat(reader.delete("/api/customers/A").status()).isEqualTo(403);
    Program partly = new Program(server, some);
    assertThat(partly.get("/api/customers").status()).isEqualTo(200);
    assertThat(partly.get("/api/orders").status()).isEqualTo(403);
    assertThat(partly.get("/api/nothing").status()).isEqualTo(403);
    assertThat(partly.post("/api/orders", record("code", "A")).status()).isEqualTo(403);
    assertThat(partly.get("/api/openapi.json").text()).doesNotContain("orders");
    assertThat(partly.get("/api/changes").text()).contains("customers").doesNotContain("orders");
    Answer wrong = new Program(server, "tmk_abc_def").get("/api/customers");
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(new Program(server, elsewhere).get("/api/customers").text()).isEqualTo(wrong.text());
    assertThat(shop.get("/api/db/unknown/customers").text()).isEqualTo(wrong.text());
    assertThat(shop.get("/api/db/unknown/customers").status()).isEqualTo(401);
    assertThat(new Program(server, "").get("/api/customers").text()).isEqualTo(wrong.text());
  }

  @Test
  void programs_find_their_ways_in_without_api_and_by_either_header() {
    assertThat(shop.get("/customers/A").get("name")).isEqualTo("Anna");
    assertThat(shop.get("/api/db/server/customers/A").get("name")).isEqualTo("Anna");
    assertThat(shop.get("/api/customers/").get("count")).isEqualTo(1L);
    Answer byHeader = shop.ask("GET", "/customers", null, "x-api-key", server.secret("shop"));
    assertThat(byHeader.get("count")).isEqualTo(1L);
    Answer login =
        new Program(server, "")
            .post("/api/auth/login", record("email", "x", "password", server.secret("shop")));
    assertThat(login.in("data")).containsEntry("token", server.secret("shop"));
    assertThat(new Program(server, "").post("/api/auth/login", record("password", "no")).status())
        .isEqualTo(401);
  }

  @Test
  void anybody_may_ask_whether_it_works() throws Exception {
    Program stranger = new Program(server, "");
    Wait.until("it has looked", () -> stranger.get("/api/health").status() == 200);
    assertThat(stranger.get("/api/health").json())
        .containsEntry("status", "ok")
        .containsKeys("message", "timestamp");
    Path ledger = server.ledgerFolder();
    Files.move(ledger, ledger.resolveSibling("away"));
    Wait.until("it has seen it", () -> stranger.get("/api/health").status() == 503);
    assertThat(stranger.get("/api/health").get("status")).isEqualTo("error");
  }

  @Test
  void new_rows_get_their_keys_and_two_of_one_number_are_two() {
    assertThat(shop.post("/api/orders", record("code", "A", "note", "one")).get("id"))
        .isEqualTo(1L);
    anna.edit("INSERT INTO orders(code,note) VALUES('A','annas')"); // number 1, too
    anna.syncWell();
    everybodySyncs();
    assertThat(shop.get("/api/orders").list("records").stream().map(row -> row.get("note")))
        .containsExactlyInAnyOrder("one", "annas");
  }

  @Test
  void a_repeated_request_gets_the_first_answer_and_is_done_once() {
    String body = "{\"code\":\"A\",\"note\":\"once\"}";
    Answer first = shop.ask("POST", "/api/orders", body, "Idempotency-Key", "k1");
    server.restart();
    Answer second = shop.ask("POST", "/api/orders", body, "Idempotency-Key", "k1");
    assertThat(second.text()).isEqualTo(first.text());
    assertThat(shop.get("/api/orders").get("count")).isEqualTo(1L);
    assertThat(shop.ask("POST", "/api/orders", "{}", "Idempotency-Key", "k1").status())
        .isEqualTo(422);
    assertThat(shop.ask("POST", "/api/orders", body, "Idempotency-Key", "k2").get("action"))
        .isEqualTo("created");
  }

  @Test
  void a_key_of_a_request_that_is_used_for_another_keeps_its_first_answer() {
    String body = "{\"code\":\"A\",\"note\":\"once\"}";
    Answer first = shop.ask("POST", "/api/orders", body, "Idempotency-Key", "k");
    assertThat(shop.ask("POST", "/api/orders", "{\"total\":1}", "Idempotency-Key", "k").status())
        .isEqualTo(422);
    assertThat(shop.ask("POST", "/api/orders", body, "Idempotency-Key", "k").text())
        .isEqualTo(first.text());
  }

  @Test
  void a_record_that_was_seen_and_edited_by_others_is_the_same_record() {
    shop.post("/api/orders", record("code", "A", "note", "one"));
    shop.get("/api/orders");
    everybodySyncs();
    anna.edit("UPDATE orders SET total=5");
    everybodySyncs();
    assertThat(shop.post("/api/orders", record("id", 1, "note", "paid")).get("action"))
        .isEqualTo("updated");
    assertThat(shop.get("/api/orders").get("count")).isEqualTo(1L);
  }

  @Test
  void a_page_of_the_feed_has_no_more_than_was_asked_for() {
    Object cursor = shop.get("/api/changes").get("nextCursor");
    shop.post(
        "/api/customers",
        List.of(
            record("code", "X", "name", "x"),
            record("code", "Y", "name", "y"),
            record("code", "Z", "name", "z")));
    assertThat(shop.get("/api/changes?limit=2&cursor=" + cursor).list("changes")).hasSize(2);
    assertThat(shop.get("/api/changes?limit=%ff").status()).isEqualTo(400);
  }

  @Test
  void a_request_that_takes_two_rounds_is_remembered_whole() {
    String body =
        "[{\"note\":\"new\"},{\"id\":1,\"note\":\"a\"},{\"id\":1,\"note\":\"b\"},{\"note\":\"last\"}]";
    shop.post("/api/orders", record("note", "one"));
    Answer first = shop.ask("POST", "/api/orders", body, "Idempotency-Key", "rounds");
    assertThat(first.get("success")).as(first.text()).isEqualTo(true);
    server.restart();
    Answer again = shop.ask("POST", "/api/orders", body, "Idempotency-Key", "rounds");
    assertThat(again.text()).isEqualTo(first.text());
    assertThat(shop.get("/api/orders").list("records").stream().map(row -> row.get("note")))
        .containsExactly("b", "new", "last");
  }

  @Test
  void what_a_trigger_refuses_is_its_own_record_and_no_others() {
    server
        .own()
        .edit(
            "CREATE TRIGGER no_ignored BEFORE INSERT ON customers WHEN NEW.name='ignored' BEGIN SELECT RAISE(IGNORE); END",
            "CREATE TRIGGER no_back BEFORE INSERT ON customers WHEN NEW.name='back' BEGIN SELECT RAISE(ROLLBACK, 'all of it'); END",
            "CREATE TRIGGER no_abort BEFORE UPDATE ON customers WHEN NEW.name='abort' BEGIN SELECT RAISE(ABORT, 'not this'); END");
    Answer several =
        shop.post(
            "/api/customers",
            List.of(
                record("code", "1", "name", "well"),
                record("code", "2", "name", "ignored"),
                record("code", "3", "name", "back"),
                record("code", "A", "name", "abort"),
                record("code", "5", "name", "well, too")));
    assertThat(several.list("results").stream().map(one -> one.get("success")))
        .as(several.text())
        .containsExactly(true, false, false, false, true);
    assertThat(several.text()).contains("all of it", "not this");
    assertThat(shop.get("/api/customers").list("records").stream().map(row -> row.get("code")))
        .containsExactly("1", "5", "A");
  }

  @Test
  void a_large_answer_is_whole() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      rows.add(Map.of("code", "L" + i, "name", "n".repeat(500)));
    }
    shop.post("/api/customers", rows);
    Answer all = shop.get("/api/customers");
    assertThat(all.list("records")).hasSize(3_001);
    assertThat(all.header("Content-Length")).isEqualTo(Integer.toString(all.text().length()));
  }

  @Test
  void the_description_is_that_of_the_tables_that_are_there() {
    Answer described = shop.get("/api/openapi.json");
    Map<String, ?> paths = described.in("paths");
    assertThat(paths.keySet())
        .contains("/customers", "/customers/{id}", "/orders", "/prices", "/changes", "/health");
    Map<?, ?> schemas = (Map<?, ?>) described.in("components").get("schemas");
    for (String table : List.of("customers", "orders")) {
      Map<?, ?> properties = (Map<?, ?>) ((Map<?, ?>) schemas.get(table)).get("properties");
      shop.post("/api/orders", record("code", "A"));
      Map<String, ?> row = shop.get("/api/" + table).list("records").get(0);
      assertThat(row.keySet()).isEqualTo(properties.keySet());
    }
    assertMatches((Map<?, ?>) schemas.get("customersPage"), shop.get("/api/customers").json());
    assertMatches((Map<?, ?>) schemas.get("Changes"), shop.get("/api/changes").json());
    assertMatches((Map<?, ?>) schemas.get("Health"), shop.get("/api/health").json());
    assertMatches(
        (Map<?, ?>) schemas.get("Written"),
        shop.post("/api/customers", record("code", "N", "name", "n")).json());
    assertMatches((Map<?, ?>) schemas.get("Refused"), shop.post("/api/customers", "{}").json());
  }

  private static void assertMatches(Map<?, ?> schema, Map<String, ?> answer) {
    Set<?> described = ((Map<?, ?>) schema.get("properties")).keySet();
    answer.keySet().stream()
        .filter(name -> !List.of("success", "code").contains(name))
        .forEach(name -> assertThat(described.contains(name)).as(name).isTrue());
  }

  @Test
  void numbers_tell_how_it_goes() {
    shop.get("/api/customers");
    String numbers = new Program(server, "").get("/metrics").text();
    assertThat(numbers)
        .contains("tidemark_requests_total{status=\"200\"}")
        .contains("tidemark_rows{database=\"server\",table=\"customers\"} 1")
        .contains("tidemark_lag_entries{database=\"server\",workstation=\"PC-anna\"")
        .endsWith("# EOF\n");
  }

  @Test
  void many_who_write_at_once_share_entries() throws Exception {
    long before = anna.ledger().last(0);
    List<Thread> writers =
        IntStream.range(0, 40)
            .mapToObj(
                i ->
                    new Thread(
                        () ->
                            assertThat(
                                    shop.post(
                                            "/api/customers", record("code", "W" + i, "name", "w"))
                                        .get("action"))
                                .isEqualTo("created")))
            .toList();
    writers.forEach(Thread::start);
    for (Thread writer : writers) {
      writer.join();
    }
    assertThat(shop.get("/api/customers").get("count")).isEqualTo(41L);
    assertThat(anna.ledger().last(0) - before).isLessThan(20);
  }
}
