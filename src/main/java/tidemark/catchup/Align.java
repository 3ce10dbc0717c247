package tidemark.catchup;

import java.util.ArrayDeque;
import java.util.Deque;
import tidemark.change.Failure;
import tidemark.change.Place;
import tidemark.change.Position;
import tidemark.ledger.Entry;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;
import tidemark.run.SyncReport;

/**
 * Makes sure that what this replica has applied is what the ledger holds. A share that came back
 * from an older copy gets the missing entries put back; where others went on in the meantime, what
 * the lost entries had settled here is pending again.
 */
public final class Align {
  private final Replica replica;
  private final Ledger ledger;
  private final SyncReport report;

  Align(Replica replica, Ledger ledger, SyncReport report) {
    this.replica = replica;
    this.ledger = ledger;
    this.report = report;
  }

  void run(Ledger.Info info) {
    String known = replica.state("ledger");
    if (known != null && !known.equals(info.id())) {
      fork(Position.START);
      report.note("the ledger on the share is another one; everything here is compared with it");
    }
    if (!info.id().equals(known)) {
      replica.sql().inTransaction(() -> replica.state("ledger", info.id()));
    }
    Position top = replica.states().lastMet();
    if (top.number() > 0 && top.number() >= info.floor() && !ledger.holds(top)) {
      realign(top, info.floor());
    }
  }

  private void realign(Position top, long floor) {
    Deque<Position> lost = new ArrayDeque<>();
    Position common = top;
    while (common.number() > 0 && !isCommon(common, floor)) {
      lost.push(common);
      common = before(common);
    }
    if (goesOnFrom(top)) {
      fillUp(lost);
      return;
    }
    boolean othersWentOn = common.number() < floor || ledger.read(common.number() + 1) != null;
    long back = 0;
    while (!othersWentOn && !lost.isEmpty() && ledger.putBack(lost.element())) {
      common = lost.pop();
      back++;
    }
    tell(back);
    if (!lost.isEmpty()) {
      fork(common);
      report.note(
          "the ledger was restored to entry "
              + common.number()
              + " and went on without "
              + (top.number() - common.number())
              + " entries; what they had brought is posted again");
    }
  }

  /** Then what stands in place of the last entries met here was written past a hole. */
  private boolean goesOnFrom(Position top) {
    Entry next = ledger.read(top.number() + 1);
    return next != null && next.previous().equals(top.hash());
  }

  /** From the last one down: whether an entry is the right one is for the one after it to say. */
  private void fillUp(Deque<Position> lost) {
    long back = 0;
    while (!lost.isEmpty()) {
      back += ledger.putBack(lost.removeLast()) ? 1 : 0;
    }
    tell(back);
  }

  private void tell(long back) {
    if (back > 0) {
      report.note(
          "the share had lost "
              + back
              + " entries of the ledger; they were put back from this workstation");
    }
  }

  /**
   * By the chain where the entry was kept: a push does not meet what a snapshot told it of, and no
   * entry may be put back without its predecessor.
   */
  private Position before(Position met) {
    Entry kept = ledger.kept(met);
    if (kept != null) {
      return new Position(met.number() - 1, kept.previous());
    }
    return replica.states().metBefore(met.number());
  }

  /** Below the floor the archive tells; where that is gone, the next snapshot will. */
  private boolean isCommon(Position applied, long floor) {
    return ledger.holds(applied)
        || (applied.number() < floor && ledger.read(applied.number()) == null);
  }

  private void fork(Position common) {
    replica.applying(
        () -> {
          replica.unsettleAfter(common);
          return true;
        });
  }

  /**
   * A replica that has a position never creates a ledger: an unmounted share looks like an empty
   * folder.
   */
  public static Failure ledgerIsGone(Place place) {
    if (place instanceof Place.Server) {
      return new Failure(
          Failure.OFFLINE,
          place + " has no ledger although this workstation has synced with it",
          "ask whoever runs the server: it may have been set up anew, or serve another folder");
    }
    return new Failure(
        Failure.OFFLINE,
        "the ledger beside "
            + place
            + " is not there although this workstation has synced with it: the share is not mounted, or was emptied",
        "mount the share; if the ledger really is lost, IT can run `tidemark ledger rebuild` on a workstation that has its database");
  }
}
