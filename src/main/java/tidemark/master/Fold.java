package tidemark.master;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Lease;
import tidemark.ledger.Ledger;
import tidemark.replica.SyncLog;
import tidemark.run.Copies;
import tidemark.run.Plan;
import tidemark.run.SyncReport;
import tidemark.run.Workstations;
import tidemark.share.ShareWork;

/**
 * Lets the master catch up: whoever holds the fold lease does it for all, with the very code that
 * serves workstations.
 *
 * <p>Guarantee: the master is written by one at a time, in place, and never replaced while it is
 * whole; what goes wrong here costs no workstation its run. Nothing is opened when there is nothing
 * to fold.
 */
public final class Fold {
  private static final Logger LOG = LoggerFactory.getLogger(Fold.class);
  private static final long HOUR = 3_600_000;

  private final Plan plan;
  private final Ledger ledger;
  private final Clock clock;
  private final MasterFile file;

  public Fold(Plan plan, Ledger ledger, Clock clock) {
    this.plan = plan;
    this.ledger = ledger;
    this.clock = clock;
    this.file = new MasterFile(plan);
  }

  /** The master as it is becomes the beginning of the ledger, unless that only lost it. */
  public void adopt(Ledger.Info info) {
    try (Lease.Held lease = lease(Lease.PATIENCE)) {
      attended(() -> work(info, lease.beating(), null).catchUp(ledger.masterState().orElse(null)));
    } catch (Failure e) {
      throw e.exitCode() == Failure.INCOMPLETE
          ? new Failure(Failure.OFFLINE, e.whatFailed(), e.hint(), e) // read-only, a full disk
          : e;
    }
  }

  public Lease.Held lease(Duration wait) {
    return ledger
        .foldLease()
        .acquire(wait)
        .orElseThrow(() -> busy("is being folded by " + owner()));
  }

  /** For somebody who has work of his own for the master as it is then, and keeps the lease. */
  Ledger.MasterState catchUp(Ledger.Info info, Lease.Held lease) {
    attended(
        () ->
            work(info, lease.beating(), new Workstations(ledger)::runs)
                .catchUp(ledger.masterState().orElse(null)));
    return ledger.masterState().orElseThrow(() -> busy("was lost while it was folded"));
  }

  private FoldWork work(
      Ledger.Info info, Lease.Held lease, @Nullable Supplier<List<SyncLog.Run>> runs) {
    return new FoldWork(plan, ledger, clock, info, lease, runs);
  }

  /** SQLite's work on the master may hang with the share too. */
  private SyncReport attended(ShareWork<SyncReport> work) {
    return plan.share().reach("bring the master up to date", plan.master(), work);
  }

  private String owner() {
    return ledger.foldLease().owner().map(Lease.Owner::who).orElse("another workstation");
  }

  private Failure busy(String why) {
    return FoldWork.busy(plan, why);
  }

  public FoldResult run(Ledger.Info info, Position head, Supplier<List<SyncLog.Run>> runs) {
    Ledger.@Nullable MasterState state = ledger.masterState().orElse(null);
    if (state != null
        && state.position().equals(head)
        && file.isAsLeft(state)
        && !logIsDue(state)) {
      return FoldResult.asItWas(state);
    }
    long known = state == null ? 0 : state.position().number();
    if (known > head.number()) {
      ledger.requireEnd(head.number()); // the master knows of more than could be read
    }
    long behind = Math.max(0, head.number() - known);
    try {
      Optional<Lease.Held> lease = ledger.foldLease().takeOver();
      return lease.isEmpty() ? leftToAnother(behind) : under(lease.get(), info, state, runs);
    } catch (Failure e) {
      LOG.warn("the master stays behind until a later run: {}", e.getMessage());
      return FoldResult.failed(behind, e);
    }
  }

  private FoldResult leftToAnother(long behind) {
    String note = behind == 0 ? null : "the master is being brought up to date by " + owner();
    return new FoldResult(behind, 0, note, null, null);
  }

  private FoldResult under(
      Lease.Held held,
      Ledger.Info info,
      Ledger.@Nullable MasterState state,
      Supplier<List<SyncLog.Run>> runs) {
    try (held) {
      SyncReport report = attended(() -> work(info, held.beating(), runs).catchUp(state));
      return new FoldResult(0, report.totalPushed(), null, null, report);
    }
  }

  private boolean logIsDue(Ledger.MasterState state) {
    return clock.millis() - state.foldedAt() > HOUR;
  }

  /**
   * What was done to make the master whole.
   *
   * @param wasWhole nothing was
   * @param aside where the damaged one is now
   */
  public record Made(boolean wasWhole, Optional<Path> aside) {}

  /** Somebody asked for it: one that is damaged or missing is made anew. */
  public Made restore(Ledger.Info info, Lease.Held lease, Copies copies) {
    return plan.share()
        .reach(
            "make the master anew",
            plan.master(),
            () -> {
              MasterCheck check = new MasterCheck(plan, clock);
              boolean there = file.exists();
              if (there && !check.isDamaged()) {
                check.requireOurs(info);
                return new Made(true, Optional.empty());
              }
              long asideAt = clock.millis();
              work(info, lease.beating(), new Workstations(ledger)::runs)
                  .makeAnew((made, at) -> file.replace(made, asideAt), copies);
              return new Made(false, there ? Optional.of(file.aside(asideAt)) : Optional.empty());
            });
  }
}
