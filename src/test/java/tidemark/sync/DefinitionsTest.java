package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.Definition;
import tidemark.change.Position;
import tidemark.ledger.Draft;
import tidemark.ledger.Entry;
import tidemark.testing.PairTest;
import tidemark.testing.Workstation;

/** New tables and columns reach the others, or wait for the application; hostile ones do not. */
class DefinitionsTest extends PairTest {
  @BeforeEach
  void twoThatHaveSynced() {
    everybodyHas(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)",
        "INSERT INTO t VALUES(1,'one'),(2,'two')");
  }

  @Test
  void a_new_table_reaches_others_with_its_indexes_checks_and_defaults() {
    anna.edit(
        "CREATE TABLE u(id TEXT PRIMARY KEY COLLATE NOCASE, n INTEGER NOT NULL DEFAULT 7 CHECK(n>0), at DATETIME DEFAULT CURRENT_TIMESTAMP, ref INTEGER REFERENCES t(id) ON DELETE SET NULL)",
        "CREATE UNIQUE INDEX u_n ON u(n) WHERE n>100",
        "CREATE INDEX \"u at\" ON u(at DESC, lower(id))",
        "INSERT INTO u(id, ref) VALUES('a', 1)");
    anna.syncWell();
    ben.syncWell();
    fleet.settle().assertSame();
    String shape =
        "SELECT type, name, sql FROM sqlite_master WHERE tbl_name='u' AND name NOT LIKE 'sync%' AND type<>'trigger' ORDER BY name";
    assertThat(ben.db().rows(shape)).isEqualTo(anna.db().rows(shape));
    assertThat(fleet.master().rows(shape)).isEqualTo(anna.db().rows(shape));
  }

  @Test
  void a_new_column_reaches_others_with_its_default() {
    anna.edit(
        "ALTER TABLE t ADD COLUMN note TEXT NOT NULL DEFAULT 'it''s; \"none\"'",
        "ALTER TABLE t ADD COLUMN amount DECIMAL(10,2) DEFAULT 1.5",
        "ALTER TABLE t ADD COLUMN plain",
        "UPDATE t SET note='noted', plain=x'01' WHERE id=1");
    anna.syncWell();
    ben.syncWell();
    assertThat(ben.db().rows("SELECT id, note, amount, plain FROM t ORDER BY id"))
        .containsExactly("1|noted|1.5|x'01'", "2|it's; \"none\"|1.5|null");
    fleet.settle().assertSame();
    assertThat(ben.syncWell().report().totalPushed()).isZero(); // a column changes no row
  }

  @Test
  void two_applications_that_add_the_same_column_or_table_do_not_collide() {
    for (Workstation workstation : List.of(anna, ben)) {
      workstation.edit(
          "ALTER TABLE t ADD COLUMN note TEXT DEFAULT 'x'",
          "CREATE TABLE u(id TEXT PRIMARY KEY)",
          "INSERT INTO u VALUES('" + workstation.name() + "')");
    }
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT count(*) FROM u")).isEqualTo("2");
  }

  @Test
  void an_added_column_makes_no_row_an_edit_and_no_conflict() {
    ben.edit("UPDATE t SET v='bens' WHERE id=1");
    anna.edit(
        "ALTER TABLE t ADD COLUMN note TEXT DEFAULT 'x'",
        "UPDATE t SET v=v"); // marks that change nothing
    assertThat(anna.syncWell().report().totalPushed()).isZero();
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(ben.conflicts()).isEmpty();
    assertThat(anna.db().value("SELECT v, note FROM t WHERE id=1")).isEqualTo("bens|x");
  }

  // ---- schema: wait

  @Test
  void where_the_application_makes_columns_itself_their_values_wait_and_go_in_then() {
    ben.addShape = false;
    anna.edit(
        "ALTER TABLE t ADD COLUMN note TEXT DEFAULT 'd'", "UPDATE t SET note='noted' WHERE id=1");
    anna.syncWell();
    DatabaseSync.Outcome outcome = ben.sync();
    assertThat(outcome.status()).isEqualTo("partial");
    assertThat(outcome.report().held().toString()).contains("note").contains("awaited");
    assertThat(ben.sync().status()).isEqualTo("partial");
    ben.edit("ALTER TABLE t ADD COLUMN note TEXT DEFAULT 'd'");
    ben.syncWell();
    assertThat(ben.db().rows("SELECT id, note FROM t ORDER BY id"))
        .containsExactly("1|noted", "2|d");
    fleet.settle().assertSame();
  }

  @Test
  void a_put_that_lacks_a_column_never_clears_it() {
    ben.addShape = false;
    anna.edit("ALTER TABLE t ADD COLUMN note TEXT", "UPDATE t SET note='noted'");
    anna.syncWell();
    ben.sync();
    ben.edit("UPDATE t SET v='bens' WHERE id=1");
    ben.sync();
    anna.syncWell();
    assertThat(anna.db().value("SELECT v, note FROM t WHERE id=1")).isEqualTo("bens|noted");
    assertThat(fleet.master().value("SELECT v, note FROM t WHERE id=1")).isEqualTo("bens|noted");
    ben.edit("ALTER TABLE t ADD COLUMN note TEXT");
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT v, note FROM t WHERE id=1")).isEqualTo("bens|noted");
  }

  @Test
  void a_value_that_waits_does_not_overwrite_what_the_application_wrote_since() {
    ben.addShape = false;
    anna.edit("ALTER TABLE t ADD COLUMN note TEXT", "UPDATE t SET note='annas'");
    anna.syncWell();
    ben.sync();
    ben.edit("ALTER TABLE t ADD COLUMN note TEXT", "UPDATE t SET note='bens' WHERE id=1");
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT id, note FROM t ORDER BY id"))
        .containsExactly("1|bens", "2|annas");
  }

  @Test
  void a_value_that_waited_and_is_refused_is_held_and_named_and_the_rest_goes_on() {
    ben.addShape = false;
    anna.edit(
        "ALTER TABLE t ADD COLUMN note TEXT",
        "ALTER TABLE t ADD COLUMN shelf TEXT",
        "UPDATE t SET note='long note', shelf='S' WHERE id=1",
        "UPDATE t SET note='n' WHERE id=2");
    anna.syncWell();
    ben.sync();
    ben.edit(
        "ALTER TABLE t ADD COLUMN note TEXT CHECK(length(note)<3)",
        "ALTER TABLE t ADD COLUMN shelf TEXT");
    anna.edit("INSERT INTO t(id, v) VALUES(7,'new')");
    anna.syncWell();
    for (int i = 0; i < 2; i++) {
      DatabaseSync.Outcome outcome = ben.sync();
      assertThat(outcome.failure()).isNull();
      assertThat(outcome.status()).isEqualTo("partial");
      assertThat(outcome.report().held().toString()).contains("t 1", "refuses it", "length(note)");
    }
    assertThat(ben.db().rows("SELECT id, note FROM t ORDER BY id"))
        .containsExactly("1|null", "2|n", "7|null");
    ben.edit("UPDATE t SET v='bens' WHERE id=2");
    ben.sync();
    anna.syncWell();
    assertThat(anna.db().rows("SELECT id, note, shelf FROM t ORDER BY id"))
        .containsExactly("1|long note|S", "2|n|null", "7|null|null");
    anna.edit("UPDATE t SET note='ok' WHERE id=1");
    anna.syncWell();
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT note, shelf FROM t WHERE id=1")).isEqualTo("ok|S");
  }

  @Test
  void a_row_whose_awaited_value_is_refused_follows_when_the_reason_is_gone() {
    ben.addShape = false;
    anna.edit("ALTER TABLE t ADD COLUMN note TEXT", "UPDATE t SET note='taken'");
    anna.syncWell();
    ben.sync();
    ben.edit("ALTER TABLE t ADD COLUMN note TEXT CHECK(length(note)<3)");
    assertThat(ben.sync().status()).isEqualTo("partial");
    ben.edit(
        "CREATE TABLE t2(id INTEGER PRIMARY KEY, v TEXT, updated_at DATETIME, updated_by TEXT, synced_at DATETIME, note TEXT)",
        "INSERT INTO t2 SELECT id, v, updated_at, updated_by, synced_at, note FROM t");
    ParentsAndChildrenTest.rebuild(ben, "t", "t2");
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT note FROM t")).containsExactly("taken", "taken");
  }

  @Test
  void a_table_that_is_awaited_is_named_on_every_run_and_filled_when_the_application_makes_it() {
    ben.addShape = false;
    anna.edit("CREATE TABLE u(id TEXT PRIMARY KEY)", "INSERT INTO u VALUES('a')");
    anna.syncWell();
    for (int i = 0; i < 3; i++) {
      assertThat(ben.sync().report().held()).containsKey("u");
    }
    anna.edit("INSERT INTO u(id) VALUES('b')");
    anna.syncWell();
    ben.edit("CREATE TABLE u(id TEXT PRIMARY KEY)", "INSERT INTO u(id) VALUES('c')");
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT count(*) FROM u")).isEqualTo("3");
  }

  @Test
  void an_awaited_table_is_filled_also_after_the_entries_were_retired() {
    ben.addShape = false;
    anna.edit("CREATE TABLE u(id TEXT PRIMARY KEY)", "INSERT INTO u VALUES('a')");
    anna.syncWell();
    ben.sync();
    fleet.age(java.time.Duration.ofDays(180));
    anna.edit("UPDATE t SET v='x'");
    anna.syncWell();
    assertThat(anna.ledger().info().orElseThrow().floor()).isPositive();
    ben.sync();
    ben.edit("CREATE TABLE u(id TEXT PRIMARY KEY)");
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT id FROM u")).containsExactly("a");
  }

  // ---- hostile

  private void announce(Definition definition) {
    Position head = Position.START;
    for (Entry e = anna.ledger().read(1); e != null; e = anna.ledger().read(head.number() + 1)) {
      head = e.position();
    }
    assertThat(
            anna.ledger()
                .append(
                    head,
                    anna.plan().author(),
                    new Draft(List.of(definition), List.of(), List.of())))
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE evil(id INTEGER PRIMARY KEY); DROP TABLE t",
        "CREATE TABLE evil(id INTEGER PRIMARY KEY); DELETE FROM t;",
        "CREATE TABLE evil AS SELECT 1 AS id",
        "CREATE TABLE other(id INTEGER PRIMARY KEY)",
        "CREATE TEMP TABLE evil(id INTEGER PRIMARY KEY)",
        "CREATE TABLE sync_state(key TEXT PRIMARY KEY, value)",
        "CREATE VIRTUAL TABLE evil USING fts5(id)",
        "CREATE VIEW evil AS SELECT 1 AS id",
        "ATTACH DATABASE 'evil.db' AS evil",
        "DROP TABLE t",
        "PRAGMA writable_schema=ON",
        "CREATE TABLE evil(id INTEGER PRIMARY KEY, more TEXT)",
        "CREATE TABLE evil(id INTEGER PRIMARY KEY CHECK(load_extension('x')))",
        "/**/ DELETE FROM t",
        ""
      })
  void a_hostile_definition_is_refused_by_name_and_the_rest_goes_on(String ddl) {
    String before = ben.db().value("SELECT group_concat(name) FROM sqlite_master");
    announce(new Definition("evil", "", List.of(ddl), List.of("id"), List.of("id"), 1));
    anna.edit("UPDATE t SET v='after' WHERE id=1");
    assertThat(anna.sync().failure()).isNull();
    DatabaseSync.Outcome outcome = ben.sync();
    assertThat(outcome.status()).isEqualTo("partial");
    assertThat(outcome.report().held()).containsKey("evil");
    assertThat(ben.db().value("SELECT v FROM t WHERE id=1")).isEqualTo("after");
    assertThat(ben.db().value("SELECT count(*) FROM t")).isEqualTo("2");
    assertThat(ben.db().value("SELECT group_concat(name) FROM sqlite_master")).isEqualTo(before);
    assertThat(ben.sync().report().held()).containsKey("evil");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TRIGGER evil_t AFTER INSERT ON evil BEGIN DELETE FROM t; END",
        "CREATE INDEX evil_i ON t(v)",
        "CREATE UNIQUE INDEX sync_evil ON evil(id)",
        "CREATE INDEX evil_i ON evil(id); DROP TABLE t",
        "DROP TABLE evil"
      })
  void a_hostile_index_is_refused_with_its_table(String index) {
    announce(
        new Definition(
            "evil",
            "",
            List.of("CREATE TABLE evil(id INTEGER PRIMARY KEY)", index),
            List.of("id"),
            List.of("id"),
            1));
    assertThat(ben.sync().report().held()).containsKey("evil");
    assertThat(ben.db().hasTable("evil")).isFalse();
    assertThat(ben.db().value("SELECT count(*) FROM t")).isEqualTo("2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil TEXT, more TEXT",
        "evil TEXT; DROP TABLE t",
        "other TEXT",
        "evil TEXT REFERENCES t(id) ON DELETE CASCADE",
        "evil TEXT CHECK(length(evil)<2)",
        "evil TEXT DEFAULT (load_extension('x'))",
        "evil TEXT DEFAULT x'00' --",
        "evil AS (v) STORED",
        "evil TEXT UNIQUE"
      })
  void a_hostile_column_is_refused_or_made_harmless_and_the_rest_goes_on(String ddl) {
    announce(new Definition("t", "evil", List.of(ddl), List.of("evil"), List.of("id"), 1));
    anna.edit("UPDATE t SET v='after' WHERE id=1");
    assertThat(anna.sync().failure()).isNull();
    assertThat(ben.sync().failure()).isNull();
    assertThat(ben.db().value("SELECT v FROM t WHERE id=1")).isEqualTo("after");
    assertThat(ben.db().value("SELECT count(*) FROM t")).isEqualTo("2");
    String sql = ben.db().value("SELECT sql FROM sqlite_master WHERE name='t'");
    assertThat(sql)
        .doesNotContain("REFERENCES", "CHECK", "UNIQUE", "load_extension", "more", "STORED");
  }

  @Test
  void an_index_whose_name_is_taken_here_refuses_its_table_by_name_and_the_rest_goes_on() {
    ben.edit("CREATE INDEX taken ON t(v)");
    anna.edit(
        "CREATE TABLE u(id TEXT PRIMARY KEY)",
        "CREATE INDEX taken ON u(id)",
        "INSERT INTO u VALUES('a')");
    anna.edit("UPDATE t SET v='after' WHERE id=1");
    anna.syncWell();
    DatabaseSync.Outcome outcome = ben.sync();
    assertThat(outcome.report().held()).containsKey("u");
    assertThat(ben.db().value("SELECT v FROM t WHERE id=1")).isEqualTo("after");
    assertThat(ben.db().hasTable("u")).isFalse();
  }
}
