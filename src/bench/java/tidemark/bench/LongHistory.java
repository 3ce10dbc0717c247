package tidemark.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.io.FileUtils;
import tidemark.look.Status;
import tidemark.look.Verify;
import tidemark.past.Feed;
import tidemark.past.Feed.Filter;
import tidemark.past.Past;
import tidemark.past.RewindScope;
import tidemark.past.Rollback;
import tidemark.run.Copies;
import tidemark.share.ShareFiles;
import tidemark.testing.Fleet;
import tidemark.testing.LongLedger;
import tidemark.testing.Workstation;
import tidemark.upkeep.report.Reporting;

/**
 * What a long history costs. A team that writes 250 entries a day, one change each, in a table of
 * 1,000 rows: of 1,000 entries after four days, of 200,000 after 800. One workstation syncs along,
 * every 2,001 entries, and brings the master up to date, with a snapshot; every 20,000 a day of
 * care is due, which retires what is older than 90 days into the archive. So all there is was made
 * by the program itself, but for the entries of the others, which are written as theirs would stand
 * there.
 *
 * <p>Then each question is asked once, and fifteen times more; the median and the least of these
 * are told, with the entries and operations it took on the share. Arguments: numbers of entries;
 * the first one should be there twice, since the first round warms up. `--a-day=2500` is a larger
 * team.
 */
public final class LongHistory {
  private static final int ROWS = 1_000;
  private static final int STEP = 2_001;
  private static final int CARE = 20_000;
  private static final int AGAIN = 15;

  private final Workstation anna;
  private final Fleet fleet;
  private final AtomicLong operations = new AtomicLong();
  private final Set<Path> entries = new HashSet<>();

  private LongHistory(Path folder) {
    this.fleet = new Fleet(folder);
    this.anna = counted(fleet.workstation("anna"));
  }

  public static void main(String[] args) throws Exception {
    int aDay = 250;
    for (String arg : args) {
      if (arg.startsWith("--a-day=")) {
        aDay = Integer.parseInt(arg.substring("--a-day=".length()));
        continue;
      }
      Path folder = Files.createTempDirectory("tidemark-bench");
      try {
        System.out.printf("%n%s entries, %d a day%n", arg, aDay);
        new LongHistory(folder).measure(Integer.parseInt(arg), aDay);
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

  private void measure(int count, int aDay) throws IOException, SQLException {
    Components.fill(anna.db().file(), ROWS);
    anna.syncWell();
    Duration time = Duration.ofDays(Math.max(1, count / aDay));
    fleet.age(time.plusDays(1));
    LongLedger history =
        new LongLedger(anna.ledger(), fleet.share().resolve("server.db-ledger"), "price")
            .over(time);
    once("made, and settled by the workstation and the master", () -> grow(history, count));
    tellSizes();

    Workstation ben = counted(fleet.workstation("ben"));
    once("join", ben::syncWell);
    often("idle sync", anna::syncWell);
    often("idle sync, with the look of each hour", this::hourly);
    often("one edit, with the master", this::edit);
    often("status", () -> new Status(anna.plan(), anna.ledger()).look());
    often("feed --last 20", () -> feed(anna, new Filter(null, null, null, null, 20)));
    often("feed of a row", () -> feed(anna, new Filter(null, history.quiet(), null, null, null)));
    often("the page's audit view", () -> feed(anna, new Filter(null, null, null, null, 100)));
    often("the same at one who joined", () -> feed(ben, new Filter(null, null, null, null, 100)));
    often("restore --list, a week", () -> deeds(Duration.ofDays(7)));
    often("report of 30 days", () -> report(Duration.ofDays(30)));
    often("restore of a row, a look, half way back", () -> look(history, count / 2));
    once("verify", () -> new Verify(anna.plan(), anna.ledger(), anna.clock()).run());
    tellSizes();
  }

  private Object grow(LongLedger history, int count) {
    int cared = 0;
    for (int upTo = Math.min(STEP, count); ; upTo = Math.min(upTo + STEP, count)) {
      history.writeUpTo(upTo, count);
      if (upTo - cared >= CARE || upTo == count) {
        fleet.master().execute("UPDATE sync_state SET value='0' WHERE key='cared'");
        cared = upTo;
      }
      anna.syncWell();
      if (upTo == count) {
        return upTo;
      }
    }
  }

  private void tellSizes() throws IOException {
    System.out.printf(
        "the ledger keeps the entries from %d on; rows of sync_entries: %s here, %s in the master; bytes: %,d here, %,d in index.db%n",
        anna.ledger().info().orElseThrow().floor() + 1,
        anna.db().value("SELECT count(*) FROM sync_entries"),
        fleet.master().value("SELECT count(*) FROM sync_entries"),
        Files.size(anna.db().file()),
        Files.size(anna.folder().resolve("index.db")));
  }

  private int hourly() {
    anna.db().execute("UPDATE sync_state SET value='0' WHERE key='looked'");
    return anna.syncWell().exitCode();
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
    RewindScope row = new RewindScope("components", history.quiet(), null, null, null, false);
    return new Rollback(anna.plan(), anna.ledger(), anna.clock(), Copies.NONE)
        .dryRun(Rollback.Moment.of(entry), row);
  }

  // ---- measuring

  private interface Work {
    Object run() throws IOException, SQLException;
  }

  private void often(String what, Work work) throws IOException, SQLException {
    once(what + ", at first", work);
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < AGAIN; i++) {
      times.add(measured(work));
    }
    Collections.sort(times);
    tell(what + ", median", times.get(AGAIN / 2));
    System.out.printf("%-52s %,10.1f ms%n", "  the least", times.get(0));
  }

  private void once(String what, Work work) throws IOException, SQLException {
    tell(what, measured(work));
  }

  private double measured(Work work) throws IOException, SQLException {
    operations.set(0);
    entries.clear();
    long from = System.nanoTime();
    Object unused = work.run();
    return (System.nanoTime() - from) / 1e6;
  }

  private void tell(String what, double milliseconds) {
    System.out.printf(
        "%-52s %,10.1f ms   %,9d operations on the share, %,9d entries read there%n",
        what, milliseconds, operations.get(), entries.size());
  }
}
