package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/** Two quotes exchange their numbers: what becomes of their items. */
class SwappedNumbersTest extends FleetTest {
  private static final String[] SWAP = {
    "UPDATE quotes SET no='x' WHERE no='1'",
    "UPDATE quotes SET no='1' WHERE no='2'",
    "UPDATE quotes SET no='2' WHERE no='x'"
  };

  private static List<String> items(Workstation at) {
    return at.db()
        .rows("SELECT i.id, q.id FROM items i JOIN quotes q ON q.no=i.quote ORDER BY i.id");
  }

  @BeforeEach
  void quotesWithItems() {
    anna.selected = Set.of("quotes");
    anna.foreignKeys = false;
    ben.edit(
        "CREATE TABLE quotes(id TEXT PRIMARY KEY, no TEXT UNIQUE)",
        "CREATE TABLE items(id TEXT PRIMARY KEY, quote TEXT REFERENCES quotes(no) ON UPDATE CASCADE)",
        "INSERT INTO quotes(id, no) VALUES('A','1'),('B','2')",
        "INSERT INTO items(id, quote) VALUES('a','1'),('b','2')");
    ben.syncWell();
    cara.syncWell();
    anna.syncWell();
  }

  /**
   * Nobody tells whether the items were to go along: they are where a reader without rules has
   * them.
   */
  @Test
  void where_it_is_done_without_the_items_they_stay_with_the_numbers_everywhere() {
    anna.edit(SWAP);
    fleet.settle();
    assertThat(anna.db().hasTable("items")).isFalse();
    for (Workstation each : List.of(ben, cara)) {
      assertThat(items(each)).as(each.name()).containsExactly("a|B", "b|A");
      assertThat(kinds(each)).isEmpty();
    }
  }

  @Test
  void to_numbers_that_nobody_has_they_go_along_there_too() {
    anna.edit("UPDATE quotes SET no=no||'0'");
    fleet.settle();
    for (Workstation each : List.of(ben, cara)) {
      assertThat(items(each)).as(each.name()).containsExactly("a|A", "b|B");
    }
  }

  @Test
  void those_that_the_application_left_on_purpose_stay_where_it_put_them() {
    ben.foreignKeys = false;
    ben.edit(SWAP);
    fleet.settle();
    for (Workstation each : List.of(ben, cara)) {
      assertThat(items(each)).as(each.name()).containsExactly("a|B", "b|A");
    }
  }

  @Test
  void those_that_went_along_where_it_was_done_are_told_of_once() {
    ben.edit(SWAP);
    fleet.settle();
    for (Workstation each : List.of(ben, cara)) {
      assertThat(items(each)).as(each.name()).containsExactly("a|A", "b|B");
      assertThat(kinds(each)).isEmpty();
    }
  }

  @Test
  void with_a_free_number_in_between_and_a_sync_after_each_step_they_go_along_there_too() {
    for (String step : SWAP) {
      anna.edit(step);
      fleet.settle();
    }
    for (Workstation each : List.of(ben, cara)) {
      assertThat(items(each)).as(each.name()).containsExactly("a|A", "b|B");
    }
  }
}
