package tidemark.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.past.Past;
import tidemark.share.ShareFiles;
import tidemark.testing.Fleet;
import tidemark.testing.LongLedger;
import tidemark.testing.Workstation;
import tidemark.upkeep.report.Changes;
import tidemark.upkeep.report.Reporting;
import tidemark.upkeep.report.Size;

class LongPastTest {
  private static final int ENTRIES = 300;

  @TempDir Path folder;
  private Fleet fleet;
  private LongLedger history;
  private Workstation it;
  private final Set<Path> read = new HashSet<>();

  /** Somebody who never synced, so that every entry he reads is read from the share. */
  @BeforeEach
  void aLongHistory() {
    fleet = new Fleet(folder);
    Workstation anna = fleet.workstation("anna");
    anna.edit(
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)",
        "INSERT INTO parts VALUES('a', 1.0),('b', 2.0),('c', 3.0)");
    anna.syncWell();
    history =
        new LongLedger(anna.ledger(), fleet.share().resolve("server.db-ledger"), "price")
            .writeUpTo(ENTRIES);
    it = fleet.workstation("it");
    it.tap =
        new ShareFiles.Tap() {
          @Override
          public void before(ShareFiles.Operation operation, Path path) {
            if (operation == ShareFiles.Operation.READ && path.endsWith("entry.jsonl.gz")) {
              read.add(path);
            }
          }
        };
  }

  private List<String> deeds(Workstation workstation, long since) {
    read.clear();
    List<String> deeds = new ArrayList<>();
    new Past(workstation.plan(), workstation.ledger())
        .eachDeed(since, deed -> deeds.add(deed.toString()));
    return deeds;
  }

  private Changes report(Workstation workstation, Instant since) {
    read.clear();
    return new Reporting(workstation.plan(), workstation.ledger(), workstation.clock())
        .since(since)
        .changes();
  }

  @Test
  void what_was_done_is_read_once_and_then_only_what_is_new() {
    List<String> first = deeds(it, 0);
    assertThat(read).hasSize(ENTRIES);
    assertThat(first).hasSize(ENTRIES);

    history.writeUpTo(ENTRIES + 5);

    assertThat(deeds(it, 0)).hasSize(ENTRIES + 5).endsWith(first.toArray(String[]::new));
    assertThat(read).hasSize(5);
  }

  @Test
  void a_report_reads_only_what_is_new_since_the_last_one() {
    Instant since = Instant.now().minus(Duration.ofDays(100));
    String first = report(it, since).toString();
    assertThat(read).hasSize(ENTRIES);

    assertThat(report(it, since)).hasToString(first);
    assertThat(read).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void a_report_that_begins_amid_a_quarter_of_an_hour_counts_to_the_millisecond() {
    long at = new Past(it.plan(), it.ledger()).entry(200).at();
    for (int round = 0; round < 2; round++) {
      assertThat(report(it, Instant.ofEpochMilli(at)).all().all()).isEqualTo(ENTRIES - 199);
      assertThat(report(it, Instant.ofEpochMilli(at + 1)).all().all()).isEqualTo(ENTRIES - 200);
      deeds(it, 0);
    }
    assertThat(read).hasSizeLessThanOrEqualTo(1);
  }

  private Size.LedgerBytes size() {
    return new Reporting(it.plan(), it.ledger(), it.clock())
        .since(Instant.now().minus(Duration.ofDays(200)))
        .size()
        .ledger();
  }

  @Test
  void nor_does_it_look_at_the_files_of_a_folder_that_is_as_it_was() throws IOException {
    Size.LedgerBytes first = size();
    Path entry = fleet.share().resolve("server.db-ledger/entries/000/000000000150/entry.jsonl.gz");
    Files.write(entry, new byte[100_000]); // never so in a ledger; here it shows who looks
    assertThat(size().all()).isEqualTo(first.all());

    history.writeUpTo(ENTRIES + 1);
    assertThat(size().all()).isGreaterThan(first.all() + 90_000);
    assertThat(size().growth()).isLessThan(size().all());
  }

  @Test
  void its_sizes_are_the_same_whether_it_knows_the_folders_or_not() throws IOException {
    history.writeUpTo(1_010);
    for (int days : List.of(1, 30, 45, 60, 88, 100)) {
      Instant since = Instant.now().minus(Duration.ofDays(days));
      Reporting reporting = new Reporting(it.plan(), it.ledger(), it.clock());
      Size.LedgerBytes known = reporting.since(since).size().ledger();
      Files.deleteIfExists(it.folder().resolve("index.db"));
      assertThat(reporting.since(since).size().ledger()).isEqualTo(known);
    }
  }
}
