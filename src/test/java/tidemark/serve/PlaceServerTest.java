package tidemark.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Json;
import tidemark.ledger.EntryFile;
import tidemark.testing.FleetTest;
import tidemark.testing.LentShare;
import tidemark.testing.SettablePace;

/** Whatever is sent to it, the server answers in words, changes nothing, and is well. */
class PlaceServerTest extends FleetTest {
  private static final Logger LOG = LoggerFactory.getLogger(PlaceServerTest.class);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private LentShare server;
  private long head;

  @BeforeEach
  void aPlaceWithAnEntry() {
    anna.workFromHome();
    anna.edit(
        "CREATE TABLE notes(id INTEGER PRIMARY KEY, text TEXT)", "INSERT INTO notes VALUES(1,'a')");
    anna.syncWell();
    server = anna.server();
    head = anna.ledger().last(0);
  }

  private HttpResponse<String> ask(String method, String path, byte @Nullable [] body)
      throws IOException, InterruptedException {
    URI root = server.address();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + root.getPort() + path))
            .method(
                method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
            .header("Authorization", "Bearer " + server.secret("anna"))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** A refusal says what is wrong and what to do, and nothing of how the program is made. */
  private static void assertRefused(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 499);
    Map<String, @Nullable Object> said = Json.object(answer.body());
    assertThat(said).containsKeys("error", "hint", "code");
    assertThat(answer.body()).doesNotContain("Exception", "tidemark.serve", "\tat ", ".java");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/server/entries, 400",
    "GET, /v1/server/entries?after=x, 400",
    "GET, /v1/server/entries?after=99999999999999999999, 400",
    "GET, /v1/server/entries?after=0&limit=many, 400",
    "GET, /v1/server/entries/abc/hash, 400",
    "GET, /v1/server/entries/99/hash, 404",
    "GET, /v1/server/nothing, 404",
    "GET, /v1/server/, 404",
    "GET, /v1/server/snapshots/77, 404",
    "GET, /v1/server/snapshots/..%2F..%2Fledger.json, 400",
    "GET, /v1/server/workstations/..%2F..%2Fledger, 400",
    "GET, /v1/server/workstations/nobody, 404",
    "PUT, /v1/server/workstations/a%00b, 400",
    "GET, /v1/server/missing?from=1&to=999999999999, 400",
    "DELETE, /v1/server/entries, 404",
    "PATCH, /v1/server/ledger, 404"
  })
  void what_is_not_understood_is_refused_in_words(String method, String path, int status)
      throws Exception {
    HttpResponse<String> answer =
        ask(method, path, method.equals("PUT") ? new byte[] {'{', '}'} : null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertRefused(answer);
    assertThat(anna.ledger().last(0)).isEqualTo(head);
  }

  @Test
  void what_is_no_entry_is_not_appended() throws Exception {
    byte[] entry =
        client
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            server
                                .address()
                                .toString()
                                .replace("/server", "/v1/server/entries?after=0&limit=1")))
                    .header("Authorization", "Bearer " + server.secret("anna"))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray())
            .body();
    byte[] first = java.util.Arrays.copyOfRange(entry, 4, entry.length);
    assertRefused(ask("POST", "/v1/server/entries", new byte[0]));
    assertRefused(ask("POST", "/v1/server/entries", "{}".getBytes(StandardCharsets.UTF_8)));
    first[first.length / 2] ^= 1;
    assertRefused(ask("POST", "/v1/server/entries", first));
    assertRefused(ask("PUT", "/v1/server/entries/1", first));
    assertRefused(
        ask("PUT", "/v1/server/workstations/pc", "no json".getBytes(StandardCharsets.UTF_8)));
    assertThat(anna.ledger().last(0)).isEqualTo(head);
    anna.syncWell();
  }

  @Test
  void more_than_an_entry_can_have_is_not_even_read() throws Exception {
    URI root = server.address();
    try (Socket socket = new Socket("127.0.0.1", root.getPort())) {
      socket
          .getOutputStream()
          .write(
              ("POST /v1/server/entries HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                      + server.secret("anna")
                      + "\r\nContent-Length: "
                      + (1L + EntryFile.MAX_PACKED)
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      assertThat(answer).isEqualTo("HTTP/1.1 413");
    }
  }

  @Test
  void requests_made_by_chance_leave_it_well() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime() % 1_000_000_000);
    int count = Integer.getInteger("fuzz", 300);
    LOG.info("{} requests by chance, -Dseed={}", count, seed);
    Random random = new Random(seed);
    String[] words = {
      "v1",
      "server",
      "entries",
      "ledger",
      "snapshots",
      "workstations",
      "end",
      "missing",
      "clock",
      "..",
      "%2e%2e",
      "%00",
      "%0d%0aX: y",
      "'; DROP TABLE notes;--",
      "ü",
      "1",
      "-1",
      "hash",
      "",
      "🐳"
    };
    String[] methods = {"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "BREW"};
    for (int i = 0; i < count; i++) {
      StringBuilder path = new StringBuilder(random.nextInt(10) < 8 ? "/v1/server" : "");
      for (int k = random.nextInt(4); k >= 0; k--) {
        path.append('/').append(encoded(words[random.nextInt(words.length)]));
      }
      if (random.nextBoolean()) {
        path.append("?after=").append(random.nextInt(5) - 1).append("&from=a&to=");
      }
      byte[] body = new byte[random.nextInt(200)];
      random.nextBytes(body);
      String method = methods[random.nextInt(methods.length)];
      if (method.equals("DELETE")
          || (method.equals("POST") && path.toString().contains("ledger"))) {
        continue; // those are well understood
      }
      try {
        HttpResponse<String> answer = ask(method, path.toString(), body);
        assertThat(answer.statusCode()).as(method + " " + path).isNotEqualTo(500).isLessThan(504);
      } catch (IOException e) {
        LOG.debug("it hung up on {} {}", method, path, e); // before all of it was sent
      }
    }
    assertThat(anna.ledger().last(0)).isEqualTo(head);
    anna.edit("INSERT INTO notes(id, text) VALUES(2,'b')").syncWell();
    fleet.settle().assertSame();
  }

  private static String encoded(String word) {
    return word.contains("%")
        ? word.replace(" ", "%20")
        : URI.create("http://a/" + java.net.URLEncoder.encode(word, StandardCharsets.UTF_8))
            .getRawPath()
            .substring(1)
            .replace("+", "%20");
  }

  @Test
  void a_key_that_asks_too_often_is_told_when_to_come_again() throws Exception {
    Rates rates = new Rates(1, 2, new SettablePace());
    try (PlaceServer strict =
        PlaceServer.start(
            new PlaceServer.At(new InetSocketAddress("127.0.0.1", 0), null, false),
            Map.of("server", server.lent()),
            Programs.NONE,
            server.keys(),
            Clock.systemUTC(),
            () -> {},
            rates)) {
      URI clock = URI.create("http://127.0.0.1:" + strict.port() + "/v1/server/clock");
      HttpRequest request =
          HttpRequest.newBuilder(clock)
              .header("Authorization", "Bearer " + server.secret("anna"))
              .build();
      for (int i = 0; i < 2; i++) {
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      }
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(answer.headers().firstValue("Retry-After")).contains("1");
      assertRefused(answer);
    }
  }

  @Test
  void connections_that_say_nothing_more_hold_up_nobody() throws Exception {
    try (HalfOpen half = new HalfOpen()) {
      half.open("127.0.0.1", 300);
      anna.edit("INSERT INTO notes(id, text) VALUES(3,'c')").syncWell();
      assertThat(anna.ledger().last(0)).isEqualTo(head + 1);
    }
  }

  @Test
  @Tag("heavy")
  void ten_thousand_bad_requests_and_two_thousand_half_open_connections_leave_it_well()
      throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "127.0.0.2 is here on Linux alone");
    try (HalfOpen half = new HalfOpen()) {
      half.open("127.0.0.2", 1_000);
      half.open("127.0.0.3", 1_000);
      for (int i = 0; i < 2_500; i++) {
        assertRefused(ask("GET", "/v1/server/entries?after=" + i + "x", null));
        assertRefused(ask("POST", "/v1/server/entries", new byte[] {(byte) i}));
        assertThat(askWithKey("tmk_no" + i, "/v1/server/ledger")).isEqualTo(401);
        assertThat(raw("GET /v1/server/%zz" + i + " HTTP/1.1\r\nHost: a\r\n\r\n"))
            .startsWith("HTTP/1.1 400");
      }
      anna.edit("INSERT INTO notes(id, text) VALUES(3,'c')").syncWell();
      assertThat(anna.ledger().last(0)).isEqualTo(head + 1);
    }
    fleet.settle().assertSame();
  }

  private int askWithKey(String key, String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.address().getPort() + path))
            .header("Authorization", "Bearer " + key)
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  private String raw(String text) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }
  }

  /** Connections that began a request, and say nothing more. */
  private final class HalfOpen implements AutoCloseable {
    private final List<Socket> sockets = new ArrayList<>();

    void open(String from, int many) throws IOException {
      for (int i = 0; i < many; i++) {
        Socket socket =
            new Socket(
                InetAddress.getByName("127.0.0.1"),
                server.address().getPort(),
                InetAddress.getByName(from),
                0);
        sockets.add(socket);
        socket.getOutputStream().write("GET /v1/server/led".getBytes(StandardCharsets.US_ASCII));
      }
    }

    @Override
    public void close() throws IOException {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
