package tidemark.catchup;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Entry;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;
import tidemark.run.SyncReport;

/**
 * Puts right what the ledger lost or holds damaged of the entries this replica has met: whoever is
 * past such an entry needs it no more, but has kept it for those who do.
 */
public final class EntryRepair {
  private static final Logger LOG = LoggerFactory.getLogger(EntryRepair.class);
  private static final long HOUR = 3_600_000;

  /** So many entries are read at every look. */
  private static final long NEWEST = 20;

  private final Replica replica;
  private final Ledger ledger;

  public EntryRepair(Replica replica, Ledger ledger) {
    this.replica = replica;
    this.ledger = ledger;
  }

  /**
   * Once an hour: for missing entries among all names, which costs a few lists, and for spoilt ones
   * among the newest entries' bytes, as a server that lost its power leaves them.
   *
   * @return false where it is not the time for it
   */
  public boolean hourly(Ledger.Info info, long now, SyncReport report) {
    Long last = replica.stateNumber("looked");
    if (last != null && Math.abs(now - last) < HOUR) {
      return false;
    }
    Look look = new Look();
    try {
      look.from(info.floor(), NEWEST);
    } catch (Failure e) {
      if (!ledger.canOnlyBeRead()) {
        throw e;
      }
      LOG.info("what the share lost is put back once it can be written: {}", e.whatFailed());
      return false;
    }
    if (look.back > 0) {
      report.note("the share had lost " + look.back + " entries of the ledger; they were put back");
    }
    if (look.damage != null) {
      report.note(look.damage.whatFailed()); // what is behind it is applied here
    }
    replica.sql().inTransaction(() -> replica.state("looked", Long.toString(now)));
    return true;
  }

  /** Reads every entry there should be, for a disk does not say what it has lost. */
  public void all(Ledger.Info info) {
    Look look = new Look();
    look.from(info.floor(), Long.MAX_VALUE);
    if (look.damage != null) {
      throw look.damage;
    }
  }

  private final class Look {
    private int back;
    private @Nullable Failure damage;

    void from(long floor, long newest) {
      long last = replica.states().lastMet().number();
      Set<Long> missing = new HashSet<>(ledger.missing(floor + 1, last));
      Deque<Position> lost = new ArrayDeque<>();
      for (long number = floor + 1; number <= last; number++) {
        boolean gone = missing.contains(number);
        if (gone || last - number < newest) {
          Optional<String> met = replica.states().hashOf(number);
          if (!isThere(number, gone, met)) {
            lost.push(new Position(number, met.orElse("")));
          }
        }
      }
      // from the last one down: whether an entry is the right one is for the one after it to say
      lost.forEach(entry -> back += ledger.putBack(entry) ? 1 : 0);
    }

    /** One that is damaged is put right by reading it, or named. */
    private boolean isThere(long number, boolean gone, Optional<String> met) {
      try {
        Entry there = gone ? null : ledger.read(number);
        return there != null && met.map(there.hash()::equals).orElse(true);
      } catch (Failure e) {
        if (e.exitCode() != Failure.REFUSED) {
          throw e;
        }
        damage = damage == null ? e : damage;
        return true;
      }
    }
  }
}
