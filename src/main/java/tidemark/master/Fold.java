package tidemark.master;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.catchup.SyncRun;
import tidemark.change.ChangeTime;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Author;
import tidemark.ledger.Lease;
import tidemark.ledger.Ledger;
import tidemark.replica.NewMaster;
import tidemark.replica.Replica;
import tidemark.replica.SyncLog;
import tidemark.run.Copies;
import tidemark.run.Identity;
import tidemark.run.Plan;
import tidemark.run.Scratch;
import tidemark.run.SyncReport;
import tidemark.run.Workstations;
import tidemark.settle.Terms;
import tidemark.share.ShareFiles;

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
  public static final Duration MASTER_BUSY = Duration.ofMillis(800);
  private static final long HOUR = 3_600_000;

  private final Plan plan;
  private final Ledger ledger;
  private final Clock clock;
  private final MasterFile file;
  private final MasterCheck check;

  public Fold(Plan plan, Ledger ledger, Clock clock) {
    this.plan = plan;
    this.ledger = ledger;
    this.clock = clock;
    this.file = new MasterFile(plan);
    this.check = new MasterCheck(plan, clock);
  }

  /** The master as it is becomes the beginning of the ledger, unless that only lost it. */
  public void adopt(Ledger.Info info) {
    try (Lease.Held lease = lease(Duration.ofSeconds(10))) {
      attended(() -> catchUp(info, lease.beating(), ledger.masterState().orElse(null), null));
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
            catchUp(
                info,
                lease.beating(),
                ledger.masterState().orElse(null),
                new Workstations(ledger)::runs));
    return ledger.masterState().orElseThrow(() -> busy("was lost while it was folded"));
  }

  /** SQLite's work on the master may hang with the share too. */
  private SyncReport attended(ShareFiles.Work<SyncReport> work) {
    return plan.share().reach("bring the master up to date", plan.master(), work);
  }

  private String owner() {
    return ledger.foldLease().owner().map(Lease.Owner::who).orElse("another workstation");
  }

  private Failure busy(String why) {
    return new Failure(Failure.BUSY, plan.master() + " " + why, "try again in a minute");
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
      return lease.isEmpty() ? leftToAnother(behind) : fold(info, lease.get(), state, runs);
    } catch (Failure e) {
      LOG.warn("the master stays behind until a later run: {}", e.getMessage());
      return FoldResult.failed(behind, e);
    }
  }

  private FoldResult leftToAnother(long behind) {
    String note = behind == 0 ? null : "the master is being brought up to date by " + owner();
    return new FoldResult(behind, 0, note, null, null);
  }

  private FoldResult fold(
      Ledger.Info info,
      Lease.Held lease,
      Ledger.@Nullable MasterState state,
      Supplier<List<SyncLog.Run>> runs) {
    try (lease) {
      SyncReport report = attended(() -> catchUp(info, lease.beating(), state, runs));
      return new FoldResult(0, report.totalPushed(), null, null, report);
    }
  }

  private boolean logIsDue(Ledger.MasterState state) {
    return clock.millis() - state.foldedAt() > HOUR;
  }

  private SyncReport catchUp(
      Ledger.Info info,
      Lease.Held lease,
      Ledger.@Nullable MasterState state,
      @Nullable Supplier<List<SyncLog.Run>> runs) {
    boolean touched = state == null ? isBegun(info) : !file.isAsLeft(state);
    Optional<Path> aside = Optional.empty();
    if (touched && file.exists()) {
      aside = check.healIfDamaged(); // a fold was cut off, or another program's work
    }
    long now = clock.millis() + ledger.clockSkew(); // what is old is not for this machine to say
    if (!file.exists()) {
      SyncReport report = makeAnew(info, lease, runs, now);
      if (state != null || aside.isPresent()) {
        report.note(madeAnew(aside));
      }
      return report;
    }
    if (touched) {
      check.requireOurs(info);
    }
    try {
      return foldInPlace(info, lease, state, runs, now);
    } catch (Failure e) {
      if (!e.isDamage()) {
        throw e;
      }
      if (state == null && !touched) {
        check.requireWhole(); // there is nothing yet to make it anew from
      } else {
        aside = check.healIfDamaged(); // its disk's work, which leaves no trace
      }
      if (file.exists()) {
        return foldInPlace(info, lease, state, runs, now);
      }
      SyncReport report = makeAnew(info, lease, runs, now);
      report.note(madeAnew(aside));
      return report;
    }
  }

  /** Where there are entries, a master that nobody knows may be anything. */
  private boolean isBegun(Ledger.Info info) {
    if (info.floor() > 0 || ledger.read(1) != null) {
      return true;
    }
    ledger.requireEnd(0);
    return false;
  }

  private static String madeAnew(Optional<Path> aside) {
    return aside
        .map(
            damaged ->
                "the master was damaged and was made anew from the ledger; the damaged one is now "
                    + damaged)
        .orElse("the master was gone; it was made anew from the ledger");
  }

  private SyncReport foldInPlace(
      Ledger.Info info,
      Lease.Held lease,
      Ledger.@Nullable MasterState state,
      @Nullable Supplier<List<SyncLog.Run>> runs,
      long now) {
    try (Replica replica = openMaster()) {
      SyncReport report = fold(replica, info, lease, state, runs, now);
      Position position = positionOf(replica);
      stillMine(lease);
      new Snapshots(plan, ledger, now, clock).keepUp(info, replica, position, report);
      replica.close();
      ledger.masterState(file.asLeft(position, now, report.someHeld()));
      return report;
    }
  }

  public static Replica openMaster(Plan plan) {
    Replica master = Replica.openMaster(plan.master(), MASTER_BUSY, plan.rules(), plan.selection());
    master.sql().attendedBy(plan.share()::isWaitedFor);
    return master;
  }

  private Replica openMaster() {
    return openMaster(plan);
  }

  private SyncReport fold(
      Replica replica,
      Ledger.Info info,
      Lease.Held lease,
      Ledger.@Nullable MasterState state,
      @Nullable Supplier<List<SyncLog.Run>> runs,
      long now) {
    Author author =
        new Author(
            plan.author().user(),
            Author.MASTER,
            Identity.of(
                replica, new Author(Author.MASTER, Author.MASTER, plan.master().toString())));
    long foldedAt = state == null ? 0 : state.foldedAt();
    Terms terms =
        new Terms(author, Direction.BOTH, ConflictRule.NEWEST, Set.of(), true, true, foldedAt);
    SyncRun run =
        new SyncRun(replica, ledger, terms, clock, plan.scratch(), settled -> {})
            .guardedBy(() -> stillMine(lease));
    SyncReport report = run.run(info);
    if (runs != null) {
      SyncLog log = new SyncLog(replica.sql());
      List<SyncLog.Run> all = runs.get();
      stillMine(lease);
      replica
          .sql()
          .inTransaction(
              () -> {
                all.forEach(log::writeOnce);
                log.prune(
                    ChangeTime.spaced(now - Duration.ofDays(plan.keepLogDays()).toMillis()),
                    plan.keepLogRows());
              });
    }
    return report;
  }

  private void stillMine(Lease.Held lease) {
    if (!lease.stillMine()) {
      throw busy("was taken over by another workstation, which thought this one dead");
    }
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
              boolean there = file.exists();
              if (there && !check.isDamaged()) {
                check.requireOurs(info);
                return new Made(true, Optional.empty());
              }
              long asideAt = clock.millis();
              makeAnew(
                  info,
                  lease.beating(),
                  new Workstations(ledger)::runs,
                  clock.millis() + ledger.clockSkew(),
                  (made, at) -> file.replace(made, asideAt),
                  copies);
              return new Made(false, there ? Optional.of(file.aside(asideAt)) : Optional.empty());
            });
  }

  private SyncReport makeAnew(
      Ledger.Info info, Lease.Held lease, @Nullable Supplier<List<SyncLog.Run>> runs, long now) {
    return makeAnew(info, lease, runs, now, file::publish, Copies.NONE);
  }

  /** How what was made gets to its place. */
  @FunctionalInterface
  private interface Placing {
    void place(Path made, long now) throws IOException;
  }

  /**
   * Built on this machine's disk, from snapshot and entries, and then put where it belongs, whole.
   */
  private SyncReport makeAnew(
      Ledger.Info info,
      Lease.Held lease,
      @Nullable Supplier<List<SyncLog.Run>> runs,
      long now,
      Placing placing,
      Copies copies) {
    Path made = Scratch.file(plan.scratch(), "master");
    try {
      boolean local = new MasterBase(plan, ledger, copies).bring(made);
      SyncReport report;
      Position position;
      try (Replica replica = Replica.openUnpublished(made, plan.rules(), plan.selection())) {
        new NewMaster(replica).likeLocal(plan.local());
        if (local) {
          Snapshots.countAllAsReplayed(replica);
        }
        report = fold(replica, info, lease, null, runs, now);
        position = positionOf(replica);
        new Snapshots(plan, ledger, now, clock).keepUp(info, replica, position, report);
      }
      stillMine(lease);
      placing.place(made, clock.millis());
      ledger.masterState(file.asLeft(position, now, report.someHeld()));
      return report;
    } catch (NoSuchFileException e) {
      throw new Failure(
          Failure.OFFLINE,
          "the master's folder cannot be reached: " + e.getMessage(),
          "check the connection to the share",
          e);
    } catch (IOException e) {
      throw new Failure(
          Failure.OFFLINE,
          "the master cannot be made: " + e,
          "check the connection to the share and the rights on its folder",
          e);
    } finally {
      Scratch.delete(made);
    }
  }

  private static Position positionOf(Replica replica) {
    return replica.states().positions().values().stream()
        .max(Comparator.comparingLong(Position::number))
        .orElse(Position.START);
  }
}
