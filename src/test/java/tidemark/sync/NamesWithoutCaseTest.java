package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.change.TableRule;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/** SQLite does not tell Quotes from quotes; nor do we. */
class NamesWithoutCaseTest extends FleetTest {
  private static TableRule keyed(String... key) {
    return new TableRule(null, false, List.of(), false, List.of(key), false, true);
  }

  private static void untroubled(Workstation each) {
    each.syncWell();
  }

  @Test
  void a_key_named_in_the_config_may_be_spelt_in_another_case() {
    fleet.all().forEach(each -> each.rule("notes", keyed("NOTE_no")));
    everybodyHas("CREATE TABLE notes(Note_No TEXT, text TEXT)");
    anna.edit("INSERT INTO notes(note_no, text) VALUES('1','a')");
    fleet.settle().assertSame();
    ben.edit("UPDATE notes SET text='b'");
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT text FROM notes")).containsExactly("b");
  }

  @Test
  void a_logical_number_named_in_the_config_may_be_spelt_in_another_case() {
    TableRule numbered =
        new TableRule(null, false, List.of("FULLID"), true, List.of(), false, true);
    fleet.all().forEach(each -> each.rule("notes", numbered));
    everybodyHas("CREATE TABLE notes(id TEXT PRIMARY KEY, fullId TEXT)");
    anna.edit("INSERT INTO notes(id, fullId) VALUES('a','Q-1')");
    anna.syncWell();
    ben.edit("INSERT INTO notes(id, fullId) VALUES('b','Q-1')");
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT fullId FROM notes ORDER BY id"))
        .containsExactly("Q-1", "Q-2");
  }

  @Test
  void a_table_spelt_otherwise_at_another_workstation_is_one_and_the_same() {
    anna.edit("CREATE TABLE Quotes(id INTEGER PRIMARY KEY, Total INTEGER)");
    ben.edit("CREATE TABLE quotes(ID INTEGER PRIMARY KEY, total INTEGER)");
    anna.edit("INSERT INTO quotes(id, total) VALUES(1, 10)");
    fleet.all().forEach(NamesWithoutCaseTest::untroubled);
    ben.edit(
        "INSERT INTO quotes(id, total) VALUES(2, 20)", "UPDATE quotes SET total=11 WHERE id=1");
    fleet.settle();
    fleet.settle();
    for (Workstation each : fleet.all()) {
      assertThat(each.db().rows("SELECT id, total FROM quotes ORDER BY id"))
          .as(each.name())
          .containsExactly("1|11", "2|20");
      untroubled(each);
    }
    assertThat(fleet.master().rows("SELECT id, total FROM quotes ORDER BY id"))
        .containsExactly("1|11", "2|20");
    ben.edit("DELETE FROM quotes WHERE id=1");
    cara.edit("ALTER TABLE quotes ADD COLUMN Note TEXT", "UPDATE quotes SET note='n' WHERE id=2");
    fleet.settle();
    assertThat(ben.db().rows("SELECT id, note FROM quotes")).containsExactly("2|n");
    assertThat(anna.db().rows("SELECT id, note FROM quotes")).containsExactly("2|n");
  }

  @Test
  void a_column_added_in_two_spellings_is_one_and_the_same() {
    everybodyHas("CREATE TABLE notes(id INTEGER PRIMARY KEY, text TEXT)");
    anna.edit("ALTER TABLE notes ADD COLUMN Colour TEXT");
    ben.edit("ALTER TABLE notes ADD COLUMN colour TEXT");
    anna.edit("INSERT INTO notes(id, colour) VALUES(1,'red')");
    ben.edit("INSERT INTO notes(id, colour) VALUES(2,'blue')");
    fleet.settle();
    for (Workstation each : fleet.all()) {
      assertThat(each.db().rows("SELECT colour FROM notes ORDER BY id"))
          .as(each.name())
          .containsExactly("red", "blue");
    }
  }

  @Test
  void a_table_renamed_to_another_spelling_goes_on() {
    everybodyHas(
        "CREATE TABLE notes(id INTEGER PRIMARY KEY, text TEXT)",
        "INSERT INTO notes(id, text) VALUES(1,'a')");
    anna.edit("ALTER TABLE notes RENAME TO aside", "ALTER TABLE aside RENAME TO Notes");
    anna.edit("UPDATE notes SET text='b'");
    fleet.settle();
    assertThat(ben.db().rows("SELECT text FROM notes")).containsExactly("b");
    ben.edit("UPDATE notes SET text='c'");
    fleet.settle();
    assertThat(anna.db().rows("SELECT text FROM notes")).containsExactly("c");
  }

  @Test
  void a_row_stays_with_its_parent_where_tables_and_columns_are_spelt_otherwise() {
    anna.edit(
        "CREATE TABLE Customers(id INTEGER PRIMARY KEY AUTOINCREMENT, Name TEXT)",
        "CREATE TABLE Orders(id INTEGER PRIMARY KEY, Customer INTEGER REFERENCES CUSTOMERS(ID))");
    ben.edit(
        "CREATE TABLE customers(ID INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT)",
        "CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INTEGER REFERENCES Customers)");
    fleet.settle();
    anna.edit(
        "INSERT INTO customers(id, name) VALUES(1,'hers')",
        "INSERT INTO orders(id, customer) VALUES(1,1)");
    ben.edit(
        "INSERT INTO customers(id, name) VALUES(1,'his')",
        "INSERT INTO orders(id, customer) VALUES(2,1)");
    fleet.settle();
    for (Workstation each : fleet.all()) {
      untroubled(each);
      assertThat(
              each.db()
                  .rows(
                      "SELECT o.id, c.name FROM orders o JOIN customers c ON c.id=o.customer ORDER BY o.id"))
          .containsExactly("1|hers", "2|his");
    }
  }
}
