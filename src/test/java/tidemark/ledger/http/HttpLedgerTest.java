package tidemark.ledger.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Ledger;
import tidemark.serve.AccessKey.Right;
import tidemark.sync.DatabaseSync;
import tidemark.sync.SchemaAccept;
import tidemark.testing.Database;
import tidemark.testing.FleetTest;
import tidemark.testing.LentShare;
import tidemark.testing.Wait;
import tidemark.testing.Workstation;

/** Anna and Ben work from home, Cara sits in the office: all meet in one ledger. */
class HttpLedgerTest extends FleetTest {
  @BeforeEach
  void annaAndBenWorkFromHome() {
    anna.workFromHome();
    ben.workFromHome();
    anna.edit(
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)",
        "CREATE TABLE notes(id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT)",
        "INSERT INTO parts VALUES('S1',1),('S2',2),('S3',3)");
    for (Workstation one : fleet.all()) {
      one.syncWell();
    }
  }

  // ---- the way there is broken

  @Test
  void what_one_does_at_home_all_have_and_those_in_the_office_too() {
    anna.edit("UPDATE parts SET price=10 WHERE sku='S1'");
    ben.edit("INSERT INTO notes(text) VALUES('ben')");
    cara.edit("DELETE FROM parts WHERE sku='S3'", "INSERT INTO notes(text) VALUES('cara')");
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("S1|10.0", "S2|2.0");
    assertThat(anna.db().value("SELECT count(*) FROM notes")).isEqualTo("2");
  }

  @Test
  void an_application_finds_the_version_of_its_data_in_a_database_that_is_made_at_home() {
    fleet.master().execute("PRAGMA user_version=7", "PRAGMA application_id=4711");
    ben.loseLocalDatabase();
    ben.syncWell();
    assertThat(ben.db().value("PRAGMA user_version")).isEqualTo("7");
    assertThat(ben.db().value("PRAGMA application_id")).isEqualTo("4711");
    fleet.settle().assertSame();
  }

  @Test
  void a_server_whose_copy_is_made_anew_follows_to_another_key() {
    for (Workstation one : fleet.all()) {
      one.edit(
          "CREATE TABLE p2(sku TEXT NOT NULL, rev INTEGER NOT NULL DEFAULT 0, price REAL, updated_at DATETIME, updated_by TEXT, synced_at DATETIME, PRIMARY KEY(sku, rev))",
          "INSERT INTO p2 SELECT sku, 0, price, updated_at, updated_by, synced_at FROM parts",
          "DROP TABLE parts",
          "ALTER TABLE p2 RENAME TO parts");
    }
    anna.sync();
    new SchemaAccept(anna.plan()).run("parts");
    anna.syncWell();
    anna.server().losesItsCopy();
    anna.edit("INSERT INTO parts(sku, rev, price) VALUES('S9',1,9)").syncWell();
    fleet.settle().assertSame();
    assertThat(fleet.master().rows("SELECT sku, rev FROM parts WHERE sku='S9'"))
        .containsExactly("S9|1");
  }

  @Test
  void an_entry_whose_answer_was_lost_stands_once() {
    long before = anna.ledger().last(0);
    AtomicInteger lost = new AtomicInteger();
    anna.way =
        way ->
            request -> {
              HttpResponse<InputStream> answer = way.send(request);
              if (isAppend(request) && lost.getAndIncrement() == 0) {
                throw new IOException("the answer was lost");
              }
              return answer;
            };
    anna.edit("INSERT INTO notes(text) VALUES('once')").syncWell();
    assertThat(lost).hasValue(2);
    assertThat(anna.ledger().last(0)).isEqualTo(before + 1);
    fleet.settle().assertSame();
    assertThat(cara.db().value("SELECT count(*) FROM notes")).isEqualTo("1");
  }

  @Test
  void where_every_answer_is_lost_the_next_run_finds_that_it_was_written() {
    long before = anna.ledger().last(0);
    anna.way =
        way ->
            request -> {
              HttpResponse<InputStream> answer = way.send(request);
              if (isAppend(request)) {
                throw new IOException("the answer was lost");
              }
              return answer;
            };
    anna.edit("INSERT INTO notes(text) VALUES('once')");
    assertThat(anna.sync().exitCode()).isEqualTo(Failure.OFFLINE);
    anna.way = UnaryOperator.identity();
    anna.syncWell();
    assertThat(anna.ledger().last(0)).isEqualTo(before + 1);
    fleet.settle().assertSame();
    assertThat(cara.db().value("SELECT count(*) FROM notes")).isEqualTo("1");
    assertThat(anna.conflicts()).isEmpty();
  }

  private static boolean isAppend(HttpRequest request) {
    return request.method().equals("POST") && request.uri().getPath().endsWith("/entries");
  }

  /** How a request fails. */
  private enum Blow {
    BEFORE,
    AFTER,
    BEFORE_FOR_GOOD,
    AFTER_FOR_GOOD
  }

  @ParameterizedTest
  @EnumSource(Blow.class)
  void whichever_request_of_a_run_fails_nothing_is_lost_or_there_twice(Blow blow) {
    int edits = 0;
    int requests = 1;
    for (int point = 0; point < requests; point++) {
      edits++;
      anna.edit("INSERT INTO notes(text) VALUES('anna " + point + "')");
      cara.edit("UPDATE parts SET price=price+1 WHERE sku='S2'").syncWell();
      int failing = point;
      AtomicInteger count = new AtomicInteger();
      anna.way = way -> request -> broken(way, request, blow, failing, count);
      DatabaseSync.Outcome outcome = anna.sync();
      assertThat(outcome.exitCode()).as("at " + point).isIn(0, Failure.OFFLINE);
      anna.way = UnaryOperator.identity();
      anna.syncWell();
      if (point == 0) {
        requests = Math.max(6, count.get());
      }
    }
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT count(*) FROM notes")).isEqualTo("" + edits);
    assertThat(ben.db().value("SELECT price FROM parts WHERE sku='S2'"))
        .isEqualTo(2.0 + edits + "");
    assertThat(anna.conflicts()).isEmpty();
  }

  private static HttpResponse<InputStream> broken(
      Calls.Sending way, HttpRequest request, Blow blow, int failing, AtomicInteger count)
      throws IOException, InterruptedException {
    int at = count.getAndIncrement();
    boolean now = blow.name().endsWith("GOOD") ? at >= failing : at == failing;
    if (now && blow.name().startsWith("BEFORE")) {
      throw new IOException("broken at request " + at);
    }
    HttpResponse<InputStream> answer = way.send(request);
    if (now) {
      throw new IOException("broken after request " + at);
    }
    return answer;
  }

  @Test
  void tls_that_breaks_off_is_a_way_that_broke_off_and_no_doubt_about_the_server() {
    AtomicInteger tries = new AtomicInteger();
    anna.way =
        way ->
            request -> {
              tries.incrementAndGet();
              throw new SSLException("Connection reset");
            };
    DatabaseSync.Outcome outcome = anna.sync();
    assertThat(outcome.exitCode()).isEqualTo(Failure.OFFLINE);
    assertThat(tries).hasValue(3);
  }

  @Test
  void a_server_that_is_down_is_told_in_words() {
    anna.server().close();
    Failure failure = anna.sync().failure();
    assertThat(failure.exitCode()).isEqualTo(Failure.OFFLINE);
    assertThat(failure.whatFailed()).endsWith("nobody answers there");
    anna.server().restart();
    anna.syncWell();
  }

  @Test
  void what_came_ahead_is_not_taken_for_what_a_restored_share_has() throws IOException {
    Path share = fleet.share();
    Path copy = folder.resolve("copy");
    FileUtils.copyDirectory(share.toFile(), copy.toFile());
    long head = anna.ledger().last(0);
    for (String text : List.of("lost 1", "lost 2", "lost 3")) {
      ben.edit("INSERT INTO notes(text) VALUES('" + text + "')").syncWell();
    }
    Ledger ledger = anna.ledger();
    ledger.info();
    ledger.read(head);
    assertThat(ledger.read(head + 1)).isNotNull();
    FileUtils.deleteDirectory(share.toFile());
    FileUtils.copyDirectory(copy.toFile(), share.toFile());
    for (String text : List.of("other 1", "other 2")) {
      cara.edit("INSERT INTO notes(text) VALUES('" + text + "')").syncWell();
    }
    ledger.info();
    assertThat(ledger.read(head + 2).position()).isEqualTo(cara.ledger().read(head + 2).position());
  }

  @Test
  void two_servers_lend_one_place_and_one_that_ends_is_missed_by_nobody_at_the_other()
      throws Exception {
    try (LentShare second = new LentShare(fleet.share().resolve("server.db"))) {
      AtomicBoolean elsewhere = new AtomicBoolean();
      String first = anna.server().address().getAuthority();
      anna.way =
          way ->
              request ->
                  way.send(
                      elsewhere.get()
                          ? HttpRequest.newBuilder(request, (name, value) -> true)
                              .uri(
                                  URI.create(
                                      request
                                          .uri()
                                          .toString()
                                          .replace(first, second.address().getAuthority())))
                              .build()
                          : request);
      anna.edit("INSERT INTO notes(text) VALUES('by the first')").syncWell();
      elsewhere.set(true);
      anna.edit("INSERT INTO notes(text) VALUES('by the second')").syncWell();
      ben.edit("INSERT INTO notes(text) VALUES('by the first, too')").syncWell();
      anna.syncWell();
      assertThat(anna.db().value("SELECT count(*) FROM notes")).isEqualTo("3");
      fleet.settle().assertSame();
    }
  }

  @Test
  void a_server_that_starts_anew_between_two_requests_is_only_asked_again() {
    AtomicInteger count = new AtomicInteger();
    anna.way =
        way ->
            request -> {
              if (count.getAndIncrement() == 2) {
                anna.server().restart();
              }
              return way.send(request);
            };
    anna.edit("INSERT INTO notes(text) VALUES('a')").syncWell();
    assertThat(count.get()).isGreaterThan(2);
    anna.way = UnaryOperator.identity();
    fleet.settle().assertSame();
  }

  @Test
  void a_run_with_nothing_to_do_takes_three_requests_at_most() {
    anna.syncWell();
    List<String> asked = new ArrayList<>();
    anna.way =
        way ->
            request -> {
              asked.add(request.method() + " " + request.uri().getPath());
              return way.send(request);
            };
    anna.syncWell();
    assertThat(asked).hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void seventeen_rows_in_and_five_out_take_six_requests_at_most() {
    for (int i = 0; i < 17; i++) {
      ben.edit("INSERT INTO notes(text) VALUES('ben " + i + "')");
    }
    ben.syncWell();
    for (int i = 0; i < 5; i++) {
      anna.edit("INSERT INTO parts(sku, price) VALUES('A" + i + "', " + i + ")");
    }
    List<String> asked = new ArrayList<>();
    anna.way =
        way ->
            request -> {
              asked.add(request.method() + " " + request.uri().getPath());
              return way.send(request);
            };
    anna.syncWell();
    assertThat(asked).hasSizeLessThanOrEqualTo(6);
  }

  // ---- who may what

  @Test
  void nobody_signs_as_somebody_else() {
    anna.server().lend("ben", anna.server().secret("anna"));
    long before = anna.ledger().last(0);
    DatabaseSync.Outcome outcome = ben.edit("INSERT INTO notes(text) VALUES('forged')").sync();
    assertThat(outcome.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(outcome.failure().whatFailed()).contains("signed by ben", "anna's");
    assertThat(outcome.failure().hint()).contains("user: anna");
    assertThat(anna.ledger().last(0)).isEqualTo(before);
    assertThat(ben.ledger().offered()).isEmpty();
    ben.server().give("ben", Right.WRITE);
    ben.syncWell();
    assertThat(anna.ledger().last(0)).isEqualTo(before + 1);
  }

  @Test
  void a_key_that_may_only_read_brings_what_others_did_and_keeps_own_edits_here() {
    ben.server().give("ben", Right.READ);
    List<String> methods = new ArrayList<>();
    ben.way =
        way ->
            request -> {
              methods.add(request.method());
              return way.send(request);
            };
    anna.edit("UPDATE parts SET price=7 WHERE sku='S1'").syncWell();
    DatabaseSync.Outcome outcome = ben.edit("INSERT INTO notes(text) VALUES('mine')").sync();
    assertThat(outcome.exitCode()).isEqualTo(Failure.INCOMPLETE);
    assertThat(outcome.report().onlyRead()).contains("may only read");
    assertThat(methods).isNotEmpty().containsOnly("GET");
    assertThat(ben.db().value("SELECT price FROM parts WHERE sku='S1'")).isEqualTo("7.0");
    anna.syncWell();
    assertThat(anna.db().rows("SELECT text FROM notes")).isEmpty();
    ben.server().give("ben", Right.WRITE);
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT text FROM notes")).containsExactly("mine");
  }

  @Test
  void a_wrong_key_a_revoked_one_and_an_unknown_place_get_the_same_answer() throws Exception {
    String revoked = anna.server().secret("anna");
    List<String> answers = new ArrayList<>();
    URI ledger =
        URI.create(anna.server().address().toString().replace("/server", "/v1/server/ledger"));
    assertThat(answer(ledger, revoked)).startsWith("200 ");
    answers.add(answer(URI.create(ledger.toString().replace("/server/", "/other/")), revoked));
    answers.add(answer(ledger, "tmk_aaaaaaaa_" + "b".repeat(43)));
    answers.add(answer(ledger, revoked.substring(0, revoked.length() - 1)));
    answers.add(answer(ledger, ""));
    anna.server().revokeAll();
    answers.add(answer(ledger, revoked));
    assertThat(answers).allMatch(answer -> answer.startsWith("401 "));
    assertThat(answers.stream().distinct()).hasSize(1);
    DatabaseSync.Outcome outcome = anna.sync();
    assertThat(outcome.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(outcome.failure().whatFailed()).contains("opens nothing");
  }

  private static String answer(URI address, String key) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(address).header("Authorization", "Bearer " + key).build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }

  // ---- what is not as it was written

  @Test
  void an_entry_that_was_altered_on_its_way_is_refused() {
    ben.edit("INSERT INTO notes(text) VALUES('honest')").syncWell();
    anna.way =
        way ->
            request ->
                altered(
                    way.send(request),
                    request.uri().getPath().endsWith("/entries"),
                    bytes -> {
                      bytes[bytes.length - 30] ^= 1;
                      return bytes;
                    });
    DatabaseSync.Outcome outcome = anna.sync();
    assertThat(outcome.exitCode()).isEqualTo(Failure.REFUSED);
    assertThat(outcome.failure().whatFailed()).contains("is damaged");
    assertThat(anna.db().rows("SELECT text FROM notes")).isEmpty();
    anna.way = UnaryOperator.identity();
    anna.syncWell();
    fleet.settle().assertSame();
  }

  private static HttpResponse<InputStream> altered(
      HttpResponse<InputStream> answer, boolean meant, UnaryOperator<byte[]> change)
      throws IOException {
    if (!meant || answer.statusCode() >= 300 || answer.statusCode() == 204) {
      return answer;
    }
    byte[] body = answer.body().readAllBytes();
    return withBody(answer, new ByteArrayInputStream(change.apply(body)));
  }

  @SuppressWarnings("unchecked")
  private static HttpResponse<InputStream> withBody(
      HttpResponse<InputStream> answer, InputStream body) {
    return (HttpResponse<InputStream>)
        Proxy.newProxyInstance(
            HttpResponse.class.getClassLoader(),
            new Class<?>[] {HttpResponse.class},
            (proxy, method, args) -> {
              try {
                return method.getName().equals("body") ? body : method.invoke(answer, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  // ---- snapshots

  private void thereIsASnapshot() throws IOException {
    anna.edit(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<3000) INSERT INTO notes(text) SELECT hex(randomblob(100)) FROM n");
    anna.syncWell();
    Position head = cara.ledger().read(cara.ledger().last(0)).position();
    cara.syncWell();
    Path copy = folder.resolve("copy.db");
    Files.copy(fleet.share().resolve("server.db"), copy);
    cara.ledger().addSnapshot(head, copy);
  }

  @Test
  void a_snapshot_that_broke_off_goes_on_where_it_was() throws IOException {
    thereIsASnapshot();
    Path into = folder.resolve("into.db");
    List<String> ranges = new ArrayList<>();
    AtomicInteger cuts = new AtomicInteger();
    ben.way =
        way ->
            request -> {
              HttpResponse<InputStream> answer = way.send(request);
              if (!request.uri().getPath().matches(".*/snapshots/\\d+")) {
                return answer;
              }
              ranges.add(
                  request.headers().firstValue("Range").orElse("") + " " + answer.statusCode());
              return cuts.getAndIncrement() > 0
                  ? answer
                  : altered(answer, true, bytes -> Arrays.copyOf(bytes, bytes.length * 6 / 10));
            };
    assertThat(ben.ledger().snapshot(into)).isPresent();
    assertThat(ranges).hasSize(2);
    assertThat(ranges.get(0)).isEqualTo("bytes=0- 200");
    assertThat(ranges.get(1)).endsWith(" 206").doesNotStartWith("bytes=0-");
    assertThat(new Database(into).value("SELECT count(*) FROM notes")).isEqualTo("3000");
  }

  @Test
  void a_disk_here_that_cannot_keep_a_snapshot_is_no_fault_of_the_server() throws IOException {
    thereIsASnapshot();
    Path scratch = ben.folder().resolve("scratch");
    FileUtils.deleteDirectory(scratch.toFile());
    Files.writeString(scratch, "in the way");
    Failure failure =
        catchThrowableOfType(Failure.class, () -> ben.ledger().snapshot(folder.resolve("into.db")));
    assertThat(failure.exitCode()).isEqualTo(Failure.INCOMPLETE);
    assertThat(failure.whatFailed()).contains("snapshot cannot be written");
  }

  @Test
  void a_snapshot_that_is_not_what_was_said_of_it_is_refused() throws IOException {
    thereIsASnapshot();
    ben.way =
        way ->
            request ->
                altered(
                    way.send(request),
                    request.uri().getPath().matches(".*/snapshots/\\d+"),
                    bytes -> {
                      bytes[bytes.length / 2] ^= 4;
                      return bytes;
                    });
    Path into = folder.resolve("into.db");
    Failure failure = catchThrowableOfType(Failure.class, () -> ben.ledger().snapshot(into));
    assertThat(failure.exitCode()).isEqualTo(Failure.REFUSED);
    assertThat(into).doesNotExist();
  }

  // ---- waiting

  @Test
  void who_waits_is_told_of_the_next_entry_whoever_wrote_it() throws Exception {
    String key = anna.server().secret("anna");
    long head = anna.ledger().last(0);
    for (Workstation writer : List.of(ben, cara)) {
      CompletableFuture<HttpResponse<byte[]>> waiting = waiting(key, head);
      Wait.until("somebody waits", () -> anna.server().waiting() == 1);
      assertThat(waiting).isNotDone();
      writer.edit("INSERT INTO notes(text) VALUES('news')").syncWell();
      assertThat(waiting.get().statusCode()).isEqualTo(200);
      assertThat(Wire.read(new ByteArrayInputStream(waiting.get().body()))).isNotNull();
      head = anna.ledger().last(0);
    }
  }

  @Test
  void who_waits_with_a_key_that_is_revoked_waits_no_longer() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> waiting =
        waiting(anna.server().secret("anna"), anna.ledger().last(0));
    Wait.until("somebody waits", () -> anna.server().waiting() == 1);
    anna.server().revokeAll();
    assertThat(waiting.get().statusCode()).isEqualTo(401);
  }

  private CompletableFuture<HttpResponse<byte[]>> waiting(String key, long head) {
    URI address =
        URI.create(
            anna.server().address().toString().replace("/server", "/v1/server/entries")
                + "?after="
                + head
                + "&wait=30");
    return HttpClient.newHttpClient()
        .sendAsync(
            HttpRequest.newBuilder(address).header("Authorization", "Bearer " + key).build(),
            HttpResponse.BodyHandlers.ofByteArray());
  }
}
