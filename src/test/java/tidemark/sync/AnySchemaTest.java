package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.TableRule;
import tidemark.replica.DatabaseFile;
import tidemark.testing.Database;
import tidemark.testing.PairTest;
import tidemark.testing.Workstation;

/** Whatever SQLite takes for a table is synced, or refused by name. */
class AnySchemaTest extends PairTest {
  private void settled() {
    fleet.all().forEach(Workstation::syncWell);
    fleet.settle().assertSame();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a TEXT, b INTEGER, c BLOB, n INTEGER, PRIMARY KEY(a, b, c)",
        "a TEXT, b INTEGER, c BLOB, n INTEGER, PRIMARY KEY(c, a, b)) WITHOUT ROWID",
        "a TEXT NOT NULL, b INTEGER, c BLOB, n INTEGER, PRIMARY KEY(b DESC, a)",
        "a TEXT, b INTEGER PRIMARY KEY DESC, c BLOB, n INTEGER",
        "a TEXT COLLATE NOCASE, b INTEGER, c BLOB, n INTEGER, PRIMARY KEY(a, b)",
        "a TEXT, b INTEGER, c BLOB, n INTEGER, PRIMARY KEY(a, b)) STRICT",
        "a TEXT, b INT PRIMARY KEY, c BLOB, n INTEGER) STRICT, WITHOUT ROWID",
        "a TEXT, b REAL PRIMARY KEY, c BLOB, n INTEGER",
        "a TEXT, b DATETIME, c, n NUMERIC, PRIMARY KEY(b)"
      })
  void keys_of_every_form_are_synced(String columns) {
    String table = columns.contains(") ") ? columns : columns + ")";
    anna.edit("CREATE TABLE t(" + table);
    anna.edit(
        "INSERT INTO t(a,b,c,n) VALUES('x',1,x'01',1)",
        "INSERT INTO t(a,b,c,n) VALUES('y',2,x'02',2)",
        "INSERT INTO t(a,b,c,n) VALUES('z',3,x'03',3)");
    settled();
    ben.edit(
        "UPDATE t SET n=20 WHERE a='y'",
        "DELETE FROM t WHERE a='z'",
        "INSERT INTO t(a,b,c,n) VALUES('w',4,x'04',4)");
    anna.edit("UPDATE t SET b=11 WHERE a='x'");
    settled();
    assertThat(anna.db().rows("SELECT a, CAST(b AS INTEGER), n FROM t ORDER BY a"))
        .containsExactly("w|4|4", "x|11|1", "y|2|20");
    ben.edit("DELETE FROM t");
    settled();
    assertThat(anna.db().value("SELECT count(*) FROM t")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select",
        "with space",
        "do\"uble",
        "sin'gle",
        "[brackets]",
        "dotted.name",
        "Größe 日本",
        "a?b",
        "?1",
        "semi;colon",
        "back`tick",
        "percent%under_score",
        "x--y",
        "i_x",
        "bi_x",
        "back\\slash"
      })
  void names_of_every_kind_are_synced(String name) {
    String quoted = '"' + name.replace("\"", "\"\"") + '"';
    String other = '"' + (name + "2").replace("\"", "\"\"") + '"';
    anna.edit(
        "CREATE TABLE " + quoted + "(" + quoted + " TEXT PRIMARY KEY, " + other + " TEXT UNIQUE)",
        "CREATE TABLE "
            + other
            + "("
            + quoted
            + " INTEGER PRIMARY KEY, "
            + other
            + " TEXT REFERENCES "
            + quoted
            + "("
            + quoted
            + "))",
        "CREATE INDEX "
            + ('"' + name.replace("\"", "\"\"") + " ix\"")
            + " ON "
            + other
            + "("
            + other
            + ")",
        "INSERT INTO " + quoted + " VALUES('k','v')",
        "INSERT INTO " + other + " VALUES(1,'k')");
    settled();
    ben.edit(
        "UPDATE " + quoted + " SET " + other + "='new'",
        "INSERT INTO " + other + "(" + quoted + "," + other + ") VALUES(2,'k')");
    anna.edit(
        "INSERT OR REPLACE INTO " + quoted + "(" + quoted + "," + other + ") VALUES('k2','v2')");
    settled();
    assertThat(anna.db().value("SELECT " + other + " FROM " + quoted + " WHERE " + quoted + "='k'"))
        .isEqualTo("new");
    assertThat(anna.db().value("SELECT count(*) FROM " + other)).isEqualTo("2");
    // text that is not UTF-8 in the same row
    anna.edit(
        "UPDATE " + quoted + " SET " + other + "=CAST(x'ff3f' AS TEXT) WHERE " + quoted + "='k'");
    settled();
    assertThat(
            ben.db()
                .value("SELECT hex(" + other + ") FROM " + quoted + " WHERE " + quoted + "='k'"))
        .isEqualTo("FF3F");
  }

  @Test
  void generated_columns_virtual_and_stored_are_computed_and_never_written() {
    anna.edit(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, a INTEGER, twice INTEGER AS (a*2), more INTEGER GENERATED ALWAYS AS (a+1) STORED, z TEXT)",
        "INSERT INTO t(id, a, z) VALUES(1, 5, 'x')");
    settled();
    ben.edit("UPDATE t SET a=7");
    settled();
    assertThat(anna.db().value("SELECT a, twice, more, z FROM t")).isEqualTo("7|14|8|x");
  }

  @Test
  void a_unique_generated_column_that_two_claim_stops_nobody() {
    anna.edit("CREATE TABLE t(id TEXT PRIMARY KEY, code TEXT, norm TEXT AS (lower(code)) UNIQUE)");
    settled();
    anna.edit(
        "INSERT INTO t(id, code) VALUES('a', 'X1')", "INSERT INTO t(id, code) VALUES('c', 'ok')");
    ben.edit(
        "INSERT INTO t(id, code) VALUES('b', 'x1')", "INSERT INTO t(id, code) VALUES('d', 'fine')");
    settled();
    assertThat(anna.db().value("SELECT count(*) FROM t")).isEqualTo("3");
    assertThat(anna.conflicts()).singleElement().asString().startsWith("unique");
  }

  @Test
  void a_unique_expression_that_two_claim_stops_nobody() {
    anna.edit(
        "CREATE TABLE t(id TEXT PRIMARY KEY, code TEXT)",
        "CREATE UNIQUE INDEX norm ON t(lower(code))");
    settled();
    anna.edit(
        "INSERT INTO t(id, code) VALUES('a', 'X1')", "INSERT INTO t(id, code) VALUES('c', 'ok')");
    ben.edit(
        "INSERT INTO t(id, code) VALUES('b', 'x1')", "INSERT INTO t(id, code) VALUES('d', 'fine')");
    settled();
    assertThat(anna.db().value("SELECT count(*) FROM t")).isEqualTo("3");
    assertThat(anna.conflicts()).singleElement().asString().startsWith("unique");
  }

  @Test
  void an_eviction_through_an_expression_index_is_carried() {
    anna.edit(
        "CREATE TABLE t(id TEXT PRIMARY KEY, code TEXT)",
        "CREATE UNIQUE INDEX norm ON t(lower(code))",
        "INSERT INTO t VALUES('a','X1')");
    settled();
    ben.edit("INSERT OR REPLACE INTO t(id, code) VALUES('b','x1')");
    settled();
    assertThat(anna.db().rows("SELECT id FROM t")).containsExactly("b");
  }

  @Test
  void a_partial_unique_index_collides_only_within_its_part() {
    anna.edit(
        "CREATE TABLE t(id TEXT PRIMARY KEY, code TEXT, active INTEGER)",
        "CREATE UNIQUE INDEX one ON t(code) WHERE active=1",
        "INSERT INTO t VALUES('old','X',0)");
    settled();
    anna.edit("INSERT INTO t(id,code,active) VALUES('a','X',1)");
    ben.edit(
        "INSERT INTO t(id,code,active) VALUES('b','X',1)", "UPDATE t SET active=2 WHERE id='old'");
    settled();
    assertThat(anna.db().value("SELECT count(*), sum(active) FROM t")).isEqualTo("2|3");
    assertThat(anna.conflicts()).hasSize(1);
  }

  @Test
  void rows_that_swap_partial_and_expression_values_both_arrive() {
    anna.edit(
        "CREATE TABLE t(id TEXT PRIMARY KEY, code TEXT)",
        "CREATE UNIQUE INDEX norm ON t(lower(code))",
        "INSERT INTO t VALUES('a','X'),('b','Y')");
    settled();
    ben.edit(
        "UPDATE t SET code='tmp' WHERE id='a'",
        "UPDATE t SET code='x' WHERE id='b'",
        "UPDATE t SET code='y' WHERE id='a'");
    settled();
    assertThat(anna.db().rows("SELECT id, code FROM t ORDER BY id")).containsExactly("a|y", "b|x");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void views_and_their_triggers_are_left_alone() {
    anna.edit(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)",
        "CREATE VIEW shown AS SELECT id, v FROM t WHERE v IS NOT NULL",
        "CREATE TRIGGER through INSTEAD OF INSERT ON shown BEGIN INSERT INTO t(id, v) VALUES(NEW.id, NEW.v); END",
        "INSERT INTO shown VALUES(1,'x')");
    settled();
    anna.edit("INSERT INTO shown VALUES(2,'y')");
    settled();
    assertThat(ben.db().value("SELECT count(*) FROM t")).isEqualTo("2");
    assertThat(anna.db().value("SELECT count(*) FROM shown")).isEqualTo("2");
  }

  @Test
  void a_full_text_index_is_left_alone_and_tables_named_alike_are_not() {
    anna.edit(
        "CREATE TABLE notes_archive(id INTEGER PRIMARY KEY, body TEXT)",
        "CREATE VIRTUAL TABLE notes USING fts5(body)",
        "INSERT INTO notes VALUES('words')",
        "INSERT INTO notes_archive VALUES(1,'kept')");
    anna.syncWell();
    ben.syncWell();
    assertThat(ben.db().hasTable("notes")).isFalse();
    assertThat(ben.db().hasTable("notes_data")).isFalse();
    assertThat(ben.db().value("SELECT body FROM notes_archive")).isEqualTo("kept");
    assertThat(anna.db().value("SELECT count(*) FROM notes WHERE notes MATCH 'words'"))
        .isEqualTo("1");
  }

  @Test
  void a_table_without_a_key_is_refused_by_name_and_the_rest_goes_on() {
    anna.edit(
        "CREATE TABLE keyless(a TEXT, b TEXT)",
        "INSERT INTO keyless VALUES('x','y')",
        "CREATE TABLE t(id INTEGER PRIMARY KEY)",
        "INSERT INTO t VALUES(1)");
    DatabaseSync.Outcome outcome = anna.sync();
    assertThat(outcome.status()).isEqualTo("partial");
    assertThat(outcome.report().held()).containsOnlyKeys("keyless");
    assertThat(outcome.report().held().get("keyless")).contains("no primary key");
    assertThat(anna.sync().report().held()).containsOnlyKeys("keyless");
    ben.syncWell();
    assertThat(ben.db().value("SELECT count(*) FROM t")).isEqualTo("1");
    assertThat(ben.db().hasTable("keyless")).isFalse();
  }

  @Test
  void a_table_without_a_key_is_synced_by_the_columns_the_config_names() {
    TableRule byA = new TableRule(null, false, List.of(), false, List.of("a", "b"), false, true);
    anna.rule("keyless", byA);
    ben.rule("keyless", byA);
    anna.edit("CREATE TABLE keyless(a TEXT COLLATE NOCASE, b INTEGER, c TEXT)");
    anna.edit("INSERT INTO keyless VALUES('x',1,'one'),('X',1,'other')");
    settled();
    ben.edit("UPDATE keyless SET c='two' WHERE a='x' COLLATE BINARY");
    anna.edit("DELETE FROM keyless WHERE a='X' COLLATE BINARY");
    settled();
    assertThat(anna.db().rows("SELECT a, b, c FROM keyless")).containsExactly("x|1|two");
  }

  @Test
  void rows_with_null_in_the_key_are_named_and_the_others_go_on() {
    anna.edit(
        "CREATE TABLE t(code TEXT PRIMARY KEY, v TEXT)",
        "INSERT INTO t VALUES(NULL,'lost'),(NULL,'too'),('k','kept')");
    DatabaseSync.Outcome outcome = anna.sync();
    assertThat(outcome.status()).isEqualTo("partial");
    assertThat(outcome.report().held().get("t")).contains("2 rows").contains("NULL");
    assertThat(anna.sync().status()).isEqualTo("partial");
    ben.syncWell();
    assertThat(ben.db().rows("SELECT code, v FROM t")).containsExactly("k|kept");
    anna.edit("UPDATE t SET code='n1' WHERE v='lost'", "DELETE FROM t WHERE code IS NULL");
    settled();
    assertThat(ben.db().value("SELECT count(*) FROM t")).isEqualTo("2");
  }

  @Test
  void a_table_with_control_characters_in_a_name_is_refused_by_name_and_the_rest_goes_on() {
    anna.edit(
        "CREATE TABLE \"a\tb\"(id INTEGER PRIMARY KEY)",
        "INSERT INTO \"a\tb\" VALUES(1)",
        "CREATE TABLE t(id INTEGER PRIMARY KEY)",
        "INSERT INTO t VALUES(1)");
    assertThat(anna.sync().report().held()).containsOnlyKeys("a\tb");
    ben.syncWell();
    assertThat(ben.db().value("SELECT count(*) FROM t")).isEqualTo("1");
  }

  @Test
  void an_eviction_through_a_unique_generated_column_is_carried() {
    anna.edit(
        "CREATE TABLE t(id TEXT PRIMARY KEY, code TEXT, norm TEXT AS (lower(code)) UNIQUE)",
        "INSERT INTO t(id, code) VALUES('a','X1')");
    settled();
    ben.edit("INSERT OR REPLACE INTO t(id, code) VALUES('b','x1')");
    settled();
    assertThat(anna.db().rows("SELECT id FROM t")).containsExactly("b");
  }

  @Test
  void a_table_whose_name_begins_like_ours_is_named_and_not_touched() {
    anna.edit(
        "CREATE TABLE Sync_thing(id INTEGER PRIMARY KEY, v TEXT)",
        "INSERT INTO Sync_thing VALUES(1,'mine')",
        "CREATE TABLE t(id INTEGER PRIMARY KEY)",
        "INSERT INTO t VALUES(1)");
    String ddl = anna.db().value("SELECT sql FROM sqlite_master WHERE name='Sync_thing'");
    DatabaseSync.Outcome outcome = anna.sync();
    assertThat(outcome.failure()).isNull();
    assertThat(outcome.report().notes()).anyMatch(note -> note.contains("Sync_thing"));
    ben.syncWell();
    assertThat(ben.db().hasTable("Sync_thing")).isFalse();
    assertThat(ben.db().value("SELECT count(*) FROM t")).isEqualTo("1");
    assertThat(anna.db().value("SELECT sql FROM sqlite_master WHERE name='Sync_thing'"))
        .isEqualTo(ddl);
    assertThat(anna.db().rows("SELECT * FROM Sync_thing")).containsExactly("1|mine");
  }

  @Test
  void a_table_that_is_called_like_the_memory_of_a_tables_rows_is_named_and_not_touched() {
    anna.edit(
        "CREATE TABLE Sync_rows_t(id INTEGER PRIMARY KEY, v TEXT)",
        "INSERT INTO Sync_rows_t VALUES(1,'mine')",
        "CREATE TABLE sync_rows_else(id INTEGER PRIMARY KEY, v TEXT)",
        "INSERT INTO sync_rows_else VALUES(1,'mine')",
        "CREATE TABLE t(id INTEGER PRIMARY KEY)",
        "INSERT INTO t VALUES(1)",
        "CREATE TABLE u(id INTEGER PRIMARY KEY)",
        "INSERT INTO u VALUES(1)");
    String named =
        "SELECT sql FROM sqlite_master WHERE name LIKE 'sync_rows_t' OR name='sync_rows_else'";
    List<String> ddl = anna.db().rows(named);
    DatabaseSync.Outcome outcome = anna.sync();
    assertThat(outcome.failure()).isNull();
    assertThat(outcome.status()).isEqualTo("partial");
    assertThat(outcome.report().held().get("t")).contains("Sync_rows_t");
    assertThat(outcome.report().notes())
        .anyMatch(note -> note.contains("Sync_rows_t"))
        .anyMatch(note -> note.contains("sync_rows_else"))
        .noneMatch(note -> note.contains("sync_rows_u"));
    ben.syncWell();
    assertThat(ben.db().value("SELECT count(*) FROM u")).isEqualTo("1");
    for (Database other : List.of(ben.db(), fleet.master())) {
      assertThat(other.hasTable("sync_rows_t")).isFalse();
      assertThat(other.hasTable("sync_rows_else")).isFalse();
    }
    DatabaseFile.detach(anna.db().file(), Duration.ofSeconds(1), false);
    assertThat(anna.db().rows(named)).isEqualTo(ddl);
    assertThat(anna.db().rows("SELECT * FROM sync_rows_t")).containsExactly("1|mine");
    assertThat(anna.db().rows("SELECT * FROM sync_rows_else")).containsExactly("1|mine");
    assertThat(anna.db().hasTable("sync_rows_u")).isFalse();
  }

  @Test
  void a_table_of_its_makers_in_the_master_that_is_called_like_ours_stops_nobody_who_joins() {
    anna.edit("CREATE TABLE t(id INTEGER PRIMARY KEY)", "INSERT INTO t VALUES(1)");
    anna.syncWell();
    fleet.master().execute("CREATE TABLE sync_rows_else(id INTEGER PRIMARY KEY)");
    anna.edit("INSERT INTO t(id) VALUES(2)");
    anna.syncWell();
    fleet.age(Duration.ofDays(200));
    anna.edit("INSERT INTO t(id) VALUES(3)");
    anna.syncWell(); // retires what is old: who joins begins with a snapshot
    ben.syncWell();
    assertThat(ben.db().value("SELECT count(*) FROM t")).isEqualTo("3");
    assertThat(ben.db().hasTable("sync_rows_else")).isFalse();
  }

  @Test
  void tables_and_columns_that_differ_in_case_only_are_the_same() {
    anna.edit(
        "CREATE TABLE Parts(id INTEGER PRIMARY KEY, Name TEXT)",
        "INSERT INTO Parts VALUES(1,'bolt')",
        "CREATE TABLE t(id INTEGER PRIMARY KEY, Name TEXT)",
        "INSERT INTO t VALUES(1,'x')");
    ben.edit(
        "CREATE TABLE parts(id INTEGER PRIMARY KEY, Name TEXT)",
        "INSERT INTO parts VALUES(2,'nut')",
        "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE TABLE u(id INTEGER PRIMARY KEY)",
        "INSERT INTO u VALUES(1)");
    anna.syncWell();
    ben.syncWell();
    anna.syncWell();
    assertThat(anna.db().value("SELECT count(*) FROM u")).isEqualTo("1");
    for (Workstation each : List.of(anna, ben)) {
      assertThat(each.db().rows("SELECT name FROM parts ORDER BY id"))
          .containsExactly("bolt", "nut");
      assertThat(each.db().rows("SELECT name FROM t")).containsExactly("x");
    }
  }

  @Test
  void a_table_that_refers_to_itself_arrives_with_parents_first() {
    anna.edit(
        "CREATE TABLE tree(id INTEGER PRIMARY KEY, parent INTEGER REFERENCES tree(id), v TEXT)",
        "INSERT INTO tree VALUES(100,NULL,'root')");
    settled();
    for (int i = 99; i > 0; i--) {
      ben.edit("INSERT INTO tree(id,parent,v) VALUES(" + i + "," + (i + 1) + ",'n')");
    }
    settled();
    assertThat(anna.db().value("SELECT count(*) FROM tree")).isEqualTo("100");
    ben.edit("DELETE FROM tree WHERE id=1");
    anna.edit("INSERT INTO tree(id,parent,v) VALUES(200,1,'child of the deleted')");
    settled();
    assertThat(anna.db().rows("PRAGMA foreign_key_check")).isEmpty();
    assertThat(anna.db().value("SELECT count(*) FROM tree WHERE id IN (1,200)")).isEqualTo("2");
  }

  @Test
  void rows_that_refer_to_each_other_in_a_circle_arrive() {
    anna.edit(
        "CREATE TABLE a(id INTEGER PRIMARY KEY, b INTEGER REFERENCES b(id) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TABLE b(id INTEGER PRIMARY KEY, a INTEGER REFERENCES a(id) DEFERRABLE INITIALLY DEFERRED)");
    settled();
    ben.edit("INSERT INTO a(id,b) VALUES(1,1)", "INSERT INTO b(id,a) VALUES(1,1)");
    settled();
    assertThat(anna.db().value("SELECT count(*) FROM a JOIN b ON a.b=b.id")).isEqualTo("1");
    anna.edit("DELETE FROM a", "DELETE FROM b");
    settled();
  }

  @Test
  void a_table_of_three_hundred_columns_is_synced() {
    String columns =
        IntStream.range(0, 300)
            .mapToObj(i -> "c" + i + " TEXT DEFAULT 'd" + i + "'")
            .collect(Collectors.joining(","));
    anna.edit("CREATE TABLE wide(id INTEGER PRIMARY KEY," + columns + ")");
    anna.edit("INSERT INTO wide(id, c7) VALUES(1,'seven')");
    settled();
    ben.edit("UPDATE wide SET c299='last'");
    settled();
    assertThat(anna.db().value("SELECT c0, c7, c299 FROM wide")).isEqualTo("d0|seven|last");
  }

  @Test
  void a_check_that_refuses_a_row_holds_that_row_alone() {
    anna.edit("CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER)");
    ben.edit("CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER CHECK(v < 10))");
    anna.edit("INSERT INTO t VALUES(1,5),(2,50),(3,6)");
    anna.syncWell();
    DatabaseSync.Outcome outcome = ben.sync();
    assertThat(outcome.status()).isEqualTo("partial");
    assertThat(outcome.report().held()).hasSize(1);
    assertThat(ben.db().rows("SELECT id FROM t ORDER BY id")).containsExactly("1", "3");
    anna.edit("UPDATE t SET v=7 WHERE id=2");
    settled();
  }

  @Test
  void the_applications_triggers_do_not_fire_for_rows_we_apply_and_stay_unchanged() {
    anna.edit(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER)",
        "CREATE TABLE audit(id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT)");
    settled();
    String trigger =
        "CREATE TRIGGER \"my audit\" AFTER INSERT ON t WHEN NEW.v > 0 BEGIN INSERT INTO audit(what) VALUES('t ' || NEW.id); END";
    anna.edit(trigger);
    ben.edit(trigger);
    ben.edit("INSERT INTO t(id,v) VALUES(1,1)");
    settled();
    assertThat(anna.db().rows("SELECT what FROM audit")).containsExactly("t 1");
    assertThat(anna.db().value("SELECT sql FROM sqlite_master WHERE name='my audit'"))
        .isEqualTo(trigger);
    anna.edit("INSERT INTO t(id,v) VALUES(2,1)");
    settled();
    assertThat(ben.db().value("SELECT count(*) FROM audit")).isEqualTo("2");
  }
}
