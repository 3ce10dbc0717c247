package tidemark.serve;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tidemark.testing.Folders;
import tidemark.testing.SettableClock;
import tidemark.testing.Shell;

/** TLS as a client finds it. */
class CertificatesTest {

  @TempDir static Path once;
  private static Issued first;
  private static Issued second;

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Certificates.class);
  private Path certificate;
  private Path key;

  @BeforeAll
  static void make() {
    new OwnCertificate(once.resolve("tls"), "tide", List.of(), new SettableClock()).read();
    first = Issued.self("RSA", "first");
    second = Issued.self("EC", "second");
  }

  @BeforeEach
  void name() {
    certificate = folder.resolve("fullchain.pem");
    key = folder.resolve("privkey.pem");
    log.start();
    logger.setLevel(Level.WARN);
    logger.addAppender(log);
  }

  @AfterEach
  void end() {
    logger.detachAppender(log);
    logger.setLevel(null);
  }

  private OwnCertificate own() throws IOException {
    Path state = folder.resolve("tls");
    Folders.copy(once.resolve("tls"), state);
    return new OwnCertificate(state, "tide", List.of(), clock);
  }

  private void write(Issued pair) throws IOException {
    Files.writeString(certificate, pair.certificatePem());
    Files.writeString(key, pair.keyPem());
  }

  private Certificates pem() {
    return new Certificates(new PemFiles(certificate, key, clock));
  }

  private static Echo serving(Certificates certificates) {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new Echo(server -> Listener.encrypted(server, any, certificates, Limits.USUAL));
  }

  private static HttpResponse<String> ask(Echo echo, SSLContext trust, HttpClient.Version version)
      throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().sslContext(trust).version(version).build();
    URI page = URI.create("https://localhost:" + echo.port() + "/page");
    return client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> ask(Echo echo, SSLContext trust) throws Exception {
    return ask(echo, trust, HttpClient.Version.HTTP_2);
  }

  @Test
  void who_trusts_its_own_certificate_speaks_with_it_in_http_2_and_1() throws Exception {
    OwnCertificate own = own();
    try (Echo echo = serving(new Certificates(own))) {
      SSLContext trust = Trust.in(own.forWorkstations());

      HttpResponse<String> two = ask(echo, trust);
      assertThat(two.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(two.body()).isEqualTo("HTTP/2.0 https 127.0.0.1 /page");
      assertThat(two.headers().firstValue("server")).isEmpty();
      assertThat(two.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");

      HttpResponse<String> one = ask(echo, trust, HttpClient.Version.HTTP_1_1);
      assertThat(one.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      assertThat(one.body()).isEqualTo("HTTP/1.1 https 127.0.0.1 /page");
      assertThat(one.headers().firstValue("server")).isEmpty();
    }
  }

  @Test
  void the_cipher_is_the_one_that_is_quick_where_the_program_runs() throws Exception {
    write(first);
    try (Echo echo = serving(pem())) {
      SSLContext trust = Trust.in(first.certificate());
      HttpResponse<String> three = ask(echo, trust);
      assertThat(three.sslSession().orElseThrow().getCipherSuite())
          .isEqualTo("TLS_CHACHA20_POLY1305_SHA256");

      SSLParameters older = new SSLParameters();
      older.setProtocols(new String[] {"TLSv1.2"});
      HttpClient client = HttpClient.newBuilder().sslContext(trust).sslParameters(older).build();
      URI page = URI.create("https://localhost:" + echo.port() + "/page");
      HttpResponse<String> two =
          client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(two.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(two.sslSession().orElseThrow().getCipherSuite())
          .isEqualTo("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
    }
  }

  @Test
  void who_does_not_trust_it_refuses_it() throws Exception {
    try (Echo echo = serving(new Certificates(own()))) {
      assertThatThrownBy(() -> ask(echo, SSLContext.getDefault()))
          .isInstanceOf(SSLHandshakeException.class);
      assertThatThrownBy(() -> ask(echo, Trust.in(first.certificate())))
          .isInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void curl_takes_it_with_trust_and_refuses_it_without() throws Exception {
    assumeTrue(Shell.can("curl", "--version"));
    OwnCertificate own = own();
    try (Echo echo = serving(new Certificates(own))) {
      String page = "https://localhost:" + echo.port() + "/";
      String trust = own.forWorkstations().toString();
      assertThat(Shell.can("curl", "-s", "--cacert", trust, page)).isTrue();
      assertThat(Shell.can("curl", "-s", page)).isFalse();
    }
  }

  @Test
  void keys_of_each_kind_do() throws Exception {
    for (Issued pair : List.of(first, second, Issued.self("Ed25519", "third"))) {
      write(pair);
      try (Echo echo = serving(pem())) {
        assertThat(ask(echo, Trust.in(pair.certificate())).statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void asked_by_a_name_that_it_has_not_a_public_one_does_not_answer() throws Exception {
    write(first);
    try (Echo echo = serving(pem());
        Connection connection = new Connection(echo, Trust.in(first.certificate()))) {
      assertThat(connection.ask("tide.example.com")).startsWith("HTTP/1.1 400");
    }
    OwnCertificate own = own();
    try (Echo echo = serving(new Certificates(own));
        Connection connection = new Connection(echo, Trust.in(own.forWorkstations()))) {
      assertThat(connection.ask("tide.example.com")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void a_renewed_one_is_for_new_connections_and_old_ones_go_on() throws Exception {
    write(first);
    Certificates certificates = pem();
    try (Echo echo = serving(certificates);
        Connection old = new Connection(echo, Trust.in(first.certificate()))) {
      assertThat(old.ask("localhost")).startsWith("HTTP/1.1 200");
      assertThat(certificates.renewed()).isFalse();

      write(second);
      assertThat(certificates.renewed()).isTrue();
      assertThat(certificates.renewed()).isFalse();
      assertThat(certificates.current().certificate()).isEqualTo(second.certificate());

      assertThat(ask(echo, Trust.in(second.certificate())).statusCode()).isEqualTo(200);
      assertThatThrownBy(() -> ask(echo, Trust.in(first.certificate())))
          .isInstanceOf(SSLHandshakeException.class);
      assertThat(old.ask("localhost")).startsWith("HTTP/1.1 200");
      assertThat(old.shown()).isEqualTo(first.certificate());
    }
  }

  @Test
  void half_a_renewed_pair_keeps_the_old_one_and_is_said_once() throws Exception {
    write(first);
    Certificates certificates = pem();
    try (Echo echo = serving(certificates)) {
      Files.writeString(certificate, second.certificatePem());
      assertThat(certificates.renewed()).isFalse();
      assertThat(certificates.renewed()).isFalse();
      assertThat(ask(echo, Trust.in(first.certificate())).statusCode()).isEqualTo(200);
      assertThat(log.list)
          .singleElement()
          .extracting(ILoggingEvent::getFormattedMessage)
          .asString()
          .contains("stays as it is", "the key in " + key + " does not belong to");

      Files.delete(key);
      assertThat(certificates.renewed()).isFalse();
      assertThat(certificates.renewed()).isFalse();
      assertThat(log.list).hasSize(2);
      assertThat(log.list.get(1).getFormattedMessage()).contains(key + " is not there");

      Files.writeString(key, second.keyPem());
      assertThat(certificates.renewed()).isTrue();
      assertThat(ask(echo, Trust.in(second.certificate())).statusCode()).isEqualTo(200);
      assertThat(log.list).hasSize(2);
    }
  }

  @Test
  void the_same_pair_written_anew_is_no_renewal() throws Exception {
    write(first);
    Certificates certificates = pem();
    Files.writeString(certificate, "of the authority\n" + first.certificatePem());
    assertThat(certificates.renewed()).isFalse();
    assertThat(log.list).isEmpty();
  }

  @Test
  void who_trusts_its_own_certificate_takes_all_that_follow_for_its_key() throws Exception {
    clock.setError(Duration.ofDays(-830)); // that one has expired by now
    OwnCertificate own = new OwnCertificate(folder.resolve("tls"), "tide", List.of(), clock);
    Certificates certificates = new Certificates(own);
    SSLContext trust = Trust.in(own.forWorkstations());
    try (Echo echo = serving(certificates)) {
      assertThatThrownBy(() -> ask(echo, SSLContext.getDefault()))
          .isInstanceOf(SSLHandshakeException.class);

      clock.setError(Duration.ZERO);
      assertThat(certificates.renewed()).isTrue();
      assertThat(certificates.renewed()).isFalse();
      HttpResponse<String> answer = ask(echo, trust);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.sslSession().orElseThrow().getPeerCertificates())
          .containsExactly(certificates.current().certificate());
    }
  }

  /** One that stays, by hand, in HTTP/1.1. */
  private static final class Connection implements AutoCloseable {
    private final SSLSocket socket;
    private final BufferedReader in;

    Connection(Echo echo, SSLContext trust) throws IOException {
      socket =
          (SSLSocket)
              trust.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), echo.port());
      in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
    }

    Certificate shown() throws IOException {
      return socket.getSession().getPeerCertificates()[0];
    }

    String ask(String host) throws IOException {
      String request = "GET /page HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      String status = in.readLine();
      int length = 0;
      for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
        if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(line.split(":")[1].strip());
        }
      }
      for (int i = 0; i < length; i++) {
        in.read();
      }
      return status;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
