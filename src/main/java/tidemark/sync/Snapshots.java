package tidemark.sync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;
import tidemark.replica.SyncedTable;

/**
 * Keeps the ledger short: a snapshot of the master is made when replaying entries would cost more
 * than copying it, and entries past retention go to the archive once a snapshot covers them.
 * Whoever calls this holds the fold lease.
 */
final class Snapshots {
  private static final long WORTH_IT = 2_000;
  private static final long DAY = 86_400_000;

  private final Plan plan;
  private final Ledger ledger;
  private final long now;

  /**
   * @param now on the share's clock, which wrote the entries' times too
   */
  Snapshots(Plan plan, Ledger ledger, long now) {
    this.plan = plan;
    this.ledger = ledger;
    this.now = now;
  }

  void keepUp(Ledger.Info info, Replica master, Position position, SyncReport folded) {
    long replayed = number(master, "replayed") + folded.totalPulled() + folded.totalPushed();
    boolean complete =
        master.refused().isEmpty()
            && master.held().isEmpty()
            && !master.sql().exists("SELECT 1 FROM sync_waiting LIMIT 1")
            && !master.hasMarks()
            && position.number() > 0;
    boolean worthIt = replayed > WORTH_IT && replayed >= rows(master);
    long lastCare = number(master, "cared");
    boolean daily = now - lastCare > DAY || now < lastCare;
    boolean old = daily && isOld(info.floor() + 1);
    if (complete && (worthIt || (old && newest() < position.number()))) {
      make(master, position);
      replayed = 0;
    }
    if (old) {
      retire(info);
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

  /** A master that did not come from a snapshot is worth one, however it came about. */
  static void countAllAsReplayed(Replica master) {
    master.sql().inTransaction(() -> master.state("replayed", Long.toString(rows(master))));
  }

  private static long number(Replica replica, String key) {
    String text = replica.state(key);
    return text == null ? 0 : Long.parseLong(text);
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
    Path copy = plan.scratch().resolve("snapshot-" + Settling.newToken() + ".db");
    try {
      Files.createDirectories(plan.scratch());
      master.copyTo(copy);
      ledger.addSnapshot(position, copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Scratch.delete(copy);
    }
  }

  private boolean isOld(long number) {
    Long written = ledger.writtenAt(number);
    return written != null && written < now - plan.keepEntries().toMillis();
  }

  /** The last old entry that a snapshot covers, found by halving: times only grow. */
  private void retire(Ledger.Info info) {
    long low = info.floor();
    long high = newest();
    if (high <= low) {
      return;
    }
    while (low < high) {
      long middle = low + (high - low + 1) / 2;
      if (isOld(middle)) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    if (low > info.floor()) {
      try {
        ledger.retire(low);
      } catch (Failure e) {
        throw new Failure(
            e.exitCode(),
            "old entries could not be moved to the ledger's archive: " + e.whatFailed(),
            e.hint(),
            e);
      }
    }
  }
}
