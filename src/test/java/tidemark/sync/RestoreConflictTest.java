package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.change.Failure;
import tidemark.change.Row;
import tidemark.past.ResolutionTest;
import tidemark.testing.PairTest;
import tidemark.testing.Workstation;

/** The loser of a conflict comes back with one command, as an edit like any other. */
class RestoreConflictTest extends PairTest {
  @BeforeEach
  void twoWorkstations() {
    everybodyHas(
        "CREATE TABLE quotes(quoteId TEXT PRIMARY KEY, name TEXT, data BLOB)",
        "CREATE TABLE lines(lineId TEXT PRIMARY KEY, quoteId TEXT REFERENCES quotes(quoteId) ON DELETE CASCADE)",
        "CREATE TABLE numbers(id INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT UNIQUE, name TEXT)",
        "CREATE TABLE items(id INTEGER PRIMARY KEY AUTOINCREMENT, numberId INTEGER REFERENCES numbers(id) ON DELETE CASCADE, text TEXT)",
        "INSERT INTO quotes VALUES('Q1','first',NULL)");
  }

  private static void restore(Workstation workstation) {
    ResolutionTest.at(workstation).restore(conflict(workstation));
  }

  private static String conflict(Workstation workstation) {
    return workstation.db().value("SELECT id FROM sync_conflicts ORDER BY timestamp DESC LIMIT 1");
  }

  private void benThenAnna(String bens, String annas) {
    ben.edit(bens);
    anna.edit(annas); // later
    ben.syncWell();
    fleet.settle().assertSame();
  }

  @Test
  void a_row_that_lost_comes_back_bit_for_bit_under_the_name_of_who_brought_it() {
    benThenAnna(
        "UPDATE quotes SET name='bens', data=x'00ff'", "UPDATE quotes SET name='annas', data=-0.5");
    restore(anna);
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT name, quote(data), updated_by FROM quotes"))
        .isEqualTo("bens|X'00FF'|anna");
    assertThat(ben.db().value("SELECT resolution, resolved_by FROM sync_conflicts"))
        .isEqualTo("restored|anna");
  }

  @Test
  void it_can_come_back_at_any_workstation_and_with_other_values() {
    benThenAnna("UPDATE quotes SET name='bens'", "UPDATE quotes SET name='annas'");
    ResolutionTest.at(ben).restore(conflict(ben), Row.of(Map.of("name", "bens, better")));
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT name FROM quotes")).isEqualTo("bens, better");
    assertThatThrownBy(
            () -> ResolutionTest.at(ben).restore(conflict(ben), Row.of(Map.of("nome", "x"))))
        .hasMessageContaining("no column nome");
    assertThatThrownBy(
            () -> ResolutionTest.at(ben).restore(conflict(ben), Row.of(Map.of("quoteId", "Q9"))))
        .hasMessageContaining("key");
  }

  @Test
  void an_edit_that_lost_against_a_delete_comes_back() {
    benThenAnna("UPDATE quotes SET name='bens'", "DELETE FROM quotes");
    assertThat(ben.db().value("SELECT count(*) FROM quotes")).isEqualTo("0");
    restore(ben);
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT name FROM quotes")).isEqualTo("bens");
  }

  @Test
  void a_delete_that_lost_deletes_with_the_children_the_application_would_delete() {
    benThenAnna("DELETE FROM quotes", "UPDATE quotes SET name='annas'");
    anna.edit("INSERT INTO lines(lineId, quoteId) VALUES('L1','Q1')");
    restore(anna);
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT count(*) FROM quotes")).isEqualTo("0");
    assertThat(ben.db().value("SELECT count(*) FROM lines")).isEqualTo("0");
    assertThatThrownBy(() -> restore(anna)).hasMessageContaining("deleted already");
  }

  @Test
  void a_row_whose_parent_is_gone_says_so_and_nothing_is_changed() {
    anna.edit(
        "INSERT INTO quotes(quoteId) VALUES('Q2')",
        "INSERT INTO lines(lineId, quoteId) VALUES('L1',NULL)");
    fleet.settle();
    benThenAnna("UPDATE lines SET quoteId='Q1'", "UPDATE lines SET quoteId='Q2'");
    fleet.settle();
    anna.edit("DELETE FROM quotes WHERE quoteId='Q1'");
    fleet.settle();
    assertThatThrownBy(() -> restore(ben)).hasMessageContaining("its parent quotes");
    assertThat(ben.db().value("SELECT quoteId FROM lines")).isEqualTo("Q2");
    assertThat(ben.db().value("SELECT resolution FROM sync_conflicts")).isEqualTo("auto");
  }

  private void twoNumbers() {
    anna.edit(
        "INSERT INTO numbers(id, number, name) VALUES(20,'N7','annas')",
        "INSERT INTO items(id, numberId, text) VALUES(200,20,'annas item')");
    anna.syncWell();
    ben.edit(
        "INSERT INTO numbers(id, number, name) VALUES(10,'N7','bens')",
        "INSERT INTO items(id, numberId, text) VALUES(100,10,'bens item')");
  }

  private String held(Workstation workstation) {
    return String.join(
        ",",
        workstation
            .db()
            .rows(
                "SELECT number||'='||n.name||':'||coalesce(text,'') FROM numbers n LEFT JOIN items i ON i.numberId=n.id ORDER BY 1"));
  }

  @Test
  void a_loser_of_a_unique_value_swaps_places_with_the_winner_and_back() {
    twoNumbers();
    fleet.settle().assertSame();
    String winner = held(anna);
    String loser = winner.contains("annas") ? "N7=bens:bens item" : "N7=annas:annas item";
    restore(anna);
    fleet.settle().assertSame();
    assertThat(held(ben)).isEqualTo(loser);
    assertThat(ben.db().value("SELECT count(*) FROM items")).isEqualTo("1");
    restore(ben);
    fleet.settle().assertSame();
    assertThat(held(anna)).isEqualTo(winner);
  }

  @Test
  void a_loser_of_a_unique_value_comes_back_beside_the_winner_under_another_value() {
    twoNumbers();
    fleet.settle().assertSame();
    assertThatThrownBy(
            () -> ResolutionTest.at(ben).restore(conflict(ben), Row.of(Map.of("name", "x"))))
        .hasMessageContaining("UNIQUE");
    ResolutionTest.at(ben).restore(conflict(ben), Row.of(Map.of("number", "N8")));
    fleet.settle().assertSame();
    assertThat(held(anna))
        .contains("annas item")
        .contains("bens item")
        .contains("N7")
        .contains("N8");
  }

  @Test
  void a_loser_whose_number_belongs_to_another_record_by_now_takes_a_free_one_with_its_children() {
    twoNumbers();
    ben.clock().setError(java.time.Duration.ZERO);
    fleet.settle().assertSame();
    boolean bensWon = held(anna).contains("bens");
    int lost = bensWon ? 20 : 10;
    Workstation third = fleet.workstation("carl");
    third.syncWell();
    third.edit(
        "INSERT INTO numbers(id, number, name) VALUES(" + lost + ",'N9','carls')",
        "INSERT INTO items(id, numberId, text) VALUES("
            + lost * 10
            + ","
            + lost
            + ",'carls item')");
    fleet.settle().assertSame();
    ResolutionTest.at(anna).restore(conflict(anna), Row.of(Map.of("number", "N8")));
    fleet.settle().assertSame();
    assertThat(held(ben)).contains("N9=carls:carls item");
    assertThat(held(ben)).contains(bensWon ? "N8=annas:annas item" : "N8=bens:bens item");
    assertThat(ben.db().value("SELECT count(*) FROM numbers")).isEqualTo("3");
    assertThat(ben.db().value("SELECT count(*) FROM items")).isEqualTo("3");
  }

  @Test
  void a_lost_delete_does_not_come_back_while_rows_refer_to_the_row_though_that_is_checked_last() {
    anna.edit(
        "CREATE TABLE notes(id TEXT PRIMARY KEY, quoteId TEXT REFERENCES quotes(quoteId) DEFERRABLE INITIALLY DEFERRED)");
    fleet.settle();
    benThenAnna("DELETE FROM quotes", "UPDATE quotes SET name='annas'");
    anna.edit("INSERT INTO notes(id,quoteId) VALUES('n','Q1')");
    assertThatThrownBy(() -> restore(anna))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("refers to one which is not there");
    assertThat(anna.db().value("SELECT name FROM quotes")).isEqualTo("annas");
    assertThat(anna.db().value("SELECT resolution FROM sync_conflicts")).isEqualTo("auto");
  }
}
