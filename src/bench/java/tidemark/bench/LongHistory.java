package tidemark.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.io.FileUtils;
import tidemark.change.Position;
import tidemark.ledger.ShareFiles;
import tidemark.sync.Copies;
import tidemark.sync.Feed;
import tidemark.sync.Feed.Filter;
import tidemark.sync.Rewind;
import tidemark.sync.Rollback;
import tidemark.sync.Status;
import tidemark.sync.Verify;
import tidemark.testing.Database;
import tidemark.testing.Fleet;
import tidemark.testing.LongLedger;
import tidemark.testing.Workstation;
import tidemark.upkeep.Past;
import tidemark.upkeep.report.Reporting;

/**
 * What a long history costs: a ledger of so many entries, one change each, in three months; a
 * workstation that catches up with it (of more than 4,000 entries, with the last 2,000), and what
 * is asked of it then; the join of another. Most is done twice, the second time with what the first
 * one left to know; how many entries were read from the share, and how many operations that was
 * there, is told beside the time. Arguments: numbers of entries. What builds the whole content is
 * done for no more than 20,000.
 */
public final class LongHistory {
  private static final int ROWS = 1_000;
  private static final int MOST_TO_CATCH_UP = 4 * ROWS;

  private final Workstation anna;
  private final Fleet fleet;
  private final AtomicLong operations = new AtomicLong();
  private final Set<Path> entries = new HashSet<>();

  private LongHistory(Path folder) {
    this.fleet = new Fleet(folder);
    this.anna = counted(fleet.workstation("anna"));
  }

  public static void main(String[] args) throws Exception {
    for (String count : args) {
      Path folder = Files.createTempDirectory("tidemark-bench");
      try {
        System.out.printf("%n%s entries%n", count);
        new LongHistory(folder).measure(Integer.parseInt(count));
      } finally {
        FileUtils.deleteDirectory(folder.toFile());
      }
    }
  }

  private Workstation counted(Workstation workstation) {
    workstation.tap =
        new ShareFiles.Tap() {
          @Override
          public void before(ShareFiles.Operation operation, Path path) {
            operations.incrementAndGet();
            if (operation == ShareFiles.Operation.READ && path.endsWith("entry.jsonl.gz")) {
              entries.add(path);
            }
          }
        };
    return workstation;
  }

  private void measure(int count) throws IOException, SQLException {
    Components.fill(anna.db().file(), ROWS);
    anna.syncWell();
    LongLedger history =
        new LongLedger(anna.ledger(), fleet.share().resolve("server.db-ledger"), "price");
    once("made", () -> history.writeUpTo(count));
    if (count > MOST_TO_CATCH_UP) {
      List<Position> written = history.written();
      passBy(written.get(written.size() - 2 * ROWS));
    }
    once("catching up, with the master", anna::syncWell);
    if (count > MOST_TO_CATCH_UP) {
      addSnapshot(history.written().get(history.written().size() - 1));
    }
    Workstation ben = counted(fleet.workstation("ben"));
    once("join", ben::syncWell);
    twice("idle sync", anna::syncWell);
    twice("one edit, with the master", this::edit);
    twice("status", () -> new Status(anna.plan(), anna.ledger()).look());
    twice("feed --last 20", () -> feed(anna, new Filter(null, null, null, null, 20)));
    twice(
        "feed of a row changed twice",
        () -> feed(anna, new Filter(null, history.quiet(), null, null, null)));
    twice(
        "the page's audit view, 100 changes",
        () -> feed(anna, new Filter(null, null, null, null, 100)));
    twice("the same at one who joined", () -> feed(ben, new Filter(null, null, null, null, 100)));
    twice("restore --list, a week", () -> deeds(Duration.ofDays(7)));
    twice("report of 30 days", () -> report(Duration.ofDays(30)));
    if (count <= MOST_TO_CATCH_UP) {
      once("restore of a row, a look", () -> look(history, count / 2));
      once("verify", () -> new Verify(anna.plan(), anna.ledger(), anna.clock()).run());
    }
  }

  /**
   * As if all up to this one had been settled, which would take long: each row changes once more in
   * those that follow, so that what comes of it is the same. The index has not heard of them.
   */
  private void passBy(Position last) {
    for (Database database : List.of(anna.db(), fleet.master())) {
      database.update("UPDATE sync_tables SET position=?, hash=?", last.number(), last.hash());
      database.update("INSERT INTO sync_entries VALUES(?,?)", last.number(), last.hash());
    }
  }

  private void addSnapshot(Position head) {
    Path copy = fleet.share().resolveSibling("copy.db");
    fleet.master().update("VACUUM INTO ?", copy.toString());
    anna.ledger().addSnapshot(head, copy);
  }

  private int edit() {
    anna.edit("UPDATE components SET price=price+1 WHERE sku='SKU-00000001'");
    return anna.syncWell().exitCode();
  }

  private static long feed(Workstation at, Filter filter) {
    AtomicLong items = new AtomicLong();
    new Feed(at.plan(), at.ledger()).each(filter, item -> items.incrementAndGet());
    return items.get();
  }

  private long deeds(Duration back) {
    AtomicLong deeds = new AtomicLong();
    new Past(anna.plan(), anna.ledger())
        .eachDeed(
            anna.clock().instant().minus(back).toEpochMilli(), deed -> deeds.incrementAndGet());
    return deeds.get();
  }

  private Object report(Duration back) {
    return new Reporting(anna.plan(), anna.ledger(), anna.clock()).since(Instant.now().minus(back));
  }

  private Object look(LongLedger history, long entry) {
    Rewind.Scope row = new Rewind.Scope("components", history.quiet(), null, null, null, false);
    return new Rollback(anna.plan(), anna.ledger(), anna.clock(), Copies.NONE)
        .dryRun(Rollback.Moment.of(entry), row);
  }

  // ---- measuring

  private interface Work {
    Object run() throws IOException, SQLException;
  }

  private void twice(String what, Work work) throws IOException, SQLException {
    once(what, work);
    once(what + ", again", work);
  }

  private void once(String what, Work work) throws IOException, SQLException {
    operations.set(0);
    entries.clear();
    long from = System.nanoTime();
    Object unused = work.run();
    System.out.printf(
        "%-45s %,10.1f ms   %,9d operations on the share, %,9d entries read there%n",
        what, (System.nanoTime() - from) / 1e6, operations.get(), entries.size());
  }
}
