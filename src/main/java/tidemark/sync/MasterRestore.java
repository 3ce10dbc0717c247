package tidemark.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import tidemark.catchup.Align;
import tidemark.change.Failure;
import tidemark.ledger.Lease;
import tidemark.ledger.Ledger;
import tidemark.master.Fold;
import tidemark.master.MasterFile;
import tidemark.run.Copies;
import tidemark.run.Plan;
import tidemark.run.Request;

/**
 * Makes a damaged or missing master whole again, from the ledger's snapshot or another copy, and
 * entries; whatever `healMaster` says.
 *
 * <p>Guarantee: a damaged one stays in its place until the new one stands whole beside it, and is
 * then set aside, never deleted; one that is whole is not touched. Commit point: the rename of the
 * new one. Threading: one thread.
 */
public final class MasterRestore {
  private static final Duration WAIT = Duration.ofSeconds(30);

  private final Plan plan;
  private final Ledger ledger;
  private final Clock clock;
  private final Copies copies;

  public MasterRestore(Plan plan, Ledger ledger, Clock clock, Copies copies) {
    this.plan = plan;
    this.ledger = ledger;
    this.clock = clock;
    this.copies = copies;
  }

  public Fold.Made run() {
    Ledger.Info info = ledger.info().orElseThrow(this::nothingToMakeItFrom);
    Fold fold = new Fold(plan, ledger, clock);
    try (Lease.Held lease = fold.lease(WAIT)) {
      return fold.restore(info, lease, copies);
    }
  }

  private Failure nothingToMakeItFrom() {
    return new MasterFile(plan).exists()
        ? Align.ledgerIsGone(plan.place())
        : new Failure(
            Failure.OFFLINE,
            "neither "
                + plan.master()
                + " nor its ledger is there: the share is not mounted, or was emptied",
            "mount the share; if both really are lost: `tidemark ledger rebuild` where the database was synced last,"
                + " or `tidemark restore --to BACKUP --rollback`");
  }

  /**
   * Where neither master nor ledger is left: the copy becomes the master, and history begins anew
   * with it. Workstations find another ledger and compare all they have with it: what they have and
   * the copy has not yet, they bring.
   *
   * @param copy a whole copy on this machine's disk
   */
  public DatabaseSync.Outcome beginWith(Path copy, Request request) {
    requireNothingLeft();
    try {
      new MasterFile(plan).publish(copy, clock.millis());
    } catch (IOException e) {
      throw new Failure(
          Failure.OFFLINE,
          plan.master() + " cannot be written: " + e,
          "check the connection to the share, the space on it and the rights on its folder",
          e);
    }
    ledger.create();
    return new DatabaseSync(plan, ledger, clock, settled -> {}).run(request);
  }

  /** True where a copy may become the master. */
  public boolean nothingIsLeft() {
    return ledger.info().isEmpty() && !new MasterFile(plan).exists();
  }

  private void requireNothingLeft() {
    if (!nothingIsLeft()) {
      throw Align.ledgerIsGone(plan.place());
    }
  }
}
