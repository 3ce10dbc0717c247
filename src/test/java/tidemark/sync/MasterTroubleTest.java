package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.look.DatabaseStatus;
import tidemark.look.Status;
import tidemark.testing.Database;
import tidemark.testing.Fleet;
import tidemark.testing.Folders;
import tidemark.testing.PairTest;
import tidemark.testing.ReadOnly;
import tidemark.testing.SettablePace;
import tidemark.testing.Workstation;

/**
 * The master is somebody else's, spoilt where nobody looks, or has a dead client's journal beside
 * it: workstations go on exchanging, the master heals where it can, and else it is named with what
 * to do, and left alone.
 */
class MasterTroubleTest extends PairTest {
  private static final int PAGE = 4096;

  @BeforeEach
  void twoThatHaveSynced() {
    workstationsIn(folder.resolve("fleet"));
    everybodyHas(
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, name TEXT, price REAL)",
        "CREATE INDEX by_name ON parts(name)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<400) INSERT INTO parts SELECT 'S'||i, 'part number '||i||' '||hex(zeroblob(20)), i FROM n");
  }

  private Path master() {
    return fleet.master().file();
  }

  /** The workstations exchange an edit; the run of the one that made it is handed back. */
  private DatabaseSync.Outcome exchange() {
    anna.edit("UPDATE parts SET price=price+0.5 WHERE sku='S7'");
    DatabaseSync.Outcome outcome = anna.sync();
    assertThat(outcome.failure()).isNull();
    ben.sync();
    assertThat(ben.db().value("SELECT price FROM parts WHERE sku='S7'"))
        .isEqualTo(anna.db().value("SELECT price FROM parts WHERE sku='S7'"));
    return outcome;
  }

  private void assertRefusedAndLeftAlone(String... words) throws IOException {
    byte[] before = Files.readAllBytes(master());
    DatabaseSync.Outcome outcome = exchange();
    assertThat(outcome.status()).isEqualTo("partial");
    assertThat(outcome.report().held().toString()).contains(words);
    assertThat(new Status(anna.plan(), anna.ledger()).look().masterTrouble()).contains(words);
    assertThat(Files.readAllBytes(master())).isEqualTo(before);
    assertThat(Folders.in(fleet.share())).containsExactly("server.db", "server.db-ledger");
  }

  private void assertHealsWithoutIt() throws IOException {
    Files.delete(master());
    fleet.settle().assertSame();
    assertThat(anna.syncWell().report().masterBehind()).isZero();
    assertThat(new Status(anna.plan(), anna.ledger()).look().masterTrouble()).isNull();
  }

  private void become(Path other) throws IOException {
    Files.delete(master());
    Files.copy(other, master());
  }

  // ---- another database in its place

  @Test
  void a_database_of_another_application_in_its_place_is_refused_and_nobody_gets_its_rows()
      throws IOException {
    Database other = new Database(folder.resolve("other.db"));
    other.execute(
        "PRAGMA application_id=4711",
        "CREATE TABLE wages(id INTEGER PRIMARY KEY, amount REAL)",
        "INSERT INTO wages VALUES(1, 4000)");
    become(other.file());
    assertRefusedAndLeftAlone("is not the master this ledger knows", "move this one away");
    assertThat(ben.db().hasTable("wages")).isFalse();
    assertHealsWithoutIt();
  }

  @Test
  void a_database_with_the_same_tables_that_was_never_synced_is_refused() throws IOException {
    Database other = new Database(folder.resolve("other.db"));
    other.execute(
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, name TEXT, price REAL)",
        "INSERT INTO parts VALUES('X','from before',1)");
    become(other.file());
    assertRefusedAndLeftAlone("is not the master this ledger knows");
    assertHealsWithoutIt();
    assertThat(ben.db().rows("SELECT * FROM parts WHERE sku='X'")).isEmpty();
  }

  @Test
  void the_master_of_another_team_in_its_place_is_refused_and_nobody_gets_its_rows()
      throws IOException {
    Fleet team = new Fleet(folder.resolve("team"));
    Workstation dora = team.workstation("dora");
    dora.edit(
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, name TEXT, price REAL)",
        "INSERT INTO parts VALUES('X','theirs',1)");
    dora.syncWell();
    become(team.master().file());
    assertRefusedAndLeftAlone("is the master of another ledger", "move this one away");
    assertHealsWithoutIt();
    assertThat(ben.db().rows("SELECT * FROM parts WHERE sku='X'")).isEmpty();
  }

  private Database another() {
    Database other = new Database(folder.resolve("other.db"));
    other.execute(
        "CREATE TABLE wages(id INTEGER PRIMARY KEY, amount REAL)",
        "INSERT INTO wages VALUES(1, 4000)");
    return other;
  }

  private void loseState() throws IOException {
    Files.delete(fleet.share().resolve("server.db-ledger/fold/master.json"));
  }

  @Test
  void another_database_is_refused_though_how_the_master_was_left_is_not_known_any_more()
      throws IOException {
    become(another().file());
    loseState();
    assertRefusedAndLeftAlone("is not the master this ledger knows", "move this one away");
    assertThat(ben.db().hasTable("wages")).isFalse();
    assertHealsWithoutIt();
  }

  @Test
  void a_master_whose_state_was_lost_is_taken_as_it_is() throws IOException {
    fleet.master().execute("UPDATE parts SET name='by IT' WHERE sku='S9'");
    loseState();
    assertThat(exchange().status()).isEqualTo("success");
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT name FROM parts WHERE sku='S9'")).isEqualTo("by IT");
    assertThat(Folders.in(fleet.share())).containsExactly("server.db", "server.db-ledger");
  }

  private void assertNothingIsBegunWithWhatLiesThere(String why) throws IOException {
    byte[] other = Files.readAllBytes(master());
    Workstation dora = fleet.workstation("dora");
    dora.pace = new SettablePace();
    assertThat(dora.sync().failure().whatFailed()).contains(why);
    assertThat(Files.readAllBytes(master())).isEqualTo(other);
  }

  @Test
  void a_ledger_that_lost_its_first_entry_is_not_begun_with_what_lies_in_the_masters_place()
      throws IOException {
    exchange();
    become(another().file());
    loseState();
    Folders.delete(fleet.share().resolve("server.db-ledger/entries/000/000000000001"));
    assertNothingIsBegunWithWhatLiesThere("entry 1 of the ledger is missing");
  }

  @Test
  void nor_is_one_that_lost_all_of_them() throws IOException {
    become(another().file());
    Folders.delete(fleet.share().resolve("server.db-ledger/entries/000"));
    assertNothingIsBegunWithWhatLiesThere("is not the master this ledger knows");
  }

  @Test
  void a_master_in_a_later_SQLites_format_is_refused_and_not_taken_for_damaged()
      throws IOException {
    overwrite(18, new byte[] {3, 3});
    assertRefusedAndLeftAlone("has the format of a later SQLite", "install the newest Tidemark");
    overwrite(18, new byte[] {1, 1});
    fleet.settle().assertSame();
  }

  // ---- not to be written

  private void assertOnlyBehindWhileReadOnly(Path path, String why) throws Exception {
    try (ReadOnly denied = ReadOnly.make(path)) {
      DatabaseSync.Outcome outcome = exchange();
      assertThat(outcome.status()).isEqualTo("success");
      assertThat(outcome.report().masterBehind()).isEqualTo(1);
      DatabaseStatus status = new Status(anna.plan(), anna.ledger()).look();
      assertThat(status.masterBehind()).isEqualTo(1);
      assertThat(status.masterTrouble()).contains(why, "folder");
    }
    assertThat(anna.syncWell().report().masterBehind()).isZero();
    assertThat(new Status(anna.plan(), anna.ledger()).look().masterTrouble()).isNull();
    fleet.settle().assertSame();
  }

  @Test
  void a_master_nobody_may_write_is_only_behind_until_somebody_may() throws Exception {
    assertOnlyBehindWhileReadOnly(master(), "readonly database");
  }

  @Test
  void a_master_whose_folder_nobody_may_write_is_only_behind_until_somebody_may() throws Exception {
    assertOnlyBehindWhileReadOnly(fleet.share(), "server.db");
  }

  // ---- pages overwritten

  private void overwrite(long at, byte[] bytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(master().toFile(), "rw")) {
      file.seek(at);
      file.write(bytes);
    }
  }

  private static byte[] rubbish(int length) {
    byte[] rubbish = new byte[length];
    Arrays.fill(rubbish, (byte) 0x5a);
    return rubbish;
  }

  private void spoilPageOf(String name) throws IOException {
    String root = fleet.master().value("SELECT rootpage FROM sqlite_master WHERE name=?", name);
    overwrite((Long.parseLong(root) - 1) * PAGE, rubbish(PAGE));
  }

  private void assertMadeAnew(DatabaseSync.Outcome outcome) {
    assertThat(outcome.status()).isEqualTo("success");
    assertThat(outcome.report().masterBehind()).isZero();
    assertThat(Folders.in(fleet.share())).filteredOn(n -> n.contains(".damaged-")).hasSize(1);
    assertThat(fleet.master().value("PRAGMA integrity_check")).isEqualTo("ok");
    fleet.settle().assertSame();
  }

  @Test
  void a_header_that_was_overwritten_is_healed() throws IOException {
    overwrite(0, rubbish(100));
    assertMadeAnew(exchange());
  }

  @ParameterizedTest
  @ValueSource(strings = {"header", "parts", "sync_state"})
  void it_heals_though_how_it_was_left_is_not_known_any_more(String whose) throws IOException {
    if (whose.equals("header")) {
      overwrite(0, rubbish(100));
    } else {
      spoilPageOf(whose);
    }
    loseState();
    assertMadeAnew(exchange());
  }

  @ParameterizedTest
  @ValueSource(strings = {"parts", "by_name", "sync_rows_parts", "sync_state"})
  void a_page_that_was_overwritten_is_healed(String whose) throws IOException {
    spoilPageOf(whose);
    assertMadeAnew(exchange());
  }

  @ParameterizedTest
  @ValueSource(strings = {"parts", "by_name", "sync_rows_parts", "sync_state"})
  void a_page_that_a_disk_spoilt_without_a_trace_is_healed_once_it_is_needed(String whose)
      throws IOException {
    FileTime before = Files.getLastModifiedTime(master());
    spoilPageOf(whose);
    Files.setLastModifiedTime(master(), before);
    anna.edit("UPDATE parts SET name='another' WHERE sku='S7'");
    assertMadeAnew(exchange());
  }

  // ---- journals

  /** The master as it is in the middle of a commit, with the journal that leads back. */
  private void breakOffACommit(String mode) throws Exception {
    Path copy = folder.resolve("half");
    Files.createDirectories(copy);
    try (Connection dying = fleet.master().connect();
        Statement statement = dying.createStatement()) {
      statement.execute("PRAGMA journal_mode=" + mode);
      statement.execute("PRAGMA cache_size=1"); // pages reach the file before the commit
      dying.setAutoCommit(false);
      statement.execute("UPDATE parts SET name='half of it '||sku||hex(zeroblob(900))");
      for (String part : List.of("", "-journal", "-wal")) {
        Path file = Path.of(master() + part);
        if (Files.exists(file)) {
          Files.copy(file, copy.resolve("server.db" + part));
        }
      }
      dying.rollback();
    }
    for (String part : List.of("", "-journal", "-wal", "-shm")) {
      Files.deleteIfExists(Path.of(master() + part));
    }
    for (String name : Folders.in(copy)) {
      Files.copy(copy.resolve(name), fleet.share().resolve(name));
    }
  }

  @Test
  void a_dead_clients_journal_is_rolled_back_and_not_parted_from_the_master() throws Exception {
    breakOffACommit("DELETE");
    assertThat(Path.of(master() + "-journal")).isNotEmptyFile();
    assertThat(exchange().success()).isTrue();
    fleet.settle().assertSame();
    assertThat(fleet.master().value("SELECT count(*) FROM parts WHERE name LIKE 'half%'"))
        .isEqualTo("0");
    assertThat(Folders.in(fleet.share())).containsExactly("server.db", "server.db-ledger");
  }

  @Test
  void a_dead_clients_write_ahead_log_does_no_harm() throws Exception {
    breakOffACommit("WAL");
    assertThat(Path.of(master() + "-wal")).isNotEmptyFile();
    assertThat(exchange().success()).isTrue();
    fleet.settle().assertSame();
    assertThat(fleet.master().value("PRAGMA journal_mode")).isEqualTo("delete");
    assertThat(fleet.master().value("SELECT count(*) FROM parts WHERE name LIKE 'half%'"))
        .isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"DELETE", "WAL"})
  void the_journal_of_a_master_that_is_gone_is_not_taken_for_the_new_ones(String mode)
      throws Exception {
    breakOffACommit(mode);
    Files.delete(master());
    assertThat(exchange().success()).isTrue();
    fleet.settle().assertSame();
    assertThat(fleet.master().value("PRAGMA integrity_check")).isEqualTo("ok");
    assertThat(Folders.in(fleet.share()))
        .filteredOn(name -> !name.contains(".damaged-"))
        .containsExactly("server.db", "server.db-ledger");
  }
}
