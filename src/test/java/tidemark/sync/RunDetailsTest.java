package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.change.Json;
import tidemark.testing.Database;
import tidemark.testing.FleetTest;

/** sync_log.details: what a run did to each table. */
class RunDetailsTest extends FleetTest {
  @BeforeEach
  void tables() {
    everybodyHas(
        "CREATE TABLE quiet(id TEXT PRIMARY KEY)",
        "CREATE TABLE t(id TEXT PRIMARY KEY, v TEXT)",
        "CREATE TABLE strict_one(id TEXT PRIMARY KEY, v TEXT)",
        "INSERT INTO t(id, v) VALUES('A','a'), ('B','b')");
  }

  private static Map<?, ?> lastRun(Database of, String user) {
    String details =
        of.value("SELECT details FROM sync_log WHERE username=? ORDER BY id DESC LIMIT 1", user);
    return (Map<?, ?>) Json.object(details).get("tables");
  }

  @Test
  void each_table_has_its_counts_and_how_its_conflicts_were_resolved() {
    ben.edit("UPDATE t SET v='ben'", "INSERT INTO t(id, v) VALUES('C','c')");
    ben.syncWell();
    anna.edit("UPDATE t SET v='anna' WHERE id='A'", "DELETE FROM t WHERE id='B'");
    anna.syncWell();
    for (Database database : new Database[] {anna.db(), fleet.master()}) {
      assertThat(lastRun(database, "anna"))
          .isEqualTo(
              Map.of(
                  "t",
                  Map.of(
                      "pulled", 1L,
                      "pushed", 2L,
                      "held", 0L,
                      "conflicts", 2L,
                      "resolved", Map.of("update local", 1L, "delete local", 1L))));
    }
  }

  @Test
  void rows_held_back_are_counted_in_their_table_run_after_run() {
    ben.db()
        .execute(
            "DROP TABLE strict_one",
            "CREATE TABLE strict_one(id TEXT PRIMARY KEY, v TEXT CHECK(v<>'bad'), updated_at DATETIME, updated_by TEXT, synced_at DATETIME)");
    anna.edit("INSERT INTO strict_one(id, v) VALUES('1','bad'), ('2','bad'), ('3','good')");
    anna.syncWell();
    for (long pulled = 1; pulled >= 0; pulled--) {
      assertThat(ben.sync().status()).isEqualTo("partial");
      assertThat(lastRun(ben.db(), "ben").get("strict_one"))
          .asInstanceOf(MAP)
          .containsEntry("pulled", pulled)
          .containsEntry("held", 2L)
          .containsEntry("conflicts", 0L);
    }
  }
}
