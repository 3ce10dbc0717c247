package tidemark.sync;

import tidemark.change.Position;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;

/**
 * Puts right what the ledger lost or holds damaged of the entries this replica has met: whoever is
 * past such an entry needs it no more, but has kept it for those who do.
 */
final class Mending {
  private static final long HOUR = 3_600_000;

  private final Replica replica;
  private final Ledger ledger;

  Mending(Replica replica, Ledger ledger) {
    this.replica = replica;
    this.ledger = ledger;
  }

  /** Looks for missing entries once an hour, which costs a few lists of names; false: not now. */
  boolean hourly(Ledger.Info info, long now, SyncReport report) {
    Long last = replica.stateNumber("looked");
    if (last != null && Math.abs(now - last) < HOUR) {
      return false;
    }
    int back = putBack(info);
    if (back > 0) {
      report.note("the share had lost " + back + " entries of the ledger; they were put back");
    }
    replica.sql().inTransaction(() -> replica.state("looked", Long.toString(now)));
    return true;
  }

  /** Reads every entry there should be, for a disk does not say what it has lost. */
  void all(Ledger.Info info) {
    putBack(info);
    long last = replica.states().lastMet().number();
    for (long number = info.floor() + 1; number <= last; number++) {
      ledger.read(number);
    }
  }

  private int putBack(Ledger.Info info) {
    int back = 0;
    long last = replica.states().lastMet().number();
    for (long number : ledger.missing(info.floor() + 1, last)) {
      String hash = replica.states().hashOf(number).orElse("");
      if (ledger.putBack(new Position(number, hash))) {
        back++;
      }
    }
    return back;
  }
}
