package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.Failure;
import tidemark.share.ShareFiles;
import tidemark.testing.Fleet;
import tidemark.testing.Folders;
import tidemark.testing.Ledgers;
import tidemark.testing.PairTest;
import tidemark.testing.Workstation;

/** The share is not mounted, restored from an older copy; the master is locked, old or broken. */
class ShareTroubleTest extends PairTest {
  @BeforeEach
  void twoThatHaveSynced() {
    everybodyHas(
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)",
        "CREATE TABLE quotes(id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT)",
        "CREATE TABLE items(id INTEGER PRIMARY KEY AUTOINCREMENT, quote INTEGER REFERENCES quotes(id), sku TEXT)",
        "INSERT INTO parts VALUES('S1',1),('S2',2),('S3',3)",
        "INSERT INTO quotes(title) VALUES('first')",
        "INSERT INTO items(quote, sku) VALUES(1,'S1')");
  }

  private static void assertOffline(DatabaseSync.Outcome outcome) {
    assertThat(outcome.failure()).isNotNull();
    assertThat(outcome.exitCode()).isEqualTo(Failure.OFFLINE);
    assertThat(outcome.status()).isEqualTo("offline");
    assertThat(outcome.failure().hint()).isNotEmpty();
  }

  // ---- the share

  @Test
  void an_empty_folder_where_the_share_was_makes_no_new_ledger_and_edits_stay_pending()
      throws IOException {
    Path away = folder.resolve("unmounted");
    Files.move(fleet.share(), away);
    Files.createDirectory(fleet.share());
    anna.edit("UPDATE parts SET price=10 WHERE sku='S1'", "DELETE FROM parts WHERE sku='S3'");
    assertOffline(anna.sync());
    assertOffline(anna.sync());
    assertThat(Folders.in(fleet.share())).isEmpty();
    Files.delete(fleet.share());
    Files.move(away, fleet.share());
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("S1|10.0", "S2|2.0");
  }

  @Test
  void an_empty_folder_makes_no_new_ledger_even_where_the_local_database_was_lost_too()
      throws IOException {
    anna.loseLocalDatabase();
    FileUtils.cleanDirectory(fleet.share().toFile());

    DatabaseSync.Outcome outcome = anna.sync();

    assertThat(outcome.exitCode()).isEqualTo(Failure.OFFLINE);
    assertThat(fleet.share()).isEmptyDirectory();
    assertThat(anna.db().file()).doesNotExist();
  }

  @Test
  void an_edit_taken_back_while_its_entry_may_still_appear_stays_taken_back() throws IOException {
    Path ledger = fleet.share().resolve("server.db-ledger");
    anna.edit("UPDATE parts SET price=99 WHERE sku='S1'");
    anna.tap =
        new ShareFiles.Tap() {
          @Override
          public void before(ShareFiles.Operation operation, Path path) throws IOException {
            if (operation == ShareFiles.Operation.MOVE
                && path.startsWith(ledger.resolve("entries"))) {
              throw new IOException("no answer");
            }
          }
        };
    assertOffline(anna.sync());
    anna.tap = ShareFiles.Tap.NONE;
    Path onItsWay = Ledgers.staged(ledger).get(0);
    Path late = Ledgers.folderOf(ledger, Ledgers.number(onItsWay));
    Path parked = folder.resolve("parked");
    FileUtils.copyDirectory(onItsWay.getParent().toFile(), parked.toFile());

    anna.edit("UPDATE parts SET price=1 WHERE sku='S1'");
    anna.syncWell();
    if (Files.notExists(late)) {
      Files.move(parked, late);
    }

    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT price FROM parts WHERE sku='S1'")).isEqualTo("1.0");
  }

  @Test
  void a_share_whose_folder_is_gone_is_offline_and_the_run_is_written_down() throws IOException {
    Path away = folder.resolve("unmounted");
    Files.move(fleet.share(), away);
    anna.edit("UPDATE parts SET price=10 WHERE sku='S1'");
    assertOffline(anna.sync());
    assertThat(anna.db().value("SELECT status FROM sync_log ORDER BY id DESC LIMIT 1"))
        .isEqualTo("offline");
    Files.move(away, fleet.share());
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT price FROM parts WHERE sku='S1'")).isEqualTo("10.0");
  }

  @Test
  void a_share_restored_from_an_older_copy_gets_its_missing_entries_back() throws IOException {
    Path backup = folder.resolve("backup");
    Folders.copy(fleet.share(), backup);
    anna.edit("UPDATE parts SET price=10 WHERE sku='S1'", "DELETE FROM parts WHERE sku='S3'");
    anna.syncWell();
    ben.edit("INSERT INTO quotes(title) VALUES('second')");
    ben.syncWell();
    anna.syncWell();
    Folders.delete(fleet.share());
    Folders.copy(backup, fleet.share());
    DatabaseSync.Outcome outcome = ben.syncWell();
    assertThat(outcome.report().notes()).anyMatch(note -> note.contains("put back"));
    Workstation carl = fleet.workstation("carl");
    carl.syncWell();
    fleet.settle().assertSame();
    assertThat(carl.db().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("S1|10.0", "S2|2.0");
    assertThat(anna.db().value("SELECT count(*) FROM quotes")).isEqualTo("2");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void where_others_went_on_after_a_restore_nothing_is_lost_nothing_doubled_and_deletes_stay()
      throws IOException {
    Path backup = folder.resolve("backup");
    Folders.copy(fleet.share(), backup);
    anna.edit(
        "UPDATE parts SET price=10 WHERE sku='S1'",
        "DELETE FROM parts WHERE sku='S3'",
        "INSERT INTO quotes(title) VALUES('annas second')",
        "INSERT INTO items(quote, sku) SELECT max(id), 'S1' FROM quotes");
    anna.syncWell();
    Folders.delete(fleet.share());
    Folders.copy(backup, fleet.share());
    // ben never saw anna's entry and goes on after the older copy
    ben.edit(
        "UPDATE parts SET price=20 WHERE sku='S2'",
        "INSERT INTO quotes(title) VALUES('bens second')",
        "INSERT INTO items(quote, sku) SELECT max(id), 'S2' FROM quotes");
    ben.syncWell();
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("S1|10.0", "S2|20.0");
    assertThat(ben.db().rows("SELECT title FROM quotes ORDER BY title"))
        .containsExactly("annas second", "bens second", "first");
    assertThat(
            ben.db()
                .rows(
                    "SELECT title, sku FROM items JOIN quotes ON quotes.id=items.quote ORDER BY title"))
        .containsExactly("annas second|S1", "bens second|S2", "first|S1");
  }

  @Test
  void a_workstation_that_saw_the_lost_entries_and_one_that_wrote_them_agree_after_a_fork()
      throws IOException {
    Path backup = folder.resolve("backup");
    Folders.copy(fleet.share(), backup);
    Workstation carl = fleet.workstation("carl");
    anna.edit(
        "INSERT INTO quotes(title) VALUES('annas second')", "DELETE FROM parts WHERE sku='S3'");
    anna.syncWell();
    ben.syncWell(); // has anna's rows now
    Folders.delete(fleet.share());
    Folders.copy(backup, fleet.share());
    carl.syncWell();
    carl.edit("INSERT INTO quotes(title) VALUES('carls second')");
    carl.syncWell();
    ben.syncWell();
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(carl.db().rows("SELECT title FROM quotes ORDER BY title"))
        .containsExactly("annas second", "carls second", "first");
    assertThat(carl.db().value("SELECT count(*) FROM parts")).isEqualTo("2");
  }

  @ParameterizedTest(name = "{0} first")
  @ValueSource(strings = {"anna", "ben"})
  void what_only_lost_entries_told_of_and_somebody_deleted_since_stays_deleted(String first)
      throws IOException {
    Path backup = folder.resolve("backup");
    Folders.copy(fleet.share(), backup);
    anna.edit(
        "INSERT INTO parts(sku,price) VALUES('S4',4)",
        "INSERT INTO quotes(title) VALUES('second')");
    anna.syncWell();
    ben.syncWell();
    ben.edit("DELETE FROM parts WHERE sku='S4'", "DELETE FROM quotes WHERE title='second'");
    Folders.delete(fleet.share());
    Folders.copy(backup, fleet.share());
    Workstation carl = fleet.workstation("carl");
    carl.syncWell();
    carl.edit("UPDATE parts SET price=20 WHERE sku='S2'");
    carl.syncWell();
    (first.equals("anna") ? anna : ben).syncWell();
    fleet.settle().assertSame();
    assertThat(carl.db().rows("SELECT sku FROM parts ORDER BY sku"))
        .containsExactly("S1", "S2", "S3");
    assertThat(carl.db().rows("SELECT title FROM quotes")).containsExactly("first");
  }

  @Test
  void another_ledger_in_its_place_is_compared_with_and_nothing_is_lost() throws IOException {
    Folders.delete(fleet.share());
    Files.createDirectories(fleet.share());
    Workstation carl = fleet.workstation("carl");
    carl.edit(
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)", "INSERT INTO parts VALUES('S9',9)");
    carl.syncWell();
    anna.edit("UPDATE parts SET price=11 WHERE sku='S1'");
    anna.syncWell();
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(carl.db().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("S1|11.0", "S2|2.0", "S3|3.0", "S9|9.0");
    assertThat(carl.db().value("SELECT count(*) FROM quotes")).isEqualTo("1");
  }

  // ---- the master

  @Test
  void a_master_replaced_by_an_older_copy_catches_up() throws IOException {
    Path backup = folder.resolve("master.db");
    Files.copy(fleet.master().file(), backup);
    anna.edit("UPDATE parts SET price=10 WHERE sku='S1'", "DELETE FROM parts WHERE sku='S3'");
    anna.syncWell();
    Files.delete(fleet.master().file());
    Files.copy(backup, fleet.master().file());
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(fleet.master().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("S1|10.0", "S2|2.0");
  }

  @Test
  void an_older_copy_of_the_master_that_was_edited_brings_its_edit() throws IOException {
    Path backup = folder.resolve("master.db");
    Files.copy(fleet.master().file(), backup);
    anna.edit("UPDATE parts SET price=10 WHERE sku='S1'");
    anna.syncWell();
    Files.delete(fleet.master().file());
    Files.copy(backup, fleet.master().file());
    fleet.master().execute("INSERT INTO parts(sku, price) VALUES('IT',99)");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("IT|99.0", "S1|10.0", "S2|2.0", "S3|3.0");
  }

  @Test
  void what_lost_is_not_decided_anew_when_an_older_copy_of_the_master_has_it_pending()
      throws IOException {
    anna.edit("CREATE TABLE tags(id TEXT PRIMARY KEY, name TEXT UNIQUE)");
    anna.edit("INSERT INTO tags(id, name) VALUES('t1','old')");
    fleet.settle();
    fleet.master().execute("UPDATE parts SET price=10 WHERE sku='S1'");
    fleet.master().execute("UPDATE tags SET name='new' WHERE id='t1'");
    Path backup = folder.resolve("master.db");
    Files.copy(fleet.master().file(), backup);
    ben.edit("UPDATE parts SET price=20 WHERE sku='S1'");
    ben.edit("INSERT INTO tags(id, name) VALUES('t2','new')");
    ben.syncWell();
    Files.delete(fleet.master().file());
    Files.copy(backup, fleet.master().file());
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT price FROM parts WHERE sku='S1'")).containsExactly("20.0");
    assertThat(ben.db().rows("SELECT id, name FROM tags")).containsExactly("t1|old", "t2|new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "empty", "missing", "half", "flipped"})
  void a_broken_master_is_set_aside_and_made_anew(String how) throws IOException {
    byte[] whole = Files.readAllBytes(fleet.master().file());
    switch (how) {
      case "garbage" ->
          Files.writeString(fleet.master().file(), "this is no database ".repeat(999));
      case "empty" -> Files.write(fleet.master().file(), new byte[0]);
      case "missing" -> Files.delete(fleet.master().file());
      case "half" ->
          Files.write(fleet.master().file(), java.util.Arrays.copyOf(whole, whole.length / 2));
      default -> {
        byte[] broken = whole.clone();
        for (int i = 4096; i < broken.length; i += 4096) {
          java.util.Arrays.fill(broken, i, i + 200, (byte) 0x5a);
        }
        Files.write(fleet.master().file(), broken);
      }
    }
    anna.edit("UPDATE parts SET price=10 WHERE sku='S1'");
    DatabaseSync.Outcome outcome = anna.syncWell();
    assertThat(outcome.report().masterBehind()).isZero();
    fleet.settle().assertSame();
    assertThat(fleet.master().value("PRAGMA integrity_check")).isEqualTo("ok");
    boolean worthKeeping = !how.equals("empty") && !how.equals("missing");
    assertThat(Folders.in(fleet.share()))
        .filteredOn(name -> name.contains(".damaged-"))
        .hasSize(worthKeeping ? 1 : 0);
  }

  @Test
  void a_master_of_which_only_an_index_is_damaged_is_made_anew_too() {
    fleet.master().execute("CREATE INDEX items_sku ON items(sku)");
    fleet.settle();
    String root = fleet.master().value("SELECT rootpage FROM sqlite_master WHERE name='items_sku'");
    schema("DELETE FROM sqlite_master WHERE name='items_sku'");
    fleet.master().execute("UPDATE items SET sku='S2'");
    schema(
        "INSERT INTO sqlite_master VALUES('index','items_sku','items',"
            + root
            + ",'CREATE INDEX items_sku ON items(sku)')");
    assertThat(fleet.master().value("PRAGMA quick_check")).isEqualTo("ok");
    fleet.settle().assertSame();
    assertThat(fleet.master().value("PRAGMA integrity_check")).isEqualTo("ok");
  }

  private void schema(String edit) {
    fleet.master().execute("PRAGMA writable_schema=ON", edit);
  }

  @Test
  void a_locked_master_stops_nobody_and_is_only_behind() throws SQLException {
    try (Connection browser = fleet.master().connect();
        Statement statement = browser.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      anna.edit("UPDATE parts SET price=10 WHERE sku='S1'");
      DatabaseSync.Outcome outcome = anna.syncWell();
      assertThat(outcome.report().masterBehind()).isEqualTo(1);
      assertThat(outcome.report().notes()).anyMatch(note -> note.contains("locked"));
      ben.syncWell();
      assertThat(ben.db().value("SELECT price FROM parts WHERE sku='S1'")).isEqualTo("10.0");
      ben.edit("UPDATE parts SET price=20 WHERE sku='S1'");
      assertThat(ben.syncWell().report().masterBehind()).isEqualTo(2);
      anna.syncWell();
      assertThat(anna.db().value("SELECT price FROM parts WHERE sku='S1'")).isEqualTo("20.0");
      statement.execute("ROLLBACK");
    }
    assertThat(anna.syncWell().report().masterBehind()).isZero();
    fleet.settle().assertSame();
  }

  @Test
  void a_reader_that_keeps_the_master_open_stops_nobody() throws SQLException {
    try (Connection browser = fleet.master().connect();
        Statement statement = browser.createStatement()) {
      statement.execute("BEGIN");
      statement.executeQuery("SELECT * FROM parts").next();
      anna.edit("UPDATE parts SET price=10 WHERE sku='S1'");
      anna.syncWell();
      ben.syncWell();
      assertThat(ben.db().value("SELECT price FROM parts WHERE sku='S1'")).isEqualTo("10.0");
    }
    fleet.settle().assertSame();
  }

  @Test
  void a_master_in_wal_mode_is_switched_back() {
    assertThat(fleet.master().value("PRAGMA journal_mode=WAL")).isEqualTo("wal");
    anna.edit("UPDATE parts SET price=10 WHERE sku='S1'");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(fleet.master().value("PRAGMA journal_mode")).isEqualTo("delete");
  }

  @Test
  void a_master_kept_in_wal_mode_by_another_program_is_only_behind() throws SQLException {
    try (Connection browser = fleet.master().connect();
        Statement statement = browser.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("BEGIN");
      statement.executeQuery("SELECT * FROM parts").next();
      anna.edit("UPDATE parts SET price=10 WHERE sku='S1'");
      DatabaseSync.Outcome outcome = anna.syncWell();
      assertThat(outcome.report().masterBehind()).isPositive();
      ben.syncWell();
      assertThat(ben.db().value("SELECT price FROM parts WHERE sku='S1'")).isEqualTo("10.0");
    }
    assertThat(anna.syncWell().report().masterBehind()).isZero();
    fleet.settle().assertSame();
  }

  @Test
  void what_somebody_edits_in_the_master_reaches_everyone() {
    fleet
        .master()
        .execute(
            "UPDATE parts SET price=77 WHERE sku='S1'",
            "DELETE FROM parts WHERE sku='S2'",
            "INSERT INTO quotes(title) VALUES('by IT')");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("S1|77.0", "S3|3.0");
    assertThat(ben.db().value("SELECT count(*) FROM quotes")).isEqualTo("2");
  }

  @Test
  void a_file_that_is_no_database_where_the_master_should_be_begins_no_ledger() throws IOException {
    Fleet other = new Fleet(folder.resolve("other"));
    Workstation dora = other.workstation("dora");
    byte[] garbage = "a letter, not a database ".repeat(100).getBytes(StandardCharsets.UTF_8);
    Files.write(other.master().file(), garbage);
    dora.edit("CREATE TABLE t(id INTEGER PRIMARY KEY)", "INSERT INTO t VALUES(1)");
    DatabaseSync.Outcome outcome = dora.sync();
    assertThat(outcome.exitCode()).isEqualTo(Failure.REFUSED);
    assertThat(outcome.failure().whatFailed()).contains("server.db");
    assertThat(Files.readAllBytes(other.master().file())).isEqualTo(garbage);
    assertThat(Folders.in(other.share())).isEqualTo(List.of("server.db"));
  }
}
