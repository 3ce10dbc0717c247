package tidemark.past;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.change.Row;
import tidemark.past.Feed.Filter;
import tidemark.testing.PairTest;
import tidemark.testing.Workstation;

class FeedTest extends PairTest {
  @BeforeEach
  void someHistory() {
    begin(
        () -> {
          everybodyHas(
              "CREATE TABLE quotes(quoteId TEXT PRIMARY KEY, name TEXT)",
              "CREATE TABLE parts(a TEXT, b INTEGER, PRIMARY KEY(a, b))",
              "INSERT INTO quotes VALUES('Q1','one'),('Q2','two')",
              "INSERT INTO parts VALUES('x', 3)");
          ben.edit("UPDATE quotes SET name='bens' WHERE quoteId='Q1'");
          ben.syncWell();
          anna.syncWell();
          anna.edit("DELETE FROM quotes WHERE quoteId='Q1'");
          anna.syncWell();
          anna.edit("INSERT INTO quotes(quoteId, name) VALUES('Q1','again')");
          anna.syncWell();
        });
  }

  private static List<String> feed(Workstation workstation, Filter filter) {
    List<String> lines = new ArrayList<>();
    new Feed(workstation.plan(), workstation.ledger())
        .each(
            filter,
            i ->
                lines.add(
                    i.by()
                        + " "
                        + i.op()
                        + " "
                        + i.table()
                        + " "
                        + i.key()
                        + " "
                        + name(i.before())
                        + ">"
                        + name(i.after())));
    return lines;
  }

  private static String name(Row row) {
    return row == null ? "-" : String.valueOf(row.get("name"));
  }

  private static final String[] Q1 = {
    "anna put quotes Q1 ->one",
    "ben put quotes Q1 one>bens",
    "anna delete quotes Q1 bens>-",
    "anna put quotes Q1 ->again"
  };

  @Test
  void tells_who_changed_which_row_from_what_to_what_oldest_first() {
    assertThat(feed(ben, Filter.ALL))
        .containsSubsequence(Q1)
        .contains("anna put quotes Q2 ->two")
        .hasSize(6);
  }

  @Test
  void narrows_by_table_key_user_time_and_count() {
    assertThat(feed(ben, new Filter("quotes", "Q1", null, null, null))).containsExactly(Q1);
    assertThat(feed(ben, new Filter(null, "(x, 3)", null, null, null))).hasSize(1);
    assertThat(feed(ben, new Filter(null, "[\"x\",3]", null, null, null))).hasSize(1);
    assertThat(feed(ben, new Filter(null, null, "ben", null, null))).containsExactly(Q1[1]);
    assertThat(feed(ben, new Filter(null, null, null, null, 2))).containsExactly(Q1[2], Q1[3]);
    long future = System.currentTimeMillis() + 3_600_000;
    assertThat(feed(ben, new Filter(null, null, null, future, null))).isEmpty();
    assertThat(feed(ben, new Filter(null, null, null, 0L, null))).hasSize(6);
  }

  @Test
  void one_who_never_synced_reads_it_from_the_share() {
    Workstation it = fleet.workstation("it");
    assertThat(feed(it, new Filter("quotes", "Q1", null, null, null))).containsExactly(Q1);
  }

  @Test
  void retired_entries_are_read_from_the_archive() {
    retireAll();
    assertThat(anna.ledger().info().orElseThrow().floor()).isPositive();
    Workstation it = fleet.workstation("it");
    assertThat(feed(it, new Filter("quotes", "Q1", null, null, null))).containsExactly(Q1);
  }

  @Test
  void where_the_archive_is_gone_the_snapshot_tells_what_was_before() throws Exception {
    retireAll();
    anna.edit("UPDATE quotes SET name='later' WHERE quoteId='Q2'");
    anna.syncWell();
    try (var zips = java.nio.file.Files.list(fleet.share().resolve("server.db-ledger/archive"))) {
      zips.forEach(zip -> zip.toFile().delete());
    }
    Workstation it = fleet.workstation("it");
    assertThat(feed(it, Filter.ALL)).endsWith("anna put quotes Q2 two>later");
  }

  /** A snapshot of the master as it is, and all entries into the archive. */
  private void retireAll() {
    var ledger = anna.ledger();
    long head = ledger.last(0);
    fleet.master().update("VACUUM INTO ?", folder.resolve("copy.db").toString());
    ledger.addSnapshot(ledger.read(head).position(), folder.resolve("copy.db"));
    ledger.retire(head);
  }
}
