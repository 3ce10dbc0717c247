package tidemark.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import tidemark.change.Failure;

/** Where it listens without TLS, and what it takes there. */
class ListenerTest {

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static Echo plain() {
    return new Echo(server -> Listener.plain(server, loopback(0), Limits.USUAL));
  }

  private static Echo behindProxy() {
    return new Echo(server -> Listener.behindProxy(server, loopback(0), Limits.USUAL));
  }

  /** By hand, as no client of good will writes it. */
  private static String ask(Echo echo, String path, String... headers) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), echo.port())) {
      StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: tide\r\n");
      for (String header : headers) {
        request.append(header).append("\r\n");
      }
      request.append("Connection: close\r\n\r\n");
      socket.getOutputStream().write(request.toString().getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  void it_speaks_http_1_and_2_without_tls() throws Exception {
    try (Echo echo = plain()) {
      URI page = URI.create("http://127.0.0.1:" + echo.port() + "/page");
      for (HttpClient.Version version : HttpClient.Version.values()) {
        HttpClient client = HttpClient.newBuilder().version(version).build();
        HttpResponse<String> answer =
            client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.version()).isEqualTo(version);
        assertThat(answer.body()).endsWith(" http 127.0.0.1 /page");
      }
    }
  }

  @Test
  void keys_in_paths_may_hold_anything() throws Exception {
    try (Echo echo = plain()) {
      for (String key :
          List.of("a%2Fb", "%2E%2E", "a%5Cb", "50%25", "a%2Cb,c", "", "%01", "%0A", "%3B", "a;b")) {
        String path = "/api/customers/" + key;
        assertThat(ask(echo, path)).as(path).startsWith("HTTP/1.1 200").endsWith(path);
      }
      for (String rubbish : List.of("/api/%zz", "/api/%00", "/api/%c3")) {
        assertThat(ask(echo, rubbish)).as(rubbish).startsWith("HTTP/1.1 400");
      }
    }
  }

  @Test
  void headers_that_are_too_long_are_refused() throws Exception {
    try (Echo echo = plain()) {
      assertThat(ask(echo, "/page", "x: " + "a".repeat(7_000))).startsWith("HTTP/1.1 200");
      assertThat(ask(echo, "/page", "x: " + "a".repeat(8_200))).startsWith("HTTP/1.1 431");
    }
  }

  @Test
  void behind_a_proxy_the_last_one_it_names_is_who_asks() throws Exception {
    try (Echo echo = behindProxy()) {
      assertThat(ask(echo, "/page", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https"))
          .endsWith("HTTP/1.1 https 203.0.113.9 /page");
      assertThat(ask(echo, "/page")).endsWith("HTTP/1.1 http 127.0.0.1 /page");
    }
  }

  @Test
  void what_a_client_tells_the_proxy_of_itself_is_not_believed() throws Exception {
    try (Echo echo = behindProxy()) {
      assertThat(ask(echo, "/page", "X-Forwarded-For: 127.0.0.1, 10.0.0.7,203.0.113.9"))
          .endsWith(" 203.0.113.9 /page");
      assertThat(ask(echo, "/page", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-For: 203.0.113.9"))
          .endsWith(" 203.0.113.9 /page");
      assertThat(
              ask(
                  echo,
                  "/page",
                  "Forwarded: for=10.0.0.7;proto=https",
                  "X-Forwarded-For: 203.0.113.9"))
          .endsWith(" http 203.0.113.9 /page");
    }
  }

  @Test
  void where_no_proxy_is_nobody_is_asked_who_asks() throws Exception {
    try (Echo echo = plain()) {
      assertThat(ask(echo, "/page", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https"))
          .endsWith("HTTP/1.1 http 127.0.0.1 /page");
    }
  }

  @Test
  void without_tls_it_listens_for_this_machine_alone() {
    assertThatThrownBy(
            () -> Listener.plain(new Server(), new InetSocketAddress("0.0.0.0", 0), Limits.USUAL))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(Failure.USAGE);
              assertThat(failure.whatFailed()).contains("`tls: off` is not for 0.0.0.0");
              assertThat(failure.hint()).contains("tls: own", "tls: proxy");
            });
  }

  @Test
  void a_port_in_use_is_said() {
    try (Echo echo = plain()) {
      assertThatThrownBy(() -> Listener.plain(new Server(), loopback(echo.port()), Limits.USUAL))
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> {
                assertThat(failure.exitCode()).isEqualTo(Failure.USAGE);
                assertThat(failure.whatFailed())
                    .matches("nothing can listen at .*:" + echo.port() + ": .*in use.*");
                assertThat(failure.hint()).contains("End the program that has that port");
              });
    }
  }
}
