package tidemark.master;

import java.time.Clock;
import java.util.function.Function;
import tidemark.catchup.Align;
import tidemark.change.Failure;
import tidemark.ledger.Lease;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;
import tidemark.run.Plan;
import tidemark.run.SyncReport;

/**
 * Work on the master between two folds, such as making it smaller: under the fold lease, and only
 * on a master that is as the last fold left it.
 *
 * <p>Guarantee: the next fold does not take this work for somebody's edit, and finds each edit that
 * somebody made meanwhile. Commit point: that of the work; a fold after work that was cut off looks
 * the master over first. Threading: one thread.
 */
public final class MasterWork {
  private final Plan plan;
  private final Ledger ledger;
  private final Clock clock;
  private final MasterFile file;

  public MasterWork(Plan plan, Ledger ledger, Clock clock) {
    this.plan = plan;
    this.ledger = ledger;
    this.clock = clock;
    this.file = new MasterFile(plan);
  }

  /** The master while it is one's own. */
  public final class Opened {
    private final Ledger.Info info;
    private final Ledger.MasterState state;
    private final Replica replica;
    private final Lease.Held lease;

    private Opened(Ledger.Info info, Ledger.MasterState state, Replica replica, Lease.Held lease) {
      this.info = info;
      this.state = state;
      this.replica = replica;
      this.lease = lease;
    }

    public Replica replica() {
      return replica;
    }

    /** To be called before each step: throws where another workstation has taken over. */
    public void mustBeMine() {
      if (!lease.stillMine()) {
        throw new Failure(
            Failure.BUSY,
            plan.master() + " was taken over by another workstation, which thought this one dead",
            "try again in a minute");
      }
    }

    /** A snapshot of it as it is, unless there is one, or something is lacking in it. */
    public void snapshot() {
      new Snapshots(plan, ledger, clock.millis(), clock).makeOne(replica, state.position());
    }

    /** Makes the snapshot and archives the entries that are due; says how many entries. */
    public long keepLedgerShort() {
      long now = clock.millis() + ledger.clockSkew();
      new Snapshots(plan, ledger, now, clock)
          .keepUp(info, replica, state.position(), new SyncReport());
      return ledger.info().map(after -> after.floor() - info.floor()).orElse(0L);
    }
  }

  /**
   * Does it, and says what it says.
   *
   * @param doing in an error's words: "make the master smaller"
   */
  public <T> T run(String doing, Function<Opened, T> work) {
    try (Lease.Held lease = ledger.foldLease().acquire(Lease.PATIENCE).orElseThrow(this::busy)) {
      return plan.share().reach(doing, plan.master(), () -> open(lease.beating(), work));
    }
  }

  private Failure busy() {
    return new Failure(
        Failure.BUSY,
        plan.master()
            + " is being folded by "
            + ledger.foldLease().owner().map(Lease.Owner::who).orElse("another workstation"),
        "try again in a minute");
  }

  private <T> T open(Lease.Held lease, Function<Opened, T> work) {
    Ledger.Info info = ledger.info().orElseThrow(() -> Align.ledgerIsGone(plan.place()));
    Ledger.MasterState state =
        ledger.masterState().filter(file::isAsLeft).orElseThrow(this::touched);
    try (Replica replica = MasterFile.open(plan)) {
      Opened opened = new Opened(info, state, replica, lease);
      T result = work.apply(opened);
      opened.mustBeMine();
      boolean edited = replica.hasMarks(); // the next fold is to see that there is something
      replica.close();
      if (!edited) {
        ledger.masterState(file.asLeft(state.position(), state.foldedAt(), state.held()));
      }
      return result;
    }
  }

  private Failure touched() {
    return new Failure(
        Failure.INCOMPLETE,
        plan.master() + " is not as the last sync left it",
        "run `tidemark sync` first, which takes up what was done to it");
  }
}
