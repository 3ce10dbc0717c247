package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.change.ConflictRule;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/** Children that spell their parent's key as only the parent's collation takes for the same. */
class OtherSpellingsTest extends FleetTest {
  private static final String HOUSES =
      "CREATE TABLE houses(id TEXT COLLATE NOCASE PRIMARY KEY, plate TEXT UNIQUE)";
  private static final String ROOMS =
      "CREATE TABLE rooms(id TEXT PRIMARY KEY, house TEXT REFERENCES houses(id) ON DELETE CASCADE)";

  private static List<String> ids(Workstation at, String table) {
    return at.db().rows("SELECT id FROM " + table + " ORDER BY id");
  }

  @BeforeEach
  void everybodyHasAHouse() {
    everybodyHas(HOUSES, ROOMS, "INSERT INTO houses(id, plate) VALUES('ABC','1')");
  }

  @Test
  void parent_and_child_arrive_and_go() {
    anna.edit(
        "INSERT INTO houses(id, plate) VALUES('Def','2')",
        "INSERT INTO rooms(id, house) VALUES('R','dEF'), ('S','abc')");
    fleet.settle().assertSame();
    assertThat(cara.db().rows("SELECT id, house FROM rooms ORDER BY id"))
        .containsExactly("R|dEF", "S|abc");
    ben.edit("DELETE FROM houses WHERE id='def'");
    fleet.settle().assertSame();
    assertThat(ids(cara, "rooms")).containsExactly("S");
    assertThat(kinds(cara)).isEmpty();
  }

  @Test
  void a_parent_deleted_while_someone_adds_a_child_comes_back() {
    anna.edit("DELETE FROM houses");
    anna.syncWell();
    ben.edit("INSERT INTO rooms(id, house) VALUES('R','abc')");
    fleet.settle().assertSame();
    assertThat(ids(cara, "houses")).containsExactly("ABC");
    assertThat(cara.db().rows("SELECT id, house FROM rooms")).containsExactly("R|abc");
    assertThat(kinds(anna)).containsExactly("foreign key|local");
  }

  @Test
  void it_comes_back_too_when_the_child_was_posted_first() {
    ben.edit("INSERT INTO rooms(id, house) VALUES('R','abc')");
    ben.syncWell();
    anna.edit("DELETE FROM houses");
    fleet.settle().assertSame();
    assertThat(ids(cara, "houses")).containsExactly("ABC");
    assertThat(cara.db().rows("SELECT id, house FROM rooms")).containsExactly("R|abc");
    assertThat(kinds(ben)).containsExactly("foreign key|remote");
  }

  @Test
  void many_parents_deleted_while_someone_adds_children_come_back() {
    for (int i = 0; i < 10; i++) {
      anna.edit("INSERT INTO houses(id, plate) VALUES('House" + i + "','p" + i + "')");
    }
    fleet.settle();
    anna.edit("DELETE FROM houses");
    anna.syncWell();
    for (int i = 0; i < 10; i++) {
      ben.edit("INSERT INTO rooms(id, house) VALUES('R" + i + "','HOUSE" + i + "')");
    }
    fleet.settle().assertSame();
    assertThat(ids(cara, "houses")).hasSize(10).contains("House7");
    assertThat(ids(cara, "rooms")).hasSize(10);
  }

  @Test
  void a_parent_spelled_anew_keeps_its_children() {
    anna.edit("INSERT INTO rooms(id, house) VALUES('R','abc')");
    fleet.settle();
    ben.edit("UPDATE houses SET id='Abc'");
    cara.edit("INSERT INTO rooms(id, house) VALUES('S','ABC')");
    fleet.settle().assertSame();
    assertThat(ids(anna, "houses")).containsExactly("Abc");
    assertThat(ids(anna, "rooms")).containsExactly("R", "S");
  }

  @Test
  void a_parent_that_cannot_come_back_leaves_its_child_in_a_conflict() {
    anna.edit("DELETE FROM houses", "INSERT INTO houses(id, plate) VALUES('H2','1')");
    anna.syncWell();
    ben.edit("INSERT INTO rooms(id, house) VALUES('R','abc')");
    fleet.settle().assertSame();
    assertThat(ids(cara, "houses")).containsExactly("H2");
    assertThat(ids(cara, "rooms")).isEmpty();
    assertThat(data(anna, "local_data", "foreign key")).contains("\"R\"");
  }

  @Test
  void a_manual_conflict_holds_the_new_children_of_its_row() {
    fleet.all().forEach(each -> each.conflicts = ConflictRule.MANUAL);
    anna.edit("UPDATE houses SET plate='anna'");
    anna.syncWell();
    ben.edit("UPDATE houses SET plate='ben'", "INSERT INTO rooms(id, house) VALUES('R','abc')");
    assertThat(ben.sync().status()).isEqualTo("partial");
    cara.syncWell();
    assertThat(ids(cara, "rooms")).isEmpty();
  }

  @Test
  void the_loser_of_a_unique_value_is_kept_with_its_children() {
    anna.edit(
        "INSERT INTO houses(id, plate) VALUES('X','7')",
        "INSERT INTO rooms(id, house) VALUES('Q','x')");
    anna.syncWell();
    ben.edit(
        "INSERT INTO houses(id, plate) VALUES('Y','7')",
        "INSERT INTO rooms(id, house) VALUES('R','y')");
    fleet.settle().assertSame();
    assertThat(cara.db().rows("SELECT * FROM pragma_foreign_key_check")).isEmpty();
    assertThat(
            cara.db()
                .value("SELECT local_data||remote_data FROM sync_conflicts WHERE kind='unique'"))
        .contains("sync_children", "\"Q\"");
  }

  @Test
  void a_reference_may_spell_the_names_of_its_parent_in_another_case_too() {
    anna.edit(
        "CREATE TABLE boxes(id TEXT PRIMARY KEY, house TEXT REFERENCES Houses(ID) ON DELETE CASCADE)",
        "INSERT INTO boxes(id, house) VALUES('B','abc')");
    fleet.settle();
    anna.edit("DELETE FROM houses");
    anna.syncWell();
    ben.edit("INSERT INTO boxes(id, house) VALUES('C','abc')");
    fleet.settle().assertSame();
    assertThat(ids(cara, "houses")).containsExactly("ABC");
    assertThat(ids(cara, "boxes")).containsExactly("C");
  }

  @Test
  void rows_of_one_table_are_posted_parents_first() {
    anna.edit(
        "CREATE TABLE parts(id TEXT COLLATE NOCASE PRIMARY KEY, of_part TEXT REFERENCES parts(id))",
        "INSERT INTO parts(id, of_part) VALUES('Z', NULL), ('Y','z'), ('X','y')",
        "INSERT INTO parts(id, of_part) VALUES('A','x')");
    anna.syncWell();
    List<String> posted =
        anna.ledger().read(head()).changes().stream().map(c -> c.key().toString()).toList();
    assertThat(posted).containsSubsequence("Z", "Y", "X", "A");
    fleet.settle().assertSame();
  }

  private long head() {
    long head = 0;
    while (anna.ledger().read(head + 1) != null) {
      head++;
    }
    return head;
  }
}
