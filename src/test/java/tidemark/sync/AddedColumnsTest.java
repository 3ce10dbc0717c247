package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.change.TableRule;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/** ADD COLUMN with a DEFAULT, the same or another one at several workstations. */
class AddedColumnsTest extends FleetTest {
  private static final String NOTES = "CREATE TABLE notes(id TEXT PRIMARY KEY, text TEXT)";
  private static final String ROWS =
      "INSERT INTO notes(id, text) VALUES('1','one'),('2','two'),('3','three'),('4','four')";

  private static Workstation adds(Workstation at, String column) {
    return at.edit("ALTER TABLE notes ADD COLUMN " + column);
  }

  private static List<String> colors(Workstation at) {
    return at.db().rows("SELECT id, text, color FROM notes ORDER BY id");
  }

  private void columnsMerge() {
    TableRule columns = new TableRule(null, true, List.of(), false, List.of(), false, true);
    fleet.all().forEach(each -> each.rule("notes", columns));
  }

  @Test
  void a_default_nobody_typed_beats_no_value_where_columns_merge() {
    columnsMerge();
    everybodyHas(NOTES, ROWS);
    adds(anna, "color TEXT DEFAULT 'grey'");
    adds(ben, "color TEXT DEFAULT 'grey'");
    anna.edit("UPDATE notes SET color='red', updated_at='2025-01-01 10:00:00' WHERE id='1'");
    anna.syncWell();
    ben.edit("UPDATE notes SET text='by ben', updated_at='2025-01-01 11:00:00' WHERE id='1'");
    fleet.settle().assertSame();
    assertThat(colors(cara))
        .containsExactly("1|by ben|red", "2|two|grey", "3|three|grey", "4|four|grey");
    assertThat(kinds(cara)).isEmpty();
  }

  @Test
  void of_two_defaults_neither_beats_a_value_where_columns_merge() {
    columnsMerge();
    everybodyHas(NOTES, ROWS);
    adds(anna, "color TEXT DEFAULT 'grey'");
    adds(ben, "color TEXT DEFAULT 'black'");
    ben.edit(
        "UPDATE notes SET text='by ben', updated_at='2030-01-01 11:00:00' WHERE id='1'",
        "UPDATE notes SET color='blue' WHERE id='2'");
    anna.edit("UPDATE notes SET color='red', updated_at='2025-01-01 10:00:00' WHERE id='1'");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(colors(cara))
        .containsExactly("1|by ben|red", "2|two|blue", "3|three|grey", "4|four|grey");
    assertThat(kinds(cara)).isEmpty();
  }

  /** Both ways round, with edits that waited before and edits made after. */
  private void converges(String one, String other) {
    for (boolean turned : List.of(false, true)) {
      workstationsIn(folder.resolve(one.hashCode() + "" + other.hashCode() + turned));
      everybodyHas(NOTES, ROWS);
      ben.edit("UPDATE notes SET text='before' WHERE id='1'");
      adds(anna, "color " + one);
      adds(ben, "color " + other);
      ben.edit("UPDATE notes SET color='typed' WHERE id='2'");
      (turned ? ben : anna).sync();
      anna.edit("UPDATE notes SET text='after' WHERE id='3'");
      fleet.settle().assertSame();
      assertThat(cara.db().value("SELECT color FROM notes WHERE id='2'")).isEqualTo("typed");
      ben.edit("INSERT INTO notes(id, text) VALUES('5','five')");
      anna.edit(
          "INSERT INTO notes(id, text) VALUES('6','six')",
          "UPDATE notes SET text='x' WHERE id='4'");
      fleet.settle().assertSame();
    }
  }

  @Test
  void different_constants_end_as_the_same_rows_everywhere() {
    converges("TEXT DEFAULT 'grey'", "TEXT DEFAULT 'black'");
  }

  @Test
  void no_default_and_a_constant_end_as_the_same_rows_everywhere() {
    converges("TEXT", "TEXT DEFAULT 'black'");
  }

  @Test
  void a_default_that_must_be_there_ends_as_the_same_rows_everywhere() {
    converges("TEXT NOT NULL DEFAULT 'grey'", "TEXT NOT NULL DEFAULT 'black'");
  }

  @Test
  void a_value_that_must_be_there_and_none_end_as_the_same_rows_everywhere() {
    everybodyHas(NOTES, ROWS);
    adds(anna, "color TEXT");
    adds(ben, "color TEXT NOT NULL DEFAULT 'black'");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(colors(cara))
        .containsExactly("1|one|black", "2|two|black", "3|three|black", "4|four|black");
  }

  @Test
  void an_expression_and_a_constant_end_as_the_same_rows_everywhere() {
    everybodyHas(NOTES, ROWS);
    adds(anna, "color TEXT DEFAULT 'grey'");
    ben.edit(
        "CREATE TABLE n2(id TEXT PRIMARY KEY, text TEXT, updated_at DATETIME, updated_by TEXT, synced_at DATETIME, color TEXT DEFAULT CURRENT_TIMESTAMP)",
        "INSERT INTO n2(id, text, updated_at, updated_by, synced_at) SELECT id, text, updated_at, updated_by, synced_at FROM notes",
        "DROP TABLE notes",
        "ALTER TABLE n2 RENAME TO notes");
    anna.syncWell();
    fleet.settle().assertSame();
    anna.edit("INSERT INTO notes(id) VALUES('5')");
    ben.edit("INSERT INTO notes(id) VALUES('6')");
    fleet.settle().assertSame();
  }

  @Test
  void the_workstation_whose_default_differs_is_named() {
    everybodyHas(NOTES, ROWS);
    adds(anna, "color TEXT DEFAULT 'grey'").syncWell();
    adds(ben, "color TEXT DEFAULT 'black'");
    assertThat(ben.syncWell().report().notes())
        .contains("notes.color has another DEFAULT here than at the others");
    assertThat(anna.syncWell().report().notes()).isEmpty();
    assertThat(cara.syncWell().report().notes()).isEmpty();
    fleet.settle().assertSame();
  }

  @Test
  void a_column_the_application_makes_later_takes_the_ledgers_default() {
    everybodyHas(NOTES, ROWS);
    ben.addShape = false;
    adds(anna, "color TEXT DEFAULT 'grey'").edit("UPDATE notes SET color='red' WHERE id='1'");
    anna.syncWell();
    ben.sync();
    adds(ben, "color TEXT DEFAULT 'black'").syncWell();
    fleet.settle().assertSame();
    assertThat(colors(ben))
        .containsExactly("1|one|red", "2|two|grey", "3|three|grey", "4|four|grey");
  }

  @Test
  void who_joins_with_a_default_of_its_own_has_the_same_rows() {
    anna.edit(NOTES, ROWS);
    anna.syncWell();
    adds(anna, "color TEXT DEFAULT 'grey'").syncWell();
    ben.edit(
        "CREATE TABLE notes(id TEXT PRIMARY KEY, text TEXT, color TEXT DEFAULT 'black')", ROWS);
    ben.syncWell();
    fleet.settle().assertSame();
  }
}
