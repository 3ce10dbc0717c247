package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Tidemark;
import tidemark.Typed;
import tidemark.change.Place;
import tidemark.ledger.http.Client;
import tidemark.testing.JavaProcess;
import tidemark.testing.Wait;

/** `serve` in a process of its own, and people who work from home. */
@Tag("heavy")
@Timeout(300)
class ServeCommandTest {
  private static final String ADD = "INSERT INTO quotes(quoteId) VALUES('%s')";

  @TempDir Path folder;
  private final List<JavaProcess> started = new ArrayList<>();
  private Office office;
  private Office.Desk anna;
  private Office.Desk server;
  private Office.Desk ben;

  @BeforeEach
  void anOfficeAndAServer() {
    office = new Office(folder);
    anna = office.desk("anna");
    assertThat(anna.edit(ADD.formatted("Q1")).type("sync").exitCode()).isZero();
    server = office.emptyDesk("server", "server").configured("serve:\n  listen: 127.0.0.1:0\n");
    ben = office.emptyDesk("ben", "server");
  }

  @AfterEach
  void nobodyIsLeft() {
    started.forEach(JavaProcess::close);
  }

  private JavaProcess serve() throws Exception {
    JavaProcess process =
        new JavaProcess(folder, Tidemark.class, "serve", "--config", server.config().toString());
    started.add(process);
    return process.said("Ctrl-C ends it");
  }

  private static String address(JavaProcess process) {
    Matcher said = Pattern.compile("Lends server at (\\S+)").matcher(process.out());
    assertThat(said.find()).isTrue();
    return said.group(1);
  }

  private String key(String user) {
    Typed made = server.type("key", "create", "--user", user, "--may", "write");
    assertThat(made.exitCode()).as(made.err()).isZero();
    Matcher key = Pattern.compile("tmk_\\S+").matcher(made.out());
    assertThat(key.find()).isTrue();
    return key.group();
  }

  private void benMeetsAt(String address, String key, Path trust) throws Exception {
    Files.writeString(
        ben.config(),
        "user: ben\nworkstation: PC-ben\nstate: '%s'\ndatabases:\n  server:\n    local: '%s'\n    master: %s\n    key: %s\n%s"
            .formatted(
                ben.place().resolve("state"),
                ben.file("server"),
                address,
                key,
                trust == null ? "" : "    trust: '" + trust + "'\n"));
  }

  private Path certificate() {
    return server.place().resolve("state/serve/tide.pem");
  }

  @Test
  void a_day_at_home() throws Exception {
    JavaProcess process = serve();
    assertThat(process.out()).containsPattern("SHA-256: ([0-9A-F]{2}:){31}[0-9A-F]{2}");
    benMeetsAt(address(process), key("ben"), certificate());
    Typed first = ben.type("sync");
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(ben.db("server").value("SELECT count(*) FROM quotes")).isEqualTo("1");

    ben.edit(ADD.formatted("Q2"));
    assertThat(ben.type("sync").out()).contains("1 row pushed");
    assertThat(anna.type("sync").out()).contains("1 row pulled");
    assertThat(ben.type("status").out()).contains("connected");
    assertThat(ben.type("verify").exitCode()).isZero();
    assertThat(ben.type("doctor").exitCode()).isZero();
    assertThat(ben.type("config", "check").out()).contains("(not shown)");
  }

  @Test
  void a_program_writes_by_rest_and_the_office_has_it() throws Exception {
    String address = address(serve());
    URI api = URI.create(address.replaceFirst("/server$", "/api/quotes"));
    HttpClient client =
        Client.of(
            new Place.Server(URI.create(address), "", Optional.of(certificate())),
            Duration.ofSeconds(30),
            name -> Optional.empty());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(api).header("Authorization", "Bearer " + key("shop"));
    HttpRequest write = request.POST(BodyPublishers.ofString("{\"quoteId\":\"R1\"}")).build();
    Wait.until(
        "the server has read its place",
        () -> client.send(write, BodyHandlers.ofString()).body().contains("\"success\":true"));
    assertThat(client.send(request.GET().build(), BodyHandlers.ofString()).body())
        .contains("R1", "Q1")
        .doesNotContain("synced_at");
    Wait.until(
        "the master follows",
        () ->
            office
                .master("server")
                .value("SELECT count(*) FROM quotes WHERE updated_by='shop'")
                .equals("1"));
    assertThat(anna.type("sync").exitCode()).isZero();
    assertThat(anna.db("server").value("SELECT updated_by FROM quotes WHERE quoteId='R1'"))
        .isEqualTo("shop");
  }

  @Test
  void what_others_could_read_is_said_at_the_start() throws Exception {
    key("ben");
    Path keys = server.place().resolve("state/keys.json");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(serve().out()).contains("Note: others can read or change", "chmod 600 " + keys);
  }

  @Test
  void a_certificate_that_is_not_trusted_gets_nothing_and_a_revoked_key_neither() throws Exception {
    JavaProcess process = serve();
    String key = key("ben");
    benMeetsAt(address(process), key, null);
    Typed untrusted = ben.type("sync");
    assertThat(untrusted.exitCode()).isEqualTo(5);
    assertThat(untrusted.err() + untrusted.out()).contains("does not prove who it is", "trust:");

    benMeetsAt(address(process), key, certificate());
    assertThat(ben.type("sync").exitCode()).isZero();
    assertThat(server.type("key", "revoke", key.substring(4, 12)).exitCode()).isZero();
    Wait.until("the key is closed", () -> ben.type("sync").exitCode() == 2);
    Typed revoked = ben.type("sync");
    assertThat(revoked.err() + revoked.out()).contains("opens nothing here").doesNotContain(key);
  }

  @Test
  void what_cannot_be_served_is_said_plainly_at_once() {
    server.configured("serve:\n  listen: 0.0.0.0:0\n  tls: off\n");
    refuses("is not for 0.0.0.0", "tls: proxy");
    server.configured("serve:\n  tls: { certificate: nowhere.pem, key: nowhere.key }\n");
    refuses("nowhere.pem");
    server.configured("serve:\n  tls: { certificate: nowhere.pem }\n");
    refuses("serve.tls.key");
    server.configured("serve:\n  listen: everywhere\n");
    refuses("serve.listen");
  }

  private void refuses(String... words) {
    Typed typed = server.type("serve");
    assertThat(typed.exitCode()).isEqualTo(2);
    assertThat(typed.err()).contains(words).doesNotContain("Exception", "\tat ");
  }
}
