package tidemark.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.catchup.SyncRun;
import tidemark.change.ConflictRule;
import tidemark.run.Plan;
import tidemark.run.Request;
import tidemark.run.SyncReport;
import tidemark.settle.Terms;
import tidemark.sync.DatabaseSync;
import tidemark.testing.PairTest;

/** What a definition makes of a large value shows only when rows are written. */
class CostlyRowsTest extends PairTest {
  private static final String COSTLY =
      "CREATE TABLE costly(id INTEGER PRIMARY KEY, v TEXT"
          + ", CHECK(upper(v)>=lower(v) OR lower(v)>'')".repeat(20)
          + ")";

  @BeforeEach
  void two_that_have_synced() {
    everybodyHas("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)", "INSERT INTO t VALUES(1,'one')");
    anna.edit(
        COSTLY,
        "INSERT INTO costly VALUES(1, 'small'), (2, CAST(zeroblob(2000000) AS TEXT))",
        "UPDATE t SET v='after'");
    anna.edit("UPDATE costly SET v=replace(hex(zeroblob(1000000)),'0','a') WHERE id=2");
    anna.syncWell();
  }

  private SyncReport syncBen(Duration most) {
    Plan plan = ben.plan();
    Terms terms = Terms.ofWorkstation(plan.author(), Request.byHand(ConflictRule.NEWEST), true);
    try (Replica replica =
        Replica.open(plan.local(), Duration.ofSeconds(5), plan.rules(), plan.selection())) {
      replica.writingTime().most(most);
      SyncRun run =
          new SyncRun(replica, ben.ledger(), terms, ben.clock(), plan.scratch(), settled -> {});
      return run.run(ben.ledger().info().orElseThrow());
    }
  }

  @Test
  void a_table_whose_rows_take_long_is_refused_by_name_and_the_rest_goes_on() {
    SyncReport report = syncBen(Duration.ofMillis(20));

    assertThat(report.held()).containsOnlyKeys("costly");
    assertThat(report.held().get("costly")).contains("takes so long");
    assertThat(ben.db().value("SELECT v FROM t")).isEqualTo("after");
    assertThat(ben.db().value("SELECT count(*) FROM costly")).isEqualTo("0");
    DatabaseSync.Outcome later = ben.sync();
    assertThat(later.exitCode()).isEqualTo(1);
    assertThat(later.report().held()).containsOnlyKeys("costly");
    assertThat(ben.db().value("SELECT count(*) FROM costly")).isEqualTo("0");
  }

  @Test
  void once_the_application_makes_it_otherwise_its_rows_come() {
    syncBen(Duration.ofMillis(20));
    ben.edit("DROP TABLE costly", "CREATE TABLE costly(id INTEGER PRIMARY KEY, v TEXT)");
    ben.syncWell();
    assertThat(ben.db().rows("SELECT id, length(v) FROM costly ORDER BY id"))
        .containsExactly("1|5", "2|2000000");
  }

  @Test
  void a_table_that_was_slow_for_other_reasons_is_not_refused() {
    ben.edit("CREATE TABLE costly(id INTEGER PRIMARY KEY, v TEXT)");
    try (Replica replica =
        Replica.open(
            ben.plan().local(), Duration.ofSeconds(5), ben.plan().rules(), table -> true)) {
      replica.leaveOut(new TooCostly("costly", false));
      assertThat(replica.refused()).isEmpty();
    }
    ben.syncWell();
    assertThat(ben.db().value("SELECT count(*) FROM costly")).isEqualTo("2");
  }
}
