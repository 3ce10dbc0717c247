package tidemark.master;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;
import tidemark.replica.SyncedTable;
import tidemark.run.Plan;
import tidemark.run.Scratch;
import tidemark.run.SyncReport;
import tidemark.run.Workstations;
import tidemark.share.ShareClock;

/**
 * Keeps the ledger short: a snapshot of the master is made when replaying entries would cost more
 * than copying it, and entries past retention, which every living workstation has read, go to the
 * archive once a snapshot covers them. What killed runs left on the share is swept. Whoever calls
 * this holds the fold lease.
 */
final class Snapshots {
  private static final long WORTH_IT = 2_000;
  private static final long DAY = 86_400_000;

  /** Clocks that are further apart than this are not both right. */
  private static final long APART = 7 * DAY;

  private final Plan plan;
  private final Ledger ledger;
  private final long now;
  private final boolean clocksAgree;

  /**
   * @param now on the share's clock, which wrote the entries' times too
   * @param here what this machine's clock says
   */
  Snapshots(Plan plan, Ledger ledger, long now, Clock here) {
    this.plan = plan;
    this.ledger = ledger;
    this.now = now;
    this.clocksAgree = Math.abs(now - here.millis()) < APART;
  }

  void keepUp(Ledger.Info info, Replica master, Position position, SyncReport folded) {
    long replayed = number(master, "replayed") + folded.totalPulled() + folded.totalPushed();
    boolean complete = isComplete(master, position);
    boolean worthIt = replayed > WORTH_IT && replayed >= rows(master);
    long lastCare = number(master, "cared");
    boolean daily = now - lastCare > DAY || now < lastCare;
    long due = daily && clocksAgree ? due(info.floor(), position.number()) : info.floor();
    boolean owed = due > 0 && due > newest(); // not made yet, or lost since
    if (daily) {
      ledger.sweep(now - DAY);
      new MasterFile(plan).sweep(now - DAY);
      master.states().thin(info.floor(), new Workstations(ledger).positions());
    }
    if (complete && (worthIt || owed)) {
      make(master, position);
      replayed = 0;
    }
    if (due > info.floor()) {
      retire(info.floor(), Math.min(due, newest()));
    }
    long left = replayed;
    if (left != number(master, "replayed") || daily) {
      master
          .sql()
          .inTransaction(
              () -> {
                master.state("replayed", Long.toString(left));
                if (daily) {
                  master.state("cared", Long.toString(now));
                }
              });
    }
  }

  /** Whoever begins with a copy of it lacks nothing. */
  private static boolean isComplete(Replica master, Position position) {
    return master.refused().isEmpty()
        && master.held().isEmpty()
        && !master.sql().exists("SELECT 1 FROM sync_waiting LIMIT 1")
        && !master.hasMarks()
        && position.number() > 0;
  }

  /** One is wanted although none is due. */
  void makeOne(Replica master, Position position) {
    if (isComplete(master, position) && position.number() > newest()) {
      make(master, position);
    }
  }

  /** A master that did not come from a snapshot is worth one, however it came about. */
  static void countAllAsReplayed(Replica master) {
    master.sql().inTransaction(() -> master.state("replayed", Long.toString(rows(master))));
  }

  private static long number(Replica replica, String key) {
    Long number = replica.stateNumber(key);
    return number == null ? 0 : number;
  }

  private static long rows(Replica master) {
    return master.tables().values().stream().mapToLong(SyncedTable::count).sum();
  }

  private long newest() {
    List<Long> numbers = ledger.snapshots();
    return numbers.isEmpty() ? 0 : numbers.get(0);
  }

  private void make(Replica master, Position position) {
    if (!master.isPublished()) {
      ledger.addSnapshot(position, Path.of(master.sql().file()));
      return;
    }
    Path copy = Scratch.file(plan.scratch(), "snapshot");
    try {
      master.copyTo(copy);
      ledger.addSnapshot(position, copy);
    } finally {
      Scratch.delete(copy);
    }
  }

  /**
   * The last entry to retire: too old to keep, and known to every workstation that lives; one that
   * reads no further, for whatever reason, counts only for as long again.
   */
  private long due(long floor, long head) {
    long keep = plan.keepEntries().toMillis();
    long known = Math.min(head, new Workstations(ledger).allHaveRead(now - keep));
    long old = lastBefore(now - keep, floor, known);
    return old < known ? old : lastBefore(now - 2 * keep, old, head);
  }

  /**
   * The last entry written before this moment: times only grow, so the first one that is younger
   * ends it. One whose time cannot be is as old as the next one whose time can.
   */
  private long lastBefore(long moment, long floor, long head) {
    long last = floor;
    for (long number = floor + 1; number <= head; number++) {
      Long written = ledger.writtenAt(number);
      if (written == null) {
        return last;
      }
      boolean possible = ShareClock.wasSet(written) && written < now + DAY;
      if (possible && written >= moment) {
        return last;
      }
      last = possible ? number : last;
    }
    return last;
  }

  private void retire(long floor, long upTo) {
    if (upTo <= floor) {
      return;
    }
    try {
      ledger.retire(upTo);
    } catch (Failure e) {
      throw new Failure(
          e.exitCode(),
          "old entries could not be moved to the ledger's archive: " + e.whatFailed(),
          e.hint(),
          e);
    }
  }
}
