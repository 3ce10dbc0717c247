package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;
import tidemark.cli.Office.Desk;
import tidemark.ledger.Author;
import tidemark.ledger.Lease;
import tidemark.ledger.folder.FolderLease;
import tidemark.share.Pace;
import tidemark.share.ShareFiles;
import tidemark.testing.Folders;

class DoctorCommandTest {
  @TempDir Path folder;
  private Office office;
  private Desk anna;

  @BeforeEach
  void one_that_has_synced() {
    office = new Office(folder);
    anna = office.desk("anna");
    anna.edit("INSERT INTO components(sku, description) VALUES('S1','one')");
    assertThat(anna.type("sync").exitCode()).isZero();
  }

  private Lease foldLease() {
    ShareFiles files = new ShareFiles(ShareFiles.Tap.NONE, Pace.REAL);
    return new FolderLease(
        files,
        office.share().resolve("server.db-ledger/fold"),
        new Author("ben", "PC-ben", "ben"),
        Duration.ofSeconds(30),
        Clock.systemUTC());
  }

  @Test
  void where_all_is_well_it_says_so_and_ends_with_0() {
    Typed doctor = anna.type("doctor");
    assertThat(doctor.out()).contains("server: all is well").contains("can be reached");
    assertThat(doctor.out()).contains("1 entry, whole").doesNotContain("warning");
    assertThat(doctor.exitCode()).isZero();
    assertThat(anna.type("doctor", "--json").out())
        .contains("\"database\":\"server\"")
        .contains("\"check\":\"master\",\"about\":null,\"health\":\"ok\"");
  }

  @Test
  void a_share_that_is_away_is_named_with_what_to_do() {
    office.unplug();
    Typed doctor = anna.type("doctor");
    assertThat(doctor.exitCode()).isEqualTo(1);
    assertThat(doctor.out()).contains("bad").contains("share").contains("-> Check that");
    assertThat(doctor.out()).contains("server.db is whole"); // the local one
  }

  @Test
  void an_empty_folder_in_place_of_the_share_is_told_from_a_beginning() throws IOException {
    office.unplug();
    Files.createDirectory(office.share());
    assertThat(anna.type("doctor").out()).contains("no ledger").contains("-> Mount the share");
    Desk ben = office.desk("ben");
    assertThat(ben.type("doctor").out()).contains("-> The first sync begins it");
  }

  @Test
  void a_broken_chain_is_found() throws IOException {
    Path ledger = office.share().resolve("server.db-ledger");
    anna.edit("UPDATE components SET description='two'");
    anna.type("sync");
    anna.edit("UPDATE components SET description='three'");
    anna.type("sync");
    Desk ben = office.desk("ben"); // who kept nothing that would mend it
    Path entry = ledger.resolve("entries/000/000000000002/entry.jsonl.gz");
    byte[] bytes = Files.readAllBytes(entry);
    bytes[bytes.length / 2] ^= 1;
    Files.write(entry, bytes);
    Typed doctor = ben.type("doctor");
    assertThat(doctor.exitCode()).isEqualTo(1);
    assertThat(doctor.out()).contains("entry 2 of the ledger is damaged").contains("->");
  }

  @Test
  void a_damaged_master_and_a_damaged_local_file_are_found() throws IOException {
    for (Path file : new Path[] {office.master("server").file(), anna.file("server")}) {
      byte[] whole = Files.readAllBytes(file);
      byte[] broken = whole.clone();
      java.util.Arrays.fill(broken, 4096, broken.length, (byte) 0x5a);
      Files.write(file, broken);
      Typed doctor = anna.type("doctor");
      assertThat(doctor.exitCode()).isEqualTo(1);
      assertThat(doctor.out()).contains(file.toString()).contains(" anew from the ledger");
      Files.write(file, whole);
    }
    assertThat(anna.type("doctor").exitCode()).isZero();
  }

  @Test
  void a_locked_master_is_named_and_stands_in_nobodys_way() throws Exception {
    try (Connection browser = office.master("server").connect();
        Statement statement = browser.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      assertThat(anna.type("doctor").out()).contains("locked");
    }
  }

  @Test
  void a_second_program_that_writes_the_master_is_noticed_a_single_edit_is_not() {
    for (int i = 1; i <= 5; i++) {
      office.master("server").execute("UPDATE components SET description='other " + i + "'");
      assertThat(anna.type("sync").exitCode()).isZero();
      assertThat(anna.type("doctor").exitCode()).isEqualTo(i < 5 ? 0 : 1);
    }
    assertThat(anna.type("doctor").out())
        .contains("edited past Tidemark in 5 entries of a week, last at 20")
        .contains("A second program seems to sync the same files");
  }

  @Test
  void who_holds_the_lease_is_told_by_status_and_doctor() {
    try (Lease.Held held = foldLease().tryAcquire().orElseThrow()) {
      assertThat(held.stillMine()).isTrue();
      String since = "ben at PC-ben (process " + ProcessHandle.current().pid() + ", since 20";
      assertThat(anna.type("doctor").out()).contains("fold lease is " + since);
      assertThat(anna.type("status").out()).contains(since);
      assertThat(anna.type("status", "--json").out()).contains("\"masterLease\":\"" + since);
    }
    assertThat(anna.type("status").out()).doesNotContain("PC-ben");
  }

  @Test
  void it_breaks_a_lease_and_its_living_owner_notices() {
    Lease.Held held = foldLease().tryAcquire().orElseThrow();
    Typed doctor = anna.type("doctor", "--break-lease");
    assertThat(doctor.exitCode()).isZero();
    assertThat(doctor.out()).contains("server: taken away: the fold lease of ben at PC-ben");
    assertThat(held.stillMine()).isFalse();
    assertThat(anna.type("doctor", "--break-lease").out()).contains("nobody has a lease");
  }

  @Test
  void rows_that_wait_for_somebody_are_counted() {
    anna.configured("sync:\n  conflicts: manual\n");
    Desk ben = office.desk("ben");
    ben.type("sync");
    ben.edit("UPDATE components SET description='bens'");
    ben.type("sync");
    anna.edit("UPDATE components SET description='annas'");
    anna.type("sync");
    Typed doctor = anna.type("doctor");
    assertThat(doctor.exitCode()).isEqualTo(1);
    assertThat(doctor.out()).contains("1 in open conflicts").contains("status --pending");
  }

  @Test
  void a_test_message_shows_whether_messages_arrive() throws IOException {
    assertThat(anna.type("doctor", "--test-alert").exitCode()).isEqualTo(2);

    Path told = folder.resolve("told");
    anna.configured("alert: { command: 'cat > " + told + "' }\n");
    Typed sent = anna.type("doctor", "--test-alert");
    assertThat(sent.out()).isEqualTo("alert.command: sent\n");
    assertThat(Files.readString(told)).contains("\"event\":\"test\"").contains("PC-anna");

    anna.configured("alert: { command: 'exit 7', webhook: 'http://127.0.0.1:1/' }\n");
    Typed failed = anna.type("doctor", "--test-alert");
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.out()).isEqualTo("alert.command: not sent\nalert.webhook: not sent\n");
    assertThat(failed.err()).contains("ended with 7").contains("127.0.0.1 cannot be reached");
  }

  @Test
  void what_the_daemon_found_stands_in_status_in_one_line() throws IOException {
    assertThat(anna.type("status").out()).doesNotContain("health");
    Files.writeString(
        folder.resolve("anna/state/server/health.json"),
        "{\"by\":\"\",\"checks\":{\"local disk\":{\"at\":1763740800000,\"deepAt\":0,\"findings\":[{\"check\":\"local disk\",\"health\":\"warning\",\"what\":\"full\",\"todo\":\"room\"}]}}}");
    assertThat(anna.type("status").out())
        .contains("health: 1 finding, see `tidemark doctor` (looked at 2025-11-21 ");
    assertThat(anna.type("status", "--json").out())
        .contains("\"health\":{\"checkedAt\":\"2025-11-21T")
        .contains("\"what\":\"full\"");
  }

  @Test
  void backups_are_judged_by_age_damage_and_whether_they_restore() throws IOException {
    Path backups = folder.resolve("backups");
    anna.configured("backup: { folder: '" + backups + "' }\n");
    assertThat(anna.type("doctor").out()).contains("there is no backup yet");

    assertThat(anna.type("backup", "now").exitCode()).isZero();
    assertThat(anna.type("backup", "verify", "--rehearse").exitCode()).isZero();
    Typed well = anna.type("doctor");
    assertThat(well.out()).contains("the newest backup is of").contains("rows came back");
    assertThat(well.exitCode()).isZero();

    anna.edit("UPDATE components SET description='later'").type("sync");
    anna.type("backup", "now");
    Path packed;
    try (var all = Files.list(backups.resolve("server"))) {
      packed = all.filter(Files::isDirectory).min(Path::compareTo).orElseThrow();
    }
    Folders.spoil(packed.resolve("server.db.gz"));
    anna.type("backup", "verify");
    assertThat(anna.type("doctor").out()).contains("damaged: " + packed.getFileName());
  }
}
