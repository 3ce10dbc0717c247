package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.testing.Workstation;

/** A table that others refer to gets another key: its rows are the records they were. */
class ChangedKeysOfParentsTest extends FamilyTest {
  private static final String[] REVISIONS = {
    "CREATE TABLE q2(id TEXT NOT NULL UNIQUE, rev INTEGER NOT NULL DEFAULT 0, no TEXT UNIQUE, updated_at DATETIME, updated_by TEXT, synced_at DATETIME, PRIMARY KEY(id, rev))",
    "INSERT INTO q2 SELECT id, 0, no, updated_at, updated_by, synced_at FROM quotes",
    "DROP TABLE quotes",
    "ALTER TABLE q2 RENAME TO quotes"
  };

  @BeforeEach
  void tables() {
    everybodyHas(
        "CREATE TABLE quotes(id TEXT PRIMARY KEY, no TEXT UNIQUE)",
        "CREATE TABLE items(id TEXT PRIMARY KEY, quote TEXT REFERENCES quotes(id) ON UPDATE CASCADE ON DELETE CASCADE,"
            + " no TEXT REFERENCES quotes(no) ON UPDATE CASCADE ON DELETE CASCADE)",
        "INSERT INTO quotes(id, no) VALUES('Q1','1'),('Q2','2')",
        "INSERT INTO items(id, quote, no) VALUES('a1','Q1','1')");
  }

  private static void upgrade(Workstation at) {
    at.db().withoutForeignKeys().execute(REVISIONS); // as SQLite advises
  }

  private void annaBegins() {
    upgrade(anna);
    anna.sync();
    new SchemaAccept(anna.plan()).run("quotes");
    anna.syncWell();
  }

  private void allFollow() {
    upgrade(ben);
    upgrade(cara);
    fleet.settle();
    fleet.settle().assertSame();
    fleet.assertNoOrphans();
  }

  /** Items under the quote that both their columns name. */
  private static List<String> families(Workstation at) {
    return rows(
        at,
        "SELECT items.id, quotes.id, quotes.no FROM items JOIN quotes ON quotes.id=quote AND quotes.no=items.no ORDER BY 1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_child_that_waits_elsewhere_ends_under_its_parent(boolean benTriesBefore) {
    ben.edit("INSERT INTO items(id, quote, no) VALUES('b1','Q1','1'),('b2','Q2','2')");
    annaBegins();
    anna.edit("UPDATE quotes SET no='7' WHERE id='Q1'", "UPDATE quotes SET id='QX' WHERE id='Q2'");
    anna.syncWell();
    if (benTriesBefore) {
      assertThat(ben.sync().report().held().values().toString()).contains("its key is id, rev");
      cara.sync();
    }
    allFollow();
    assertThat(families(cara)).containsExactly("a1|Q1|7", "b1|Q1|7", "b2|QX|2");
    assertThat(kinds(cara)).isEmpty();
  }

  @Test
  void a_parent_that_waits_elsewhere_arrives_with_its_children() {
    ben.edit(
        "INSERT INTO quotes(id, no) VALUES('Q3','3')",
        "INSERT INTO items(id, quote, no) VALUES('b3','Q3','3')");
    annaBegins();
    ben.sync();
    ben.edit("INSERT INTO items(id, quote, no) VALUES('b4','Q3','3')");
    allFollow();
    assertThat(families(anna)).containsExactly("a1|Q1|1", "b3|Q3|3", "b4|Q3|3");
    assertThat(kinds(anna)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_new_name_that_waits_elsewhere_is_the_records(boolean benTriesBefore) {
    ben.edit(
        "UPDATE quotes SET id='QX', no='9' WHERE id='Q1'",
        "INSERT INTO items(id, quote, no) VALUES('b1','QX','9')");
    annaBegins();
    anna.edit("INSERT INTO items(id, quote, no) VALUES('a2','Q1','1')");
    anna.syncWell();
    if (benTriesBefore) {
      ben.sync();
    }
    allFollow();
    assertThat(rows(cara, "SELECT id, no FROM quotes ORDER BY 1")).containsExactly("Q2|2", "QX|9");
    assertThat(families(cara)).containsExactly("a1|QX|9", "a2|QX|9", "b1|QX|9");
  }

  @Test
  void a_parent_that_went_with_the_migration_comes_back_for_a_child_that_waits_elsewhere() {
    ben.edit("INSERT INTO items(id, quote, no) VALUES('b2','Q2','2')");
    upgrade(anna);
    anna.edit("DELETE FROM quotes WHERE id='Q2'");
    anna.sync();
    new SchemaAccept(anna.plan()).run("quotes");
    anna.syncWell();
    ben.sync();
    allFollow();
    assertThat(families(anna)).contains("b2|Q2|2");
  }

  @Test
  void one_number_given_twice_across_the_change_costs_only_the_losers_children() {
    ben.edit(
        "INSERT INTO quotes(id, no) VALUES('Q5','5')",
        "INSERT INTO items(id, quote, no) VALUES('b5','Q5','5')");
    annaBegins();
    anna.edit(
        "INSERT INTO quotes(id, rev, no) VALUES('Q6',0,'5')",
        "INSERT INTO items(id, quote, no) VALUES('a6','Q6','5')");
    anna.syncWell();
    ben.sync();
    allFollow();
    boolean annas = families(cara).contains("a6|Q6|5");
    assertThat(families(cara)).containsExactly("a1|Q1|1", annas ? "a6|Q6|5" : "b5|Q5|5");
    assertThat(kinds(cara)).containsExactly("unique|remote");
  }
}
