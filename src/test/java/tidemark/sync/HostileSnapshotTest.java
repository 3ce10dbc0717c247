package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.master.LedgerContent;
import tidemark.run.Copies;
import tidemark.testing.Fleet;
import tidemark.testing.Forgery;
import tidemark.testing.Snapshots;
import tidemark.testing.Workstation;

/**
 * Whoever can write to the share can put anything into a snapshot: who joins gets what the ledger's
 * definitions announce, and its rows.
 */
class HostileSnapshotTest {
  private static final String SCHEMA =
      "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name";
  private static final String MANY =
      "WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i+1 FROM n WHERE i<2500) INSERT INTO t(id,"
          + " v) SELECT i, 'v'||i FROM n";

  @TempDir Path folder;
  private Fleet fleet;
  private Workstation anna;

  @BeforeEach
  void a_ledger_with_a_snapshot() {
    fleet = new Fleet(folder);
    anna = fleet.workstation("anna");
    anna.edit(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)",
        "CREATE INDEX t_v ON t(v)",
        "CREATE TABLE u(id INTEGER PRIMARY KEY AUTOINCREMENT, ref INTEGER REFERENCES t(id), n TEXT"
            + " CHECK(length(n)>0))",
        "INSERT INTO t VALUES(1,'one'),(2,'two')",
        "INSERT INTO u(ref, n) VALUES(1,'child')",
        MANY);
    anna.syncWell();
    assertThat(anna.ledger().snapshots()).isNotEmpty();
  }

  private void spoilSnapshots(String... statements) throws IOException {
    for (Path packed : Snapshots.in(fleet.share().resolve("server.db-ledger"))) {
      byte[] database = Forgery.unpacked(Files.readAllBytes(packed));
      Snapshots.replace(
          packed,
          Snapshots.after(
              odd -> {
                for (String statement : statements) {
                  odd.execute(statement);
                }
              },
              database));
    }
  }

  private static String notes(DatabaseSync.Outcome outcome) {
    return String.join("\n", outcome.report().notes());
  }

  @Test
  void a_snapshot_as_tidemark_makes_it_is_taken_over_without_a_word() {
    Workstation ben = fleet.workstation("ben");
    DatabaseSync.Outcome outcome = ben.syncWell();
    assertThat(notes(outcome)).doesNotContain("left out");
    assertThat(ben.db().rows(SCHEMA)).isEqualTo(anna.db().rows(SCHEMA));
    fleet.settle().assertSame();
  }

  @Test
  void what_no_definition_announces_is_left_out_of_a_join_and_named_once() throws IOException {
    spoilSnapshots(
        "CREATE TRIGGER evil1 AFTER INSERT ON t BEGIN DELETE FROM u; END",
        "CREATE TRIGGER sync_i_evil2 AFTER INSERT ON t WHEN (SELECT value FROM sync_state WHERE key='applying') IS NULL BEGIN /* tidemark */ DELETE FROM u; END",
        "CREATE VIEW evil3 AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT i FROM n",
        "CREATE TABLE evil4(x CHECK(length(hex(zeroblob(100000000)))>0))",
        "CREATE TABLE sync_evil5(x)",
        "CREATE VIRTUAL TABLE evil6 USING fts5(a)",
        "CREATE VIRTUAL TABLE evil7 USING rtree(id, a, b)");
    Workstation ben = fleet.workstation("ben");
    DatabaseSync.Outcome outcome = ben.syncWell();
    assertThat(notes(outcome)).contains("left out of the new database");
    for (int i = 1; i <= 7; i++) {
      assertThat(notes(outcome)).contains("evil" + i);
    }
    assertThat(ben.db().rows(SCHEMA)).isEqualTo(anna.db().rows(SCHEMA));
    assertThat(notes(ben.syncWell())).doesNotContain("left out");
    ben.edit("INSERT INTO t(id, v) VALUES(9000,'bens')");
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT count(*) FROM u")).isEqualTo("1");
  }

  @Test
  void our_own_tables_stand_as_tidemark_makes_them_whatever_the_snapshot_has() throws IOException {
    spoilSnapshots(
        "CREATE INDEX sync_key_t ON t(length(hex(zeroblob(1000))))",
        "DROP INDEX sync_marks_t",
        "CREATE INDEX sync_marks_t ON sync_rows_t(length(hex(zeroblob(1000))))",
        "DROP INDEX sync_log_runs",
        "CREATE INDEX sync_log_runs ON sync_log(length(hex(zeroblob(1000))))",
        "ALTER TABLE sync_rows_t ADD COLUMN evil INTEGER CHECK(length(hex(zeroblob(1000)))>0)",
        "ALTER TABLE sync_log ADD COLUMN evil AS (length(hex(zeroblob(1000))))",
        "ALTER TABLE sync_state ADD COLUMN evil INTEGER DEFAULT 7");
    Workstation ben = fleet.workstation("ben");
    ben.syncWell();
    assertThat(ben.db().rows(SCHEMA)).isEqualTo(anna.db().rows(SCHEMA));
    ben.edit("UPDATE t SET v='bens' WHERE id=1");
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT v FROM t WHERE id=1")).isEqualTo("bens");
  }

  @Test
  void a_table_that_would_not_be_made_from_its_definition_is_not_taken_over_either()
      throws IOException {
    spoilSnapshots("CREATE INDEX evil ON u(length(replace(n, n, hex(n))))");
    Workstation ben = fleet.workstation("ben");
    DatabaseSync.Outcome outcome = ben.sync();
    assertThat(outcome.failure()).isNull();
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(notes(outcome)).contains("table u is refused", "replace");
    assertThat(outcome.report().held()).containsOnlyKeys("u");
    assertThat(ben.db().value("SELECT count(*) FROM t")).isEqualTo("2500");
    assertThat(ben.db().hasTable("u")).isFalse();
    assertThat(ben.sync().report().held()).containsOnlyKeys("u");
    ben.edit(
        "CREATE TABLE u(id INTEGER PRIMARY KEY AUTOINCREMENT, ref INTEGER REFERENCES t(id), n TEXT"
            + " CHECK(length(n)>0))");
    ben.syncWell();
    fleet.settle().assertSame();
  }

  @Test
  void who_joins_beside_an_adopted_master_gets_what_is_synced_and_is_told_of_the_rest() {
    Fleet office = new Fleet(folder.resolve("office"));
    office
        .master()
        .execute(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)",
            "CREATE UNIQUE INDEX t_v ON t(v)",
            "CREATE TABLE loose(x)",
            "CREATE VIEW look AS SELECT v FROM t",
            "CREATE TABLE log(id INTEGER PRIMARY KEY, what TEXT)",
            "CREATE TRIGGER told AFTER INSERT ON t BEGIN INSERT INTO log(what) VALUES(NEW.v); END",
            "CREATE VIRTUAL TABLE words USING fts5(v)",
            MANY,
            "PRAGMA user_version=7");
    Workstation first = office.workstation("first");
    first.selected = Set.of("t", "log");
    first.syncWell();
    assertThat(first.ledger().snapshots()).isNotEmpty();
    Workstation second = office.workstation("second");
    second.selected = first.selected;
    DatabaseSync.Outcome outcome = second.sync();
    assertThat(outcome.failure()).isNull();
    assertThat(notes(outcome)).contains("loose", "look", "told", "words");
    assertThat(second.db().value("SELECT count(*) FROM t")).isEqualTo("2498");
    assertThat(second.db().value("SELECT count(*) FROM log")).isEqualTo("2498");
    assertThat(second.db().value("PRAGMA user_version")).isEqualTo("7");
    assertThat(second.db().applicationTables()).isEqualTo(List.of("log", "t"));
    assertThat(second.db().rows("PRAGMA integrity_check")).containsExactly("ok");
    assertThat(office.master().hasTable("loose")).isTrue();
  }

  @Test
  void rows_of_former_times_are_read_past_whatever_else_the_snapshot_holds() throws IOException {
    spoilSnapshots(
        "CREATE TRIGGER evil AFTER INSERT ON t BEGIN DELETE FROM u; END",
        "CREATE VIEW evil_view AS SELECT * FROM t");
    LedgerContent content =
        new LedgerContent(anna.plan(), anna.ledger(), anna.clock(), Copies.NONE);
    try (LedgerContent.Made made = content.now()) {
      assertThat(made.replica().sql().exists("SELECT 1 FROM sqlite_master WHERE name LIKE 'evil%'"))
          .isFalse();
      assertThat(made.replica().table("t").count()).isEqualTo(2500);
    }
  }
}
