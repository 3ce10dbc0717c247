package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/** Whom rows refer to cannot be said while their parents' table is not read. */
class RefusedParentsTest extends FleetTest {
  private static final String QUOTES =
      "CREATE TABLE quotes(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, note TEXT)";
  private static final String ITEMS =
      "CREATE TABLE items(id TEXT PRIMARY KEY, quote INTEGER REFERENCES quotes(id), text TEXT)";
  private static final String SCREWS =
      "CREATE TABLE screws(id TEXT PRIMARY KEY, item TEXT REFERENCES items(id))";

  private static final String WITHOUT_A_KEY =
      "CREATE TABLE aside AS SELECT * FROM quotes; DROP TABLE quotes; ALTER TABLE aside RENAME TO quotes";

  private void annaAndBenMakeAQuoteEach(String howBensIsRefused) {
    everybodyHas(
        QUOTES,
        ITEMS,
        SCREWS,
        "CREATE TABLE other(id INTEGER PRIMARY KEY)",
        "INSERT INTO quotes(name) VALUES('first')");
    ben.foreignKeys = false;
    ben.edit(howBensIsRefused.split("; "));
    ben.edit(
        "INSERT INTO quotes(id, name) VALUES(2, 'ben''s')",
        "INSERT INTO items(id, quote) VALUES('b', 2)",
        "INSERT INTO screws(id, item) VALUES('s', 'b')",
        "INSERT INTO other(id) VALUES(1)");
    anna.edit(
        "INSERT INTO quotes(name) VALUES('anna''s')",
        "INSERT INTO items(id, quote) VALUES('a', 2)");
    anna.syncWell();
  }

  private static List<String> items(Workstation at) {
    return at.db()
        .rows("SELECT i.id, q.name FROM items i JOIN quotes q ON q.id=i.quote ORDER BY i.id");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE quotes DROP COLUMN note",
        WITHOUT_A_KEY,
        "DROP TABLE quotes; CREATE TABLE quotes(name TEXT, id INTEGER)"
      })
  void children_of_a_refused_table_wait_with_it_by_name_and_the_rest_goes_on(String change) {
    annaAndBenMakeAQuoteEach(change);
    DatabaseSync.Outcome outcome = ben.sync();
    assertThat(outcome.failure()).isNull();
    Map<String, String> held = outcome.report().held();
    assertThat(held).containsKeys("quotes", "items", "screws");
    assertThat(held.get("items")).contains("quotes");
    assertThat(held.get("screws")).contains("items");
    anna.syncWell();
    assertThat(anna.db().rows("SELECT id FROM items")).containsExactly("a");
    assertThat(anna.db().rows("SELECT id FROM screws")).isEmpty();
    assertThat(anna.db().rows("SELECT id FROM other")).containsExactly("1");
  }

  @Test
  void once_it_is_accepted_each_child_is_under_its_own_parent() {
    annaAndBenMakeAQuoteEach("ALTER TABLE quotes DROP COLUMN note");
    ben.sync();
    new SchemaAccept(ben.plan()).run("quotes");
    fleet.settle();
    for (Workstation each : fleet.all()) {
      assertThat(items(each)).as(each.name()).containsExactly("a|anna's", "b|ben's");
      assertThat(each.db().rows("SELECT id FROM screws")).containsExactly("s");
    }
  }

  @Test
  void a_table_that_turns_out_to_be_refused_during_a_run_takes_its_children_along() {
    everybodyHas(QUOTES, ITEMS, SCREWS);
    for (int i = 1; i <= 40; i++) {
      anna.edit("INSERT INTO quotes(name) VALUES('q" + i + "')");
    }
    fleet.settle();
    ben.foreignKeys = false;
    for (String kind : List.of("i", "u", "d")) {
      ben.db().execute("DROP TRIGGER sync_" + kind + "_quotes");
    }
    ben.edit("DELETE FROM quotes", "INSERT INTO items(id, quote) VALUES('b', 2)");
    DatabaseSync.Outcome outcome = ben.sync();
    assertThat(outcome.report().held()).containsKeys("quotes", "items");
    anna.syncWell();
    assertThat(anna.db().rows("SELECT id FROM items")).isEmpty();
  }

  @Test
  void who_joins_with_a_table_that_cannot_be_synced_keeps_its_children_too() {
    anna.edit(QUOTES, ITEMS, "INSERT INTO quotes(name) VALUES('anna''s')");
    anna.syncWell();
    ben.foreignKeys = false;
    ben.edit(
        "CREATE TABLE quotes(id INTEGER, name TEXT)",
        ITEMS,
        "INSERT INTO quotes VALUES(1, 'ben''s')",
        "INSERT INTO items(id, quote) VALUES('b', 1)");
    DatabaseSync.Outcome outcome = ben.sync();
    assertThat(outcome.report().held()).containsKeys("quotes", "items");
    anna.syncWell();
    assertThat(anna.db().rows("SELECT id FROM items")).isEmpty();
  }

  @Test
  void children_of_a_table_that_nobody_can_sync_are_synced_by_their_values() {
    for (Workstation each : fleet.all()) {
      each.edit(
          "CREATE TABLE kinds(name TEXT UNIQUE)",
          "CREATE TABLE items(id TEXT PRIMARY KEY, kind TEXT REFERENCES kinds(name))",
          "INSERT INTO kinds VALUES('big')");
    }
    anna.edit("INSERT INTO items(id, kind) VALUES('a', 'big')");
    anna.sync();
    DatabaseSync.Outcome outcome = ben.sync();
    assertThat(outcome.report().held()).containsOnlyKeys("kinds");
    assertThat(ben.db().rows("SELECT id, kind FROM items")).containsExactly("a|big");
  }
}
