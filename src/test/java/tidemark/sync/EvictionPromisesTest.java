package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.Failure;
import tidemark.change.TableRule;
import tidemark.look.Verify;
import tidemark.past.Differences;
import tidemark.testing.PairTest;
import tidemark.testing.Workstation;

/**
 * INSERT OR REPLACE and UPDATE OR REPLACE push other rows out and no trigger tells of it; OR IGNORE
 * and the like touch nothing, and count as nothing.
 */
class EvictionPromisesTest extends PairTest {
  private static final String LABELS =
      "SELECT group_concat(id||label) FROM (SELECT * FROM tags ORDER BY id)";

  @BeforeEach
  void two_know_some_tags() {
    everybodyHas(
        "CREATE TABLE tags(id INTEGER PRIMARY KEY, label TEXT, colour TEXT)",
        "CREATE UNIQUE INDEX one_label ON tags(label)",
        "INSERT INTO tags VALUES(1,'red','r'),(2,'green','g'),(3,'blue','b')");
  }

  /** What was captured until now was captured so much earlier. */
  private static void earlier(Workstation who, String table, String by) {
    who.edit(
        "UPDATE sync_rows_"
            + table
            + " SET moment=strftime('%Y-%m-%d %H:%M:%f', moment, '"
            + by
            + "') WHERE edits IS NOT NULL");
  }

  private static String marks(Workstation who) {
    return who.db()
        .rows("SELECT k0, edits, moment FROM sync_rows_tags WHERE edits IS NOT NULL ORDER BY k0")
        .toString();
  }

  // ---- what touches nothing

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT OR IGNORE INTO tags VALUES(9,'red','seed')",
        "INSERT INTO tags VALUES(9,'red','seed') ON CONFLICT DO NOTHING",
        "INSERT INTO tags VALUES(9,'red','seed') ON CONFLICT(label) DO UPDATE SET colour='seed' WHERE colour IS NULL",
        "INSERT INTO tags SELECT 9,'red','seed' WHERE 1 ON CONFLICT(label) DO UPDATE SET colour='seed' WHERE 0",
        "UPDATE OR IGNORE tags SET label='red' WHERE id=2"
      })
  void a_statement_that_found_the_value_taken_marks_nothing(String seed) {
    anna.edit("UPDATE tags SET colour='pending' WHERE id=1");
    String before = marks(anna);
    anna.edit(seed.replace("INTO tags", "INTO tags(id, label, colour)"));
    assertThat(marks(anna)).isEqualTo(before);
  }

  @Test
  void a_pending_edit_of_the_morning_loses_though_the_application_seeds_at_each_start() {
    anna.edit("UPDATE tags SET colour='morning' WHERE id=1");
    earlier(anna, "tags", "-6 hours");
    ben.edit("UPDATE tags SET colour='noon' WHERE id=1");
    earlier(ben, "tags", "-3 hours");
    anna.edit("INSERT OR IGNORE INTO tags(label, colour) VALUES('red','seed')");
    ben.syncWell();
    everywhere("SELECT colour FROM tags WHERE id=1", "noon");
  }

  // ---- migrations

  @Test
  void a_column_goes_once_its_unique_index_is_gone() {
    anna.edit("DROP INDEX one_label");
    anna.edit("ALTER TABLE tags DROP COLUMN label");
    assertThat(anna.db().rows("SELECT name FROM pragma_table_info('tags')"))
        .doesNotContain("label");
  }

  @Test
  void our_triggers_name_nothing_but_key_and_sync_columns() {
    assertThat(
            anna.db()
                .rows("SELECT sql FROM sqlite_master WHERE type='trigger' AND tbl_name='tags'"))
        .hasSize(3)
        .noneMatch(sql -> sql.contains("label") || sql.contains("colour"));
  }

  @Test
  void triggers_of_an_earlier_version_go_without_the_table_being_compared() {
    anna.edit(
        "CREATE TRIGGER sync_bi_tags BEFORE INSERT ON tags WHEN (SELECT value FROM sync_state WHERE key='applying') IS NULL BEGIN UPDATE sync_rows_tags SET found=0 WHERE k0=NEW.label; END",
        "UPDATE sync_state SET value=replace(value, '.', '') WHERE key='schema'");
    anna.syncWell();
    assertThat(anna.db().value("SELECT count(*) FROM sqlite_master WHERE name='sync_bi_tags'"))
        .isEqualTo("0");
    assertThat(anna.db().value("SELECT count(*) FROM sync_tables WHERE rescan<>0")).isEqualTo("0");
  }

  // ---- what was pushed out

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void an_eviction_of_the_morning_does_not_beat_an_edit_of_noon_in_the_evening(boolean first) {
    anna.edit("INSERT OR REPLACE INTO tags(id, label, colour) VALUES(9,'red','morning')");
    earlier(anna, "tags", "-6 hours");
    ben.edit("UPDATE tags SET label='crimson', colour='noon' WHERE id=1");
    earlier(ben, "tags", "-3 hours");
    (first ? anna : ben).syncWell();
    everywhere(LABELS, "1crimson,2green,3blue,9red");
  }

  @Test
  void it_counts_as_deleted_when_the_edits_here_were_made_and_by_whom_they_were_made() {
    anna.edit("INSERT OR REPLACE INTO tags(id, label, colour) VALUES(9,'red','rr')");
    earlier(anna, "tags", "-6 hours");
    anna.syncWell();
    assertThat(
            anna.db()
                .value(
                    "SELECT abs(at/1000.0-strftime('%s','now')+6*3600)<60, digest IS NULL FROM sync_rows_tags WHERE k0=1"))
        .isEqualTo("1|1");
    ben.syncWell();
    assertThat(ben.db().value(LABELS)).isEqualTo("2green,3blue,9red");
  }

  @Test
  void the_row_that_pushed_another_out_may_be_gone_again_itself() {
    anna.edit(
        "INSERT OR REPLACE INTO tags(id, label) VALUES(9,'red')", "DELETE FROM tags WHERE id=9");
    everywhere(LABELS, "2green,3blue");
  }

  @Test
  void an_eviction_is_known_though_its_index_was_dropped_before_the_run() {
    anna.edit("INSERT OR REPLACE INTO tags(id, label) VALUES(9,'red')");
    anna.edit("DROP INDEX one_label");
    anna.syncWell();
    ben.syncWell();
    assertThat(ben.db().value(LABELS)).isEqualTo("2green,3blue,9red");
  }

  @Test
  void with_recursive_triggers_nothing_is_told_twice() throws SQLException {
    try (Connection connection = anna.db().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA recursive_triggers=ON");
      statement.execute("INSERT OR REPLACE INTO tags(id, label) VALUES(9,'red')");
    }
    String before = marks(anna);
    assertThat(before).contains("1|").contains("9|");
    everywhere(LABELS, "2green,3blue,9red");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void a_birth_that_was_pushed_out_before_it_was_posted_is_nobodys_business() {
    anna.edit("INSERT INTO tags(id, label) VALUES(7,'pink')");
    anna.edit("INSERT OR REPLACE INTO tags(id, label) VALUES(9,'pink')");
    everywhere(LABELS, "1red,2green,3blue,9pink");
    assertThat(ben.db().value("SELECT count(*) FROM sync_rows_tags WHERE k0=7")).isEqualTo("0");
  }

  @Test
  void a_row_pushed_out_of_the_master_by_hand_goes_everywhere() {
    fleet.master().execute("INSERT OR REPLACE INTO tags(id, label) VALUES(9,'red')");
    everywhere(LABELS, "2green,3blue,9red");
  }

  @Test
  void many_rows_pushed_out_by_one_import_are_deleted_without_a_question() {
    anna.edit(
        "INSERT INTO tags(id, label) WITH RECURSIVE s(n) AS (SELECT 100 UNION ALL SELECT n+1 FROM s WHERE n<299) SELECT n, 'L'||n FROM s");
    fleet.settle().assertSame();
    anna.edit("INSERT OR REPLACE INTO tags(id, label) SELECT id+1000, label FROM tags WHERE id>99");
    everywhere("SELECT count(*), min(id), max(id) FROM tags WHERE id>99", "200|1100|1299");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void more_than_the_edits_can_have_pushed_out_are_asked_about() {
    anna.edit(
        "INSERT INTO tags(id, label) WITH RECURSIVE s(n) AS (SELECT 100 UNION ALL SELECT n+1 FROM s WHERE n<299) SELECT n, 'L'||n FROM s");
    fleet.settle().assertSame();
    anna.edit("INSERT INTO sync_state(key, value) VALUES('applying', 1)"); // capture is asleep
    anna.edit("DELETE FROM tags WHERE id>=100");
    anna.edit("DELETE FROM sync_state WHERE key='applying'");
    anna.edit("UPDATE tags SET colour='x' WHERE id=1");
    DatabaseSync.Outcome outcome = anna.sync();
    assertThat(outcome.exitCode()).isEqualTo(Failure.INCOMPLETE);
    assertThat(outcome.report().held().get("tags")).contains("200 rows vanished");
    ben.syncWell();
    assertThat(ben.db().value("SELECT count(*) FROM tags")).isEqualTo("203");
  }

  @Test
  void verify_does_not_call_a_row_missing_that_was_pushed_out_since() {
    anna.edit("INSERT OR REPLACE INTO tags(id, label) VALUES(9,'red')");
    assertThat(new Verify(anna.plan(), anna.ledger(), anna.clock()).run())
        .allMatch(Differences::areNone);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE odd(id TEXT, no TEXT, PRIMARY KEY(id)) WITHOUT ROWID;CREATE UNIQUE INDEX u ON odd(no)",
        "CREATE TABLE odd(id TEXT PRIMARY KEY, no TEXT UNIQUE)",
        "CREATE TABLE odd(id TEXT PRIMARY KEY, no TEXT);CREATE UNIQUE INDEX u ON odd(lower(no))",
        "CREATE TABLE odd(id TEXT PRIMARY KEY, no TEXT);CREATE UNIQUE INDEX u ON odd(no) WHERE id<>'x'",
        "CREATE TABLE odd(id TEXT PRIMARY KEY, no TEXT, low TEXT AS (lower(no)) UNIQUE)",
        "CREATE TABLE odd(id TEXT COLLATE NOCASE PRIMARY KEY, no TEXT UNIQUE)",
        "CREATE TABLE odd(id TEXT, rev INTEGER DEFAULT 0, no TEXT UNIQUE, PRIMARY KEY(id, rev))"
      })
  void rows_are_pushed_out_of_tables_of_every_kind(String ddl) {
    anna.edit(ddl.split(";"));
    anna.edit("INSERT INTO odd(id, no) VALUES('a','1'),('b','2'),('c','3')");
    fleet.settle().assertSame();
    ben.edit("INSERT OR REPLACE INTO odd(id, no) VALUES('d','1')");
    ben.edit("UPDATE OR REPLACE odd SET no='2' WHERE id='c'");
    everywhere("SELECT group_concat(id||no) FROM (SELECT * FROM odd ORDER BY id)", "c2,d1");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void rows_are_pushed_out_of_a_table_whose_key_the_config_names() {
    for (Workstation who : List.of(anna, ben)) {
      who.rule("parts", new TableRule(null, false, List.of(), false, List.of("sku"), false, true));
    }
    anna.edit(
        "CREATE TABLE parts(id INTEGER PRIMARY KEY, sku TEXT NOT NULL, no TEXT UNIQUE)",
        "INSERT INTO parts VALUES(1,'a','x'),(2,'b','y')");
    fleet.settle();
    ben.edit("INSERT OR REPLACE INTO parts(id, sku, no) VALUES(1,'c','z')"); // by the id
    ben.edit("INSERT OR REPLACE INTO parts(id, sku, no) VALUES(9,'d','y')");
    fleet.settle();
    assertThat(anna.db().rows("SELECT sku FROM parts ORDER BY sku")).containsExactly("c", "d");
  }
}
