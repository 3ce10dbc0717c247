package tidemark.master;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tidemark.catchup.SyncRun;
import tidemark.change.ChangeTime;
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
import tidemark.settle.Terms;

/**
 * One fold, by whoever holds the lease: what is done to the master, and when another may go on.
 *
 * <p>Guarantee: before each commit it is asked whether the lease is still held.
 */
final class FoldWork {
  private final Plan plan;
  private final Ledger ledger;
  private final Clock clock;
  private final MasterFile file;
  private final MasterCheck check;
  private final Ledger.Info info;
  private final Lease.Held lease;
  private final @Nullable Supplier<List<SyncLog.Run>> runs;

  /**
   * @param runs for the master's log; null where it is to be left alone
   */
  FoldWork(
      Plan plan,
      Ledger ledger,
      Clock clock,
      Ledger.Info info,
      Lease.Held lease,
      @Nullable Supplier<List<SyncLog.Run>> runs) {
    this.plan = plan;
    this.ledger = ledger;
    this.clock = clock;
    this.file = new MasterFile(plan);
    this.check = new MasterCheck(plan, clock);
    this.info = info;
    this.lease = lease;
    this.runs = runs;
  }

  /**
   * The master is brought up to date, or made anew where there is none that is whole.
   *
   * @param state as the last fold left it; null where none did
   */
  SyncReport catchUp(Ledger.@Nullable MasterState state) {
    boolean touched = state == null ? isBegun() : !file.isAsLeft(state);
    Optional<Path> aside = Optional.empty();
    if (touched && file.exists()) {
      aside = check.healIfDamaged(); // a fold was cut off, or another program's work
    }
    if (!file.exists()) {
      SyncReport report = makeAnew(file::publish, Copies.NONE);
      if (state != null || aside.isPresent()) {
        report.note(saidOf(aside));
      }
      return report;
    }
    if (touched) {
      check.requireOurs(info);
    }
    try {
      return inPlace(state);
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
        return inPlace(state);
      }
      SyncReport report = makeAnew(file::publish, Copies.NONE);
      report.note(saidOf(aside));
      return report;
    }
  }

  /** Where there are entries, a master that nobody knows may be anything. */
  private boolean isBegun() {
    if (info.floor() > 0 || ledger.read(1) != null) {
      return true;
    }
    ledger.requireEnd(0);
    return false;
  }

  private static String saidOf(Optional<Path> aside) {
    return aside
        .map(
            damaged ->
                "the master was damaged and was made anew from the ledger; the damaged one is now "
                    + damaged)
        .orElse("the master was gone; it was made anew from the ledger");
  }

  private SyncReport inPlace(Ledger.@Nullable MasterState state) {
    long now = now();
    try (Replica replica = MasterFile.open(plan)) {
      SyncReport report = bringUpToDate(replica, state, now);
      Position position = positionOf(replica);
      stillMine();
      new Snapshots(plan, ledger, now, clock).keepUp(info, replica, position, report);
      replica.close();
      ledger.masterState(file.asLeft(position, now, report.someHeld()));
      return report;
    }
  }

  /** How what was made gets to its place. */
  @FunctionalInterface
  interface Placing {
    void place(Path made, long now) throws IOException;
  }

  /**
   * Built on this machine's disk, from snapshot and entries, and then put where it belongs, whole.
   */
  SyncReport makeAnew(Placing placing, Copies copies) {
    long now = now();
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
        report = bringUpToDate(replica, null, now);
        position = positionOf(replica);
        new Snapshots(plan, ledger, now, clock).keepUp(info, replica, position, report);
      }
      stillMine();
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

  /** By the very run that serves workstations; and the workstations' runs into its log. */
  private SyncReport bringUpToDate(Replica replica, Ledger.@Nullable MasterState state, long now) {
    Author author =
        new Author(
            plan.author().user(),
            Author.MASTER,
            Identity.of(
                replica, new Author(Author.MASTER, Author.MASTER, plan.master().toString())));
    long foldedAt = state == null ? 0 : state.foldedAt();
    Terms terms = Terms.ofMaster(author, Direction.BOTH, foldedAt);
    SyncRun run =
        new SyncRun(replica, ledger, terms, clock, plan.scratch(), settled -> {})
            .guardedBy(this::stillMine);
    SyncReport report = run.run(info);
    if (runs != null) {
      SyncLog log = new SyncLog(replica.sql());
      List<SyncLog.Run> all = runs.get();
      stillMine();
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

  /** On the share's clock: what is old is not for this machine to say. */
  private long now() {
    return clock.millis() + ledger.clockSkew();
  }

  private void stillMine() {
    if (!lease.stillMine()) {
      throw busy(plan, "was taken over by another workstation, which thought this one dead");
    }
  }

  static Failure busy(Plan plan, String why) {
    return new Failure(Failure.BUSY, plan.master() + " " + why, "try again in a minute");
  }

  private static Position positionOf(Replica replica) {
    return replica.states().positions().values().stream()
        .max(Comparator.comparingLong(Position::number))
        .orElse(Position.START);
  }
}
