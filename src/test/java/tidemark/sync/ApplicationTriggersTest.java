package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tidemark.change.TableRule;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/**
 * Which of the application's triggers fire for rows that arrive: those that keep what no row
 * carries. What the others do arrives as rows of its own.
 */
@Tag("anyplace")
class ApplicationTriggersTest extends FleetTest {
  private static final String QUOTES = "CREATE TABLE Quotes(id INTEGER PRIMARY KEY, total INTEGER)";
  private static final String LOG =
      "CREATE TABLE log(id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT)";
  private static final TableRule OFF =
      new TableRule(null, false, List.of(), false, List.of(), false, false);

  private void everybodyDoes(String... statements) {
    fleet.all().forEach(each -> each.edit(statements));
  }

  private static List<String> log(Workstation at) {
    return at.db().rows("SELECT what FROM log ORDER BY rowid");
  }

  private static String logging(String what) {
    return "CREATE TRIGGER q_"
        + what
        + " AFTER "
        + what
        + " ON quotes BEGIN INSERT INTO log(what) VALUES('"
        + what
        + "'); END";
  }

  @Test
  void a_trigger_that_spells_its_table_in_another_case_sleeps_like_any_other() {
    everybodyHas(QUOTES, LOG);
    everybodyDoes(logging("insert"));
    anna.edit("INSERT INTO quotes(id, total) VALUES(1, 10)");
    fleet.settle().assertSame();
    assertThat(log(cara)).containsExactly("insert");
  }

  @Test
  void a_log_that_is_not_synced_notes_what_arrived() {
    fleet.all().forEach(each -> each.rule("log", OFF));
    everybodyHas(QUOTES);
    everybodyDoes(LOG, logging("insert"), logging("update"), logging("delete"));
    anna.edit("INSERT INTO quotes(id, total) VALUES(1, 10)");
    fleet.settle();
    anna.edit("UPDATE quotes SET total=11");
    fleet.settle();
    anna.edit("DELETE FROM quotes");
    fleet.settle();
    for (Workstation each : fleet.all()) {
      assertThat(log(each)).as(each.name()).containsExactly("insert", "update", "delete");
    }
  }

  @Test
  void a_log_without_a_key_notes_what_arrived() {
    everybodyHas(QUOTES);
    for (Workstation each : fleet.all()) {
      each.rule("log", OFF);
      each.edit("CREATE TABLE log(what TEXT)", logging("insert"));
    }
    anna.edit("INSERT INTO quotes(id, total) VALUES(1, 10)");
    fleet.settle();
    assertThat(log(anna)).containsExactly("insert");
    assertThat(log(ben)).containsExactly("insert");
  }

  @Test
  void what_a_trigger_sets_off_counts_too() {
    fleet.all().forEach(each -> each.rule("log", OFF));
    everybodyHas(QUOTES, "CREATE TABLE sums(id INTEGER PRIMARY KEY, n INTEGER)");
    everybodyDoes(
        "CREATE TABLE log(id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT)",
        logging("insert"),
        "CREATE TRIGGER l_sum AFTER INSERT ON log BEGIN INSERT INTO sums(n) VALUES(1); END");
    anna.edit("INSERT INTO quotes(id, total) VALUES(1, 10)");
    fleet.settle();
    for (Workstation each : fleet.all()) {
      assertThat(each.db().value("SELECT count(*) FROM sums")).isEqualTo("1");
    }
  }

  @Test
  void a_trigger_that_reads_synced_tables_and_writes_what_is_not_synced_runs() {
    fleet.all().forEach(each -> each.rule("log", OFF));
    everybodyHas(QUOTES);
    everybodyDoes(
        LOG,
        "CREATE TRIGGER q_i AFTER INSERT ON quotes BEGIN INSERT OR REPLACE INTO log(id, what) SELECT 1, count(rowid) FROM Quotes; END");
    anna.edit("INSERT INTO quotes(id, total) VALUES(1, 10), (2, 20)");
    fleet.settle();
    assertThat(log(ben)).containsExactly("2");
  }

  @Test
  void a_trigger_that_writes_both_kinds_sleeps_and_is_named() {
    fleet.all().forEach(each -> each.rule("log", OFF));
    everybodyHas(QUOTES, "CREATE TABLE audit(id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT)");
    everybodyDoes(LOG, BOTH);
    anna.edit("INSERT INTO quotes(id, total) VALUES(1, 10)");
    anna.syncWell();
    assertThat(ben.syncWell().report().notes()).anyMatch(n -> n.contains("q_both of Quotes"));
    fleet.settle();
    assertThat(log(ben)).isEmpty();
    assertThat(ben.db().value("SELECT count(*) FROM audit")).isEqualTo("1");
  }

  private static final String BOTH =
      "CREATE TRIGGER q_both AFTER INSERT ON quotes BEGIN INSERT INTO audit(what) VALUES('b'); INSERT INTO log(what) VALUES('b'); END";

  @Test
  void where_the_config_has_it_run_what_it_writes_into_synced_tables_is_left_out() {
    fleet.all().forEach(each -> each.rule("log", OFF));
    everybodyHas(QUOTES, "CREATE TABLE audit(id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT)");
    everybodyDoes(LOG, BOTH);
    ben.rule("Quotes", TableRule.DEFAULT.withTriggers(Map.of("q_both", true)));
    anna.edit(
        "INSERT INTO quotes(id, total) VALUES(1, 10)", "INSERT INTO audit(what) VALUES('by hand')");
    anna.syncWell();
    assertThat(ben.syncWell().report().notes()).noneMatch(n -> n.contains("q_both"));
    fleet.settle();
    assertThat(log(ben)).containsExactly("b");
    assertThat(log(cara)).isEmpty();
    for (Workstation each : fleet.all()) {
      assertThat(each.db().rows("SELECT what FROM audit ORDER BY id"))
          .containsExactly("b", "by hand");
    }
    ben.edit("INSERT INTO quotes(id, total) VALUES(2, 10)");
    fleet.settle();
    assertThat(cara.db().value("SELECT count(*) FROM audit")).isEqualTo("3");
  }

  @Test
  void the_config_can_put_a_trigger_to_sleep() {
    fleet.all().forEach(each -> each.rule("log", OFF));
    everybodyHas(QUOTES);
    everybodyDoes(LOG, logging("insert"));
    ben.rule("Quotes", TableRule.DEFAULT.withTriggers(Map.of("Q_INSERT", false)));
    anna.edit("INSERT INTO quotes(id, total) VALUES(1, 10)");
    fleet.settle();
    assertThat(log(ben)).isEmpty();
    assertThat(log(cara)).containsExactly("insert");
  }

  @Test
  void a_row_that_a_running_trigger_refuses_is_held_with_its_reason() {
    fleet.all().forEach(each -> each.rule("log", OFF));
    everybodyHas(QUOTES, "INSERT INTO quotes(id, total) VALUES(1, 10)");
    everybodyDoes(LOG);
    ben.edit(
        "CREATE TRIGGER q_u AFTER UPDATE ON quotes BEGIN SELECT RAISE(ABORT, 'too much') WHERE NEW.total>100; INSERT INTO log(what) VALUES(NEW.total); END",
        "CREATE TRIGGER q_d AFTER DELETE ON quotes BEGIN SELECT RAISE(ABORT, 'kept') WHERE OLD.id=2; INSERT INTO log(what) VALUES('gone'); END");
    anna.edit("UPDATE quotes SET total=1000", "INSERT INTO quotes(id, total) VALUES(2, 5)");
    anna.syncWell();
    assertThat(ben.sync().report().held().get("Quotes 1")).contains("too much");
    anna.edit("UPDATE quotes SET total=50 WHERE id=1", "DELETE FROM quotes WHERE id=2");
    anna.syncWell();
    assertThat(ben.sync().report().held()).containsOnlyKeys("Quotes 2");
    assertThat(ben.sync().report().held().get("Quotes 2")).contains("kept");
    assertThat(ben.db().rows("SELECT id, total FROM quotes")).containsExactly("1|50", "2|5");
    ben.edit("DROP TRIGGER q_d");
    fleet.settle().assertSameRows("Quotes");
  }

  @Test
  void a_trigger_that_rolls_everything_back_sleeps_and_is_named() {
    fleet.all().forEach(each -> each.rule("log", OFF));
    everybodyHas(QUOTES);
    everybodyDoes(LOG);
    ben.edit(
        "CREATE TRIGGER q_i AFTER INSERT ON quotes BEGIN INSERT INTO log(what) VALUES(NEW.id); SELECT RAISE(ROLLBACK, 'no more') WHERE NEW.id=2; END");
    anna.edit("INSERT INTO quotes(id, total) VALUES(1, 1), (2, 2), (3, 3)");
    anna.syncWell();
    DatabaseSync.Outcome outcome = ben.syncWell();
    assertThat(outcome.report().notes()).anyMatch(n -> n.contains("no more"));
    fleet.settle().assertSameRows("Quotes");
    assertThat(ben.db().value("SELECT count(*) FROM sync_rows_Quotes WHERE edits IS NOT NULL"))
        .isEqualTo("0");
  }

  @Test
  void a_trigger_with_a_function_of_the_applications_own_sleeps_and_is_named() {
    fleet.all().forEach(each -> each.rule("log", OFF));
    everybodyHas(QUOTES);
    everybodyDoes(LOG);
    ben.edit(
        "CREATE TRIGGER q_i AFTER INSERT ON quotes BEGIN INSERT INTO log(what) VALUES(spoken(NEW.total)); END");
    anna.edit("INSERT INTO quotes(id, total) VALUES(1, 1)");
    anna.syncWell();
    assertThat(ben.syncWell().report().notes()).anyMatch(n -> n.contains("q_i of Quotes"));
    fleet.settle().assertSameRows("Quotes");
  }

  @Test
  void views_with_triggers_lead_on() {
    fleet.all().forEach(each -> each.rule("log", OFF));
    everybodyHas(QUOTES, "CREATE TABLE audit(id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT)");
    everybodyDoes(
        LOG,
        "CREATE VIEW notes AS SELECT what FROM log",
        "CREATE TRIGGER n_i INSTEAD OF INSERT ON notes BEGIN INSERT INTO log(what) VALUES(NEW.what); END",
        "CREATE VIEW traces AS SELECT what FROM audit",
        "CREATE TRIGGER t_i INSTEAD OF INSERT ON traces BEGIN INSERT INTO audit(what) VALUES(NEW.what); END",
        "CREATE TRIGGER q_1 AFTER INSERT ON quotes BEGIN INSERT INTO notes(what) VALUES('n'); END",
        "CREATE TRIGGER q_2 AFTER INSERT ON quotes BEGIN INSERT INTO traces(what) VALUES('t'); END");
    anna.edit("INSERT INTO quotes(id, total) VALUES(1, 1)");
    fleet.settle();
    assertThat(log(cara)).containsExactly("n");
    assertThat(cara.db().value("SELECT count(*) FROM audit")).isEqualTo("1");
  }

  @Test
  void a_synced_tables_own_index_does_not_make_its_writer_one_that_writes_both() {
    everybodyHas(
        QUOTES, "CREATE TABLE items(id INTEGER PRIMARY KEY, quote INTEGER, price INTEGER)");
    everybodyDoes(
        "CREATE VIRTUAL TABLE found USING fts5(total)",
        "CREATE TRIGGER q_u AFTER UPDATE ON quotes BEGIN INSERT INTO found(total) VALUES(NEW.total); END",
        "CREATE TRIGGER i_i AFTER INSERT ON items BEGIN UPDATE quotes SET total=total+NEW.price WHERE id=NEW.quote; END");
    anna.edit("INSERT INTO quotes(id, total) VALUES(1, 0)");
    fleet.settle();
    anna.edit("INSERT INTO items(id, quote, price) VALUES(1, 1, 7)");
    anna.syncWell();
    assertThat(ben.syncWell().report().notes()).isEmpty();
    assertThat(ben.db().rows("SELECT total FROM quotes")).containsExactly("7");
    assertThat(ben.db().rows("SELECT total FROM found")).containsExactly("7");
  }
}
