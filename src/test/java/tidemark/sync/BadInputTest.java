package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.Failure;
import tidemark.testing.Fleet;
import tidemark.testing.Folders;
import tidemark.testing.Forgery;
import tidemark.testing.PairTest;
import tidemark.testing.SettablePace;
import tidemark.testing.Workstation;

/** Damaged, foreign and too new files are refused with what to do, and left as they are. */
class BadInputTest extends PairTest {
  @BeforeEach
  void twoThatHaveSynced() {
    everybodyHas(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)",
        "INSERT INTO t VALUES(1,'one'),(2,'two')");
    fleet.all().forEach(workstation -> workstation.pace = new SettablePace());
  }

  private static void assertRefused(DatabaseSync.Outcome outcome) {
    assertThat(outcome.failure()).isNotNull();
    assertThat(outcome.exitCode()).isEqualTo(Failure.REFUSED);
    assertThat(outcome.status()).isEqualTo("error");
    assertThat(outcome.failure().whatFailed()).isNotEmpty().doesNotContain("Exception");
    assertThat(outcome.failure().hint()).isNotEmpty();
  }

  // ---- the local database

  @ParameterizedTest
  @ValueSource(
      strings = {
        "letter",
        "header only",
        "half",
        "zeros",
        "format of a later SQLite to write",
        "format of a later SQLite to read",
        "schema of a later SQLite"
      })
  void a_local_file_that_is_no_whole_database_is_refused_and_nothing_is_touched(String how)
      throws IOException {
    Path file = ben.db().file();
    byte[] whole = Files.readAllBytes(file);
    Files.write(
        file,
        switch (how) {
          case "letter" ->
              "Dear customer, this is a letter.\n".repeat(200).getBytes(StandardCharsets.UTF_8);
          case "header only" -> Arrays.copyOf(whole, 100);
          case "half" -> Arrays.copyOf(whole, whole.length / 2);
          case "zeros" -> new byte[whole.length];
          case "format of a later SQLite to write" -> with(whole, 18, 9);
          case "format of a later SQLite to read" -> with(whole, 19, 9);
          default -> with(whole, 47, 9); // the format of its schema
        });
    Map<String, String> before = Folders.bytes(folder);
    DatabaseSync.Outcome outcome = ben.sync();
    assertRefused(outcome);
    assertThat(outcome.failure().whatFailed()).contains(file.toString());
    assertThat(Folders.bytes(folder)).isEqualTo(before);
  }

  private static byte[] with(byte[] whole, int place, int value) {
    byte[] other = whole.clone();
    other[place] = (byte) value;
    return other;
  }

  @Test
  void a_database_of_another_application_is_refused_and_nothing_is_touched() {
    Fleet office = new Fleet(folder.resolve("office"));
    Workstation first = office.workstation("first");
    first.edit("PRAGMA application_id=1111", "CREATE TABLE t(id INTEGER PRIMARY KEY)");
    office.settle();
    Workstation dora = office.workstation("dora");
    dora.edit("PRAGMA application_id=2222", "CREATE TABLE t(id INTEGER PRIMARY KEY)");
    Map<String, String> before = Folders.bytes(folder);
    DatabaseSync.Outcome outcome = dora.sync();
    assertRefused(outcome);
    assertThat(outcome.failure().whatFailed())
        .contains(dora.db().file().toString(), "another application", "1111", "2222");
    assertThat(Folders.bytes(folder)).isEqualTo(before);
    dora.edit("PRAGMA application_id=1111");
    dora.syncWell();
  }

  @Test
  void a_missing_folder_of_the_local_database_is_a_mistyped_path_and_not_made() throws IOException {
    Workstation dora = fleet.workstation("dora");
    Files.delete(dora.folder());
    Map<String, String> share = Folders.bytes(fleet.share());
    DatabaseSync.Outcome outcome = dora.sync();
    assertThat(outcome.failure()).isNotNull();
    assertThat(outcome.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(outcome.failure().whatFailed()).contains(dora.db().file().toString());
    assertThat(outcome.failure().hint()).contains("databases.server.local", "create the folder");
    assertThat(dora.folder()).doesNotExist();
    assertThat(Folders.bytes(fleet.share())).isEqualTo(share);
    Files.createDirectory(dora.folder());
    dora.syncWell();
    assertThat(dora.db().rows("SELECT v FROM t ORDER BY id")).containsExactly("one", "two");
  }

  @Test
  void a_folder_and_a_master_are_no_local_database() throws IOException {
    Workstation dora = fleet.workstation("dora");
    Files.createDirectory(dora.db().file());
    DatabaseSync.Outcome outcome = dora.sync();
    assertThat(outcome.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(outcome.failure().whatFailed()).contains("is a folder, not a database");

    Files.delete(dora.db().file());
    Folders.copy(
        fleet.share().resolve("server.db-ledger"), dora.folder().resolve("server.db-ledger"));
    Files.copy(fleet.master().file(), dora.db().file());
    Map<String, String> before = Folders.bytes(folder);
    outcome = dora.sync();
    assertThat(outcome.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(outcome.failure().whatFailed()).contains("is a master, with its ledger beside it");
    assertThat(outcome.failure().hint()).contains("databases.server.local");
    assertThat(Folders.bytes(folder)).isEqualTo(before);
  }

  @Test
  void a_local_database_of_a_newer_tidemark_is_refused_and_nothing_is_touched() {
    ben.edit("UPDATE sync_state SET value=2 WHERE key='format'");
    Map<String, String> before = Folders.bytes(folder);
    DatabaseSync.Outcome outcome = ben.sync();
    assertRefused(outcome);
    assertThat(outcome.failure().whatFailed()).contains("newer Tidemark");
    assertThat(Folders.bytes(folder)).isEqualTo(before);
  }

  @Test
  void a_file_that_is_no_database_begins_no_ledger() throws IOException {
    Fleet other = new Fleet(folder.resolve("other"));
    Workstation dora = other.workstation("dora");
    Files.writeString(dora.db().file(), "this is no database at all, by no means ".repeat(50));
    Map<String, String> before = Folders.bytes(folder);
    assertRefused(dora.sync());
    assertThat(Folders.bytes(folder)).isEqualTo(before);
    assertThat(Folders.in(other.share())).isEmpty();
  }

  @Test
  void a_master_of_a_newer_tidemark_is_left_alone_and_named_and_workstations_go_on() {
    fleet.master().execute("UPDATE sync_state SET value=2 WHERE key='format'");
    String content = fleet.master().content("t").toString();
    anna.edit("UPDATE t SET v='new' WHERE id=1");
    DatabaseSync.Outcome outcome = anna.sync();
    assertThat(outcome.failure()).isNull();
    assertThat(outcome.status()).isEqualTo("partial");
    assertThat(outcome.report().held().toString()).contains("newer Tidemark");
    ben.sync();
    assertThat(ben.db().value("SELECT v FROM t WHERE id=1")).isEqualTo("new");
    assertThat(fleet.master().content("t").toString()).isEqualTo(content);
    assertThat(Folders.in(fleet.share())).noneMatch(name -> name.contains("damaged"));
  }

  // ---- the ledger

  /** The entry that anna has written and ben has not read. */
  private Path unreadEntry() {
    anna.edit("UPDATE t SET v='new' WHERE id=1", "INSERT INTO t(id, v) VALUES(3,'three')");
    anna.syncWell();
    long head = 0;
    while (anna.ledger().read(head + 1) != null) {
      head++;
    }
    return fleet
        .share()
        .resolve("server.db-ledger/entries/000")
        .resolve(String.format("%012d", head))
        .resolve("entry.jsonl.gz");
  }

  private void assertBenRefusesAndTouchesNothing(String... words) {
    ben.edit("UPDATE t SET v='bens' WHERE id=2");
    Map<String, String> share = Folders.bytes(fleet.share());
    String content = ben.db().content("t").toString();
    for (int i = 0; i < 2; i++) {
      DatabaseSync.Outcome outcome = ben.sync();
      assertRefused(outcome);
      assertThat(outcome.failure().whatFailed() + outcome.failure().hint()).contains(words);
    }
    assertThat(Folders.bytes(fleet.share())).isEqualTo(share);
    assertThat(ben.db().content("t").toString()).isEqualTo(content);
    assertThat(ben.db().value("SELECT count(*) FROM sync_rows_t WHERE edits IS NOT NULL"))
        .isEqualTo("1");
    assertThat(ben.db().value("SELECT status FROM sync_log ORDER BY id DESC LIMIT 1"))
        .isEqualTo("error");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut short", "flipped bit", "empty", "not gzip"})
  void a_damaged_entry_is_refused_until_somebody_who_kept_it_puts_it_right(String how)
      throws IOException {
    Path entry = unreadEntry();
    byte[] whole = Files.readAllBytes(entry);
    byte[] flipped = whole.clone();
    flipped[whole.length / 2] ^= 4;
    Files.write(
        entry,
        switch (how) {
          case "cut short" -> Arrays.copyOf(whole, whole.length - 20);
          case "flipped bit" -> flipped;
          case "empty" -> new byte[0];
          default -> "plain text".getBytes(StandardCharsets.UTF_8);
        });
    assertBenRefusesAndTouchesNothing("damaged");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT v FROM t ORDER BY id"))
        .containsExactly("new", "bens", "three");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"format\":1|\"format\":2|newer",
        "\"table\":\"t\"|\"table\":\"sync_state\"|sync_state",
        "\"table\":\"t\"|\"table\":\"SQLITE_master\"|SQLITE_master",
        "\"table\":\"t\"|\"table\":\"\"|name",
        "\"put\":[1]|\"put\":[1,2]|by a key of 2 columns"
      })
  void an_entry_that_must_not_be_is_refused_though_its_checksum_fits(
      String what, String instead, String word) throws IOException {
    Path entry = unreadEntry();
    String lines = unpacked(Files.readAllBytes(entry));
    assertThat(lines).contains(what);
    Files.write(entry, packed(lines.replace(what, instead)));
    assertBenRefusesAndTouchesNothing(word);
  }

  @Test
  void an_entry_with_changes_for_a_table_nobody_has_is_named_and_the_rest_goes_on()
      throws IOException {
    Path entry = unreadEntry();
    String hostile = "t\\\"; DROP TABLE t; --";
    String lines =
        unpacked(Files.readAllBytes(entry))
            .replace("\"table\":\"t\"", "\"table\":\"" + hostile + "\"");
    Files.write(entry, packed(lines));
    DatabaseSync.Outcome outcome = ben.sync();
    assertThat(outcome.failure()).isNull();
    assertThat(outcome.report().held().toString()).contains("DROP TABLE");
    // the master had applied what stood there before, and brings it in again
    assertThat(ben.db().rows("SELECT v FROM t ORDER BY id")).containsExactly("new", "two", "three");
  }

  @Test
  void a_row_that_lacks_its_key_is_held_and_named_and_the_rest_goes_on() throws IOException {
    Path entry = unreadEntry();
    String lines = unpacked(Files.readAllBytes(entry));
    Files.write(entry, packed(lines.replace("\"row\":[1,", "\"row\":[null,")));
    DatabaseSync.Outcome outcome = ben.sync();
    assertThat(outcome.failure()).isNull();
    assertThat(outcome.report().held().toString()).contains("no value for its key's column id");
    assertThat(ben.db().rows("SELECT v FROM t ORDER BY id")).containsExactly("one", "two", "three");
  }

  @Test
  void an_entry_of_another_history_is_refused() throws IOException {
    Path entry = unreadEntry();
    String lines = unpacked(Files.readAllBytes(entry));
    String other = lines.replaceFirst("\"previous\":\"[0-9a-f]{8}", "\"previous\":\"00000000");
    assertThat(other).isNotEqualTo(lines);
    Files.write(entry, packed(other));
    assertBenRefusesAndTouchesNothing("does not follow");
  }

  @Test
  void a_gzip_bomb_is_refused_before_it_fills_the_memory() throws IOException {
    Path entry = unreadEntry();
    Files.write(entry, Forgery.packed(new byte[400 << 20]));
    assertBenRefusesAndTouchesNothing("more than any Tidemark writes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "newer|{\"id\":\"x\",\"format\":2,\"floor\":0}",
        "ledger.json|{\"id\":",
        "ledger.json|[]"
      })
  void a_ledger_of_a_newer_format_or_an_unreadable_one_is_refused(String word, String text)
      throws IOException {
    Files.writeString(fleet.share().resolve("server.db-ledger/ledger.json"), text);
    assertBenRefusesAndTouchesNothing(word);
  }

  private static String unpacked(byte[] entry) {
    return Forgery.text(Forgery.lines(entry));
  }

  private static byte[] packed(String lines) {
    return Forgery.sealed(Forgery.bytes(lines));
  }
}
