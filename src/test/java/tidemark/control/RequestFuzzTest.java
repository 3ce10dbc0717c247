package tidemark.control;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Json;
import tidemark.testing.Fuzz;
import tidemark.testing.Mutator;

/**
 * Whatever is asked of the endpoint, it is answered as something defined, and goes on listening.
 */
class RequestFuzzTest {
  private static final Duration MOST = Duration.ofSeconds(20);

  private static final List<String> METHODS =
      List.of(
          "GET",
          "POST",
          "PUT",
          "DELETE",
          "HEAD",
          "OPTIONS",
          "PATCH",
          "TRACE",
          "CONNECT",
          "get",
          "",
          "G\u00e4T",
          "PROPFIND",
          "X".repeat(3_000));

  private static final List<String> PARAMETERS =
      List.of(
          "",
          "?",
          "?database=x",
          "?limit=-1",
          "?limit=99999999999",
          "?days=1e9",
          "?everyone=maybe",
          "?since=yesterday",
          "?since=%00",
          "?until=9999999999999999999",
          "?table=%22%3B--",
          "?a=b",
          "?limit=5&limit=6",
          "?%",
          "?%zz=1",
          "?=",
          "?&&&=&",
          "?resolved=1",
          "?limit=\u0661",
          "?since=-999999999-01-01",
          "?key=[1]",
          "?offset=2147483647&limit=2147483647",
          "?fresh=yes");

  private static final List<String> BODIES =
      List.of(
          "",
          "{}",
          "{\"database\":\"server\",\"tables\":[\"t\"],\"direction\":\"push\"}",
          "{\"intervalMinutes\":60}",
          "{\"minutes\":30}",
          "{\"id\":\"c-1\",\"keep\":\"local\",\"row\":{\"id\":1}}",
          "{\"values\":{\"sync.every\":\"60m\"}}",
          "{\"database\":\"server\",\"to\":\"2026-01-01\",\"tables\":[],\"rollback\":true}");

  private static final List<String> HEADERS =
      List.of(
          "Content-Type: text/xml\r\n",
          "Content-Type: application/json; charset=utf-16\r\n",
          "Accept: image/png\r\n",
          "Accept-Encoding: br;q=x\r\n",
          "Origin: https://evil.example\r\n",
          "Origin: null\r\n",
          "Sec-Fetch-Site: cross-site\r\n",
          "Cookie: a=b; c\r\n",
          "Cookie: " + "x".repeat(5_000) + "\r\n",
          "Expect: 100-continue\r\n",
          "Range: bytes=0-1\r\n",
          "If-None-Match: *\r\n",
          "X-Long: " + "x".repeat(9_000) + "\r\n",
          "X-Odd: \u0001\u00ff\r\n",
          "Connection: upgrade\r\nUpgrade: websocket\r\n",
          "Host: evil.example\r\n",
          "Authorization: Basic x\r\n",
          "Nonsense\r\n",
          ": empty\r\n");

  private static final List<String> LENGTHS =
      List.of("-1", "0", "1", "x", "99999999999999999999", "4294967296", "", "1, 2", "+5");

  @TempDir Path state;
  private final TestEndpoint endpoint = new TestEndpoint();
  private ControlServer server;
  private String allowed;

  @BeforeEach
  void listen() {
    server =
        ControlServer.start(
            state, 0, new ControlServer.Program("1.0", "x.yml"), endpoint.behind(new Events()));
    allowed =
        "Host: 127.0.0.1:"
            + server.port()
            + "\r\nAuthorization: Bearer "
            + ControlFile.read(state).orElseThrow().token()
            + "\r\n";
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void any_request_is_answered_and_the_endpoint_lives_on() {
    Fuzz.cases("requests", 400, MOST, random -> ask(request(new Mutator(random))));
    assertThat(state("GET /api/daemon HTTP/1.1\r\n" + allowed + "\r\n")).isEqualTo(200);
  }

  @Test
  void many_broken_requests_at_once_keep_nobody_from_being_answered() throws Exception {
    Fuzz.cases("requests at once", 5, MOST, this::atOnce);
  }

  /** Half requests that stay open while whole ones are asked. */
  private void atOnce(Random random) throws IOException {
    Mutator mutator = new Mutator(random);
    List<Wire> open = new ArrayList<>();
    try {
      for (int i = 0; i < 10; i++) {
        String request = request(mutator);
        Wire wire = new Wire(server.port());
        open.add(wire);
        sendAsFarAsItIsTaken(wire, request.substring(0, random.nextInt(request.length())));
      }
      assertThat(state("GET /api/daemon HTTP/1.1\r\n" + allowed + "\r\n")).isEqualTo(200);
    } finally {
      for (Wire wire : open) {
        wire.close();
      }
    }
  }

  /** What begins wrongly is hung up on before all of it was sent. */
  private static void sendAsFarAsItIsTaken(Wire wire, String part) {
    try {
      wire.send(part);
    } catch (IOException e) {
      assertThat(e).isInstanceOf(SocketException.class);
    }
  }

  private int state(String request) {
    try (Wire wire = new Wire(server.port())) {
      return wire.send(request).answer().status();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<Route> routes() {
    return new Routes(endpoint.behind(new Events()), new Guard(1, "x", null), null, "http://x")
        .all();
  }

  /** Ends behind its last byte: what is still awaited then does not come. */
  private String request(Mutator mutator) {
    Route route = mutator.one(routes());
    String method = mutator.chance(4) ? mutator.one(METHODS) : route.method();
    String path = mutator.chance(6) ? mutator.text(route.path()) : route.path();
    String body = mutator.one(BODIES);
    for (int i = mutator.chance(3) ? 0 : mutator.few(); i > 0; i--) {
      body = mutator.chance(4) ? mutator.text(body) : mutator.json(body);
    }
    if (mutator.chance(40)) {
      body = "{\"x\":\"" + "y".repeat(9 << 20) + "\"}";
    }
    String headers = mutator.chance(3) ? mutator.one(HEADERS) : "";
    String length =
        mutator.chance(8)
            ? mutator.one(LENGTHS)
            : Integer.toString(body.getBytes(ISO_8859_1).length);
    headers +=
        mutator.chance(10)
            ? "Transfer-Encoding: chunked\r\n"
            : "Content-Length: " + length + "\r\n";
    String head =
        method + " " + path + mutator.one(PARAMETERS) + " HTTP/1.1\r\n" + allowed + headers;
    return (mutator.chance(8) ? mutator.text(head) : head) + "\r\n" + body;
  }

  private void ask(String request) throws IOException {
    Wire.Answer answer;
    try (Wire wire = new Wire(server.port())) {
      try {
        wire.send(request);
      } catch (IOException e) {
        return; // sent away before it was through
      }
      wire.end();
      if (request.contains("/api/events")) {
        return; // a stream without end
      }
      try {
        answer = wire.answer();
      } catch (IOException e) {
        return; // the same
      }
    }
    if (answer.status() == 0) {
      return; // no HTTP: the connection was closed
    }
    if (answer.body().contains("UnsupportedOperationException")) {
      return; // there is nothing behind the endpoint here
    }
    String shown = request.substring(0, Math.min(600, request.length()));
    if (answer.status() != 501) { // the JDK's own word on a way of transfer that it lacks
      assertThat(answer.status()).as(shown + "\n" + answer.body()).isBetween(100, 499);
    }
    if (answer.head().toLowerCase(Locale.ROOT).contains("json") && !answer.body().isEmpty()) {
      Json.object("{\"answer\":" + answer.body() + "}");
    }
  }
}
