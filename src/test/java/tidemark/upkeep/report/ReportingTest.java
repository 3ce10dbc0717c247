package tidemark.upkeep.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.catchup.KnownEntries;
import tidemark.change.Failure;
import tidemark.past.Feed;
import tidemark.testing.Fleet;
import tidemark.testing.PairTest;
import tidemark.testing.Workstation;

class ReportingTest extends PairTest {
  @BeforeEach
  void someHistory() {
    begin(
        () -> {
          everybodyHas(
              "CREATE TABLE quotes(quoteId TEXT PRIMARY KEY, name TEXT, updated_at TEXT, updated_by TEXT)",
              "CREATE TABLE parts(id TEXT PRIMARY KEY)",
              "INSERT INTO quotes VALUES('Q1','one',datetime('now','-3 days'),'carl'),('Q2','two',datetime('now','-400 days'),'carl')",
              "INSERT INTO parts VALUES('x')");
          ben.edit("UPDATE quotes SET name='bens' WHERE quoteId='Q1'", "DELETE FROM parts");
          ben.syncWell();
          anna.syncWell();
        });
  }

  private static Report report(Workstation workstation) {
    return report(workstation, Duration.ofDays(90));
  }

  private static Report report(Workstation workstation, Duration past) {
    return new Reporting(workstation.plan(), workstation.ledger(), workstation.clock())
        .since(Instant.now().minus(past));
  }

  @Test
  void everybodys_runs_are_read_from_the_master_and_own_ones_it_has_not_heard_of_here() {
    Path away = fleet.share().resolveSibling("unplugged");
    move(fleet.share(), away);
    anna.sync();
    move(away, fleet.share());

    Report report = report(anna);

    assertThat(report.everybodys()).isTrue();
    assertThat(report.troubles()).isEmpty();
    assertThat(report.runs().workstations()).containsOnlyKeys("PC-anna", "PC-ben");
    assertThat(report.runs().workstations().get("PC-ben").runs()).isEqualTo(2);
    RunCount annas = report.runs().workstations().get("PC-anna");
    assertThat(annas.runs()).isEqualTo(3);
    assertThat(annas.offline()).isEqualTo(1);
    assertThat(report.runs().all().pushed()).isEqualTo(5);
  }

  @Test
  void changes_are_counted_for_whom_and_when_they_were_made() {
    Changes changes = report(anna).changes();

    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    assertThat(changes.all()).isEqualTo(new ChangeCount(1, 1, 1));
    assertThat(changes.users().get("carl"))
        .isEqualTo(new Changes.Person(new ChangeCount(1, 0, 0), 1));
    assertThat(changes.users().get("ben"))
        .isEqualTo(new Changes.Person(new ChangeCount(0, 1, 1), 1));
    assertThat(changes.tables().get("parts")).isEqualTo(new ChangeCount(0, 0, 1));
    assertThat(changes.days().get(today.minusDays(3))).isEqualTo(new ChangeCount(1, 0, 0));
    assertThat(changes.entries()).isEqualTo(2);
    assertThat(changes.from()).isNull();
  }

  @Test
  void it_counts_the_very_changes_that_the_feed_tells() {
    Instant since = Instant.now().minus(Duration.ofDays(90));
    AtomicLong told = new AtomicLong();
    new Feed(anna.plan(), anna.ledger())
        .each(
            new Feed.Filter(null, null, null, since.toEpochMilli(), null),
            item -> told.incrementAndGet());

    assertThat(report(anna).changes().all().all()).isEqualTo(told.get());
  }

  @Test
  void growth_is_what_the_ledger_gained_however_old_the_rows_are() {
    Report report = report(anna);

    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    assertThat(report.size().rows()).containsEntry("quotes", 2L).containsEntry("parts", 0L);
    assertThat(report.changes().growth().get("quotes")).containsEntry(today, 2L);
    assertThat(report.changes().growth().get("parts")).containsEntry(today, 0L);
    assertThat(report.size().local()).isEqualTo(anna.db().file().toFile().length());
    assertThat(report.size().master()).isEqualTo(fleet.master().file().toFile().length());
    assertThat(report.size().ledger().growth())
        .isPositive()
        .isLessThan(report.size().ledger().all());
  }

  @Test
  void without_the_share_it_tells_what_is_known_here() {
    move(fleet.share(), fleet.share().resolveSibling("unplugged"));

    Report report = report(anna);

    assertThat(report.everybodys()).isFalse();
    assertThat(report.runs().workstations()).containsOnlyKeys("PC-anna");
    assertThat(report.changes()).isNull();
    assertThat(report.size().rows()).containsEntry("quotes", 2L);
    assertThat(report.troubles()).extracting(Failure::exitCode).containsExactly(Failure.OFFLINE);
  }

  @Test
  void a_damaged_master_costs_only_what_it_alone_knows() throws Exception {
    Files.writeString(fleet.master().file(), "no database at all, but a text of some length");

    Report report = report(anna);

    assertThat(report.everybodys()).isFalse();
    assertThat(report.runs().all().runs()).isEqualTo(2);
    assertThat(report.changes().all().all()).isEqualTo(3);
    assertThat(report.troubles()).hasSize(1);
  }

  @Test
  void a_damaged_ledger_costs_only_what_it_alone_knows() throws Exception {
    Files.writeString(ledgerFolder().resolve("ledger.json"), "{");

    Report report = report(anna);

    assertThat(report.everybodys()).isTrue();
    assertThat(report.changes()).isNull();
    assertThat(report.troubles()).extracting(Failure::exitCode).containsExactly(Failure.REFUSED);
  }

  @Test
  void a_ledger_that_is_gone_is_not_taken_for_one_in_which_nothing_happened() {
    move(ledgerFolder(), folder.resolve("gone"));

    Report report = report(anna);

    assertThat(report.changes()).isNull();
    assertThat(report.troubles()).hasSize(1);
  }

  @Test
  void where_entries_are_gone_it_says_since_when_the_ledger_tells() throws Exception {
    anna.edit("INSERT INTO parts(id) VALUES('y')");
    anna.syncWell();
    retireAll();
    try (var archives = Files.list(ledgerFolder().resolve("archive"))) {
      for (Path archive : archives.toList()) {
        Files.delete(archive);
      }
    }
    Workstation dora = fleet.workstation("dora"); // kept none of them, either
    dora.syncWell();

    Changes changes = report(dora).changes();

    assertThat(changes.from()).isNotNull();
    assertThat(changes.users()).doesNotContainKey("carl");
  }

  @Test
  void archived_entries_are_told_of_too() {
    anna.edit("INSERT INTO parts(id) VALUES('y')");
    anna.syncWell();
    retireAll();

    Changes changes = report(anna).changes();

    assertThat(changes.from()).isNull();
    assertThat(changes.users()).containsKey("carl");
  }

  @Test
  void what_was_before_is_left_out() {
    Report report = report(anna, Duration.ofDays(-1));

    assertThat(report.runs().all()).isEqualTo(RunCount.NONE);
    assertThat(report.changes().all()).isEqualTo(ChangeCount.NONE);
    assertThat(report.changes().entries()).isZero();
  }

  @Test
  void a_database_that_was_never_synced_has_nothing_to_tell() {
    Workstation dora = new Fleet(folder.resolve("elsewhere")).workstation("dora");
    dora.edit("CREATE TABLE quotes(quoteId TEXT PRIMARY KEY)");

    Report report = report(dora);

    assertThat(report.runs().all()).isEqualTo(RunCount.NONE);
    assertThat(report.changes().all()).isEqualTo(ChangeCount.NONE);
    assertThat(report.troubles()).isEmpty();
    assertThat(report.size().master()).isZero();
  }

  @Test
  void ten_thousand_runs_are_each_counted_once() {
    String runs =
        "INSERT INTO sync_log(timestamp, direction, status, records_pulled, records_pushed, conflicts, duration_ms, workstation, username, \"trigger\", run_id) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<10000) SELECT strftime('%Y-%m-%d %H:%M:%f','now','-'||(i%60)||' days'), 'bidirectional', 'success', 1, 2, 0, i, 'PC-'||(i%7), 'anna', 'schedule', 'run'||i FROM n";
    anna.db().execute(runs);
    fleet.master().execute(runs);

    Report report = report(anna);

    assertThat(report.runs().all().runs()).isEqualTo(10_000 + 4);
    assertThat(report.runs().all().pushed()).isEqualTo(20_000 + 5);
    assertThat(report.runs().days()).hasSize(60);
    assertThat(report.runs().workstations()).hasSize(7 + 2);
  }

  private Path ledgerFolder() {
    return fleet.share().resolve(fleet.master().file().getFileName() + "-ledger");
  }

  private void retireAll() {
    Path copy = folder.resolve("copy.db");
    fleet.master().update("VACUUM INTO ?", copy.toString());
    try (KnownEntries entries = new KnownEntries(anna.plan(), anna.ledger())) {
      long head = entries.head();
      anna.ledger().addSnapshot(entries.read(head).position(), copy);
      anna.ledger().retire(head - 1);
    }
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
