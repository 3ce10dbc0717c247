package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/**
 * Rows that a database refuses, or that wait for a person: named, kept, and let go by themselves.
 */
class HeldRowsTest extends FleetTest {
  private static final String SYNC = ", updated_at DATETIME, updated_by TEXT, synced_at DATETIME)";
  private static final String NOTES = "CREATE TABLE notes(id TEXT PRIMARY KEY, text, size)";

  /** Ben's table refuses what the others' tables take. */
  private void benRefuses(String definition) {
    everybodyHas(NOTES, "INSERT INTO notes(id, text, size) VALUES('N','first',1)");
    benRebuilds(definition);
    ben.syncWell();
  }

  private void benRebuilds(String definition) {
    ben.db()
        .execute(
            "CREATE TABLE notes2(" + definition.replaceFirst("\\)$", SYNC),
            "INSERT INTO notes2 SELECT * FROM notes");
    ParentsAndChildrenTest.rebuild(ben, "notes", "notes2");
  }

  private void benHolds(String... named) {
    for (int run = 0; run < 3; run++) {
      DatabaseSync.Outcome outcome = ben.sync();
      assertThat(outcome.status()).isEqualTo("partial");
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.report().held().keySet()).containsExactlyInAnyOrder(named);
    }
  }

  @Test
  void a_row_refused_by_a_check_is_named_and_the_rest_goes_through() {
    benRefuses("id TEXT PRIMARY KEY, text, size CHECK(size<10))");
    anna.edit(
        "INSERT INTO notes(id, text, size) VALUES('big','b',11)",
        "INSERT INTO notes(id, text, size) VALUES('small','s',2)",
        "UPDATE notes SET size=12 WHERE id='N'");
    anna.syncWell();
    benHolds("notes big", "notes N");
    assertThat(ben.sync().report().held().get("notes big")).contains("CHECK");
    assertThat(ben.db().rows("SELECT id, size FROM notes ORDER BY id"))
        .containsExactly("N|1", "small|2");
    cara.syncWell();
    assertThat(ben.db().value("SELECT status FROM sync_log ORDER BY id DESC LIMIT 1"))
        .isEqualTo("partial");
  }

  @Test
  void a_refused_row_follows_when_the_application_has_taken_the_check_away() {
    benRefuses("id TEXT PRIMARY KEY, text, size CHECK(size<10))");
    anna.edit("INSERT INTO notes(id, text, size) VALUES('big','b',11)");
    anna.syncWell();
    benHolds("notes big");
    benRebuilds("id TEXT PRIMARY KEY, text, size)");
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT size FROM notes WHERE id='big'")).isEqualTo("11");
    assertThat(kinds(ben)).isEmpty();
  }

  @Test
  void a_refused_row_follows_when_a_later_version_fits() {
    benRefuses("id TEXT PRIMARY KEY, text, size CHECK(size<10))");
    anna.edit("INSERT INTO notes(id, text, size) VALUES('big','b',11)");
    anna.syncWell();
    benHolds("notes big");
    cara.syncWell();
    cara.edit("UPDATE notes SET size=9 WHERE id='big'");
    cara.syncWell();
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT size FROM notes WHERE id='big'")).isEqualTo("9");
  }

  @Test
  void a_refused_row_that_others_delete_is_held_no_more() {
    benRefuses("id TEXT PRIMARY KEY, text, size CHECK(size<10))");
    anna.edit("INSERT INTO notes(id, text, size) VALUES('big','b',11)");
    anna.syncWell();
    benHolds("notes big");
    anna.edit("DELETE FROM notes WHERE id='big'");
    anna.syncWell();
    ben.syncWell();
    fleet.settle().assertSame();
  }

  @Test
  void a_row_refused_by_not_null_is_held() {
    benRefuses("id TEXT PRIMARY KEY, text NOT NULL, size)");
    anna.edit("UPDATE notes SET text=NULL", "INSERT INTO notes(id, text) VALUES('M','m')");
    anna.syncWell();
    benHolds("notes N");
    assertThat(ben.sync().report().held().get("notes N")).contains("NOT NULL");
    assertThat(ben.db().rows("SELECT id, text FROM notes ORDER BY id"))
        .containsExactly("M|m", "N|first");
    anna.edit("UPDATE notes SET text='again'");
    fleet.settle().assertSame();
  }

  @Test
  void a_row_refused_by_a_strict_type_is_held() {
    everybodyHas(NOTES, "INSERT INTO notes(id, text, size) VALUES('N','first',1)");
    ben.db()
        .execute(
            "CREATE TABLE notes2(id TEXT PRIMARY KEY, text TEXT, size INTEGER, updated_at TEXT, updated_by TEXT, synced_at TEXT) STRICT",
            "INSERT INTO notes2 SELECT * FROM notes");
    ParentsAndChildrenTest.rebuild(ben, "notes", "notes2");
    anna.edit("UPDATE notes SET size='huge'");
    anna.syncWell();
    benHolds("notes N");
    anna.edit("UPDATE notes SET size=2");
    fleet.settle().assertSame();
  }

  @Test
  void the_applications_triggers_do_not_fire_for_rows_we_apply_and_are_there_unchanged() {
    everybodyHas(
        "CREATE TABLE notes(id TEXT PRIMARY KEY, text)",
        "CREATE TABLE journal(id INTEGER PRIMARY KEY AUTOINCREMENT, what)");
    String[] triggers = {
      "CREATE TRIGGER b_log AFTER INSERT ON notes BEGIN INSERT INTO journal(what) VALUES(NEW.id); END",
      "CREATE TRIGGER a_refuse BEFORE INSERT ON notes WHEN NEW.text='never' BEGIN SELECT RAISE(ABORT, 'no'); END",
      "CREATE TRIGGER c_change AFTER UPDATE OF text ON notes BEGIN UPDATE notes SET text=upper(NEW.text) WHERE id=NEW.id; END"
    };
    for (Workstation each : fleet.all()) {
      each.edit(triggers);
    }
    List<String> before = applicationTriggers(ben);
    anna.edit("DROP TRIGGER a_refuse");
    anna.edit("INSERT INTO notes(id, text) VALUES('N','never')");
    anna.edit("UPDATE notes SET text='changed'");
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT text FROM notes")).containsExactly("CHANGED");
    assertThat(ben.db().value("SELECT count(*) FROM journal")).isEqualTo("1");
    assertThat(applicationTriggers(ben)).isEqualTo(before);
    ben.edit("INSERT INTO notes(id, text) VALUES('M','mine')");
    assertThat(ben.db().value("SELECT count(*) FROM journal")).isEqualTo("2");
    fleet.settle().assertSame();
  }

  @Test
  void the_applications_triggers_are_there_unchanged_after_a_run_that_failed() {
    everybodyHas(NOTES, "INSERT INTO notes(id, text, size) VALUES('N','first',1)");
    String odd =
        "CREATE TRIGGER \"odd name's\"\n  AFTER UPDATE ON notes -- a remark\nBEGIN SELECT 1;\nEND";
    ben.edit(
        odd,
        "CREATE TRIGGER another AFTER DELETE ON notes BEGIN SELECT 2; END",
        "CREATE TRIGGER a_third BEFORE DELETE ON notes BEGIN SELECT 3; END");
    List<String> before = applicationTriggers(ben);
    ben.edit(
        "CREATE TRIGGER stop BEFORE INSERT ON sync_conflicts BEGIN SELECT RAISE(ABORT, 'stop'); END");
    anna.edit("UPDATE notes SET text='new'");
    anna.syncWell();
    ben.edit("UPDATE notes SET text='mine'");
    assertThatThrownBy(ben::sync).hasMessageContaining("stop");
    ben.edit("DROP TRIGGER stop");
    assertThat(applicationTriggers(ben)).isEqualTo(before);
    fleet.settle().assertSame();
    assertThat(applicationTriggers(ben)).isEqualTo(before);
  }

  private static List<String> applicationTriggers(Workstation at) {
    return at.db()
        .rows(
            "SELECT name, tbl_name, sql FROM sqlite_master WHERE type='trigger' AND name NOT LIKE 'sync\\_%' ESCAPE '\\' ORDER BY rowid");
  }

  @Test
  void an_edit_of_a_held_row_does_not_pass_it_by_and_meets_it_by_the_rule() {
    benRefuses("id TEXT PRIMARY KEY, text, size CHECK(size<10))");
    anna.edit("UPDATE notes SET size=12, updated_at='2025-06-01 10:00:00'");
    anna.syncWell();
    benHolds("notes N");
    ben.edit("UPDATE notes SET text='ben', updated_at='2025-06-01 11:00:00'");
    fleet.settle().assertSame();
    assertThat(cara.db().value("SELECT text, size FROM notes")).isEqualTo("ben|1");
    assertThat(kinds(cara)).containsExactly("update|local");
    assertThat(data(cara, "remote_data", "update")).contains("12");
    ben.syncWell();
  }

  @Test
  void an_edit_of_a_held_row_that_loses_is_kept_in_the_conflict() {
    benRefuses("id TEXT PRIMARY KEY, text, size CHECK(size<10))");
    anna.edit("UPDATE notes SET size=12, updated_at='2025-06-01 12:00:00'");
    anna.syncWell();
    benHolds("notes N");
    ben.edit("UPDATE notes SET text='ben', updated_at='2025-06-01 11:00:00'");
    benHolds("notes N");
    cara.syncWell();
    assertThat(kinds(cara)).containsExactly("update|remote");
    assertThat(data(cara, "local_data", "update")).contains("\"ben\"");
    ben.edit("UPDATE notes SET text='ben again', updated_at='2025-06-01 13:00:00'");
    fleet.settle().assertSame();
    assertThat(cara.db().value("SELECT text, size FROM notes")).isEqualTo("ben again|1");
    ben.syncWell();
  }

  @Test
  void a_delete_of_a_held_row_meets_it_by_the_rule() {
    benRefuses("id TEXT PRIMARY KEY, text, size CHECK(size<10))");
    anna.edit("UPDATE notes SET size=12, updated_at='2025-06-01 12:00:00'");
    anna.syncWell();
    benHolds("notes N");
    ben.edit("DELETE FROM notes");
    fleet.settle().assertSame();
    assertThat(cara.db().value("SELECT count(*) FROM notes")).isEqualTo("0");
    assertThat(data(cara, "remote_data", "delete")).contains("12");
    ben.syncWell();
  }

  @Test
  void a_row_of_the_applications_own_under_a_held_key_meets_it_by_the_rule() {
    benRefuses("id TEXT PRIMARY KEY, text, size CHECK(size<10))");
    anna.edit(
        "INSERT INTO notes(id, text, size, updated_at) VALUES('big','b',11,'2025-06-01 10:00:00')");
    anna.syncWell();
    benHolds("notes big");
    ben.edit(
        "INSERT INTO notes(id, text, size, updated_at) VALUES('big','mine',3,'2025-06-01 11:00:00')");
    fleet.settle().assertSame();
    assertThat(cara.db().value("SELECT text FROM notes WHERE id='big'")).isEqualTo("mine");
    assertThat(data(cara, "remote_data", "update")).contains("11");
  }

  @Test
  void who_waits_for_the_value_of_a_refused_row_is_named_and_follows_with_it() {
    everybodyHas(
        "CREATE TABLE notes(id TEXT PRIMARY KEY, text UNIQUE, size)",
        "INSERT INTO notes(id, text, size) VALUES('N','1',1),('M','2',1)");
    benRebuilds("id TEXT PRIMARY KEY, text UNIQUE, size CHECK(size<10))");
    ben.syncWell();
    anna.edit(
        "UPDATE notes SET text='3', size=11 WHERE id='N'",
        "UPDATE notes SET text='1' WHERE id='M'");
    anna.syncWell();
    benHolds("notes N", "notes M");
    anna.edit("UPDATE notes SET size=5 WHERE id='N'");
    fleet.settle().assertSame();
    ben.syncWell();
    assertThat(kinds(ben)).isEmpty();
  }
}
