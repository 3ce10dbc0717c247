package tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tidemark.change.Failure;

/** What somebody who can write the fleet's file can do to a machine, and what not. */
class FleetFileTest {
  @TempDir Path folder;
  private Desk desk;
  private Path fleet;

  @BeforeEach
  void sitDown() {
    desk = new Desk(folder).set("SECRET", "s3cret").set("HOME", "/home/anna");
    fleet = folder.resolve("share/fleet.yml");
  }

  private void machine(String allow, String more) {
    desk.write(
        desk.machineFile(),
        Desk.DATABASES + "include: { file: " + fleet + ", allow: " + allow + " }\n" + more);
  }

  private void plainMachine(String more) {
    desk.write(desk.machineFile(), Desk.DATABASES + "include: " + fleet + "\n" + more);
  }

  private void fleet(String text) {
    desk.write(fleet, text);
  }

  private Settings settings() {
    return desk.read().settings();
  }

  private Failure failure() {
    try {
      throw new AssertionError("it was read: " + desk.read().settings());
    } catch (Failure failure) {
      return failure;
    }
  }

  @Test
  void the_machines_locks_bind_the_fleets_file() {
    plainMachine("sync: { every: 10m }\nlocked: [sync.every, contact]\n");
    fleet("sync: { every: 1m, onStart: no }\ncontact: 'call 0900'\n");

    assertThat(settings().sync().every()).contains(Duration.ofMinutes(10));
    assertThat(settings().sync().onStart()).isFalse();
    assertThat(settings().contact()).isEmpty();
    assertThat(desk.read().warnings())
        .containsExactly(
            fleet + ":1: sync.every is locked by " + desk.machineFile() + " and has no effect here",
            fleet + ":2: contact is locked by " + desk.machineFile() + " and has no effect here");
  }

  @Test
  void a_lock_of_the_fleets_own_does_not_bind_the_fleets_file() {
    plainMachine("");
    fleet("sync: { every: 20m }\nlocked: [sync.every]\n");

    assertThat(settings().sync().every()).contains(Duration.ofMinutes(20));
    assertThat(desk.read().warnings()).isEmpty();
  }

  @Test
  void a_lock_names_no_database_that_only_the_fleets_file_has() {
    plainMachine("locked: [databases]\n");
    fleet("databases: { more: { master: /share/more.db, tables: [a] } }\n");

    assertThat(settings().databases()).containsOnlyKeys("server");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          databases: { server: { local: /etc/x.db } } | databases.server.local | /data/server.db
          backup: { folder: /tmp/x }                  | backup.folder          | -
          backup: { copyTo: /tmp/x }                  | backup.copyTo          | -
          smtp: { server: evil.example.com }          | smtp.server            | -
          smtp: { from: nas@example.com }             | smtp.from              | -
          smtp: { tls: none }                         | smtp.tls               | starttls
          alert: { webhook: 'https://evil.example' }  | alert.webhook          | -
          alert: { email: evil@example.com }          | alert.email            | -
          control: { port: 80 }                       | control.port           | 8737
          contact: '${SECRET}'                        | contact                | -
          workstation: '%SECRET%'                     | workstation            | PC-7
          user: '${SECRET:anna}'                      | user                   | anna
          user: '${NONE:anna}'                        | user                   | anna
          tables: { t: { unique: ['${SECRET}'] } }    | tables.t.unique        | -
          """)
  void what_sends_or_writes_elsewhere_is_not_taken_from_a_file_on_the_share(
      String text, String key, String holds) {
    plainMachine("");
    fleet("# the fleet's\n" + text + "\n");

    assertThat(desk.read().list().stream().filter(setting -> setting.key().equals(key)))
        .allMatch(setting -> setting.value().equals(holds));
    assertThat(desk.read().warnings())
        .singleElement()
        .asString()
        .startsWith(fleet + ":2: " + key + " ")
        .contains("has no effect here", desk.machineFile().toString(), "allow: [")
        .doesNotContain("s3cret");
  }

  @Test
  void what_the_machine_allows_is_taken() {
    machine(
        "[databases.*.local, archive, backup.folder, smtp, alert.webhook, variables.SECRET]", "");
    fleet(
        """
        databases: { server: { local: /other/server.db } }
        archive: { old: { table: t, olderThan: 2y, to: /archive/t.db } }
        backup: { folder: /backups, copyTo: /elsewhere }
        smtp: { server: mail.example.com, from: it@example.com, password: '${SECRET}' }
        alert: { webhook: 'https://chat.example.com/x' }
        contact: '${HOME}'
        """);

    Settings settings = settings();
    assertThat(settings.database("server").local()).isEqualTo(Path.of("/other/server.db"));
    assertThat(settings.archives()).hasSize(1);
    assertThat(settings.backup().folder()).contains(Path.of("/backups"));
    assertThat(settings.backup().copyTo()).isEmpty();
    assertThat(settings.alert().smtp().orElseThrow().password()).contains("s3cret");
    assertThat(settings.alert().webhook()).isPresent();
    assertThat(settings.contact()).isEmpty();
    assertThat(desk.read().warnings())
        .satisfiesExactly(
            copy -> assertThat(copy).contains("backup.copyTo", "allow: [backup.copyTo]"),
            contact -> assertThat(contact).contains("contact", "allow: [variables.HOME]"));
  }

  @Test
  void all_variables_can_be_allowed_at_once() {
    machine("[variables]", "");
    fleet("contact: '${HOME}'\nuser: '%SECRET%'\n");

    assertThat(settings().contact()).contains("/home/anna");
    assertThat(settings().user()).isEqualTo("s3cret");
  }

  @Test
  void what_is_missing_because_it_was_not_taken_says_so() {
    desk.write(desk.machineFile(), "include: " + fleet + "\n");
    fleet("databases:\n  server:\n    local: /data/server.db\n    master: /share/server.db\n");

    assertThat(failure().exitCode()).isEqualTo(Failure.USAGE);
    assertThat(failure())
        .hasMessageContainingAll(
            "databases.server.local: is missing",
            fleet + ":3",
            "allow: [databases.*.local]",
            desk.machineFile().toString());
  }

  @Test
  void a_permission_that_is_none_is_found() {
    fleet("");
    machine("[smpt, sync.every, state, alert.command]", "");

    assertThat(failure())
        .hasMessageContainingAll(
            desk.machineFile()
                + ":5: include.allow: 'smpt' is nothing to allow; did you mean smtp?",
            "'sync.every' is nothing to allow",
            "'state' is nothing to allow",
            "'alert.command' is nothing to allow");
  }

  @Test
  void a_permission_without_a_file_and_a_key_that_is_none_are_found() {
    desk.write(desk.machineFile(), Desk.DATABASES + "include: { allow: [smtp], flie: x }\n");
    assertThat(failure())
        .hasMessageContaining(":5: include.flie: is no known key; did you mean include.file?");

    desk.write(desk.machineFile(), Desk.DATABASES + "include: { allow: [smtp] }\n");
    assertThat(failure()).hasMessageContaining(":5: include.file: is missing");
  }

  @Test
  void only_the_machines_file_allows_anything() {
    plainMachine("");
    fleet("include: { file: /x.yml, allow: [smtp] }\n");
    assertThatThrownBy(desk::read).hasMessageContaining("is accepted in the machine's file only");

    fleet("");
    desk.write(desk.userFile(), "include: { file: /x.yml, allow: [smtp] }\n");
    assertThatThrownBy(desk::read).hasMessageContaining("is accepted in IT's files only");
  }
}
