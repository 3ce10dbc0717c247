package tidemark.alert;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Json;
import tidemark.config.AlertSettings;
import tidemark.config.AlertSettings.Smtp;
import tidemark.config.AlertSettings.Tls;
import tidemark.control.ControlServer;

/** Messages arrive at a real mail server, a real web server and a real script. */
@DisabledOnOs(OS.WINDOWS)
class AlertsTest {
  private static final Instant NOON = Instant.parse("2025-01-15T12:00:00Z");

  private static final Alert DISK =
      new Alert(
          "found",
          "server",
          "share space",
          null,
          "warning",
          "200 MB free at Größe",
          "Make room.",
          "PC-7",
          "anna",
          "2025-01-15T12:00:00.000Z",
          "IT, ext. 100");

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private Alerts alerts(AlertSettings settings) {
    return new Alerts(settings, folder.resolve("state"), false, Duration.ofSeconds(2));
  }

  private static AlertSettings command(String command) {
    return new AlertSettings(Optional.of(command), Optional.empty(), List.of(), Optional.empty());
  }

  private static AlertSettings webhook(int port) {
    return new AlertSettings(
        Optional.empty(),
        Optional.of(URI.create("http://127.0.0.1:" + port + "/hook")),
        List.of(),
        Optional.empty());
  }

  private static AlertSettings mail(int port, Optional<String> user, String password, Tls tls) {
    return new AlertSettings(
        Optional.empty(),
        Optional.empty(),
        List.of("it@example.com", "boss@example.com"),
        Optional.of(
            new Smtp(
                "127.0.0.1:" + port, "tidemark@example.com", user, Optional.of(password), tls)));
  }

  private GreenMail mailServer() {
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.start();
    open.add(server::stop);
    return server;
  }

  private HttpServer webServer(List<String> bodies, int status, int port) throws IOException {
    HttpServer server =
        ControlServer.listening(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    server.createContext(
        "/hook",
        exchange -> {
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    open.add(() -> server.stop(0));
    return server;
  }

  @Test
  void a_command_gets_it_as_json_and_field_by_field() throws Exception {
    Path json = folder.resolve("got it.json");
    Path line = folder.resolve("line");
    alerts(
            command(
                "cat > '"
                    + json
                    + "'; echo \"$TIDEMARK_DATABASE $TIDEMARK_HEALTH $TIDEMARK_WHAT\" > "
                    + line))
        .tell(List.of(DISK), NOON);

    Map<String, Object> got = Json.object(Files.readString(json));
    assertThat(got)
        .containsEntry("event", "found")
        .containsEntry("check", "share space")
        .containsEntry("workstation", "PC-7")
        .containsEntry("contact", "IT, ext. 100");
    assertThat(line).hasContent("server warning 200 MB free at Größe");
  }

  @Test
  @Timeout(50)
  void a_command_that_fails_or_hangs_is_named_and_holds_nobody_up() {
    List<Alerts.Attempt> hung = alerts(command("sleep 60 & sleep 60")).test(DISK);
    assertThat(hung.get(0).failure().orElseThrow().whatFailed()).contains("did not end within 2 s");

    assertThat(alerts(command("echo no way; exit 3")).test(DISK).get(0).failure())
        .hasValueSatisfying(
            failure -> assertThat(failure.whatFailed()).contains("ended with 3: no way"));
    assertThat(alerts(command("/no/such/program")).test(DISK).get(0).failure()).isPresent();
  }

  @Test
  void a_webhook_gets_it_as_json_with_a_text_for_chats() throws Exception {
    List<String> bodies = Collections.synchronizedList(new ArrayList<>());
    HttpServer server = webServer(bodies, 200, 0);

    alerts(webhook(server.getAddress().getPort())).tell(List.of(DISK), NOON);

    assertThat(bodies).hasSize(1);
    assertThat(Json.object(bodies.get(0)))
        .containsEntry("what", "200 MB free at Größe")
        .containsEntry("health", "warning");
    assertThat(Json.object(bodies.get(0)).get("text").toString())
        .contains("Tidemark: server, share space (warning)")
        .contains("What to do: Make room.")
        .contains("Contact: IT, ext. 100");
  }

  @Test
  void what_does_not_arrive_is_told_later_by_that_way_alone() throws Exception {
    List<String> bodies = Collections.synchronizedList(new ArrayList<>());
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path count = folder.resolve("count");
    AlertSettings both =
        new AlertSettings(
            Optional.of("echo once >> " + count),
            webhook(port).webhook(),
            List.of(),
            Optional.empty());

    alerts(both).tell(List.of(DISK), NOON);
    assertThat(count).hasContent("once");
    alerts(both).tell(List.of(), NOON.plusSeconds(3600));
    webServer(bodies, 204, port);
    alerts(both).tell(List.of(), NOON.plusSeconds(7200));
    alerts(both).tell(List.of(), NOON.plusSeconds(9000));

    assertThat(bodies).hasSize(1);
    assertThat(count).hasContent("once");
  }

  @Test
  void what_did_not_arrive_for_a_week_is_given_up() throws Exception {
    List<String> bodies = Collections.synchronizedList(new ArrayList<>());
    HttpServer server = webServer(bodies, 500, 0);
    Alerts alerts = alerts(webhook(server.getAddress().getPort()));

    alerts.tell(List.of(DISK), NOON);
    alerts.tell(List.of(), NOON.plus(Duration.ofDays(6)));
    assertThat(bodies).hasSize(2);
    alerts.tell(List.of(), NOON.plus(Duration.ofDays(8)));
    assertThat(bodies).hasSize(2);
    assertThat(Files.readString(folder.resolve("state/alerts.json"))).doesNotContain("Größe");
  }

  @Test
  void a_mail_goes_to_all_with_subject_text_and_contact() throws Exception {
    GreenMail server = mailServer();

    alerts(mail(server.getSmtp().getPort(), Optional.empty(), "", Tls.NONE))
        .tell(List.of(DISK), NOON);

    MimeMessage[] mails = server.getReceivedMessages();
    assertThat(mails).hasSize(2); // one for each of them
    assertThat(mails[0].getSubject()).isEqualTo("Tidemark: server, share space (warning)");
    assertThat(mails[0].getFrom()[0]).hasToString("tidemark@example.com");
    assertThat(mails[0].getContent().toString())
        .contains("200 MB free at Größe")
        .contains("What to do: Make room.")
        .contains("Contact: IT, ext. 100");
  }

  @Test
  void a_mail_server_that_wants_a_login_gets_it() {
    GreenMail server = mailServer();
    server.setUser("tidemark@example.com", "tidemark", "geheim");
    server.getUserManager().setAuthRequired(true);
    int port = server.getSmtp().getPort();

    assertThat(alerts(mail(port, Optional.of("tidemark"), "falsch", Tls.NONE)).test(DISK))
        .allMatch(attempt -> attempt.failure().isPresent());
    assertThat(alerts(mail(port, Optional.of("tidemark"), "geheim", Tls.NONE)).test(DISK))
        .allMatch(attempt -> attempt.failure().isEmpty());
  }

  @Test
  void nothing_goes_out_in_the_open_where_it_must_not() {
    GreenMail server = mailServer(); // which cannot make it secret

    List<Alerts.Attempt> attempts =
        alerts(mail(server.getSmtp().getPort(), Optional.empty(), "", Tls.STARTTLS)).test(DISK);

    assertThat(attempts.get(0).failure().orElseThrow().whatFailed()).contains("STARTTLS");
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  @Test
  @Timeout(50)
  void a_mail_server_that_says_nothing_holds_nobody_up() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      assertThat(
              alerts(mail(mute.getLocalPort(), Optional.empty(), "", Tls.NONE))
                  .test(DISK)
                  .get(0)
                  .failure())
          .isPresent();
    }
  }
}
