package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testing.Database;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;

/**
 * The first master may begin as a copy of the first workstation's database: it must be the very
 * master that the ledger's entries would have made.
 */
class FirstMasterTest {
  private static final String SHADOWS =
      "SELECT k0, entry, hex(digest), at, token, first, birth, edits FROM sync_rows_quotes ORDER BY 1";

  private static final String VERSIONS =
      "SELECT user_version, application_id FROM pragma_user_version, pragma_application_id";

  @TempDir Path folder;
  private Fleet fleet;
  private Workstation anna;

  @BeforeEach
  void a_workstation_with_rows_shared_and_not() {
    fleet = new Fleet(folder);
    anna = fleet.workstation("anna");
    anna.edit(
        "CREATE TABLE quotes (quoteId TEXT PRIMARY KEY, customer TEXT NOT NULL, total REAL)",
        "CREATE TABLE items (id INTEGER PRIMARY KEY AUTOINCREMENT, quoteId TEXT REFERENCES quotes, sku TEXT)",
        "CREATE INDEX items_quote ON items(quoteId)",
        "CREATE TABLE drafts (id INTEGER PRIMARY KEY, note TEXT)",
        "CREATE VIEW dear AS SELECT * FROM quotes WHERE total > 1000",
        "CREATE TRIGGER shout AFTER INSERT ON quotes BEGIN UPDATE quotes SET customer=upper(customer) WHERE quoteId=new.quoteId; END",
        "INSERT INTO quotes VALUES('Q1','acme',1250.5),('Q2','zeta',NULL)",
        "INSERT INTO items(quoteId, sku) VALUES('Q1','S1'),('Q2','S2')",
        "DELETE FROM items WHERE sku='S2'",
        "INSERT INTO drafts VALUES(1,'nobody else may read this')");
  }

  @Test
  void what_is_not_shared_is_not_in_the_master_not_even_in_its_free_pages() throws Exception {
    anna.selected = Set.of("quotes", "items");
    anna.syncWell();

    assertThat(fleet.master().applicationTables()).containsExactly("items", "quotes");
    assertThat(names("view")).isEmpty();
    assertThat(names("trigger")).allMatch(name -> name.startsWith("sync_"));
    assertThat(fleet.master().rows("SELECT name FROM sync_tables ORDER BY name"))
        .containsExactly("items", "quotes");
    assertThat(Files.readString(fleet.master().file(), StandardCharsets.ISO_8859_1))
        .doesNotContain("nobody else may read this");
  }

  private List<String> names(String type) {
    return fleet.master().rows("SELECT name FROM sqlite_master WHERE type='" + type + "'");
  }

  @Test
  void it_equals_the_master_that_the_entries_make() throws Exception {
    anna.edit("PRAGMA user_version=7", "PRAGMA application_id=77").syncWell();
    Database copied = fleet.master();
    List<String> quotes = copied.content("quotes");
    List<String> shadows = copied.rows(SHADOWS);
    List<String> sequence = copied.rows("SELECT name, seq FROM sqlite_sequence ORDER BY 1");
    List<String> schema = schema(copied);
    List<String> versions = copied.rows(VERSIONS);

    loseTheMasterAndItsSnapshots();
    anna.edit("CREATE VIRTUAL TABLE search USING fts5(text)"); // no such file becomes a master
    anna.edit("UPDATE items SET sku='S3'").syncWell();

    assertThat(fleet.master().content("quotes")).isEqualTo(quotes);
    assertThat(fleet.master().rows(SHADOWS)).isEqualTo(shadows);
    assertThat(schema(fleet.master())).isEqualTo(schema);
    assertThat(sequence).isNotEmpty();
    assertThat(fleet.master().rows(VERSIONS)).isEqualTo(versions).containsExactly("7|77");
  }

  private static List<String> schema(Database database) {
    return database.rows(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite%' AND sql NOT NULL ORDER BY 1,2");
  }

  private void loseTheMasterAndItsSnapshots() throws Exception {
    Files.delete(fleet.master().file());
    Path snapshots = Path.of(fleet.master().file() + "-ledger", "snapshots");
    if (Files.exists(snapshots)) {
      try (var all = Files.list(snapshots)) {
        for (Path file : all.toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Test
  void it_is_no_WAL_database_though_the_application_uses_one() throws Exception {
    assertThat(anna.db().value("PRAGMA journal_mode=WAL")).isEqualTo("wal");
    anna.syncWell();

    assertThat(fleet.master().rows("PRAGMA journal_mode")).containsExactly("delete");
    assertThat(fleet.master().content("quotes")).isEqualTo(anna.db().content("quotes"));
    assertThat(anna.db().rows("PRAGMA journal_mode")).containsExactly("wal");
  }

  @Test
  void it_does_not_take_itself_for_the_workstation_it_was_copied_from() {
    anna.syncWell();
    assertThat(fleet.master().value("SELECT value FROM sync_state WHERE key='replica'"))
        .isNotEqualTo(anna.db().value("SELECT value FROM sync_state WHERE key='replica'"));

    Workstation ben = fleet.workstation("ben");
    ben.syncWell();
    ben.edit("UPDATE quotes SET total=7 WHERE quoteId='Q2'").syncWell();
    anna.syncWell();
    fleet.master().execute("UPDATE quotes SET customer='by hand' WHERE quoteId='Q2'");
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT customer, total FROM quotes WHERE quoteId='Q2'"))
        .containsExactly("by hand|7.0");
  }

  @Test
  void a_row_held_here_is_still_in_the_master() throws Exception {
    Workstation ben = fleet.workstation("ben");
    anna.syncWell();
    loseTheMasterAndItsSnapshots();
    ben.edit(
        "CREATE TABLE quotes (quoteId TEXT PRIMARY KEY, customer TEXT NOT NULL, total REAL CHECK (total < 1000))");
    ben.sync();
    assertThat(fleet.master().value("SELECT count(*) FROM quotes WHERE quoteId='Q1'"))
        .isEqualTo("1");
    assertThat(ben.db().value("SELECT count(*) FROM quotes WHERE quoteId='Q1'")).isEqualTo("0");
  }
}
