package tidemark.sync;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.LongConsumer;
import tidemark.change.Failure;
import tidemark.ledger.Ledger;
import tidemark.master.MasterCheck;
import tidemark.master.MasterFile;
import tidemark.replica.Replica;
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;
import tidemark.run.Request;

/**
 * Begins a new ledger where the share's was lost or is damaged beyond repair, from the master and
 * from what this workstation holds. What is left of the old one is set aside, never deleted.
 *
 * <p>Guarantee: the other workstations find another ledger and compare all they have with it; what
 * they edited meanwhile arrives, and what was deleted before stays deleted. Commit point: the
 * rename of the new ledger; after it any run of anybody goes on. Threading: one thread.
 */
public final class LedgerRebuild {
  private final Plan plan;
  private final Ledger ledger;
  private final Clock clock;
  private final LongConsumer progress;

  public LedgerRebuild(Plan plan, Ledger ledger, Clock clock, LongConsumer progress) {
    this.plan = plan;
    this.ledger = ledger;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Where the old ledger is now, if anything was left of it, and the run that filled the new one.
   */
  public record Rebuilt(Optional<Path> aside, DatabaseSync.Outcome outcome) {}

  public Rebuilt run(Request request) {
    mustHaveSynced();
    mustBeHere();
    if (new MasterFile(plan).exists()) {
      new MasterCheck(plan, clock).healIfDamaged();
    }
    Optional<Path> aside = ledger.setAside();
    ledger.create();
    return new Rebuilt(aside, new DatabaseSync(plan, ledger, clock, progress).run(request));
  }

  /** What is well at another place is not made anew at its former one. */
  private void mustBeHere() {
    String movedTo;
    try {
      movedTo = ledger.info().map(Ledger.Info::movedTo).orElse(null);
    } catch (Failure damaged) {
      return; // which is why it is made anew
    }
    if (movedTo != null) {
      throw Failure.ofMove("ledger of " + plan.place(), movedTo);
    }
  }

  /** Somebody who never synced has nothing to go by: he would give all records a second birth. */
  private void mustHaveSynced() {
    boolean synced = false;
    Optional<Replica> opened = new LocalDatabase(plan).look();
    if (opened.isPresent()) {
      try (Replica replica = opened.get()) {
        synced = replica.state("ledger") != null;
      }
    }
    if (!synced) {
      throw new Failure(
          Failure.INCOMPLETE,
          plan.local() + " has never been synced: a ledger cannot be made from it",
          "run this at a workstation that has synced, the one that did last if possible");
    }
  }
}
