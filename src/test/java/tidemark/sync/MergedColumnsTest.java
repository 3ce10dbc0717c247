package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tidemark.change.ConflictRule;
import tidemark.change.TableRule;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/** `merge: columns`: only columns changed on both sides conflict. */
@Tag("anyplace")
class MergedColumnsTest extends FleetTest {
  private static final String NOTES =
      "CREATE TABLE notes(id TEXT PRIMARY KEY, a TEXT, b TEXT, c TEXT, d INTEGER DEFAULT 0)";
  private static final String NOTE = "INSERT INTO notes(id, a, b, c) VALUES('N','a','b','c')";

  @BeforeEach
  void columnsMerge() {
    rule(null);
  }

  private void rule(ConflictRule rule) {
    TableRule columns = new TableRule(rule, true, List.of(), false, List.of(), false, true);
    fleet.all().forEach(each -> each.rule("notes", columns));
  }

  private String note(Workstation at) {
    return at.db().value("SELECT a, b, c FROM notes");
  }

  @Test
  void edits_of_different_columns_merge() {
    everybodyHas(NOTES, NOTE);
    anna.edit("UPDATE notes SET a='anna'");
    ben.edit("UPDATE notes SET b='ben'");
    fleet.settle().assertSame();
    assertThat(note(cara)).isEqualTo("anna|ben|c");
    assertThat(kinds(cara)).isEmpty();
  }

  @Test
  void three_workstations_in_a_row_merge_into_one_row() {
    everybodyHas(NOTES, NOTE);
    anna.edit("UPDATE notes SET a='anna'");
    ben.edit("UPDATE notes SET b='ben'");
    cara.edit("UPDATE notes SET c=NULL, d=7");
    fleet.settle().assertSame();
    assertThat(note(anna)).isEqualTo("anna|ben|null");
    assertThat(anna.db().value("SELECT d FROM notes")).isEqualTo("7");
    anna.edit("UPDATE notes SET b='again'");
    ben.edit("UPDATE notes SET c='full'");
    fleet.settle().assertSame();
    assertThat(note(cara)).isEqualTo("anna|again|full");
    assertThat(kinds(cara)).isEmpty();
  }

  @Test
  void a_column_changed_on_both_sides_goes_by_the_rule_and_the_others_merge() {
    everybodyHas(NOTES, NOTE);
    anna.edit("UPDATE notes SET a='anna', b='anna', updated_at='2025-06-01 11:00:00'");
    anna.syncWell();
    ben.edit("UPDATE notes SET b='ben', c='ben', updated_at='2025-06-01 10:00:00'");
    fleet.settle().assertSame();
    assertThat(note(cara)).isEqualTo("anna|anna|ben");
    assertThat(kinds(anna)).containsExactly("update|remote");
    assertThat(data(anna, "local_data", "update")).contains("\"ben\"");
    ben.edit("UPDATE notes SET a='ben', updated_at='2025-06-01 13:00:00'");
    anna.edit("UPDATE notes SET a='anna again', updated_at='2025-06-01 12:00:00'");
    fleet.settle().assertSame();
    assertThat(note(cara)).isEqualTo("ben|anna|ben");
    assertThat(kinds(anna)).containsExactly("update|local", "update|remote");
  }

  @Test
  void the_same_change_of_a_column_on_both_sides_is_no_conflict() {
    everybodyHas(NOTES, NOTE);
    anna.edit("UPDATE notes SET a='same', b='anna'");
    ben.edit("UPDATE notes SET a='same', c='ben'");
    fleet.settle().assertSame();
    assertThat(note(cara)).isEqualTo("same|anna|ben");
    assertThat(kinds(cara)).isEmpty();
  }

  @Test
  void a_delete_against_an_edit_is_a_conflict_of_the_whole_row() {
    everybodyHas(NOTES, NOTE);
    anna.edit("DELETE FROM notes");
    anna.syncWell();
    ben.edit("UPDATE notes SET b='ben', updated_at='2025-01-01 10:00:00'");
    fleet.settle().assertSame();
    assertThat(note(cara)).isEqualTo("nothing");
    assertThat(kinds(anna)).containsExactly("delete|remote");
    assertThat(data(anna, "local_data", "delete")).contains("\"ben\"");
  }

  @Test
  void edits_after_the_merge_and_before_the_posting_are_merged_again() {
    everybodyHas(NOTES, NOTE);
    anna.edit("UPDATE notes SET a='anna'");
    anna.syncWell();
    ben.edit("UPDATE notes SET b='ben'");
    ben.sync(tidemark.change.Direction.PULL);
    assertThat(note(ben)).isEqualTo("anna|ben|c");
    ben.edit("UPDATE notes SET c='ben'");
    cara.edit("UPDATE notes SET a='cara', updated_at='2036-01-01 10:00:00'");
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(note(anna)).isEqualTo("cara|ben|ben");
  }

  @Test
  void with_the_rule_manual_only_an_overlap_waits() {
    everybodyHas(NOTES, NOTE);
    rule(ConflictRule.MANUAL);
    anna.edit("UPDATE notes SET a='anna'");
    ben.edit("UPDATE notes SET b='ben'");
    fleet.settle().assertSame();
    assertThat(note(cara)).isEqualTo("anna|ben|c");
    anna.edit("UPDATE notes SET a='anna 2'");
    anna.syncWell();
    ben.edit("UPDATE notes SET a='ben 2'");
    assertThat(ben.sync().status()).isEqualTo("partial");
    assertThat(note(ben)).isEqualTo("ben 2|ben|c");
  }

  @Test
  void a_merged_row_that_the_table_refuses_is_a_conflict_of_the_whole_row() {
    everybodyHas(
        "CREATE TABLE notes(id TEXT PRIMARY KEY, a INTEGER, b INTEGER, c TEXT, CHECK(a<b))",
        "INSERT INTO notes(id, a, b, c) VALUES('N', 1, 10, 'c')");
    anna.edit("UPDATE notes SET a=5, updated_at='2025-06-01 11:00:00'");
    anna.syncWell();
    ben.edit("UPDATE notes SET b=3, updated_at='2025-06-01 10:00:00'");
    fleet.settle().assertSame();
    assertThat(note(cara)).isEqualTo("5|10|c");
    assertThat(kinds(cara)).containsExactly("update|remote");
    assertThat(data(cara, "local_data", "update")).contains("\"b\":3");
  }

  @Test
  void a_merged_row_whose_unique_value_is_taken_here_stops_nobody() {
    everybodyHas(
        "CREATE TABLE notes(id TEXT PRIMARY KEY, a TEXT UNIQUE, b TEXT, c TEXT)",
        "INSERT INTO notes(id, a, b, c) VALUES('N','a','b','c')");
    anna.edit("UPDATE notes SET a='taken', updated_at='2025-06-01 11:00:00'");
    anna.syncWell();
    ben.edit(
        "UPDATE notes SET b='ben', updated_at='2025-06-01 10:00:00'",
        "INSERT INTO notes(id, a, updated_at) VALUES('M','taken','2025-06-01 10:00:00')");
    fleet.settle().assertSame();
    assertThat(cara.db().rows("SELECT id, a FROM notes")).containsExactly("N|taken");
    assertThat(cara.db().rows("SELECT local_data FROM sync_conflicts").toString())
        .contains("\"M\"");
  }

  @Test
  void a_merge_that_waits_for_a_value_others_give_up_goes_through() {
    everybodyHas(
        "CREATE TABLE notes(id TEXT PRIMARY KEY, a TEXT UNIQUE, b TEXT, c TEXT)",
        "INSERT INTO notes(id, a, b, c) VALUES('N','1','b','c'),('Z','2','b','c')");
    anna.edit(
        "UPDATE notes SET a='x' WHERE id='Z'",
        "UPDATE notes SET a='2' WHERE id='N'",
        "UPDATE notes SET a='1' WHERE id='Z'");
    anna.syncWell();
    ben.edit("UPDATE notes SET b='ben' WHERE id='N'", "UPDATE notes SET c='ben' WHERE id='Z'");
    fleet.settle().assertSame();
    assertThat(cara.db().rows("SELECT id, a, b, c FROM notes ORDER BY id"))
        .containsExactly("N|2|ben|c", "Z|1|b|ben");
  }
}
