package tidemark.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.say.SyncWish;
import tidemark.testing.Wait;

/** Real requests over real sockets. */
@Timeout(120)
class ControlServerTest {
  private static final ControlServer.Program PROGRAM =
      new ControlServer.Program("1.0", "/etc/größe.yml");

  @TempDir Path state;
  private final TestEndpoint endpoint = new TestEndpoint();
  private final Events events = new Events();
  private ControlServer server;

  @BeforeEach
  void listen() {
    server = ControlServer.start(state, 0, PROGRAM, endpoint.behind(events));
  }

  @AfterEach
  void close() {
    CountDownLatch goOn = endpoint.goOn;
    if (goOn != null) {
      goOn.countDown();
    }
    server.close();
  }

  private String token() {
    return ControlFile.read(state).orElseThrow().token();
  }

  private String allowed() {
    return "Host: 127.0.0.1:" + server.port() + "\r\nAuthorization: Bearer " + token() + "\r\n";
  }

  private Wire.Answer ask(String first, String headers, String body) throws IOException {
    try (Wire wire = new Wire(server.port())) {
      String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
      return wire.send(first + " HTTP/1.1\r\n" + headers + length + "\r\n" + body).answer();
    }
  }

  private Wire.Answer get(String path) throws IOException {
    return ask("GET " + path, allowed(), "");
  }

  private Wire.Answer send(String methodAndPath, String body) throws IOException {
    return ask(methodAndPath, allowed(), body);
  }

  private static void isProblem(Wire.Answer answer, int status) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.head()).containsIgnoringCase("content-type: application/problem+json");
    assertThat(answer.json()).containsEntry("status", (long) status).containsKey("title");
    assertThat(answer.error().get("code")).isEqualTo(2L);
    assertThat(answer.error().get("message").toString()).isNotBlank();
  }

  // ---- who may ask

  @Test
  void who_knows_the_token_is_answered() throws Exception {
    assertThat(get("/api/daemon").json()).containsEntry("version", "1.0");
    assertThat(get("/api/status").json()).containsEntry("state", "connected");
    assertThat(get("/api/daemon").head()).containsIgnoringCase("cache-control: no-store");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Authorization: Bearer \r\n",
        "Authorization: Bearer 0000\r\n",
        "Authorization: bearer TOKEN\r\n",
        "Authorization: TOKEN\r\n",
        "Authorization: Basic TOKEN\r\n",
        "Authorization: Bearer TOKEN0\r\n",
        "Authorization: Bearer TOKEN\r\nAuthorization: Bearer TOKEN\r\n",
        "Authorization: Bearer \u00e4\u00f6\r\n"
      })
  void without_the_one_token_nothing_is_told_or_done(String header) throws Exception {
    String headers = "Host: 127.0.0.1:" + server.port() + "\r\n" + header.replace("TOKEN", token());

    for (String request :
        List.of(
            "GET /api/status", "POST /api/sync", "POST /api/stop", "GET /none", "POST /api/code")) {
      Wire.Answer answer = ask(request, headers, "");
      isProblem(answer, 401);
      assertThat(answer.head() + answer.body()).doesNotContain(token());
    }
    assertThat(endpoint.asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Host: evil.example\r\n",
        "Host: evil.example:PORT\r\n",
        "Host: 127.0.0.1:1\r\n",
        "Host: 127.0.0.1.evil.example:PORT\r\n",
        "Host: 127.0.0.1:PORT\r\nHost: evil.example:PORT\r\n",
        "Host: 127.0.0.1:PORT\r\nHost: 127.0.0.1:PORT\r\n",
        "Host: [::1]:PORT\r\n"
      })
  void under_another_name_nothing_is_told_though_the_token_is_right(String header)
      throws Exception {
    String headers =
        header.replace("PORT", "" + server.port()) + "Authorization: Bearer " + token() + "\r\n";

    Wire.Answer answer = ask("POST /api/sync", headers, "");

    assertThat(answer.status()).isIn(400, 403);
    assertThat(endpoint.asked).isEmpty();
  }

  @Test
  void localhost_is_this_machine() throws Exception {
    String headers =
        "Host: localhost:" + server.port() + "\r\nAuthorization: Bearer " + token() + "\r\n";
    assertThat(ask("GET /api/status", headers, "").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:PORT"})
  void a_page_of_another_site_may_not_ask(String origin) throws Exception {
    String headers = allowed() + "Origin: " + origin.replace("PORT", "" + server.port()) + "\r\n";

    isProblem(ask("POST /api/sync", headers, ""), 403);
    isProblem(ask("OPTIONS /api/sync", headers, ""), 403);

    assertThat(endpoint.asked).isEmpty();
    String own = allowed() + "Origin: http://127.0.0.1:" + server.port() + "\r\n";
    assertThat(ask("GET /api/status", own, "").status()).isEqualTo(200);
  }

  @Test
  void no_answer_lets_a_page_of_another_site_read_it() throws Exception {
    assertThat(get("/api/status").head()).doesNotContainIgnoringCase("access-control-allow");
  }

  @Test
  void it_is_not_reached_on_another_address_of_this_machine() throws Exception {
    List<InetAddress> others = new ArrayList<>();
    NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> !address.equals(InetAddress.getLoopbackAddress()))
        .forEach(others::add);
    others.add(Inet4Address.getByName("127.0.0.2"));

    for (InetAddress other : others) {
      assertThatThrownBy(
              () -> {
                try (Socket socket = new Socket()) {
                  socket.connect(new InetSocketAddress(other, server.port()), 2_000);
                }
              })
          .as(other.toString())
          .isInstanceOf(IOException.class);
    }
  }

  // ---- what may be asked

  @ParameterizedTest
  @ValueSource(
      strings = {"/none", "/api", "/api/", "/api/none", "/api/sync/", "/api/Sync", "//api/sync"})
  void a_path_that_is_none_is_404(String path) throws Exception {
    Wire.Answer answer = get(path);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(endpoint.asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/sync",
        "GET /api/stop",
        "GET /api/pause",
        "GET /api/resume",
        "GET /api/schedule",
        "POST /api/schedule",
        "DELETE /api/daemon",
        "PUT /api/sync",
        "POST /api/events",
        "PATCH /api/status",
        "OPTIONS /api/sync"
      })
  void get_changes_nothing_and_a_method_that_is_none_is_405(String request) throws Exception {
    Wire.Answer answer = ask(request, allowed(), "");

    isProblem(answer, 405);
    assertThat(answer.error().get("hint").toString()).contains("takes");
    assertThat(endpoint.asked).isEmpty();
  }

  @Test
  void head_is_refused_without_a_body() throws Exception {
    try (Wire wire = new Wire(server.port())) {
      wire.send("HEAD /api/status HTTP/1.1\r\n" + allowed() + "\r\n");
      assertThat(wire.line()).contains(" 405 ");
      assertThat(wire.lineThat("")).isNotNull();
    }
  }

  @Test
  void a_run_is_what_was_asked_for() throws Exception {
    send(
        "POST /api/sync",
        "{\"database\":\"server\",\"tables\":[\"quotes\"],\"direction\":\"push\",\"conflicts\":\"local\"}");
    assertThat(endpoint.asked)
        .containsExactly(
            "sync {\"databases\":[\"server\"],\"tables\":[\"quotes\"],\"direction\":\"push\",\"conflicts\":\"local\"}");
  }

  @Test
  void no_body_is_a_run_of_everything_and_a_pause_without_end() throws Exception {
    assertThat(send("POST /api/sync", "").json()).containsEntry("success", true);
    send("POST /api/sync", "{}");
    send("POST /api/pause", "");
    send("POST /api/pause", "{\"minutes\":null}");

    assertThat(endpoint.asked.get(0)).isEqualTo(endpoint.asked.get(1)).contains("\"tables\":[]");
    assertThat(endpoint.asked.subList(2, 4)).containsOnly("pause null");
  }

  @Test
  void minutes_may_have_fractions() throws Exception {
    send("PUT /api/schedule", "{\"intervalMinutes\":60}");
    send("PUT /api/schedule", "{\"intervalMinutes\":1.5}");
    send("PUT /api/schedule", "{\"intervalMinutes\":null}");
    send("POST /api/pause", "{\"minutes\":0.25}");

    assertThat(endpoint.asked)
        .containsExactly("schedule PT1H", "schedule PT1M30S", "schedule null", "pause PT15S");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /api/sync {\"tabels\":[\"quotes\"]}",
        "POST /api/sync {\"tables\":\"quotes\"}",
        "POST /api/sync {\"tables\":{}}",
        "POST /api/sync {\"database\":7}",
        "POST /api/sync {\"database\":[\"server\"]}",
        "POST /api/sync {\"direction\":1}",
        "POST /api/sync {\"direction\":\"sideways\"}",
        "POST /api/sync {\"conflicts\":true}",
        "POST /api/sync {\"conflicts\":\"mine\"}",
        "POST /api/sync not json",
        "POST /api/sync []",
        "POST /api/sync {\"tables\":",
        "POST /api/sync {} {}",
        "PUT /api/schedule {}",
        "PUT /api/schedule {\"intervalMinutes\":\"60\"}",
        "PUT /api/schedule {\"intervalMinutes\":0}",
        "PUT /api/schedule {\"intervalMinutes\":-5}",
        "PUT /api/schedule {\"intervalMinutes\":1e300}",
        "PUT /api/schedule {\"intervalMinutes\":60,\"from\":\"now\"}",
        "PUT /api/schedule 60",
        "POST /api/pause {\"minuets\":30}",
        "POST /api/pause {\"minutes\":true}",
        "POST /api/pause {\"minutes\":99999999999}",
        "POST /api/pause <xml/>"
      })
  void what_is_not_understood_is_refused_and_not_done_in_part(String request) throws Exception {
    int body = request.indexOf(' ', request.indexOf(' ') + 1);

    isProblem(send(request.substring(0, body), request.substring(body + 1)), 400);

    assertThat(endpoint.asked).isEmpty();
  }

  @Test
  void a_body_of_great_depth_is_refused() throws Exception {
    isProblem(send("POST /api/sync", "{\"tables\":" + "[".repeat(20_000)), 400);
  }

  @Test
  void a_body_that_is_too_large_is_refused_and_the_next_request_is_answered() throws Exception {
    isProblem(send("POST /api/sync", "{\"tables\":[\"" + "x".repeat(100_000) + "\"]}"), 413);
    assertThat(endpoint.asked).isEmpty();
    assertThat(get("/api/daemon").status()).isEqualTo(200);
  }

  @Test
  void a_request_that_is_none_ends_nothing() throws Exception {
    for (String rubbish : List.of("\r\n\r\n", "GET\r\n\r\n", "\u0000\u0001\u0002\r\n\r\n", "x")) {
      try (Wire wire = new Wire(server.port())) {
        wire.send(rubbish);
      }
    }
    assertThat(get("/api/daemon").status()).isEqualTo(200);
  }

  @Test
  void a_failure_is_told_with_its_exit_code_and_a_bug_without_a_stack_trace() throws Exception {
    Map<Integer, Integer> statuses =
        Map.of(Failure.USAGE, 400, Failure.BUSY, 409, Failure.OFFLINE, 503, Failure.REFUSED, 409);
    for (Map.Entry<Integer, Integer> each : statuses.entrySet()) {
      endpoint.failure = new Failure(each.getKey(), "it failed", "Do this.");
      Wire.Answer answer = send("POST /api/sync", "");
      assertThat(answer.status()).isEqualTo(each.getValue());
      assertThat(answer.error().get("code")).isEqualTo((long) each.getKey());
      assertThat(answer.error().get("message")).isEqualTo("it failed");
      assertThat(answer.error().get("hint")).isEqualTo("Do this.");
    }
    endpoint.failure = new IllegalStateException("a bug");
    Wire.Answer bug = send("POST /api/sync", "");
    assertThat(bug.status()).isEqualTo(500);
    assertThat(bug.error().get("code")).isEqualTo(70L);
    assertThat(bug.body()).doesNotContain("\tat ", "tidemark.control");
  }

  // ---- where it listens

  @Test
  void where_the_port_is_taken_it_is_the_next_free_one() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ControlServer second = start(1, taken.getLocalPort())) {
      assertThat(second.port()).isGreaterThan(taken.getLocalPort());
      assertThat(ControlFile.read(folder(1)).orElseThrow().port()).isEqualTo(second.port());
    }
  }

  @Test
  void a_hundred_and_ten_users_of_a_terminal_server_have_a_port_each() throws Exception {
    int first = free();
    List<ControlServer> all = new ArrayList<>();
    Set<Integer> ports = new HashSet<>();
    Set<String> tokens = new HashSet<>();
    try {
      for (int i = 0; i < 110; i++) {
        all.add(start(i, first));
        ports.add(all.get(i).port());
        tokens.add(ControlFile.read(folder(i)).orElseThrow().token());
      }
      assertThat(ports).hasSize(110).contains(first);
      assertThat(tokens).hasSize(110).allMatch(token -> token.length() == 64);
    } finally {
      all.forEach(ControlServer::close);
    }
  }

  @Test
  void the_last_port_of_all_may_be_named() {
    try (ControlServer last = start(1, 65_535);
        ControlServer another = start(2, 65_535)) {
      assertThat(last.port()).isNotEqualTo(another.port());
    }
  }

  private static int free() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  private Path folder(int number) {
    return state.resolve("user" + number);
  }

  private ControlServer start(int number, int port) {
    return ControlServer.start(folder(number), port, PROGRAM, endpoint.behind(events));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void control_json_is_its_users_alone_also_while_it_is_written() throws Exception {
    AtomicBoolean ends = new AtomicBoolean();
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    Thread watcher =
        new Thread(
            () -> {
              while (!ends.get()) {
                for (String name : List.of("control.json", "control.json.new")) {
                  try {
                    var rights = Files.getPosixFilePermissions(folder(1).resolve(name));
                    seen.add(PosixFilePermissions.toString(rights));
                  } catch (IOException e) {
                    Thread.onSpinWait();
                  }
                }
              }
            });
    Files.createDirectories(folder(1));
    Files.writeString(folder(1).resolve("control.json.new"), "left behind, for all to read");
    watcher.start();
    for (int i = 0; i < 50 || seen.isEmpty(); i++) {
      start(1, 0).close();
    }
    ends.set(true);
    watcher.join();
    assertThat(seen).isNotEmpty();
    assertThat(seen.stream().filter(rights -> !rights.equals("rw-------")).distinct())
        .isSubsetOf("rw-r--r--"); // the one that was left behind
    try (ControlServer fresh = start(2, 0)) {
      var rights = Files.getPosixFilePermissions(folder(2).resolve("control.json"));
      assertThat(PosixFilePermissions.toString(rights))
          .as(fresh.port() + "")
          .isEqualTo("rw-------");
    }
  }

  @Test
  void control_json_is_gone_with_the_server_and_nobody_listens_any_more() throws Exception {
    ControlServer second = start(1, 0);
    assertThat(folder(1).resolve("control.json"))
        .content()
        .contains("\"pid\":" + ProcessHandle.current().pid(), "\"version\":\"1.0\"");
    second.close();

    assertThat(folder(1)).isEmptyDirectory();
    assertThatThrownBy(() -> new Wire(second.port())).isInstanceOf(IOException.class);
  }

  // ---- events

  private Wire listening() throws IOException {
    Wire wire = new Wire(server.port()).send("GET /api/events HTTP/1.1\r\n" + allowed() + "\r\n");
    assertThat(wire.lineThat(": listening")).isNotNull();
    return wire;
  }

  @Test
  void who_listens_hears_of_everything_in_order() throws Exception {
    try (Wire wire = listening()) {
      List<String> names =
          List.of("sync:start", "sync:progress", "sync:complete", "sync:error", "sync:conflict");
      names.forEach(name -> events.tell(name, Map.of("database", "größe\n\n")));
      for (String name : names) {
        assertThat(wire.lineThat("event: ")).isEqualTo("event: " + name);
        assertThat(wire.line()).isEqualTo("data: {\"database\":\"größe\\n\\n\"}");
      }
    }
  }

  @Test
  void who_listens_without_reading_holds_up_nobody() throws Exception {
    try (Wire deaf = listening();
        Wire other = listening()) {
      String much = "x".repeat(10_000);
      for (int i = 0; i < 5_000; i++) {
        events.tell("sync:progress", Map.of("much", much));
      }
      events.tell("sync:complete", Map.of());

      assertThat(other.lineThat("event: sync:complete")).as("the last is not lost").isNotNull();
      assertThat(get("/api/daemon").status()).isEqualTo(200);
      assertThat(deaf).isNotNull();
    }
  }

  @Test
  void so_many_may_listen_that_others_are_still_answered() throws Exception {
    List<Wire> wires = new ArrayList<>();
    try {
      for (int i = 0; i < Events.LISTENERS; i++) {
        wires.add(listening());
      }
      Wire.Answer refused = get("/api/events");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(get("/api/status").status()).isEqualTo(200);
      events.tell("sync:start", Map.of());
      for (Wire wire : wires) {
        assertThat(wire.lineThat("event: ")).isEqualTo("event: sync:start");
      }
      while (!wires.isEmpty()) {
        wires.remove(0).close();
      }
      Wait.until(
          "a place for one more", // that they are gone is seen with the next events
          () -> {
            events.tell("sync:progress", Map.of());
            Wire wire = new Wire(server.port());
            wires.add(wire.send("GET /api/events HTTP/1.1\r\n" + allowed() + "\r\n"));
            return wire.line().contains(" 200 ");
          });
    } finally {
      for (Wire wire : wires) {
        wire.close();
      }
    }
  }

  @Test
  void who_dawdles_is_cut_off_and_a_long_run_is_not() throws Exception {
    endpoint.goOn = new CountDownLatch(1);
    try (Wire run = new Wire(server.port());
        Wire slow = new Wire(server.port())) {
      run.send("POST /api/sync HTTP/1.1\r\n" + allowed() + "\r\n");
      slow.send("POST /api/sync HTTP/1.1\r\nHost:");

      assertThat(slow.line()).isNull();
      endpoint.goOn.countDown();
      assertThat(run.answer().status()).isEqualTo(200);
    }
  }

  /** More than there are threads, and nobody waits until they are cut off for their dawdling. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /api/sync HTTP/1.1\r\nHost:",
        "POST /api/sync HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nhalf",
        "POST /api/sync HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf",
        "POST /api/sync HTTP/1.1\r\n{allowed}Content-Length: 10\r\n\r\nhalf"
      })
  void half_requests_starve_nobody(String half) throws Exception {
    List<Wire> others = new ArrayList<>();
    endpoint.goOn = new CountDownLatch(1);
    try (Wire run = new Wire(server.port())) {
      run.send("POST /api/sync HTTP/1.1\r\n" + allowed() + "\r\n");
      endpoint.running.await();
      while (others.size() < 3 * ControlServer.THREADS) {
        for (int i = 0; i < 10; i++) {
          others.add(new Wire(server.port()).send(half.replace("{allowed}", allowed())));
        }
        assertThat(get("/api/status").status()).as("%s others", others.size()).isEqualTo(200);
      }
      endpoint.goOn.countDown();
      assertThat(run.answer().status()).as("what is at work goes on").isEqualTo(200);
    } finally {
      close(others);
    }
  }

  /** Each asks for more than the system's buffers hold. */
  @Test
  void who_never_reads_his_answers_starves_nobody() throws Exception {
    List<Wire> others = new ArrayList<>();
    String page =
        "GET /page/lib/uPlot.iife.min.js HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n\r\n";
    try {
      while (others.size() <= ControlServer.THREADS) {
        others.add(Wire.narrow(server.port()).send(page.repeat(100)));
      }
      for (int i = 0; i < 200; i++) {
        assertThat(get("/api/status").status()).isEqualTo(200);
      }
    } finally {
      close(others);
    }
  }

  private static void close(List<Wire> wires) throws IOException {
    for (Wire wire : wires) {
      wire.close();
    }
  }

  // ---- while a run is under way

  @Test
  void everything_is_answered_at_once_while_a_run_hangs() throws Exception {
    endpoint.goOn = new CountDownLatch(1);
    try (Wire run = new Wire(server.port())) {
      run.send("POST /api/sync HTTP/1.1\r\n" + allowed() + "\r\n");
      endpoint.running.await();

      assertThat(get("/api/daemon").json()).containsEntry("isSyncing", true);
      assertThat(get("/api/status").status()).isEqualTo(200);
      assertThat(send("POST /api/pause", "").status()).isEqualTo(200);
      assertThat(send("POST /api/resume", "").status()).isEqualTo(200);
      assertThat(send("PUT /api/schedule", "{\"intervalMinutes\":5}").status()).isEqualTo(200);
      assertThat(send("POST /api/stop", "").json()).containsEntry("stopping", true);

      endpoint.goOn.countDown();
      assertThat(run.answer().json()).containsEntry("success", true);
    }
  }

  @Test
  void the_end_waits_for_nobody_who_is_being_answered() throws Exception {
    endpoint.goOn = new CountDownLatch(1);
    try (Wire run = new Wire(server.port());
        Wire events = listening()) {
      run.send("POST /api/sync HTTP/1.1\r\n" + allowed() + "\r\n");
      endpoint.running.await();

      server.close();

      assertThat(run.answer().status()).isZero();
      assertThat(events.lineThat("event: ")).isNull();
    }
  }

  @Test
  void who_ends_the_daemon_is_answered_before_it_ends() throws Exception {
    endpoint.stopped = server::close;

    assertThat(send("POST /api/stop", "").json()).containsEntry("stopping", true);
  }

  @Test
  void the_token_is_in_no_log_at_any_level() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level before = root.getLevel();
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.setLevel(Level.ALL);
    root.addAppender(log);
    try {
      get("/api/status");
      get("/none");
      send("POST /api/sync", "{\"tabels\":1}");
      endpoint.failure = new IllegalStateException("a bug");
      send("POST /api/sync", "");
      ControlClient client = new ControlClient(ControlFile.read(state).orElseThrow());
      client.state();
      assertThatThrownBy(() -> client.sync(SyncWish.ALL, (database, settled) -> {}))
          .isInstanceOf(Failure.class)
          .extracting(Object::toString)
          .asString()
          .doesNotContain(token());
    } finally {
      root.detachAppender(log);
      root.setLevel(before);
    }
    assertThat(log.list).isNotEmpty();
    assertThat(log.list).noneMatch(event -> event.getFormattedMessage().contains(token()));
    assertThat(ControlFile.read(state).orElseThrow().toString()).doesNotContain(token());
  }
}
