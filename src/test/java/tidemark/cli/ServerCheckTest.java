package tidemark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;
import tidemark.serve.AccessKey.Right;
import tidemark.testing.LentShare;

/** What `config check` says of a server, and of files that let others in. */
class ServerCheckTest {
  @TempDir Path folder;
  private Office office;
  private Office.Desk anna;
  private LentShare server;

  @BeforeEach
  void aServerInFrontOfAnOffice() {
    office = new Office(folder);
    Office.Desk first = office.desk("first");
    assertThat(first.type("sync").exitCode()).isZero();
    server = new LentShare(office.share().resolve("server.db"));
    anna = office.emptyDesk("anna", "server");
    anna.db("server").execute("CREATE TABLE seeds(id TEXT PRIMARY KEY)");
  }

  @AfterEach
  void end() {
    server.close();
  }

  private void meetsAt(String address, String key) throws IOException {
    Files.writeString(
        anna.config(),
        "user: anna\nworkstation: PC\nstate: '%s'\ndatabases:\n  server:\n    local: '%s'\n    master: %s\n    %s\n"
            .formatted(anna.place().resolve("state"), anna.file("server"), address, key));
    closed(anna.config());
  }

  private Typed check() {
    Typed check = anna.type("config", "check");
    assertThat(check.out() + check.err()).doesNotContain("tmk_", "Exception");
    return check;
  }

  @Test
  void a_server_that_answers_says_whose_the_key_is_and_what_it_may() throws Exception {
    meetsAt(server.address().toString(), "key: " + server.secret("anna"));
    Typed well = check();
    assertThat(well.exitCode()).as(well.err()).isZero();
    assertThat(well.out()).contains("answers; the key is anna's and may write");

    server.give("reader", Right.READ);
    meetsAt(server.address().toString(), "key: " + server.secret("reader"));
    Typed reads = check();
    assertThat(reads.exitCode()).as(reads.err()).isZero();
    assertThat(reads.out()).contains("the key is reader's and may only read");
    assertThat(anna.place().resolve("state/check")).doesNotExist();
    assertThat(anna.db("server").applicationTables()).containsExactly("seeds");
  }

  @Test
  void what_is_wrong_at_a_server_is_said_with_what_to_do() throws Exception {
    meetsAt(server.address().toString(), "key: " + server.secret("ben"));
    Typed others = check();
    assertThat(others.exitCode()).isEqualTo(2);
    assertThat(others.err())
        .contains("the key is ben's and may write, but `user:` is anna", "`user: ben`");

    meetsAt(server.address().toString(), "key: " + server.secret("anna"));
    server.revokeAll();
    Typed revoked = check();
    assertThat(revoked.exitCode()).isEqualTo(2);
    assertThat(revoked.err()).contains("opens nothing here", "tidemark key list");

    server.close();
    Typed away = check();
    assertThat(away.exitCode()).isEqualTo(3);
    assertThat(away.err()).contains("databases.server.master", "nobody answers there");
    assertThat(anna.type("config", "check", "--json").at("success")).isEqualTo(false);
  }

  private static void closed(Path file) throws IOException {
    rights(file, "rw-------");
  }

  private static void rights(Path file, String rights) throws IOException {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
  }

  @Test
  void a_config_with_a_key_in_it_that_others_can_read_is_warned_of() throws Exception {
    String key = server.secret("anna");
    meetsAt(server.address().toString(), "key: " + key);
    assertThat(check().err()).doesNotContain("chmod");
    rights(anna.config(), "rw-r-----");
    Typed open = check();
    assertThat(open.exitCode()).isZero();
    assertThat(open.err())
        .contains("others can read or change the key or password in " + anna.config())
        .contains("chmod 600 " + anna.config());
    assertThat(anna.type("config", "check", "--json").at("warnings")).asString().contains("chmod");

    Path file = anna.place().resolve("anna.key");
    Files.writeString(file, key + "\n", UTF_8);
    closed(file);
    meetsAt(server.address().toString(), "keyFile: " + file);
    rights(anna.config(), "rw-r--r--");
    assertThat(check().err()).as("the config itself holds none").doesNotContain("chmod");
    rights(file, "rw-r--r--");
    assertThat(check().err()).contains("chmod 600 " + file);
  }

  @Test
  void what_a_variable_holds_is_not_in_the_config() throws Exception {
    meetsAt(server.address().toString(), "key: '${HERE}-key'"); // whatever that opens
    rights(anna.config(), "rw-r--r--");
    assertThat(anna.type("config", "check").err()).doesNotContain("chmod");
  }

  @Test
  void keys_and_private_keys_of_a_server_that_others_can_read_are_warned_of() throws Exception {
    Path keys = Files.writeString(anna.place().resolve("keys.json"), "{}");
    Path certificate = Files.writeString(anna.place().resolve("cert.pem"), "x");
    Path key = Files.writeString(anna.place().resolve("key.pem"), "x");
    anna.configured("serve:\n  keys: keys.json\n  tls: { certificate: cert.pem, key: key.pem }\n");
    for (Path file : List.of(keys, key)) {
      closed(file);
    }
    assertThat(anna.type("config", "check").err()).doesNotContain("chmod");
    rights(keys, "rw--w----");
    rights(key, "rw----r--");
    rights(certificate, "rw-r--r--");
    assertThat(anna.type("config", "check").err())
        .contains("the keys that open this server, in " + keys, "chmod 600 " + keys)
        .contains("the private key in " + key)
        .doesNotContain("chmod 600 " + certificate);
  }
}
