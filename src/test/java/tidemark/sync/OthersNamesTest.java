package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tidemark.replica.DatabaseFile;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/** What is not ours although its name begins like ours. */
class OthersNamesTest extends FleetTest {
  private static final String TRIGGER =
      "CREATE TRIGGER sync_search AFTER INSERT ON notes BEGIN INSERT INTO sync_queue(note) VALUES(NEW.id); END";

  private void everybodyHasAQueue() {
    everybodyHas("CREATE TABLE notes(id INTEGER PRIMARY KEY, text TEXT)");
    for (Workstation each : fleet.all()) {
      each.edit(
          "CREATE TABLE sync_queue(id INTEGER PRIMARY KEY, note INTEGER)",
          "CREATE INDEX sync_queue_notes ON sync_queue(note)",
          "CREATE INDEX sync_texts ON notes(text)",
          TRIGGER);
    }
  }

  private static String others(Workstation at) {
    return at.db()
        .value(
            "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_master WHERE name IN ('sync_search','sync_queue','sync_queue_notes','sync_texts') ORDER BY name)");
  }

  @Test
  void a_trigger_of_the_applications_stays_whatever_it_is_called_and_runs_like_any_other() {
    everybodyHasAQueue();
    anna.edit("INSERT INTO notes(id, text) VALUES(1,'a')");
    fleet.settle();
    for (Workstation each : fleet.all()) {
      assertThat(others(each)).isEqualTo("sync_queue sync_queue_notes sync_search sync_texts");
      assertThat(each.db().rows("SELECT note FROM sync_queue")).containsExactly("1");
      assertThat(each.db().value("SELECT sql FROM sqlite_master WHERE name='sync_search'"))
          .isEqualTo(TRIGGER);
    }
  }

  @Test
  void leaving_takes_out_what_is_ours_and_nothing_else() {
    everybodyHasAQueue();
    anna.syncWell();
    DatabaseFile.detach(anna.db().file(), java.time.Duration.ofSeconds(1), false);
    assertThat(
            anna.db().rows("SELECT name FROM sqlite_master WHERE name LIKE 'sync%' ORDER BY name"))
        .containsExactly("sync_queue", "sync_queue_notes", "sync_search", "sync_texts");
  }

  @Test
  void an_application_may_have_taken_the_very_name_of_one_of_our_triggers() {
    anna.edit(
        "CREATE TABLE notes(id INTEGER PRIMARY KEY, text TEXT)",
        "CREATE TABLE log(id INTEGER PRIMARY KEY, what TEXT)",
        "CREATE TRIGGER SYNC_I_notes AFTER INSERT ON notes BEGIN INSERT INTO log(what) VALUES('new'); END");
    fleet.settle();
    anna.edit("INSERT INTO notes(id, text) VALUES(1,'a')");
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT text FROM notes")).containsExactly("a");
    assertThat(ben.db().rows("SELECT what FROM log")).containsExactly("new");
    assertThat(anna.db().hasTable("log")).isTrue();
    assertThat(anna.db().value("SELECT count(*) FROM sqlite_master WHERE name='SYNC_I_notes'"))
        .isEqualTo("1");
  }

  @Test
  void the_triggers_of_a_former_version_are_replaced() {
    everybodyHas("CREATE TABLE notes(id INTEGER PRIMARY KEY, text TEXT UNIQUE)");
    for (String kind : new String[] {"i", "u", "d"}) {
      String name = "sync_" + kind + "_notes";
      String ddl = anna.db().value("SELECT sql FROM sqlite_master WHERE name=?", name);
      anna.edit("DROP TRIGGER " + name, ddl.replace("/* tidemark */ ", ""));
    }
    String former =
        "CREATE TRIGGER \"sync_bu_gone\" BEFORE UPDATE ON notes WHEN (SELECT value FROM sync_state WHERE key='applying') IS NULL BEGIN SELECT 1; END";
    anna.edit(former);
    anna.syncWell();
    assertThat(
            anna.db()
                .rows(
                    "SELECT name FROM sqlite_master WHERE type='trigger' AND (sql NOT LIKE '%/* tidemark */%' OR name LIKE '%gone')"))
        .isEmpty();
    anna.edit("INSERT INTO notes(id, text) VALUES(1,'a')");
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT text FROM notes")).containsExactly("a");
  }

  @Test
  void the_first_master_holds_nothing_of_a_table_that_nobody_shares() {
    anna.edit(
        "CREATE TABLE notes(id INTEGER PRIMARY KEY, text TEXT)",
        "CREATE TABLE sync_queue(id INTEGER PRIMARY KEY, note TEXT)",
        "INSERT INTO sync_queue VALUES(1,'private matter')",
        "INSERT INTO notes VALUES(1,'a')");
    anna.syncWell();
    assertThat(fleet.master().hasTable("sync_queue")).isFalse();
    assertThat(fleet.master().rows("SELECT text FROM notes")).containsExactly("a");
  }

  @Test
  void a_trigger_that_has_to_be_called_otherwise_takes_no_other_tables_name() {
    anna.edit(
        "CREATE TABLE notes(id INTEGER PRIMARY KEY, text TEXT)",
        "CREATE TABLE notes_(id INTEGER PRIMARY KEY, text TEXT)",
        "CREATE TRIGGER sync_i_notes AFTER INSERT ON notes BEGIN SELECT 1; END",
        "CREATE INDEX sync_key_notes ON notes(text)");
    fleet.settle();
    anna.edit(
        "INSERT INTO notes(id, text) VALUES(1,'a')", "INSERT INTO notes_(id, text) VALUES(1,'b')");
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT text FROM notes UNION ALL SELECT text FROM notes_"))
        .containsExactly("a", "b");
    assertThat(anna.db().value("SELECT sql FROM sqlite_master WHERE name='sync_key_notes'"))
        .isEqualTo("CREATE INDEX sync_key_notes ON notes(text)");
  }
}
