package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.ledger.Lease;
import tidemark.replica.SyncLog;
import tidemark.run.Request;
import tidemark.run.RunRecord;
import tidemark.run.SyncReport;
import tidemark.testing.Database;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/** The log of runs: a workstation's own, and everybody's in the master. */
class SyncLogTest extends FleetTest {
  private static final String RUNS = "SELECT run_id, workstation, trigger, direction FROM sync_log";

  private void someWork() {
    everybodyHas("CREATE TABLE t(id TEXT PRIMARY KEY, v TEXT)", "INSERT INTO t VALUES('A','a')");
  }

  private static List<String> columns(Database database, String table) {
    return database.rows("SELECT name, type FROM pragma_table_info(?)", table);
  }

  private void everyRunIsInTheMastersLogOnce() {
    List<String> all = new ArrayList<>();
    fleet.all().forEach(each -> all.addAll(each.db().rows(RUNS)));
    assertThat(fleet.master().rows(RUNS)).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void every_run_is_in_the_masters_log_exactly_once() {
    someWork();
    anna.edit("UPDATE t SET v='anna'");
    anna.syncWell();
    ben.sync(Direction.PULL);
    for (int quiet = 0; quiet < 3; quiet++) {
      fleet.all().forEach(Workstation::syncWell);
    }
    fleet.all().forEach(each -> each.clock().setError(Duration.ofMinutes(61)));
    fleet.all().forEach(Workstation::syncWell);
    fleet.all().forEach(each -> each.clock().setError(Duration.ofMinutes(122)));
    ben.edit("UPDATE t SET v='ben'");
    ben.syncWell(); // its run is in the log at once
    everyRunIsInTheMastersLogOnce();
  }

  @Test
  void runs_made_while_the_share_was_away_are_in_the_masters_log_however_many() throws IOException {
    someWork();
    Path away = folder.resolve("away");
    Files.move(fleet.share(), away);
    for (int i = 0; i < 250; i++) {
      assertThat(anna.sync().status()).isEqualTo("offline");
    }
    Files.move(away, fleet.share());
    anna.edit("UPDATE t SET v='anna'");
    anna.syncWell();
    assertThat(fleet.master().value("SELECT count(*) FROM sync_log WHERE status='offline'"))
        .isEqualTo("250");
  }

  private static final int OFFLINE = 2_880;

  /** Anna was away for two days, at a run a minute, and cannot bring the master up to date now. */
  private void annaComesBackWhileBenHasTheLease() {
    anna.db()
        .execute(
            "WITH RECURSIVE minute(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM minute WHERE n<"
                + OFFLINE
                + ") INSERT INTO sync_log(timestamp, direction, status, records_pulled, records_pushed, conflicts, error_message, duration_ms, workstation, username, trigger, details, run_id)"
                + " SELECT strftime('%Y-%m-%d %H:%M:%f','now','-3 days','+'||n||' minutes'), 'bidirectional', 'offline', 0, 0, 0, 'cannot read the ledger: the share, which has quite a long name, is not there', 7, 'PC-anna', 'anna', 'schedule',"
                + " '{\"tables\":{},\"conflicts\":{},\"held\":[],\"notes\":[],\"masterBehind\":0,\"more\":\"'||hex(randomblob(100))||'\"}', 'run'||n FROM minute");
    try (Lease.Held held = ben.ledger().foldLease().tryAcquire().orElseThrow()) {
      anna.edit("UPDATE t SET v='anna'");
      assertThat(anna.syncWell().report().masterBehind()).isEqualTo(1);
      assertThat(held.stillMine()).isTrue();
    }
  }

  /** One row may stand for many runs. */
  private String offlineRunsInTheMaster() {
    return fleet
        .master()
        .value(
            "SELECT sum(coalesce(json_extract(details,'$.runs'),1)) FROM sync_log WHERE status='offline'");
  }

  @Test
  void runs_of_two_days_offline_fit_the_workstations_file_and_arrive_by_it() throws IOException {
    someWork();
    annaComesBackWhileBenHasTheLease();
    try (var files = Files.list(fleet.share().resolve("server.db-ledger/workstations"))) {
      assertThat(files.map(file -> file.toFile().length())).allMatch(size -> size < 1 << 19);
    }

    ben.edit("INSERT INTO t(id, v) VALUES('B','b')");
    ben.syncWell();

    assertThat(offlineRunsInTheMaster()).isEqualTo(OFFLINE + "");
    assertThat(
            fleet
                .master()
                .value("SELECT error_message FROM sync_log WHERE status='offline' LIMIT 1"))
        .contains(" runs until ", "is not there");
  }

  @Test
  void what_was_summed_up_is_told_no_second_time_and_nothing_after_it_is_lost() {
    someWork();
    annaComesBackWhileBenHasTheLease();
    ben.edit("INSERT INTO t(id, v) VALUES('B','b')");
    ben.clock().setError(Duration.ofMinutes(2));
    ben.syncWell();
    for (int i = 0; i < 3; i++) {
      anna.edit("UPDATE t SET v='anna" + i + "'");
      anna.syncWell();
    }

    assertThat(offlineRunsInTheMaster()).isEqualTo(OFFLINE + "");
    assertThat(
            fleet
                .master()
                .value(
                    "SELECT count(*) FROM sync_log WHERE workstation='PC-anna' AND status='success'"))
        .isEqualTo(anna.db().value("SELECT count(*) FROM sync_log WHERE status='success'"));
  }

  @Test
  void what_could_not_be_told_to_anybody_yet_is_told_again() throws IOException {
    someWork();
    annaComesBackWhileBenHasTheLease();
    try (Lease.Held held = ben.ledger().foldLease().tryAcquire().orElseThrow()) {
      anna.edit("UPDATE t SET v='again'");
      anna.syncWell(); // writes her file anew, before anybody read the former one
      assertThat(held.stillMine()).isTrue();
    }
    ben.edit("INSERT INTO t(id, v) VALUES('B','b')");
    ben.syncWell();
    assertThat(offlineRunsInTheMaster()).isEqualTo(OFFLINE + "");
  }

  @Test
  void a_run_that_held_thousands_of_rows_names_some_and_counts_the_rest() {
    SyncReport report = new SyncReport();
    for (int i = 0; i < 10_000; i++) {
      report.held("t", "t " + i, "row " + i + " is refused: " + "x".repeat(1_000));
    }
    SyncLog.Run run =
        RunRecord.of(
            report,
            new Request(Set.of(), Direction.BOTH, ConflictRule.NEWEST, "manual"),
            "partial",
            RunRecord.error(report),
            0,
            1,
            "PC-anna",
            "anna",
            "r");
    assertThat(run.details()).hasSizeLessThan(40_000).contains("and 9950 more", "\"held\":10000");
    assertThat(run.error()).hasSizeLessThan(40_000).contains("row 0 is refused", "and 9950 more");
  }

  @Test
  void log_and_conflicts_have_the_columns_that_other_programs_read() {
    someWork();
    for (Database database : List.of(anna.db(), fleet.master())) {
      assertThat(columns(database, "sync_log"))
          .containsExactly(
              "id|INTEGER",
              "timestamp|DATETIME",
              "direction|TEXT",
              "status|TEXT",
              "records_pulled|INTEGER",
              "records_pushed|INTEGER",
              "conflicts|INTEGER",
              "error_message|TEXT",
              "duration_ms|INTEGER",
              "workstation|TEXT",
              "username|TEXT",
              "trigger|TEXT",
              "details|TEXT",
              "run_id|TEXT");
      assertThat(columns(database, "sync_conflicts").stream().map(c -> c.replaceAll("\\|.*", "")))
          .startsWith("id", "timestamp", "entry", "table_name", "row_key", "kind")
          .contains("local_data", "remote_data", "local_by", "remote_by", "local_at", "remote_at")
          .contains("winner", "workstation", "resolved", "resolution", "resolved_by")
          .contains("resolved_at");
      assertThat(
              database.value(
                  "SELECT timestamp LIKE '____-__-__ __:__:__.___' AND timestamp>datetime('now','-1 day') FROM sync_log"))
          .isEqualTo("1");
    }
  }
}
