package tidemark.upkeep.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.ConflictRule;
import tidemark.change.Failure;
import tidemark.ledger.Ledger;
import tidemark.look.Verify;
import tidemark.past.Differences;
import tidemark.share.ShareFiles;
import tidemark.testing.AtOperation;
import tidemark.testing.Database;
import tidemark.testing.PairTest;
import tidemark.testing.SettablePace;
import tidemark.testing.Workstation;

/** Old rows move out, whole, and back; none is ever in neither place. */
class ArchivingTest extends PairTest {
  private static final long BEFORE = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();

  @BeforeEach
  void oldQuotesAndNewOnes() {
    everybodyHas(
        "CREATE TABLE quotes(quoteId TEXT PRIMARY KEY, bom, created_at DATETIME, updated_at"
            + " DATETIME)",
        "CREATE TABLE items(id INTEGER PRIMARY KEY AUTOINCREMENT, quoteId TEXT REFERENCES"
            + " quotes(quoteId) ON DELETE CASCADE, n, created_at)",
        "CREATE TABLE parts(item INTEGER REFERENCES items(id), no INTEGER, what BLOB, PRIMARY"
            + " KEY(item, no))",
        "CREATE TABLE favourites(name TEXT PRIMARY KEY, quoteId TEXT REFERENCES quotes(quoteId) ON"
            + " DELETE SET NULL)",
        "INSERT INTO quotes VALUES('Q1', 'spaced', '2020-01-01 08:00:00', '2025-01-01'), ('Q2',"
            + " 'iso', '2020-12-31T23:00:00.000Z', NULL), ('Q3', 'epoch', 1577836800, NULL), ('Q4',"
            + " 'young', '2025-06-01', NULL), ('Q5', 'undated', 'yesterday', NULL)",
        "INSERT INTO items(quoteId, n, created_at) VALUES('Q1', 1, '2020-01-01'), ('Q1', 2,"
            + " '2025-01-01'), ('Q4', 3, '2020-01-01')",
        "INSERT INTO parts VALUES(1, 1, x'00ff'), (1, 2, NULL), (3, 1, CAST(x'c3' AS TEXT))");
  }

  private ArchiveOrder order(Path to) {
    return new ArchiveOrder("Quotes", BEFORE, to, null, ConflictRule.NEWEST);
  }

  private Archiving.Result archive(Workstation who, Path to) {
    return new Archiving(who.plan(), who.ledger(), who.clock()).move(order(to));
  }

  /** Once the leases of who was cut off have run out. */
  private void archivePatiently(Ledger ledger, SettablePace pace, Path to) {
    for (int i = 0; i < 9; i++) {
      try {
        new Archiving(anna.plan(), ledger, anna.clock()).move(order(to));
        return;
      } catch (Failure e) {
        assertThat(e.exitCode()).as(e.getMessage()).isEqualTo(Failure.BUSY);
        pace.pass(Duration.ofSeconds(20));
      }
    }
  }

  private ArchiveReturn.Result restore(Path from, String table, String key) {
    return new ArchiveReturn(anna.plan(), anna.ledger(), anna.clock())
        .run(new ArchiveReturn.Order(from, table, key, ConflictRule.NEWEST));
  }

  private static List<String> keys(Database database) {
    return database.rows("SELECT quoteId FROM quotes ORDER BY 1");
  }

  /** But for the stamps of the edit that brought them back. */
  private List<String> content(Database database) {
    List<String> all = new ArrayList<>();
    for (String table : List.of("quotes", "items", "parts", "favourites")) {
      String columns =
          String.join(
              ",",
              database.rows(
                  "SELECT 'quote('||name||'), hex('||name||')' FROM pragma_table_info(?) WHERE name"
                      + " NOT IN ('updated_at','updated_by','synced_at')",
                  table));
      all.addAll(database.rows("SELECT " + columns + " FROM " + table + " ORDER BY 1"));
    }
    return all;
  }

  private void assertAllAsTheLedgerHasIt() {
    fleet.settle().assertSame();
    for (Differences findings : new Verify(anna.plan(), anna.ledger(), anna.clock()).run()) {
      assertThat(findings.areNone()).as(findings.database()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"old.db", "old.sql"})
  void old_rows_go_everywhere_with_their_children_and_come_back_everywhere(String name) {
    Path file = folder.resolve(name);
    List<String> before = content(anna.db());

    Archiving.Result result = archive(anna, file);

    assertThat(result.rows())
        .containsEntry("quotes", 3)
        .containsEntry("items", 2)
        .containsEntry("parts", 2);
    assertThat(result.undated()).isEqualTo(1);
    assertThat(result.left()).isEmpty();
    fleet.settle().assertSame();
    assertThat(keys(ben.db())).containsExactly("Q4", "Q5");
    assertThat(ben.db().rows("SELECT n FROM items")).containsExactly("3");

    ArchiveReturn.Result back = restore(file, null, null);

    assertThat(back.left()).isEmpty();
    assertThat(back.rows()).isEqualTo(result.rows());
    assertAllAsTheLedgerHasIt();
    assertThat(content(ben.db())).isEqualTo(before);
    assertThat(restore(file, null, null).there()).isEqualTo(7);
  }

  @Test
  void one_row_comes_back_with_what_hung_on_it() {
    Path file = folder.resolve("old.db");
    archive(anna, file);

    assertThat(restore(file, "quotes", "Q1").rows())
        .containsEntry("quotes", 1)
        .containsEntry("items", 2)
        .containsEntry("parts", 2);
    assertThat(keys(anna.db())).containsExactly("Q1", "Q4", "Q5");
    assertThatThrownBy(() -> restore(file, "quotes", "Q4")).hasMessageContaining("no such rows");
  }

  @Test
  void an_archive_can_be_read_with_any_tool() {
    Path file = folder.resolve("old.db");
    archive(anna, file);
    Database archive = new Database(file);

    assertThat(archive.rows("SELECT quoteId, bom, created_at FROM quotes ORDER BY 1"))
        .contains("Q3|epoch|1577836800");
    assertThat(
            archive.rows("SELECT \"by\", workstation, \"table\", date_column FROM tidemark_runs"))
        .containsExactly("anna|PC-anna|quotes|created_at");
    assertThat(archive.value("SELECT definition FROM tidemark_tables WHERE name='quotes'"))
        .contains("CREATE TABLE quotes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"old.db", "old.sql"})
  void rows_are_added_to_an_archive_that_is_there_and_none_twice(String name) {
    Path file = folder.resolve(name);
    archive(anna, file);
    anna.edit(
        "INSERT INTO quotes(quoteId, bom, created_at, updated_at) VALUES('Q1', 'another of that"
            + " name', '2021-01-01', NULL), ('Q9', NULL, '2021-01-01', NULL)");
    restore(file, "quotes", "Q2");

    archive(anna, file);

    Path loaded = name.endsWith(".sql") ? load(file) : file;
    assertThat(new Database(loaded).rows("SELECT quoteId, bom FROM quotes ORDER BY 1, 2"))
        .contains("Q1|another of that name", "Q1|spaced", "Q3|epoch", "Q9|null");
    assertThat(new Database(loaded).rows("SELECT 1 FROM quotes WHERE quoteId='Q3'")).hasSize(1);
    assertAllAsTheLedgerHasIt();
  }

  private Path load(Path dump) {
    Path loaded = folder.resolve("loaded.db");
    new ArchiveDump(dump, anna.plan().share()).load(loaded);
    return loaded;
  }

  @Test
  void what_is_still_needed_or_in_dispute_is_left_and_named() {
    anna.edit("INSERT INTO favourites(name, quoteId) VALUES('best', 'Q2')");
    anna.syncWell();
    anna.edit(
        "INSERT INTO sync_conflicts(id, timestamp, table_name, row_key, kind, workstation,"
            + " resolved, local_token, remote_entry, entry) VALUES('c', '2025-01-01 00:00:00.000',"
            + " 'items', '[1]', 'update', 'PC-anna', 0, '', 1, 1)");

    Archiving.Result result = archive(anna, folder.resolve("old.db"));

    assertThat(result.rows()).containsOnlyKeys("quotes").containsEntry("quotes", 1);
    assertThat(result.left())
        .extracting(left -> left.row() + ": " + left.why())
        .anyMatch(text -> text.contains("Q2") && text.contains("still needed by favourites best"))
        .anyMatch(text -> text.contains("items 1") && text.contains("open conflict"));
    assertThat(keys(anna.db())).containsExactly("Q1", "Q2", "Q4", "Q5");
  }

  @Test
  void a_row_that_is_there_again_is_never_overwritten_and_keeps_children_of_the_old_one_out() {
    Path file = folder.resolve("old.db");
    archive(anna, file);
    anna.edit(
        "INSERT INTO quotes(quoteId, bom, created_at, updated_at) VALUES('Q1', 'new one',"
            + " '2025-01-01', NULL)");

    ArchiveReturn.Result back = restore(file, null, null);

    assertThat(back.rows()).containsOnlyKeys("quotes").containsEntry("quotes", 2);
    assertThat(back.left())
        .extracting(NotArchived::why)
        .anyMatch(why -> why.contains("again"))
        .anyMatch(why -> why.contains("another one now"));
    assertThat(anna.db().value("SELECT bom FROM quotes WHERE quoteId='Q1'")).isEqualTo("new one");
    assertThat(anna.db().rows("SELECT n FROM items")).containsExactly("3");
    assertAllAsTheLedgerHasIt();
  }

  @Test
  void a_file_of_somebody_elses_is_refused_and_left_as_it_is() throws Exception {
    Path text = Files.writeString(folder.resolve("letter.db"), "Dear Sir");
    Path sql = Files.writeString(folder.resolve("letter.sql"), "CREATE TABLE x(y);\n");
    Path database = folder.resolve("foreign.db");
    new Database(database).execute("CREATE TABLE quotes(a)");
    for (Path file : List.of(text, sql, database, anna.db().file(), fleet.master().file())) {
      byte[] bytes = Files.readAllBytes(file);
      if (file.equals(anna.db().file())) {
        assertThatThrownBy(() -> archive(anna, file)).isInstanceOf(Failure.class);
        continue; // the sync before it may write there
      }
      assertThatThrownBy(() -> archive(anna, file))
          .isInstanceOfSatisfying(
              Failure.class, e -> assertThat(e.exitCode()).isEqualTo(Failure.REFUSED));
      if (!file.equals(fleet.master().file())) {
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
      }
    }
    assertThat(keys(anna.db())).hasSize(5);
    assertAllAsTheLedgerHasIt();
  }

  @Test
  void a_dump_that_was_cut_short_or_holds_other_statements_is_refused() throws Exception {
    Path dump = folder.resolve("old.sql");
    archive(anna, dump);
    List<String> lines = Files.readAllLines(dump);
    Files.write(dump, lines.subList(0, lines.size() - 3));
    assertThatThrownBy(() -> restore(dump, null, null)).hasMessageContaining("not whole");
    List<String> evil = new ArrayList<>(lines);
    evil.add(3, "ATTACH DATABASE '" + folder.resolve("stolen.db") + "' AS x;");
    Files.write(dump, evil);
    assertThatThrownBy(() -> restore(dump, null, null)).hasMessageContaining("no archive holds");
    assertThat(folder.resolve("stolen.db")).doesNotExist();
  }

  @Test
  void a_dry_run_touches_nothing() {
    Archiving.Result would =
        new Archiving(anna.plan(), anna.ledger(), anna.clock())
            .wouldMove(order(folder.resolve("x.db")));

    assertThat(would.rows()).containsEntry("quotes", 3).containsEntry("items", 2);
    assertThat(folder.resolve("x.db")).doesNotExist();
    assertThat(keys(anna.db())).hasSize(5);
  }

  @Test
  void with_the_share_away_nothing_is_moved() throws Exception {
    Files.move(fleet.share(), folder.resolve("unplugged"));

    assertThatThrownBy(() -> archive(anna, folder.resolve("x.db")))
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.exitCode()).isEqualTo(Failure.OFFLINE));
    assertThat(keys(anna.db())).hasSize(5);
    assertThat(folder.resolve("x.db")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"old.db", "old.sql"})
  void cut_off_at_any_moment_rows_are_in_both_at_worst_and_the_next_time_finishes_it(String name) {
    Path file = folder.resolve(name);
    SettablePace pace = new SettablePace();
    anna.pace = pace;
    Ledger ledger = anna.ledger();
    List<String> all = content(anna.db());
    int point = 0;
    AtOperation cut;
    do {
      cut =
          new AtOperation(
              point,
              () -> {
                throw new IOException("the cable is out");
              });
      anna.tap = cut;
      try {
        new Archiving(anna.plan(), ledger, anna.clock()).move(order(file));
      } catch (Failure e) {
        assertThat(e.exitCode()).isNotZero();
      }
      anna.tap = ShareFiles.Tap.NONE;
      archivePatiently(ledger, pace, file);
      assertThat(keys(anna.db())).as("cut at " + point).containsExactly("Q4", "Q5");
      new ArchiveReturn(anna.plan(), ledger, anna.clock())
          .run(new ArchiveReturn.Order(file, null, null, ConflictRule.NEWEST));
      assertThat(content(anna.db())).as("cut at " + point).isEqualTo(all);
      point += 7;
    } while (cut.done());
    assertAllAsTheLedgerHasIt();
  }

  @Test
  @Tag("heavy")
  void ten_thousand_rows_go_and_come_back_bit_for_bit() {
    goAndComeBack(10_000);
  }

  @Test
  void rows_of_all_kinds_of_values_go_and_come_back_bit_for_bit() {
    goAndComeBack(1_500);
  }

  private void goAndComeBack(int rows) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    StringBuilder insert = new StringBuilder("INSERT INTO quotes(quoteId, bom, created_at) VALUES");
    for (int i = 0; i < rows; i++) {
      insert.append(i == 0 ? "" : ",").append("('R" + i + "'," + value(random) + ",'2019-05-05')");
    }
    anna.edit(insert.toString());
    fleet.settle();
    List<String> before = content(anna.db());
    Path file = folder.resolve(random.nextBoolean() ? "old.db" : "old.sql");

    assertThat(archive(anna, file).rows()).as("seed " + seed).containsEntry("quotes", rows + 3);
    assertThat(restore(file, null, null).left()).as("seed " + seed).isEmpty();

    assertAllAsTheLedgerHasIt();
    assertThat(content(ben.db())).as("seed " + seed + " " + file).isEqualTo(before);
  }

  private static String value(Random random) {
    return switch (random.nextInt(9)) {
      case 0 -> "NULL";
      case 1 -> String.valueOf(random.nextLong());
      case 2 -> String.valueOf(Double.longBitsToDouble(random.nextLong() & 0x7fdfffffffffffffL));
      case 3 -> "x'00ff" + Integer.toHexString(random.nextInt(256) | 256).substring(1) + "'";
      case 4 ->
          "CAST(x'c3fe"
              + Integer.toHexString(random.nextInt(256) | 256).substring(1)
              + "' AS TEXT)";
      case 5 -> "'it''s " + random.nextInt() + "'||char(10)||char(13)||char(8232)||'ü'";
      case 6 -> random.nextBoolean() ? "9e999" : "-9e999";
      case 7 -> "''";
      default -> "5.0";
    };
  }
}
