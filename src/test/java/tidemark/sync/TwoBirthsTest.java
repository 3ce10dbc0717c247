package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.change.TableRule;
import tidemark.past.Resolution;
import tidemark.testing.FleetTest;
import tidemark.testing.Folders;
import tidemark.testing.Workstation;

/** Two workstations, offline, were given the same number by SQLite. */
class TwoBirthsTest extends FleetTest {
  private static final String NOTES =
      "CREATE TABLE notes(id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT)";
  private static final String ORDERS =
      "CREATE TABLE orders(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT)";
  private static final String LINES =
      "CREATE TABLE lines(id INTEGER PRIMARY KEY AUTOINCREMENT, order_id INTEGER REFERENCES orders(id) ON DELETE CASCADE, text TEXT)";

  @Test
  void two_records_under_one_number_are_both_everywhere() {
    everybodyHas(NOTES);
    anna.edit("INSERT INTO notes(text) VALUES('from anna')");
    ben.edit("INSERT INTO notes(text) VALUES('from ben')");
    fleet.settle().assertSame();
    assertThat(cara.db().rows("SELECT id, text FROM notes ORDER BY id"))
        .containsExactly("1|from anna", "2|from ben");
    assertThat(cara.conflicts()).isEmpty();
  }

  @Test
  void two_equal_records_under_one_number_stay_two() {
    everybodyHas(NOTES);
    anna.edit("INSERT INTO notes(text) VALUES('the same')");
    ben.edit("INSERT INTO notes(text) VALUES('the same')");
    fleet.settle().assertSame();
    assertThat(cara.db().rows("SELECT id, text FROM notes ORDER BY id"))
        .containsExactly("1|the same", "2|the same");
  }

  @Test
  void children_follow_their_parent() {
    everybodyHas(ORDERS, LINES);
    for (Workstation each : List.of(anna, ben, cara)) {
      each.edit(
          "INSERT INTO orders(name) VALUES('order of " + each.name() + "')",
          "INSERT INTO lines(order_id, text) VALUES(1, 'first of " + each.name() + "')",
          "INSERT INTO lines(order_id, text) VALUES(1, 'second of " + each.name() + "')");
    }
    fleet.settle().assertSame();
    assertThat(
            anna.db()
                .rows(
                    "SELECT name, text FROM orders JOIN lines ON order_id=orders.id ORDER BY name, text"))
        .containsExactly(
            "order of anna|first of anna",
            "order of anna|second of anna",
            "order of ben|first of ben",
            "order of ben|second of ben",
            "order of cara|first of cara",
            "order of cara|second of cara");
  }

  @Test
  void children_follow_that_hold_their_parents_number_as_text() {
    everybodyHas(
        ORDERS,
        "CREATE TABLE pages(order_id TEXT REFERENCES orders(id), page INTEGER, text TEXT, PRIMARY KEY(order_id, page))",
        "CREATE TABLE lines(id TEXT PRIMARY KEY, order_id TEXT REFERENCES orders(id))");
    for (Workstation each : fleet.all()) {
      each.edit(
          "INSERT INTO orders(name) VALUES('" + each.name() + "')",
          "INSERT INTO pages(order_id, page, text) VALUES(1, 1, 'of " + each.name() + "')",
          "INSERT INTO lines(id, order_id) VALUES('of " + each.name() + "', 1)");
    }
    fleet.settle().assertSame();
    assertThat(
            anna.db()
                .rows(
                    "SELECT name, text, lines.id, typeof(lines.order_id) FROM orders JOIN pages ON pages.order_id=orders.id JOIN lines ON lines.order_id=orders.id ORDER BY 1"))
        .containsExactly(
            "anna|of anna|of anna|text", "ben|of ben|of ben|text", "cara|of cara|of cara|text");
    assertThat(kinds(anna)).isEmpty();
  }

  @Test
  void children_whose_key_holds_their_parents_number_follow() {
    everybodyHas(
        ORDERS,
        "CREATE TABLE pages(order_id INTEGER REFERENCES orders(id), page INTEGER, text TEXT, PRIMARY KEY(order_id, page)) WITHOUT ROWID");
    for (Workstation each : fleet.all()) {
      each.edit(
          "INSERT INTO orders(name) VALUES('" + each.name() + "')",
          "INSERT INTO pages(order_id, page, text) VALUES(1, 1, 'of " + each.name() + "')");
    }
    fleet.settle().assertSame();
    assertThat(
            anna.db().rows("SELECT name, text FROM orders JOIN pages ON order_id=id ORDER BY name"))
        .containsExactly("anna|of anna", "ben|of ben", "cara|of cara");
    assertThat(kinds(anna)).isEmpty();
  }

  @Test
  void a_record_that_refers_to_itself_and_its_children_move_together() {
    everybodyHas(
        "CREATE TABLE folders(id INTEGER PRIMARY KEY AUTOINCREMENT, parent INTEGER REFERENCES folders(id), name TEXT)");
    anna.edit(
        "INSERT INTO folders VALUES(1, 1, 'anna root',NULL,NULL,NULL)",
        "INSERT INTO folders VALUES(2, 1, 'anna leaf',NULL,NULL,NULL)");
    ben.edit(
        "INSERT INTO folders VALUES(1, 1, 'ben root',NULL,NULL,NULL)",
        "INSERT INTO folders VALUES(2, 1, 'ben leaf',NULL,NULL,NULL)",
        "INSERT INTO folders VALUES(3, 2, 'ben leaf of leaf',NULL,NULL,NULL)");
    fleet.settle().assertSame();
    assertThat(
            cara.db()
                .rows(
                    "SELECT c.name, p.name FROM folders c LEFT JOIN folders p ON p.id=c.parent ORDER BY 1"))
        .containsExactly(
            "anna leaf|anna root",
            "anna root|anna root",
            "ben leaf|ben root",
            "ben leaf of leaf|ben leaf",
            "ben root|ben root");
  }

  @Test
  void no_number_is_taken_twice_by_three_workstations_in_several_rounds() {
    everybodyHas(NOTES);
    for (int round = 0; round < 4; round++) {
      for (Workstation each : List.of(cara, anna, ben)) {
        for (int i = 0; i <= round; i++) {
          each.edit("INSERT INTO notes(text) VALUES('" + each.name() + round + "/" + i + "')");
        }
      }
      fleet.settle().assertSame();
    }
    assertThat(anna.db().value("SELECT count(*), count(DISTINCT text), max(id) FROM notes"))
        .isEqualTo("30|30|30");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void the_number_a_record_moved_to_is_never_given_again() {
    everybodyHas(NOTES);
    anna.edit("INSERT INTO notes(text) VALUES('anna')");
    anna.syncWell();
    ben.edit("INSERT INTO notes(text) VALUES('ben')");
    ben.syncWell();
    ben.edit("DELETE FROM notes WHERE id=2", "INSERT INTO notes(text) VALUES('later')");
    assertThat(ben.db().rows("SELECT id, text FROM notes")).containsExactly("1|anna", "3|later");
    fleet.settle().assertSame();
  }

  @Test
  void moved_records_of_several_entries_do_not_take_numbers_that_are_still_coming() {
    everybodyHas(NOTES);
    anna.edit("INSERT INTO notes(text) VALUES('a1')");
    anna.syncWell();
    anna.edit("INSERT INTO notes(text) VALUES('a2')", "INSERT INTO notes(text) VALUES('a3')");
    anna.syncWell();
    ben.edit("INSERT INTO notes(text) VALUES('b1')", "INSERT INTO notes(text) VALUES('b2')");
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT id, text FROM notes ORDER BY id"))
        .containsExactly("1|a1", "2|a2", "3|a3", "4|b1", "5|b2");
  }

  @Test
  void an_edit_of_the_vacated_number_is_told_as_a_conflict_once() {
    everybodyHas(NOTES);
    anna.edit("INSERT INTO notes(text) VALUES('anna')");
    anna.syncWell();
    ben.edit("INSERT INTO notes(text) VALUES('ben')");
    ben.syncWell();
    ben.edit("UPDATE notes SET text='meant for mine' WHERE id=1");
    fleet.settle().assertSame();
    assertThat(kinds(anna)).containsExactly("rekeyed|both");
    assertThat(data(anna, "remote_data", "rekeyed")).contains("\"anna\"");
    assertThat(data(anna, "local_data", "rekeyed")).contains("meant for mine");
    ben.edit("UPDATE notes SET text='now on purpose' WHERE id=1");
    fleet.settle().assertSame();
    assertThat(kinds(cara)).containsExactly("rekeyed|both");
  }

  @Test
  void a_delete_of_the_vacated_number_is_told_as_a_conflict_with_what_was_deleted() {
    everybodyHas(NOTES);
    anna.edit("INSERT INTO notes(text) VALUES('anna')");
    anna.syncWell();
    ben.edit("INSERT INTO notes(text) VALUES('ben')");
    ben.syncWell();
    ben.edit("DELETE FROM notes WHERE id=1");
    fleet.settle().assertSame();
    assertThat(kinds(anna)).containsExactly("rekeyed|local");
    assertThat(data(anna, "remote_data", "rekeyed")).contains("\"anna\"");
  }

  @Test
  void a_new_reference_to_the_vacated_number_is_told_as_a_conflict() {
    everybodyHas(ORDERS, LINES);
    anna.edit("INSERT INTO orders(name) VALUES('anna')");
    anna.syncWell();
    ben.edit("INSERT INTO orders(name) VALUES('ben')");
    ben.syncWell();
    ben.edit("INSERT INTO lines(order_id, text) VALUES(1, 'meant for mine')");
    fleet.settle().assertSame();
    assertThat(kinds(anna)).containsExactly("rekeyed|both");
    assertThat(data(anna, "table_name", "rekeyed")).isEqualTo("lines");
  }

  @Test
  void an_old_child_turned_to_the_vacated_number_is_told_as_a_conflict() {
    everybodyHas(ORDERS, LINES, "INSERT INTO orders(name) VALUES('old')");
    ben.edit("INSERT INTO lines(order_id, text) VALUES(1, 'line')");
    fleet.settle();
    anna.edit("INSERT INTO orders(name) VALUES('anna')");
    anna.syncWell();
    ben.edit("INSERT INTO orders(name) VALUES('ben')");
    ben.syncWell();
    ben.edit("UPDATE lines SET order_id=2");
    fleet.settle().assertSame();
    assertThat(kinds(anna)).containsExactly("rekeyed|both");
    assertThat(data(anna, "remote_data", "rekeyed")).contains("\"order_id\":1");
  }

  @Test
  void key_auto_in_the_config_says_the_same_of_a_plain_integer_key() {
    TableRule auto = new TableRule(null, false, List.of(), false, List.of(), true, true);
    fleet.all().forEach(each -> each.rule("tickets", auto));
    everybodyHas("CREATE TABLE tickets(no INTEGER PRIMARY KEY, text TEXT)");
    anna.edit("INSERT INTO tickets(text) VALUES('same')");
    ben.edit("INSERT INTO tickets(text) VALUES('same')");
    cara.edit("INSERT INTO tickets(text) VALUES('other')");
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT no, text FROM tickets ORDER BY no"))
        .containsExactly("1|same", "2|same", "3|other");
  }

  @Test
  void without_key_auto_equal_numbers_are_one_record() {
    everybodyHas("CREATE TABLE tickets(no INTEGER PRIMARY KEY, text TEXT)");
    anna.edit("INSERT INTO tickets(text) VALUES('anna')");
    ben.edit("INSERT INTO tickets(text) VALUES('ben')");
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT count(*) FROM tickets")).isEqualTo("1");
    assertThat(kinds(anna)).hasSize(1);
  }

  // ---- a number that was emptied, and given to another record

  /** Ben knows the old record, which is deleted; cara, who never saw it, has made a new one. */
  private void aNumberThatIsGivenAgain(String... bensEdits) {
    anna.edit("INSERT INTO notes(text) VALUES('old')");
    anna.syncWell();
    ben.syncWell();
    cara.edit("INSERT INTO notes(text) VALUES('new')");
    ben.edit(bensEdits);
  }

  private void annaDeletesIt() {
    anna.edit("DELETE FROM notes WHERE text='old'");
    anna.syncWell();
    cara.syncWell();
    assertThat(fleet.master().rows("SELECT id, text FROM notes")).containsExactly("1|new");
  }

  private List<String> notes() {
    return anna.db().rows("SELECT id, text FROM notes ORDER BY id");
  }

  @Test
  void an_edit_of_a_deleted_record_is_none_of_who_was_given_its_number() {
    everybodyHas(NOTES);
    aNumberThatIsGivenAgain();
    annaDeletesIt();
    ben.edit("UPDATE notes SET text='edited'");
    fleet.settle().assertSame();
    assertThat(notes()).containsExactly("1|new", "2|edited");
    assertThat(kinds(anna)).containsExactly("delete|local");
  }

  @Test
  void an_edit_that_loses_against_the_delete_leaves_who_was_given_the_number() {
    everybodyHas(NOTES);
    aNumberThatIsGivenAgain("UPDATE notes SET text='edited'");
    annaDeletesIt();
    fleet.settle().assertSame();
    assertThat(notes()).containsExactly("1|new");
    assertThat(kinds(anna)).containsExactly("delete|remote");
  }

  @Test
  void who_was_given_the_number_of_a_record_that_two_have_deleted_stays() {
    everybodyHas(NOTES);
    aNumberThatIsGivenAgain();
    annaDeletesIt();
    ben.edit("DELETE FROM notes");
    fleet.settle().assertSame();
    assertThat(notes()).containsExactly("1|new");
    assertThat(kinds(anna)).isEmpty();
  }

  @Test
  void who_was_given_the_number_that_a_record_has_left_stays() {
    everybodyHas(NOTES);
    aNumberThatIsGivenAgain();
    annaDeletesIt();
    ben.edit("UPDATE notes SET id=7");
    fleet.settle().assertSame();
    assertThat(notes()).containsExactly("1|new", "7|old");
  }

  @ParameterizedTest
  @EnumSource(Resolution.Side.class)
  void who_was_given_the_number_waits_until_a_person_has_chosen(Resolution.Side side) {
    ben.rule(
        "notes",
        new TableRule(ConflictRule.MANUAL, false, List.of(), false, List.of(), false, true));
    everybodyHas(NOTES);
    aNumberThatIsGivenAgain("UPDATE notes SET text='edited'");
    annaDeletesIt();
    ben.sync();
    ben.sync();
    assertThat(ben.db().rows("SELECT id, text FROM notes")).containsExactly("1|edited");
    new Resolution(ben.plan(), ben.clock())
        .resolve(ben.db().value("SELECT id FROM sync_conflicts WHERE resolved=0"), side);
    fleet.settle().assertSame();
    assertThat(notes())
        .isEqualTo(side == Resolution.Side.LOCAL ? List.of("1|new", "2|edited") : List.of("1|new"));
  }

  @Test
  void children_of_both_are_under_their_own() {
    everybodyHas(ORDERS, LINES);
    anna.edit("INSERT INTO orders(name) VALUES('old')");
    anna.syncWell();
    ben.syncWell();
    cara.edit(
        "INSERT INTO orders(name) VALUES('new')",
        "INSERT INTO lines(order_id, text) VALUES(1, 'of the new')");
    anna.edit("DELETE FROM orders");
    anna.syncWell();
    cara.syncWell();
    ben.edit(
        "UPDATE orders SET name='edited'",
        "INSERT INTO lines(order_id, text) VALUES(1, 'of the old')");
    fleet.settle().assertSame();
    assertThat(
            anna.db()
                .rows("SELECT name, text FROM orders JOIN lines ON order_id=orders.id ORDER BY 1"))
        .containsExactly("edited|of the old", "new|of the new");
  }

  @Test
  void who_is_restored_under_its_number_is_the_record_it_was() {
    everybodyHas(NOTES);
    anna.edit("INSERT INTO notes(text) VALUES('old')");
    fleet.settle();
    anna.edit("UPDATE notes SET text='older'");
    ben.edit("DELETE FROM notes");
    anna.syncWell();
    ben.syncWell();
    anna.syncWell();
    new Resolution(anna.plan(), anna.clock())
        .restore(anna.db().value("SELECT id FROM sync_conflicts"));
    anna.syncWell();
    cara.edit("UPDATE notes SET text='edited'");
    fleet.settle().assertSame();
    assertThat(notes()).containsExactly("1|edited");
  }

  // ---- one record, born here, that somebody else posts under another number

  /** Dora works on a copy of ben's database. */
  private Workstation copyOfBens() {
    Workstation dora = fleet.workstation("dora");
    Folders.copy(ben.db().file(), dora.db().file());
    return dora;
  }

  /** At dora's it makes room for anna's, which anna deletes; ben posts it under anna's number. */
  private Workstation aRecordThatDoraHasUnderAnotherNumber(String... dorasEdits) {
    ben.edit("INSERT INTO notes(text) VALUES('bens')");
    Workstation dora = copyOfBens();
    anna.edit("INSERT INTO notes(text) VALUES('annas')");
    anna.syncWell();
    dora.sync(Direction.PULL);
    assertThat(dora.db().rows("SELECT id, text FROM notes")).containsExactly("1|annas", "2|bens");
    dora.edit(dorasEdits);
    anna.edit("DELETE FROM notes");
    anna.syncWell();
    ben.syncWell();
    assertThat(fleet.master().rows("SELECT id, text FROM notes")).containsExactly("1|bens");
    return dora;
  }

  @Test
  void who_is_posted_under_the_number_of_a_deleted_record_stands_once() {
    everybodyHas(NOTES);
    aRecordThatDoraHasUnderAnotherNumber();
    fleet.settle().assertSame();
    assertThat(notes()).containsExactly("1|bens");
    assertThat(kinds(anna)).isEmpty();
  }

  @Test
  void who_was_edited_before_it_is_met_under_the_number_of_a_deleted_record_stands_once() {
    everybodyHas(NOTES);
    aRecordThatDoraHasUnderAnotherNumber("UPDATE notes SET text='doras' WHERE id=2");
    fleet.settle().assertSame();
    assertThat(notes()).containsExactly("1|doras");
    assertThat(kinds(anna)).isEmpty();
  }

  @Test
  void who_is_posted_under_the_number_of_a_record_that_comes_back_stands_once() {
    everybodyHas(NOTES);
    Workstation dora = aRecordThatDoraHasUnderAnotherNumber();
    dora.edit("UPDATE notes SET text='edited' WHERE id=1");
    fleet.settle().assertSame();
    assertThat(notes()).hasSize(2).allMatch(n -> n.endsWith("|bens") || n.endsWith("|edited"));
    assertThat(kinds(anna)).containsExactly("delete|local");
  }

  @Test
  void who_is_posted_under_the_number_of_a_record_that_stays_deleted_stands_once() {
    everybodyHas(NOTES);
    aRecordThatDoraHasUnderAnotherNumber("UPDATE notes SET text='edited' WHERE id=1");
    fleet.settle().assertSame();
    assertThat(notes()).containsExactly("1|bens");
    assertThat(kinds(anna)).containsExactly("delete|remote");
  }

  @ParameterizedTest
  @EnumSource(Resolution.Side.class)
  void who_is_posted_under_a_number_about_which_a_person_has_to_choose_stands_once(
      Resolution.Side side) {
    everybodyHas(NOTES);
    Workstation dora = aRecordThatDoraHasUnderAnotherNumber();
    dora.rule(
        "notes",
        new TableRule(ConflictRule.MANUAL, false, List.of(), false, List.of(), false, true));
    dora.edit("UPDATE notes SET text='edited' WHERE id=1");
    dora.sync(Direction.PUSH);
    dora.sync();
    dora.sync();
    assertThat(dora.db().rows("SELECT id, text FROM notes")).containsExactly("1|edited", "2|bens");
    assertThat(fleet.master().rows("SELECT id, text FROM notes")).containsExactly("1|bens");
    new Resolution(dora.plan(), dora.clock())
        .resolve(dora.db().value("SELECT id FROM sync_conflicts WHERE resolved=0"), side);
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT text FROM notes ORDER BY 1"))
        .isEqualTo(side == Resolution.Side.LOCAL ? List.of("bens", "edited") : List.of("bens"));
  }

  @Test
  void children_of_who_is_posted_under_the_number_of_a_deleted_record_are_under_it() {
    everybodyHas(ORDERS, LINES);
    ben.edit(
        "INSERT INTO orders(name) VALUES('bens')",
        "INSERT INTO lines(order_id, text) VALUES(1, 'of bens')");
    Workstation dora = copyOfBens();
    anna.edit(
        "INSERT INTO orders(name) VALUES('annas')",
        "INSERT INTO lines(order_id, text) VALUES(1, 'of annas')");
    anna.syncWell();
    dora.sync(Direction.PULL);
    dora.edit(
        "INSERT INTO lines(order_id, text) SELECT id, 'of bens at doras' FROM orders WHERE name='bens'",
        "INSERT INTO lines(order_id, text) SELECT id, 'of annas at doras' FROM orders WHERE name='annas'");
    anna.edit("DELETE FROM orders");
    anna.syncWell();
    ben.edit("INSERT INTO lines(order_id, text) VALUES(1, 'of bens at bens')").syncWell();
    fleet.settle().assertSame();
    assertThat(
            anna.db()
                .rows(
                    "SELECT name, text FROM orders JOIN lines ON order_id=orders.id ORDER BY 1, 2"))
        .containsExactly(
            "annas|of annas at doras",
            "bens|of bens",
            "bens|of bens at bens",
            "bens|of bens at doras");
    fleet.assertNoOrphans();
  }

  @Test
  void who_is_posted_and_deleted_before_its_number_is_given_on_stays_deleted() {
    everybodyHas(NOTES);
    ben.edit("INSERT INTO notes(text) VALUES('bens')");
    Workstation dora = copyOfBens();
    anna.edit("INSERT INTO notes(text) VALUES('annas')");
    cara.edit("INSERT INTO notes(text) VALUES('caras')");
    anna.syncWell();
    dora.sync(Direction.PULL);
    anna.edit("DELETE FROM notes");
    anna.syncWell();
    ben.syncWell();
    ben.edit("DELETE FROM notes");
    ben.syncWell();
    cara.syncWell();
    assertThat(fleet.master().rows("SELECT id, text FROM notes")).containsExactly("1|caras");
    fleet.settle().assertSame();
    assertThat(notes()).containsExactly("1|caras");
  }

  @Test
  void who_was_given_another_number_on_a_copy_before_it_was_posted_stands_once() {
    everybodyHas(NOTES);
    ben.edit("INSERT INTO notes(text) VALUES('bens')");
    Workstation dora = copyOfBens();
    dora.edit("UPDATE notes SET id=7");
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(notes()).containsExactly("7|bens");
  }

  @Test
  void who_was_given_another_name_on_a_copy_before_it_was_posted_stands_once() {
    everybodyHas("CREATE TABLE label(name TEXT PRIMARY KEY, text TEXT)");
    ben.edit("INSERT INTO label(name, text) VALUES('old', 'bens')");
    Workstation dora = copyOfBens();
    dora.edit("UPDATE label SET name='new'");
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT name, text FROM label")).containsExactly("new|bens");
  }
}
