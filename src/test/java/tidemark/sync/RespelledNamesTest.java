package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.ConflictRule;
import tidemark.change.Json;
import tidemark.change.TableRule;
import tidemark.look.DatabaseStatus;
import tidemark.look.Status;
import tidemark.look.Verify;
import tidemark.past.Feed;
import tidemark.past.FeedItem;
import tidemark.past.Resolution;
import tidemark.past.RewindScope;
import tidemark.past.Rollback;
import tidemark.run.Copies;
import tidemark.run.Request;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/** An update of the application may spell the names of its tables and columns otherwise. */
class RespelledNamesTest extends FleetTest {
  private static final String NOTES =
      "CREATE TABLE notes(id TEXT PRIMARY KEY, Total INTEGER DEFAULT 5, word TEXT)";
  private static final String ROWS =
      "INSERT INTO notes(id, Total, word) VALUES('a',5,'one'),('b',2,'two')";

  private static final String[] RENAMED = {
    "ALTER TABLE notes RENAME COLUMN id TO ID", "ALTER TABLE notes RENAME COLUMN Total TO TOTAL"
  };

  /** As most migrations do it. */
  private static final String[] REBUILT = {
    "CREATE TABLE next(ID TEXT PRIMARY KEY, TOTAL INTEGER DEFAULT 5, word TEXT, updated_at, updated_by, synced_at)",
    "INSERT INTO next SELECT id, Total, word, updated_at, updated_by, synced_at FROM notes",
    "DROP TABLE notes",
    "ALTER TABLE next RENAME TO Notes"
  };

  private long entries() {
    long entries = 0;
    while (anna.ledger().read(entries + 1) != null) {
      entries++;
    }
    return entries;
  }

  private static List<String> rows(Workstation at) {
    return at.db().rows("SELECT id, total, word FROM notes ORDER BY id");
  }

  private void allHave(String... rows) {
    for (Workstation each : fleet.all()) {
      each.syncWell();
      assertThat(rows(each)).as(each.name()).containsExactly(rows);
    }
    assertThat(fleet.master().rows("SELECT id, total, word FROM notes ORDER BY id"))
        .containsExactly(rows);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_key_spelt_otherwise_is_the_same_key_and_no_row_is_edited_by_it(boolean rebuilt) {
    everybodyHas(NOTES, ROWS);
    long before = entries();
    anna.edit(rebuilt ? REBUILT : RENAMED);
    assertThat(anna.syncWell().report().totalPushed()).isZero();
    assertThat(entries()).isEqualTo(before);
    ben.edit("UPDATE notes SET Total=20 WHERE id='b'");
    anna.edit("UPDATE notes SET word='uno' WHERE ID='a'");
    fleet.settle();
    allHave("a|5|uno", "b|20|two");
    anna.edit("DELETE FROM notes WHERE id='a'");
    ben.edit("INSERT INTO notes(id, word) VALUES('c','three')");
    fleet.settle();
    allHave("b|20|two", "c|5|three");
    assertThat(kinds(cara)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void what_was_edited_on_both_sides_of_it_is_carried(boolean rebuilt) {
    everybodyHas(NOTES, ROWS);
    anna.edit("UPDATE notes SET Total=11 WHERE id='a'");
    anna.edit(rebuilt ? REBUILT : RENAMED);
    anna.edit("UPDATE notes SET total=22 WHERE id='b'");
    ben.edit("INSERT INTO notes(id, word) VALUES('c','three')");
    fleet.settle();
    allHave("a|11|one", "b|22|two", "c|5|three");
    assertThat(kinds(cara)).isEmpty();
  }

  @Test
  void it_is_not_told_of_as_trouble_before_the_next_sync_either() {
    everybodyHas(NOTES, ROWS);
    anna.edit(REBUILT);
    DatabaseStatus status = new Status(anna.plan(), anna.ledger()).look();
    assertThat(status.tables().values()).allMatch(table -> table.refused() == null);
    assertThat(status.tables()).hasSize(1);
    assertThat(status.pendingChanges()).isZero();
  }

  @Test
  void columns_merge_one_by_one_whatever_they_are_spelt_like() {
    fleet
        .all()
        .forEach(
            each ->
                each.rule(
                    "notes", new TableRule(null, true, List.of(), false, List.of(), false, true)));
    everybodyHas(NOTES, ROWS);
    anna.edit("UPDATE notes SET Total=11 WHERE id='a'");
    anna.edit(RENAMED);
    ben.edit("UPDATE notes SET word='uno' WHERE id='a'");
    ben.syncWell();
    fleet.settle();
    allHave("a|11|uno", "b|2|two");
  }

  @Test
  void a_row_that_waited_is_applied_under_the_names_of_today() {
    anna.edit(NOTES, ROWS);
    anna.syncWell();
    ben.edit("CREATE TABLE notes(id TEXT PRIMARY KEY, Total INTEGER CHECK(Total<10), word TEXT)");
    ben.syncWell();
    anna.edit("UPDATE notes SET Total=30, word='uno' WHERE id='a'");
    anna.syncWell();
    assertThat(ben.sync().status()).isEqualTo("partial");
    ben.edit(REBUILT);
    ben.syncWell();
    assertThat(rows(ben)).containsExactly("a|30|uno", "b|2|two");
    fleet.settle();
    allHave("a|30|uno", "b|2|two");
  }

  @Test
  void values_that_waited_for_a_column_land_in_it_however_it_is_spelt() {
    everybodyHas(NOTES, ROWS);
    ben.addShape = false;
    anna.edit("ALTER TABLE notes ADD COLUMN Colour TEXT", "UPDATE notes SET Colour='red'");
    anna.syncWell();
    ben.sync();
    ben.edit("ALTER TABLE notes ADD COLUMN colour TEXT");
    fleet.settle();
    assertThat(ben.db().rows("SELECT colour FROM notes")).containsExactly("red", "red");
    assertThat(cara.db().rows("SELECT colour FROM notes")).containsExactly("red", "red");
  }

  @Test
  void the_loser_of_a_conflict_comes_back_whole_where_names_are_spelt_otherwise() {
    everybodyHas(NOTES, ROWS);
    cara.edit(REBUILT);
    ben.edit("UPDATE notes SET Total=20, word='ben' WHERE id='a'");
    anna.edit("UPDATE notes SET Total=10, word='anna' WHERE id='a'");
    fleet.settle();
    allHave("a|10|anna", "b|2|two");
    String id = cara.db().value("SELECT id FROM sync_conflicts WHERE kind='update'");
    new Resolution(cara.plan(), cara.clock()).restore(id);
    fleet.settle();
    allHave("a|20|ben", "b|2|two");
  }

  @Test
  void it_comes_back_with_a_value_that_somebody_gives_in_any_spelling() {
    everybodyHas(NOTES, ROWS);
    ben.edit("UPDATE notes SET Total=20, word='ben' WHERE id='a'");
    anna.edit("UPDATE notes SET Total=10, word='anna' WHERE id='a'");
    fleet.settle();
    cara.edit(RENAMED);
    String id = cara.db().value("SELECT id FROM sync_conflicts WHERE kind='update'");
    new Resolution(cara.plan(), cara.clock()).restore(id, Json.row("{\"total\":21}"));
    fleet.settle();
    allHave("a|21|ben", "b|2|two");
  }

  @Test
  void a_difference_is_found_under_whatever_name() {
    everybodyHas(NOTES, ROWS);
    anna.edit(REBUILT);
    anna.syncWell();
    anna.db().execute("INSERT INTO sync_state(key, value) VALUES('applying','x')");
    anna.db().execute("UPDATE notes SET total=99 WHERE id='b'");
    anna.db().execute("DELETE FROM sync_state WHERE key='applying'");
    assertThat(new Verify(anna.plan(), anna.ledger(), anna.clock()).run())
        .anyMatch(findings -> !findings.areNone());
  }

  @Test
  void the_audit_trail_tells_what_was_before_under_whatever_name() {
    everybodyHas(NOTES, ROWS);
    anna.edit(REBUILT);
    anna.edit("UPDATE notes SET total=7 WHERE id='b'");
    anna.syncWell();
    List<FeedItem> items = new ArrayList<>();
    new Feed(ben.plan(), ben.ledger())
        .each(new Feed.Filter("notes", "b", null, null, 1), items::add);
    assertThat(items).hasSize(1);
    assertThat(items.get(0).before()).isNotNull();
    assertThat(items.get(0).before().get("total")).isEqualTo(2L);
    assertThat(items.get(0).after().get("total")).isEqualTo(7L);
  }

  @Test
  void who_joins_with_other_spellings_can_bring_back_what_was_lost_before() {
    anna.edit(NOTES, ROWS);
    anna.syncWell();
    ben.syncWell();
    ben.edit("UPDATE notes SET Total=20, word='ben' WHERE id='a'");
    anna.edit("UPDATE notes SET Total=10, word='anna' WHERE id='a'");
    anna.syncWell();
    ben.syncWell();
    anna.syncWell();
    fleet.age(Duration.ofDays(200));
    anna.syncWell(); // retires them: who joins now begins with a snapshot
    cara.edit(NOTES.replace("notes", "Notes").replace("Total", "TOTAL"));
    fleet.settle();
    String id = cara.db().value("SELECT id FROM sync_conflicts WHERE kind='update'");
    new Resolution(cara.plan(), cara.clock()).restore(id);
    fleet.settle();
    allHave("a|20|ben", "b|2|two");
  }

  @Test
  void going_back_finds_the_rows_of_a_table_that_was_spelt_otherwise_then() {
    everybodyHas(NOTES, ROWS);
    long then = entries();
    anna.edit(REBUILT);
    anna.edit("UPDATE notes SET total=7 WHERE id='b'", "DELETE FROM notes WHERE id='a'");
    anna.syncWell();
    new Rollback(anna.plan(), anna.ledger(), anna.clock(), Copies.NONE)
        .run(Rollback.Moment.of(then), RewindScope.ALL, Request.byHand(ConflictRule.NEWEST));
    fleet.settle();
    allHave("a|5|one", "b|2|two");
  }
}
