package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.change.Direction;
import tidemark.testing.Database;
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
