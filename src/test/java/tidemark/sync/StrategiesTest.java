package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.change.TableRule;
import tidemark.run.Request;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/** What becomes of two edits of one row, by the rule for all tables and by a table's own. */
class StrategiesTest extends FleetTest {
  private static final String NOTES = "CREATE TABLE notes(id TEXT PRIMARY KEY, text TEXT)";
  private static final String NOTE = "INSERT INTO notes(id, text) VALUES('N','first')";

  private static TableRule own(ConflictRule rule) {
    return new TableRule(rule, false, List.of(), false, List.of(), false, true);
  }

  private void bothEdit(String annaAt, String benAt) {
    anna.edit("UPDATE notes SET text='anna', updated_at='2025-06-01 " + annaAt + "'");
    anna.syncWell();
    ben.edit("UPDATE notes SET text='ben', updated_at='2025-06-01 " + benAt + "'");
  }

  private String text(Workstation at) {
    return at.db().value("SELECT text FROM notes");
  }

  @ParameterizedTest
  @CsvSource({
    "NEWEST, 10:00:00, 11:00:00, ben, local",
    "NEWEST, 11:00:00, 10:00:00, anna, remote",
    "NEWEST, 11:00:00, 11:00:00, anna, remote",
    "MASTER, 10:00:00, 11:00:00, anna, remote",
    "LOCAL, 11:00:00, 10:00:00, ben, local"
  })
  void the_rule_for_all_decides_and_the_loser_is_known_to_everybody(
      ConflictRule rule, String annaAt, String benAt, String text, String winner) {
    everybodyHas(NOTES, NOTE);
    ben.conflicts = rule;
    bothEdit(annaAt, benAt);
    fleet.settle().assertSame();
    assertThat(text(cara)).isEqualTo(text);
    for (Workstation each : fleet.all()) {
      assertThat(
              each.db()
                  .rows("SELECT kind, winner, resolved, local_by, remote_by FROM sync_conflicts"))
          .containsExactly("update|" + winner + "|1|ben|anna");
      assertThat(data(each, "local_data", "update")).contains("\"ben\"");
      assertThat(data(each, "remote_data", "update")).contains("\"anna\"");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NEWEST, 11:00:00, 10:00:00, anna",
    "MASTER, 10:00:00, 11:00:00, anna",
    "LOCAL, 11:00:00, 10:00:00, ben"
  })
  void a_tables_own_rule_goes_before_the_rule_for_all(
      ConflictRule rule, String annaAt, String benAt, String text) {
    everybodyHas(NOTES, NOTE);
    ben.conflicts = ConflictRule.MANUAL;
    ben.rule("notes", own(rule));
    bothEdit(annaAt, benAt);
    fleet.settle().assertSame();
    assertThat(text(cara)).isEqualTo(text);
  }

  @ParameterizedTest
  @EnumSource(
      value = ConflictRule.class,
      names = {"NEWEST", "MASTER", "LOCAL"})
  void a_delete_against_an_edit_goes_by_the_same_rule(ConflictRule rule) {
    everybodyHas(NOTES, NOTE);
    ben.conflicts = rule;
    anna.edit("UPDATE notes SET text='anna', updated_at='2025-06-01 10:00:00'");
    anna.syncWell();
    ben.edit("DELETE FROM notes");
    fleet.settle().assertSame();
    boolean benWins = rule != ConflictRule.MASTER;
    assertThat(text(cara)).isEqualTo(benWins ? "nothing" : "anna");
    assertThat(kinds(anna)).containsExactly("delete|" + (benWins ? "local" : "remote"));
    assertThat(data(anna, "remote_data", "delete")).contains("\"anna\"");
  }

  @ParameterizedTest
  @EnumSource(
      value = ConflictRule.class,
      names = {"NEWEST", "MASTER", "LOCAL"})
  void an_edit_against_a_delete_goes_by_the_same_rule(ConflictRule rule) {
    everybodyHas(NOTES, NOTE);
    ben.conflicts = rule;
    anna.edit("DELETE FROM notes");
    anna.syncWell();
    ben.edit("UPDATE notes SET text='ben', updated_at='2025-06-01 10:00:00'");
    fleet.settle().assertSame();
    boolean benWins = rule == ConflictRule.LOCAL;
    assertThat(text(cara)).isEqualTo(benWins ? "ben" : "nothing");
    assertThat(kinds(anna)).containsExactly("delete|" + (benWins ? "local" : "remote"));
    assertThat(data(anna, "local_data", "delete")).contains("\"ben\"");
  }

  @Test
  void the_rule_given_for_one_run_holds_for_that_run() {
    everybodyHas(NOTES, NOTE);
    bothEdit("11:00:00", "10:00:00");
    new DatabaseSync(ben.plan(), ben.ledger(), ben.clock(), settled -> {})
        .run(new Request(java.util.Set.of(), Direction.BOTH, ConflictRule.LOCAL, "manual"));
    fleet.settle().assertSame();
    assertThat(text(cara)).isEqualTo("ben");
  }

  @Test
  void equal_rows_are_no_conflict() {
    everybodyHas(NOTES, NOTE);
    anna.edit("UPDATE notes SET text='same', updated_at='2025-06-01 10:00:00'");
    ben.edit("UPDATE notes SET text='same', updated_at='2025-06-01 11:00:00'");
    fleet.settle().assertSame();
    assertThat(kinds(cara)).isEmpty();
  }

  @Test
  void both_deleting_is_no_conflict() {
    everybodyHas(NOTES, NOTE);
    anna.edit("DELETE FROM notes");
    ben.edit("DELETE FROM notes");
    fleet.settle().assertSame();
    assertThat(kinds(cara)).isEmpty();
  }

  @Test
  void a_record_made_and_deleted_again_does_not_delete_the_one_others_made_under_its_key() {
    everybodyHas(NOTES, NOTE);
    anna.edit("DELETE FROM notes");
    fleet.settle();
    anna.edit("INSERT INTO notes(id, text, updated_at) VALUES('N','anna','2025-06-01 10:00:00')");
    ben.edit("INSERT INTO notes(id, text) VALUES('N','ben')");
    ben.edit("DELETE FROM notes");
    fleet.settle().assertSame();
    assertThat(text(cara)).isEqualTo("anna");
    assertThat(kinds(cara)).isEmpty();
  }
}
