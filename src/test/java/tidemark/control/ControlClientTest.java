package tidemark.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.Failure;
import tidemark.say.RunResult;
import tidemark.say.SyncJson;
import tidemark.say.SyncResult;
import tidemark.say.SyncWish;
import tidemark.testing.Wait;

/** What a person is told when the daemon is not as it should be. */
@Timeout(120)
class ControlClientTest {
  private static final ControlServer.Program PROGRAM = new ControlServer.Program("1.0", "c.yml");
  private static final long GONE = 99_999_999;

  @TempDir Path state;
  private final TestEndpoint endpoint = new TestEndpoint();
  private final Events events = new Events();

  private static ControlClient client(int port) {
    return client(port, ProcessHandle.current().pid());
  }

  private static ControlClient client(int port, long pid) {
    return new ControlClient(new ControlFile(port, "a token", pid, "1.0", "c.yml"));
  }

  private static List<ThrowingCallable> everythingOf(ControlClient client) {
    return List.of(
        client::state,
        client::resume,
        client::stop,
        () -> client.pause(null),
        () -> client.sync(SyncWish.ALL, (database, settled) -> {}));
  }

  private static Failure failureOf(ThrowingCallable call) {
    Failure failure = catchThrowableOfType(Failure.class, call);
    assertThat(failure).isNotNull();
    assertThat(failure.exitCode()).isEqualTo(Failure.BUSY);
    assertThat(failure.hint()).contains("tidemark run");
    return failure;
  }

  @Test
  void where_nobody_listens_any_more_it_is_told_at_once() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    for (ThrowingCallable call : everythingOf(client(port))) {
      assertThat(failureOf(call).whatFailed()).contains("does not answer: Connection refused");
    }
    for (ThrowingCallable call : everythingOf(client(port, GONE))) {
      assertThat(failureOf(call).whatFailed()).contains("process " + GONE, "has ended");
    }
  }

  @Test
  void whoever_accepts_and_never_answers_is_not_waited_for_for_ever() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      ControlClient client = client(socket.getLocalPort());

      Failure failure = failureOf(() -> client.sync(SyncWish.ALL, (database, settled) -> {}));

      assertThat(failure.whatFailed()).contains("does not answer");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HT",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"
      })
  void an_answer_that_breaks_off_is_no_answer(String begun) throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread ending =
          new Thread(
              () -> {
                while (!socket.isClosed()) {
                  try (Socket asked = socket.accept()) {
                    asked.getInputStream().read(new byte[8192]);
                    asked.getOutputStream().write(begun.getBytes(UTF_8));
                  } catch (IOException e) {
                    return;
                  }
                }
              });
      ending.start();

      Failure failure =
          failureOf(
              () -> client(socket.getLocalPort()).sync(SyncWish.ALL, (database, settled) -> {}));

      assertThat(failure.exitCode()).isEqualTo(Failure.BUSY);
      assertThat(failure.whatFailed()).contains("does not answer");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200|hello",
        "200|{}",
        "200|{\"pid\":1,\"version\":\"1.0\"}",
        "200|{\"success\":true}",
        "404|<h1>not here</h1>",
        "404|{}",
        "401|{\"error\":\"who are you\"}",
        "500|{\"error\":{\"code\":0}}",
        "204|''"
      })
  void another_program_at_its_port_is_not_taken_for_the_daemon(int status, String body)
      throws Exception {
    HttpServer other =
        ControlServer.listening(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    other.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(status, body.isEmpty() ? -1 : 0);
            exchange.getResponseBody().write(body.getBytes(UTF_8));
          } catch (IOException e) {
            // a body where none may be
          }
        });
    other.start();
    try {
      for (ThrowingCallable call : everythingOf(client(other.getAddress().getPort()))) {
        assertThat(failureOf(call).whatFailed()).contains("is not the daemon");
      }
    } finally {
      other.stop(0);
    }
  }

  private ControlClient running() {
    return new ControlClient(ControlFile.read(state).orElseThrow());
  }

  @Test
  void a_result_comes_through_as_it_was() {
    RunResult moved =
        new RunResult(
            "partial",
            new TreeMap<>(Map.of("quotes", 5)),
            new TreeMap<>(Map.of("größe", 2)),
            new TreeMap<>(Map.of("update local", 1)),
            List.of("quotes Q1: open"),
            List.of("a note"),
            3,
            340,
            null);
    endpoint.result.add("server", moved);
    endpoint.result.add(
        "numbers",
        new RunResult(
            "offline",
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            0,
            1,
            new Failure(3, "the share is away", "Plug it in.")));
    try (ControlServer server = ControlServer.start(state, 0, PROGRAM, endpoint.behind(events))) {
      SyncResult back = running().sync(SyncWish.ALL, (database, settled) -> {});

      assertThat(server.port()).isPositive();
      assertThat(back.runs().get("server")).isEqualTo(moved);
      assertThat(back.exitCode()).isEqualTo(3);
      assertThat(SyncJson.text(back, failure -> failure))
          .isEqualTo(SyncJson.text(endpoint.result, failure -> failure));
    }
  }

  @Test
  void progress_is_heard_of_while_the_run_goes_on() {
    endpoint.goOn = new CountDownLatch(1);
    AtomicInteger heard = new AtomicInteger();
    try (ControlServer server = ControlServer.start(state, 0, PROGRAM, endpoint.behind(events))) {
      Thread teller =
          new Thread(
              () ->
                  Wait.until(
                      "somebody to hear",
                      () -> {
                        events.tell("sync:progress", Map.of("database", "server", "settled", 7L));
                        return endpoint.goOn.getCount() == 0;
                      }));
      teller.start();
      running()
          .sync(
              SyncWish.ALL,
              (database, settled) -> {
                assertThat(database).isEqualTo("server");
                heard.set((int) settled);
                endpoint.goOn.countDown();
              });
      assertThat(server.port()).isPositive();
    }
    assertThat(heard).hasValue(7);
  }

  @Test
  void a_daemon_that_ends_in_the_middle_is_told_of_and_is_not_asked_twice() throws Exception {
    endpoint.goOn = new CountDownLatch(1);
    ControlServer server = ControlServer.start(state, 0, PROGRAM, endpoint.behind(events));
    ControlClient client = running();
    Thread end =
        new Thread(
            () -> {
              try {
                endpoint.running.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              server.close();
            });
    end.start();

    Failure failure = failureOf(() -> client.sync(SyncWish.ALL, (database, settled) -> {}));

    end.join();
    assertThat(failure.whatFailed()).contains("does not answer");
    assertThat(failure.hint()).contains("Nothing is lost");
    assertThat(endpoint.asked).hasSize(1);
  }

  @Test
  void a_control_json_that_cannot_be_understood_is_none() throws Exception {
    for (String text : List.of("", "{", "[]", "{\"port\":1}", "{\"port\":1,\"token\":null}")) {
      java.nio.file.Files.writeString(state.resolve("control.json"), text);
      assertThat(ControlFile.read(state)).as(text).isEmpty();
    }
  }
}
