package tidemark.upkeep.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.change.HealthLimits;
import tidemark.testing.PairTest;
import tidemark.testing.Workstation;
import tidemark.upkeep.backup.BackupStorage;

/** What each check finds, on real files. */
class DoctorTest extends PairTest {
  @BeforeEach
  void two_who_have_synced() {
    everybodyHas(
        "CREATE TABLE quotes(id TEXT PRIMARY KEY, name TEXT, updated_at DATETIME DEFAULT CURRENT_TIMESTAMP)",
        "CREATE TABLE items(id TEXT PRIMARY KEY, quote TEXT REFERENCES quotes(id))",
        "INSERT INTO quotes(id, name) VALUES('Q1','one')",
        "INSERT INTO items VALUES('I1','Q1')");
  }

  private static List<Finding> examine(Workstation at) {
    return new Doctor(at.patient()).examine();
  }

  private static List<Finding> examine(Subject patient) {
    return new Doctor(patient).examine();
  }

  /** What is found by this check. */
  private static List<Finding> by(String check, List<Finding> findings) {
    return findings.stream().filter(finding -> finding.check().equals(check)).toList();
  }

  private static Finding one(String check, List<Finding> findings) {
    assertThat(by(check, findings)).as(findings.toString()).hasSize(1);
    return by(check, findings).get(0);
  }

  private static List<Finding> troubles(List<Finding> findings) {
    return findings.stream().filter(Finding::isTrouble).toList();
  }

  private static Subject limited(Subject patient, HealthLimits limits) {
    return new Subject(
        patient.plan(),
        patient.ledger(),
        limits,
        patient.every(),
        patient.direction(),
        patient.backups(),
        patient.clock());
  }

  private static HealthLimits withFreeSpace(HealthLimits usual, long bytes) {
    return new HealthLimits(
        usual.syncAge(),
        usual.workingHours(),
        usual.conflictShare(),
        usual.failureShare(),
        usual.growthPerDay(),
        usual.growthPerYear(),
        usual.silentAfter(),
        bytes,
        usual.clockSkew(),
        usual.backupAge());
  }

  @Test
  void a_healthy_fleet_has_nothing_wrong() {
    assertThat(troubles(examine(anna))).isEmpty();
    assertThat(troubles(examine(ben))).isEmpty();
    assertThat(folder.resolve("anna/scratch")).isEmptyDirectory();
  }

  @Test
  void what_is_scarce_is_told_of_disk_and_share() {
    Subject patient = anna.patient();
    List<Finding> found =
        examine(limited(patient, withFreeSpace(patient.limits(), Long.MAX_VALUE / 2)));

    assertThat(one("local disk", found).health()).isEqualTo(Finding.Health.BAD);
    assertThat(one("share space", found).what()).contains("free at");
  }

  @Test
  void an_index_that_is_not_in_order_is_found_in_the_master_and_here() throws Exception {
    for (Path file : List.of(fleet.master().file(), anna.db().file())) {
      byte[] whole = Files.readAllBytes(file);
      String name = file.equals(anna.db().file()) ? "local file" : "master";
      breakIndex(file);

      Finding finding = one(name, examine(anna));
      assertThat(finding.health()).isEqualTo(Finding.Health.BAD);
      assertThat(finding.what()).contains(file + " is damaged");
      assertThat(finding.todo()).contains("anew from the ledger");
      Files.write(file, whole);
    }
    assertThat(troubles(examine(anna))).isEmpty();
  }

  /** As a program that does not have references enforced writes. */
  private static void orphan(Workstation at, String sql) throws Exception {
    try (Connection connection = at.db().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA foreign_keys=OFF");
      statement.execute(sql);
    }
  }

  /** What two writers do to a file at once: a row without its entry in the index. */
  private static void breakIndex(Path file) throws Exception {
    try (Connection connection = new tidemark.testing.Database(file).connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE INDEX later ON quotes(name)");
      statement.execute("PRAGMA writable_schema=ON");
      statement.execute(
          "UPDATE sqlite_master SET sql='CREATE INDEX later ON quotes(id)' WHERE name='later'");
    }
  }

  @Test
  void rows_without_their_parent_are_counted_by_table() throws Exception {
    orphan(anna, "INSERT INTO items(id, quote) VALUES('I2','Q9'), ('I3','Q9')");

    Finding finding = one("local file references", examine(anna));

    assertThat(finding.health()).isEqualTo(Finding.Health.WARNING);
    assertThat(finding.what()).contains("2 of items without its quotes");
  }

  @Test
  void a_master_in_wal_mode_is_named() throws Exception {
    try (Connection connection = fleet.master().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
    }
    assertThat(one("master journal", examine(anna)).what()).contains("WAL mode");
  }

  @Test
  void a_master_that_stays_behind_is_told_at_the_second_look() throws Exception {
    ben.edit("UPDATE quotes SET name='two'");
    try (Connection browser = fleet.master().connect();
        Statement statement = browser.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      ben.sync();
    }

    Finding behind = one("master behind", examine(anna));

    assertThat(behind.what()).contains("behind by 1 of the ledger's entries");
    assertThat(behind.mayPass()).isTrue();
  }

  @Test
  void no_sync_for_hours_of_work_is_told_unless_one_syncs_by_hand() {
    anna.clock().setError(Duration.ofHours(5));

    assertThat(one("last sync", examine(anna)).what()).contains("5 working hours ago");
    Subject usual = anna.patient();
    Subject byHand =
        new Subject(
            usual.plan(),
            usual.ledger(),
            usual.limits(),
            Optional.empty(),
            usual.direction(),
            usual.backups(),
            usual.clock());
    assertThat(one("last sync", examine(byHand)).isTrouble()).isFalse();
  }

  @Test
  void a_workstation_silent_for_days_is_named_one_silent_for_months_is_not() {
    anna.clock().setError(Duration.ofDays(9));
    List<Finding> silent = by("workstations", examine(anna));
    assertThat(silent).extracting(Finding::about).contains("PC-ben (ben)");
    assertThat(silent.toString()).contains("last heard of 9 days ago");

    anna.clock().setError(Duration.ofDays(100));
    assertThat(by("workstations", examine(anna)).toString()).contains("none silent");
  }

  private void publish(String id, String version, String runs) {
    anna.ledger()
        .publish(
            id,
            "{\"id\":\"%s\",\"user\":\"%s\",\"workstation\":\"PC-%s\",\"at\":\"%s\",\"version\":\"%s\",\"runs\":[%s]}"
                .formatted(id, id, id, java.time.Instant.now(), version, runs));
  }

  private static String runs(int count, int failed, int conflicts) {
    String now = tidemark.change.ChangeTime.spaced(System.currentTimeMillis());
    return String.join(
        ",",
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    "{\"timestamp\":\"%s\",\"status\":\"%s\",\"conflicts\":%d}"
                        .formatted(now, i < failed ? "error" : "success", i < conflicts ? 1 : 0))
            .toList());
  }

  @Test
  void failures_and_conflicts_count_from_enough_runs_on() {
    publish("carl", "1.0", runs(19, 10, 10));
    assertThat(by("failures", examine(anna)).toString()).doesNotContain("carl");
    publish("carl", "1.0", runs(20, 3, 2));
    List<Finding> found = examine(anna);
    assertThat(one("failures", found).what())
        .isEqualTo("PC-carl (carl): 3 of 20 runs of the last week failed");
    assertThat(one("conflicts", found).what()).contains("2 of 20 runs");
    publish("carl", "1.0", runs(20, 2, 1));
    assertThat(troubles(examine(anna))).isEmpty();
  }

  @Test
  void different_versions_are_told_with_who_has_which() {
    publish("carl", "1.0", "");
    assertThat(troubles(examine(anna))).isEmpty();
    publish("dora", "1.1", "");
    assertThat(one("versions", examine(anna)).what())
        .isEqualTo("1.0 at PC-carl (carl); 1.1 at PC-dora (dora)");
  }

  @Test
  void a_row_that_conflicts_again_and_again_is_named() {
    for (int i = 0; i < 4; i++) {
      assertThat(by("repeated conflicts", examine(anna)).toString()).doesNotContain("Q1");
      anna.edit("UPDATE quotes SET name='annas " + i + "', updated_at=datetime('now')");
      ben.edit("UPDATE quotes SET name='bens " + i + "', updated_at=datetime('now')");
      fleet.settle();
    }
    assertThat(one("repeated conflicts", examine(anna)).what())
        .contains("quotes [\"Q1\"] was in 4 conflicts");
  }

  @Test
  void a_large_table_without_an_index_on_updated_at_is_worth_a_note_no_more() {
    anna.edit(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<10001) INSERT INTO quotes(id) SELECT 'N'||i FROM n");
    Finding note = one("indexes", examine(anna));
    assertThat(note.health()).isEqualTo(Finding.Health.NOTE);
    assertThat(note.what()).contains("quotes").doesNotContain("items");

    anna.edit("CREATE INDEX by_time ON quotes(updated_at)");
    assertThat(one("indexes", examine(anna)).health()).isEqualTo(Finding.Health.WELL);
  }

  @Test
  void an_application_that_writes_local_time_is_told_of_by_table() {
    assertThat(one("local times", examine(anna)).health()).isEqualTo(Finding.Health.WELL);
    anna.edit("UPDATE quotes SET name='a', updated_at=datetime('now','+2 hours') WHERE id='Q1'");
    anna.syncWell();
    assertThat(one("local times", examine(anna)).health()).isEqualTo(Finding.Health.WELL);
    anna.edit("UPDATE quotes SET name='b', updated_at=datetime('now','+3 hours') WHERE id='Q1'");
    anna.edit("INSERT INTO quotes(id, updated_at) VALUES('east', datetime('now','+2 hours'))");
    anna.syncWell();
    Finding note = one("local times", examine(anna));
    assertThat(note.health()).isEqualTo(Finding.Health.NOTE);
    assertThat(note.what()).contains("local time: quotes");
  }

  @Test
  void columns_that_the_application_cannot_drop_through_us_are_told_of() {
    assertThat(one("migrations", examine(anna)).health()).isEqualTo(Finding.Health.WELL);
    anna.edit("CREATE INDEX \"sync_index_quotes(id)\" ON quotes(id)");
    Finding note = one("migrations", examine(anna));
    assertThat(note.health()).isEqualTo(Finding.Health.NOTE);
    assertThat(note.what()).contains("quotes.id");
  }

  @Test
  void a_backup_that_is_too_old_or_missing_is_told() throws IOException {
    Path backups = Files.createDirectory(folder.resolve("backups"));
    Subject usual = anna.patient();
    Subject patient =
        new Subject(
            usual.plan(),
            usual.ledger(),
            usual.limits(),
            usual.every(),
            usual.direction(),
            Optional.of(
                new BackupStorage(backups, usual.plan().share(), folder.resolve("known.json"))),
            usual.clock());
    assertThat(one("backup", examine(patient)).what()).isEqualTo("there is no backup yet");
    assertThat(one("backup", examine(anna)).health()).isEqualTo(Finding.Health.NOTE);
  }

  @Test
  void a_stale_full_text_index_is_named_with_the_statement_that_makes_it_anew() {
    anna.edit(
        "CREATE VIRTUAL TABLE found USING fts5(name, content='quotes', content_rowid='rowid')",
        "CREATE VIRTUAL TABLE \"old one\" USING fts4(name, content='quotes')",
        "CREATE VIRTUAL TABLE own USING fts5(name)",
        "INSERT INTO own VALUES('one')");
    List<Finding> found = by("search indexes", examine(anna));
    assertThat(found).extracting(Finding::about).containsExactly("found", "old one");
    for (Finding stale : found) {
      assertThat(stale.health()).isEqualTo(Finding.Health.WARNING);
      String todo = String.valueOf(stale.todo());
      anna.edit(todo.substring(todo.indexOf("INSERT")));
    }
    assertThat(one("search indexes", examine(anna)).what()).isEqualTo("none is stale of 3");
    assertThat(folder.resolve("anna/scratch")).isEmptyDirectory();
  }

  @Test
  void a_trigger_that_writes_what_is_synced_and_what_is_not_is_named() {
    anna.edit(
        "CREATE VIRTUAL TABLE found USING fts5(name)",
        "CREATE TRIGGER q_i AFTER INSERT ON quotes BEGIN INSERT INTO found VALUES(NEW.name); INSERT INTO items(id, quote) VALUES(NEW.id, NEW.id); END");
    anna.syncWell();
    Finding named = one("triggers", examine(anna));
    assertThat(named.health()).isEqualTo(Finding.Health.NOTE);
    assertThat(named.what()).contains("q_i of quotes");
  }
}
