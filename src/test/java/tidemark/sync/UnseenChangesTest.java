package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.replica.Replica;
import tidemark.testing.PairTest;
import tidemark.testing.Workstation;

/** What happened to a table or the whole file while no trigger was watching. */
class UnseenChangesTest extends PairTest {
  @BeforeEach
  void twoThatHaveSynced() {
    everybodyHas(
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)",
        "CREATE TABLE quotes(id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT)",
        "INSERT INTO parts WITH RECURSIVE s(n) AS (SELECT 100 UNION ALL SELECT n+1 FROM s WHERE n<159) SELECT 'S'||n, n FROM s",
        "INSERT INTO quotes(title) VALUES('first')");
  }

  private static final String[] REBUILD = {
    "CREATE TABLE parts_new(sku TEXT PRIMARY KEY, price REAL, vendor TEXT DEFAULT 'none', updated_at DATETIME, updated_by TEXT, synced_at DATETIME)",
    "INSERT INTO parts_new(sku, price, updated_at, updated_by, synced_at) SELECT sku, price, updated_at, updated_by, synced_at FROM parts",
    "DROP TABLE parts",
    "ALTER TABLE parts_new RENAME TO parts"
  };

  @Test
  void a_rebuilt_table_goes_on_and_the_edits_made_on_the_way_are_noticed() {
    anna.edit("UPDATE parts SET price=1.5 WHERE sku='S101'");
    anna.edit(REBUILD);
    anna.edit("UPDATE parts SET price=2.5 WHERE sku='S102'", "DELETE FROM parts WHERE sku='S103'");
    anna.edit("INSERT INTO parts(sku, price, vendor) VALUES('new', 1, 'ACME')");
    ben.edit("UPDATE parts SET price=4.5 WHERE sku='S104'");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(
            ben.db()
                .rows(
                    "SELECT sku, price, vendor FROM parts WHERE sku<'S105' OR sku='new' ORDER BY sku"))
        .containsExactly(
            "S100|100.0|none", "S101|1.5|none", "S102|2.5|none", "S104|4.5|none", "new|1.0|ACME");
    anna.edit("UPDATE parts SET price=9 WHERE sku='S109'");
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT price FROM parts WHERE sku='S109'")).isEqualTo("9.0");
    assertThat(ben.db().value("SELECT count(*) FROM sync_conflicts")).isEqualTo("0");
  }

  @Test
  void a_table_rebuilt_without_the_sync_columns_goes_on() {
    anna.edit(
        "CREATE TABLE parts_new(sku TEXT PRIMARY KEY, price REAL)",
        "INSERT INTO parts_new SELECT sku, price FROM parts",
        "DROP TABLE parts",
        "ALTER TABLE parts_new RENAME TO parts",
        "UPDATE parts SET price=1.5 WHERE sku='S101'");
    anna.syncWell();
    fleet.settle();
    assertThat(ben.db().value("SELECT price FROM parts WHERE sku='S101'")).isEqualTo("1.5");
    String content = "SELECT sku, price FROM parts ORDER BY sku";
    assertThat(anna.db().rows(content)).isEqualTo(ben.db().rows(content)).hasSize(60);
    assertThat(fleet.master().rows(content)).isEqualTo(ben.db().rows(content));
  }

  @Test
  void an_older_copy_of_the_local_file_catches_up_and_brings_nothing_back_from_the_dead()
      throws IOException {
    Path copy = folder.resolve("copy.db");
    Files.copy(anna.db().file(), copy);
    anna.edit(
        "UPDATE parts SET price=1.5 WHERE sku='S101'",
        "DELETE FROM parts WHERE sku='S103'",
        "INSERT INTO quotes(title) VALUES('second')");
    anna.syncWell();
    ben.syncWell();
    ben.edit("DELETE FROM parts WHERE sku='S104'");
    ben.syncWell();
    anna.syncWell();
    Files.copy(copy, anna.db().file(), StandardCopyOption.REPLACE_EXISTING);
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT count(*) FROM parts")).isEqualTo("58");
    assertThat(anna.db().value("SELECT price FROM parts WHERE sku='S101'")).isEqualTo("1.5");
    assertThat(anna.db().value("SELECT count(*) FROM quotes")).isEqualTo("2");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void an_older_copy_that_was_edited_brings_its_edits_and_only_them() throws IOException {
    Path copy = folder.resolve("copy.db");
    Files.copy(anna.db().file(), copy);
    anna.edit("UPDATE parts SET price=1.5 WHERE sku='S101'");
    anna.edit("INSERT INTO quotes(title) VALUES('second')");
    anna.syncWell();
    ben.syncWell();
    Files.copy(copy, anna.db().file(), StandardCopyOption.REPLACE_EXISTING);
    anna.edit(
        "UPDATE parts SET price=2.5 WHERE sku='S102'",
        "DELETE FROM parts WHERE sku='S103'",
        "INSERT INTO quotes(title) VALUES('another second')");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT price FROM parts WHERE sku<'S104' ORDER BY sku"))
        .containsExactly("100.0", "1.5", "2.5");
    assertThat(ben.db().rows("SELECT title FROM quotes ORDER BY title"))
        .containsExactly("another second", "first", "second");
  }

  @Test
  void an_older_copy_with_edits_that_were_pending_then_doubles_nothing() throws IOException {
    anna.edit(
        "INSERT INTO quotes(title) VALUES('second')", "UPDATE parts SET price=1 WHERE sku='S101'");
    Path copy = folder.resolve("copy.db");
    Files.copy(anna.db().file(), copy);
    anna.syncWell();
    ben.syncWell();
    ben.edit(
        "UPDATE parts SET price=2 WHERE sku='S101'",
        "UPDATE quotes SET title='changed' WHERE id=2");
    ben.syncWell();
    Files.copy(copy, anna.db().file(), StandardCopyOption.REPLACE_EXISTING);
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT title FROM quotes ORDER BY id"))
        .containsExactly("first", "changed");
    assertThat(anna.db().value("SELECT price FROM parts WHERE sku='S101'")).isEqualTo("2.0");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void a_copy_from_before_tidemark_is_compared_and_its_rows_do_not_beat_later_ones()
      throws IOException {
    Workstation carl = fleet.workstation("carl");
    carl.edit(
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)",
        "INSERT INTO parts VALUES('S101',101),('carls',7)");
    carl.syncWell();
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT price FROM parts WHERE sku='carls'")).isEqualTo("7.0");
    assertThat(anna.db().value("SELECT count(*) FROM parts")).isEqualTo("61");
  }

  @Test
  void many_rows_that_vanished_unseen_refuse_the_table_by_name_until_somebody_accepts() {
    withoutTriggers("DELETE FROM parts WHERE sku<'S130'");
    DatabaseSync.Outcome outcome = anna.sync();
    assertThat(outcome.status()).isEqualTo("partial");
    assertThat(outcome.report().held()).containsOnlyKeys("parts");
    assertThat(outcome.report().held().get("parts")).contains("30 rows vanished");
    assertThat(anna.sync().report().held()).containsOnlyKeys("parts");
    ben.syncWell();
    assertThat(ben.db().value("SELECT count(*) FROM parts")).isEqualTo("60");
    anna.edit("INSERT INTO quotes(title) VALUES('goes on')");
    anna.sync();
    ben.syncWell();
    assertThat(ben.db().value("SELECT count(*) FROM quotes")).isEqualTo("2");
    try (Replica replica =
        Replica.open(
            anna.db().file(),
            Duration.ofSeconds(5),
            anna.plan().rules(),
            anna.plan().selection())) {
      replica.acceptShape("parts");
    }
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT count(*) FROM parts")).isEqualTo("30");
  }

  @Test
  void a_few_rows_that_vanished_unseen_were_deleted() {
    withoutTriggers(
        "DELETE FROM parts WHERE sku<'S105'", "UPDATE parts SET price=0.5 WHERE sku='S110'");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT count(*) FROM parts")).isEqualTo("55");
    assertThat(ben.db().value("SELECT price FROM parts WHERE sku='S110'")).isEqualTo("0.5");
  }

  /** As a tool that drops the triggers does. */
  private void withoutTriggers(String... edits) {
    for (String trigger :
        anna.db()
            .rows("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='parts'")) {
      anna.edit("DROP TRIGGER \"" + trigger + "\"");
    }
    anna.edit(edits);
  }

  @Test
  void a_dropped_column_refuses_the_table_by_name_until_it_is_accepted() {
    anna.edit(
        "CREATE TABLE parts_new(sku TEXT PRIMARY KEY, updated_at DATETIME, updated_by TEXT, synced_at DATETIME)",
        "INSERT INTO parts_new SELECT sku, updated_at, updated_by, synced_at FROM parts",
        "DROP TABLE parts",
        "ALTER TABLE parts_new RENAME TO parts");
    anna.edit("INSERT INTO quotes(title) VALUES('goes on')");
    DatabaseSync.Outcome outcome = anna.sync();
    assertThat(outcome.report().held()).containsOnlyKeys("parts");
    assertThat(outcome.report().held().get("parts")).contains("price");
    ben.syncWell();
    assertThat(ben.db().value("SELECT count(*) FROM quotes")).isEqualTo("2");
    assertThat(ben.db().value("SELECT price FROM parts WHERE sku='S100'")).isEqualTo("100.0");
  }

  @Test
  void a_dropped_table_is_named_and_deletes_nothing_elsewhere() {
    anna.edit("DROP TABLE parts");
    assertThat(anna.sync().report().held()).containsOnlyKeys("parts");
    ben.syncWell();
    assertThat(ben.db().value("SELECT count(*) FROM parts")).isEqualTo("60");
    anna.edit("CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)");
    DatabaseSync.Outcome outcome = anna.sync();
    assertThat(outcome.report().held().get("parts")).contains("60 rows vanished");
    ben.syncWell();
    assertThat(ben.db().value("SELECT count(*) FROM parts")).isEqualTo("60");
  }
}
