package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tidemark.ledger.Entry;
import tidemark.testing.PairTest;

/** More rows than fit into one entry. */
class ManyRowsTest extends PairTest {
  private static final String NUMBERS =
      " WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM s WHERE n<%d) ";

  @BeforeEach
  void twoWorkstations() {
    anna.db().script("/tidemark/app/demo/server.sql");
  }

  private static String numbers(int count) {
    return NUMBERS.formatted(count);
  }

  private long largestEntry() {
    long largest = 0;
    long number = 1;
    for (Entry e = anna.ledger().read(number); e != null; e = anna.ledger().read(++number)) {
      largest = Math.max(largest, e.changes().size());
    }
    return largest;
  }

  @Test
  @Tag("heavy")
  void a_price_list_import_that_touches_fifty_thousand_components_goes_through() {
    importThatTouches(50_000);
  }

  @Test
  void an_import_that_takes_several_entries_goes_through() {
    importThatTouches(5_000);
  }

  private void importThatTouches(int components) {
    anna.edit(
        "INSERT INTO components(sku, description, price)"
            + numbers(components)
            + "SELECT 'SKU-'||n, 'part '||n, n FROM s");
    anna.syncWell();
    ben.syncWell();
    assertThat(ben.db().value("SELECT count(*) FROM components")).isEqualTo("" + components);
    ben.edit(
        "UPDATE components SET price=price*1.1, lastPriceUpdate='2025-01-15'",
        "DELETE FROM components WHERE sku LIKE 'SKU-499_'");
    anna.edit("UPDATE components SET notes='looked at' WHERE sku='SKU-7'");
    DatabaseSync.Outcome outcome = ben.syncWell();
    assertThat(outcome.report().totalPushed()).isGreaterThanOrEqualTo(components);
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(
            anna.db().value("SELECT count(*) FROM components WHERE lastPriceUpdate='2025-01-15'"))
        .isIn("" + (components - 10), "" + (components - 11));
    assertThat(anna.conflicts()).hasSize(1);
    assertThat(largestEntry()).isLessThanOrEqualTo(1_200);
  }

  @Test
  void a_workstation_long_offline_brings_thousands_of_edits_with_parents_first() {
    anna.syncWell();
    ben.syncWell();
    ben.edit(
        "INSERT INTO quotes(quoteId, projectName)"
            + numbers(1_500)
            + "SELECT 'Q'||n, 'P'||n FROM s",
        "INSERT INTO operational_items(quoteId, sku)"
            + numbers(3_000)
            + "SELECT 'Q'||(n%1500+1), 'S'||n FROM s",
        "INSERT INTO components(sku)" + numbers(1_500) + "SELECT 'C'||n FROM s");
    anna.edit(
        "INSERT INTO quotes(quoteId, projectName) VALUES('QA','annas')",
        "INSERT INTO operational_items(quoteId, sku)" + numbers(50) + "SELECT 'QA', 'A'||n FROM s");
    anna.syncWell();
    ben.syncWell();
    anna.syncWell();
    assertThat(anna.db().rows("PRAGMA foreign_key_check")).isEmpty();
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT count(*) FROM operational_items")).isEqualTo("3050");
    assertThat(
            anna.db()
                .value(
                    "SELECT count(*) FROM operational_items WHERE sku LIKE 'A%' AND quoteId='QA'"))
        .isEqualTo("50");
    assertThat(largestEntry()).isLessThanOrEqualTo(1_200);
  }

  @Test
  void thousands_of_deletes_with_their_children_leave_no_orphans() {
    anna.edit(
        "INSERT INTO quotes(quoteId)" + numbers(1_500) + "SELECT 'Q'||n FROM s",
        "INSERT INTO operational_items(quoteId)"
            + numbers(3_000)
            + "SELECT 'Q'||(n%1500+1) FROM s");
    anna.syncWell();
    ben.syncWell();
    ben.edit("DELETE FROM quotes WHERE quoteId<>'Q7'");
    ben.syncWell();
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT count(*) FROM quotes")).isEqualTo("1");
    assertThat(anna.db().value("SELECT count(*) FROM operational_items")).isEqualTo("2");
  }

  @Test
  void wide_rows_are_cut_into_entries_by_their_size() {
    anna.edit(
        "CREATE TABLE files(id INTEGER PRIMARY KEY, content BLOB)",
        "INSERT INTO files" + numbers(24) + "SELECT n, randomblob(500000) FROM s");
    anna.syncWell();
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(largestEntry()).isLessThan(24);
  }

  @Test
  void a_row_too_large_for_any_entry_is_held_by_name_and_the_rest_goes_through() {
    anna.edit(
        "CREATE TABLE files(id INTEGER PRIMARY KEY, content BLOB)",
        "INSERT INTO files VALUES(1, zeroblob(60000000)), (2, x'01')");
    DatabaseSync.Outcome outcome = anna.sync();
    assertThat(outcome.status()).isEqualTo("partial");
    assertThat(outcome.report().held().toString()).contains("files").contains("too large");
    ben.syncWell();
    assertThat(ben.db().rows("SELECT id FROM files")).containsExactly("2");
    assertThat(anna.sync().status()).isEqualTo("partial");
    anna.edit("UPDATE files SET content=x'02' WHERE id=1");
    fleet.settle().assertSame();
  }
}
