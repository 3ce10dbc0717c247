package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tidemark.change.ConflictRule;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/** Conflicts that wait for a person, while life goes on. */
@Tag("anyplace")
class ManualConflictsTest extends FleetTest {
  private static final String NOTES =
      "CREATE TABLE notes(id TEXT PRIMARY KEY, text TEXT, more TEXT)";
  private static final String NOTE = "INSERT INTO notes(id, text) VALUES('N','first')";

  @BeforeEach
  void peopleChoose() {
    fleet.all().forEach(each -> each.conflicts = ConflictRule.MANUAL);
  }

  /** Ben's edit waits. */
  private void benWaits() {
    everybodyHas(NOTES, NOTE);
    anna.edit("UPDATE notes SET text='anna'");
    anna.syncWell();
    ben.edit("UPDATE notes SET text='ben'");
    assertThat(ben.sync().status()).isEqualTo("partial");
  }

  private static String text(Workstation at) {
    return at.db().value("SELECT text FROM notes");
  }

  private static List<String> open(Workstation at) {
    return at.db()
        .rows(
            "SELECT json_extract(local_data,'$.text'), json_extract(remote_data,'$.text') FROM sync_conflicts WHERE resolved=0");
  }

  /** As a resolution does: the choice is an edit of the conflict, to be posted. */
  private static void choose(Workstation at, String winner) {
    at.db()
        .update(
            "UPDATE sync_conflicts SET resolved=1, resolution=?, winner=?, entry=NULL, resolved_by='somebody', resolved_at=datetime('now') WHERE resolved=0",
            winner,
            winner);
  }

  @Test
  void both_rows_wait_named_run_after_run_and_everybody_knows() {
    benWaits();
    for (int run = 0; run < 3; run++) {
      DatabaseSync.Outcome outcome = ben.sync();
      assertThat(outcome.status()).isEqualTo("partial");
      assertThat(outcome.report().held().get("notes N")).contains("conflicts");
    }
    cara.syncWell();
    assertThat(text(ben)).isEqualTo("ben");
    assertThat(text(cara)).isEqualTo("anna");
    assertThat(open(cara)).containsExactly("ben|anna");
    assertThat(ben.db().value("SELECT count(*) FROM sync_conflicts")).isEqualTo("1");
  }

  @Test
  void what_else_is_edited_meanwhile_goes_through() {
    benWaits();
    ben.edit("INSERT INTO notes(id, text) VALUES('M','more')");
    ben.sync();
    cara.syncWell();
    assertThat(cara.db().value("SELECT text FROM notes WHERE id='M'")).isEqualTo("more");
  }

  @Test
  void an_open_conflict_shows_the_present_rows_when_the_waiting_one_moves_on() {
    benWaits();
    ben.edit("UPDATE notes SET text='ben 2'");
    ben.sync();
    cara.syncWell();
    assertThat(open(ben)).containsExactly("ben 2|anna");
    assertThat(open(cara)).containsExactly("ben 2|anna");
  }

  @Test
  void an_open_conflict_shows_the_present_rows_when_the_other_one_moves_on() {
    benWaits();
    anna.edit("UPDATE notes SET text='anna 2'");
    anna.syncWell();
    cara.syncWell();
    assertThat(open(cara)).hasSize(1);
    ben.sync();
    cara.syncWell();
    assertThat(text(cara)).isEqualTo("anna 2");
    assertThat(open(ben)).containsExactly("ben|anna 2");
    assertThat(open(cara)).containsExactly("ben|anna 2");
    assertThat(cara.db().value("SELECT count(*) FROM sync_conflicts")).isEqualTo("1");
  }

  @Test
  void it_is_closed_when_the_rows_become_equal_here() {
    benWaits();
    ben.edit("UPDATE notes SET text='anna'");
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(open(cara)).isEmpty();
    assertThat(cara.db().value("SELECT resolution FROM sync_conflicts")).isEqualTo("equal");
  }

  @Test
  void it_is_closed_when_the_rows_become_equal_there() {
    benWaits();
    cara.syncWell();
    cara.edit("UPDATE notes SET text='ben'");
    fleet.settle().assertSame();
    ben.syncWell();
    assertThat(open(anna)).isEmpty();
    assertThat(text(anna)).isEqualTo("ben");
  }

  @Test
  void a_row_deleted_meanwhile_is_shown_as_deleted() {
    benWaits();
    anna.edit("DELETE FROM notes");
    anna.syncWell();
    ben.sync();
    cara.syncWell();
    assertThat(open(cara)).containsExactly("ben|null");
    choose(cara, "local");
    fleet.settle().assertSame();
    assertThat(text(anna)).isEqualTo("ben");
  }

  @Test
  void an_edit_that_waits_and_is_deleted_is_still_a_choice() {
    benWaits();
    ben.edit("DELETE FROM notes");
    ben.sync();
    cara.syncWell();
    assertThat(open(cara)).containsExactly("null|anna");
    choose(cara, "local");
    fleet.settle().assertSame();
    assertThat(text(anna)).isEqualTo("nothing");
    ben.syncWell();
  }

  @Test
  void chosen_at_another_workstation_for_the_waiting_row() {
    benWaits();
    cara.syncWell();
    choose(cara, "local");
    fleet.settle().assertSame();
    assertThat(text(anna)).isEqualTo("ben");
    assertThat(anna.db().rows("SELECT winner, resolved, resolved_by FROM sync_conflicts"))
        .containsExactly("local|1|somebody");
    fleet.all().forEach(Workstation::syncWell);
  }

  @Test
  void chosen_at_another_workstation_for_the_other_row() {
    benWaits();
    cara.syncWell();
    choose(cara, "remote");
    fleet.settle().assertSame();
    assertThat(text(ben)).isEqualTo("anna");
    assertThat(data(anna, "local_data", "update")).contains("\"ben\"");
    fleet.all().forEach(Workstation::syncWell);
  }

  @Test
  void an_edit_made_after_the_choice_was_shown_is_not_chosen_away() {
    benWaits();
    cara.syncWell();
    choose(cara, "remote");
    cara.syncWell();
    ben.edit("UPDATE notes SET text='ben 2'");
    assertThat(ben.sync().status()).isEqualTo("partial");
    assertThat(text(ben)).isEqualTo("ben 2");
    assertThat(open(ben)).containsExactly("ben 2|anna");
    cara.syncWell();
    assertThat(open(cara)).containsExactly("ben 2|anna");
    choose(cara, "local");
    fleet.settle().assertSame();
    assertThat(text(anna)).isEqualTo("ben 2");
  }

  @Test
  void an_edit_of_the_other_row_made_after_the_choice_was_shown_is_not_chosen_away() {
    benWaits();
    cara.syncWell();
    choose(cara, "local");
    anna.edit("UPDATE notes SET text='anna 2'");
    anna.syncWell();
    cara.syncWell();
    assertThat(ben.sync().status()).isEqualTo("partial");
    cara.syncWell();
    assertThat(text(cara)).isEqualTo("anna 2");
    assertThat(open(cara)).containsExactly("ben|anna 2");
    choose(cara, "remote");
    fleet.settle().assertSame();
    assertThat(text(ben)).isEqualTo("anna 2");
  }

  @Test
  void chosen_at_two_workstations_differently_one_choice_holds_everywhere() {
    benWaits();
    cara.syncWell();
    anna.syncWell();
    choose(cara, "local");
    choose(anna, "remote");
    fleet.settle().assertSame();
    assertThat(open(ben)).isEmpty();
    String winner = anna.db().value("SELECT winner FROM sync_conflicts");
    assertThat(text(cara)).isEqualTo(winner.equals("local") ? "ben" : "anna");
    for (Workstation each : fleet.all()) {
      assertThat(each.db().value("SELECT winner FROM sync_conflicts")).isEqualTo(winner);
    }
  }

  @Test
  void a_choice_that_came_while_the_workstation_was_away_is_followed_with_later_entries() {
    benWaits();
    cara.syncWell();
    choose(cara, "remote");
    cara.syncWell();
    anna.edit("UPDATE notes SET text='anna 2'");
    anna.syncWell();
    ben.sync();
    cara.syncWell();
    // the choice was about another version: people look again
    assertThat(open(cara)).containsExactly("ben|anna 2");
    choose(cara, "local");
    fleet.settle().assertSame();
    assertThat(text(anna)).isEqualTo("ben");
  }

  @Test
  void a_second_conflict_of_the_row_is_one_of_its_own() {
    benWaits();
    cara.syncWell();
    choose(cara, "local");
    fleet.settle().assertSame();
    anna.edit("UPDATE notes SET text='anna 3'");
    anna.syncWell();
    ben.edit("UPDATE notes SET text='ben 3'");
    assertThat(ben.sync().status()).isEqualTo("partial");
    cara.syncWell();
    assertThat(open(cara)).containsExactly("ben 3|anna 3");
    assertThat(cara.db().value("SELECT count(*) FROM sync_conflicts")).isEqualTo("2");
  }

  @Test
  void another_rule_ends_the_waiting_and_closes_the_conflict() {
    benWaits();
    ben.conflicts = ConflictRule.LOCAL;
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(text(anna)).isEqualTo("ben");
    assertThat(open(anna)).isEmpty();
  }

  @Test
  void two_workstations_can_wait_on_one_row() {
    everybodyHas(NOTES, NOTE);
    fleet.all().forEach(each -> each.edit("UPDATE notes SET text='" + each.name() + "'"));
    anna.syncWell();
    ben.sync();
    cara.sync();
    ben.sync();
    anna.syncWell();
    assertThat(open(anna)).containsExactlyInAnyOrder("ben|anna", "cara|anna");
    anna.db()
        .update(
            "UPDATE sync_conflicts SET resolved=1, resolution='local', winner='local', entry=NULL WHERE json_extract(local_data,'$.text')='ben'");
    for (int round = 0; round < 2; round++) {
      anna.syncWell();
      ben.syncWell();
      cara.sync();
    }
    assertThat(open(anna)).containsExactly("cara|ben");
    choose(ben, "remote");
    fleet.settle().assertSame();
    assertThat(text(cara)).isEqualTo("ben");
    fleet.all().forEach(Workstation::syncWell);
  }
}
