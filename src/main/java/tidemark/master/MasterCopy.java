package tidemark.master;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import tidemark.catchup.Align;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.ledger.Lease;
import tidemark.ledger.Ledger;
import tidemark.run.Plan;
import tidemark.run.Scratch;

/**
 * The master as it stood at an entry, on this machine's disk, and the fold lease until this is
 * closed: whoever has one is the only one in the fleet.
 *
 * <p>Guarantee: it holds what the ledger says up to its position, and no edit that stands in no
 * entry. Threading: one thread.
 */
public final class MasterCopy implements AutoCloseable {
  private static final int TRIES = 3;

  private final Lease.Held lease;
  private final Path file;
  private final String ledgerId;
  private final Position position;

  private MasterCopy(Lease.Held lease, Path file, String ledgerId, Position position) {
    this.lease = lease;
    this.file = file;
    this.ledgerId = ledgerId;
    this.position = position;
  }

  /**
   * Brings the master up to date and copies it.
   *
   * @param wait so long for whoever has the fold lease
   */
  public static MasterCopy take(Plan plan, Ledger ledger, Clock clock, Duration wait) {
    Ledger.Info info = ledger.info().orElseThrow(() -> Align.ledgerIsGone(plan.place()));
    Fold fold = new Fold(plan, ledger, clock);
    Path file = Scratch.file(plan.scratch(), "master"); // fails before anybody waits for us
    Lease.Held lease = fold.lease(wait);
    boolean taken = false;
    try {
      for (int tries = 0; tries < TRIES; tries++) {
        Scratch.delete(file);
        Ledger.MasterState state = fold.catchUp(info, lease);
        copy(plan, file);
        if (new MasterFile(plan).isAsLeft(state)) {
          taken = true;
          return new MasterCopy(lease, file, info.id(), state.position());
        }
      }
      throw new Failure(
          Failure.BUSY,
          plan.master() + " is being edited by another program",
          "try again when nobody works in it");
    } finally {
      if (!taken) {
        Scratch.delete(file);
        lease.close();
      }
    }
  }

  private static void copy(Plan plan, Path file) {
    plan.share()
        .reach(
            "copy the master",
            plan.master(),
            () -> {
              try (Sql sql = Sql.open(plan.master(), OpenMode.READ, MasterFile.BUSY)) {
                sql.attendedBy(plan.share()::isWaitedFor).copyTo(file);
              }
              return file;
            });
  }

  public Path file() {
    return file;
  }

  public String ledgerId() {
    return ledgerId;
  }

  public Position position() {
    return position;
  }

  /** To be asked right before what only one in the fleet may do. */
  public void requireLease() {
    if (!lease.stillMine()) {
      throw new Failure(
          Failure.BUSY,
          "another workstation thought this one dead and took over",
          "try again in a minute");
    }
  }

  @Override
  public void close() {
    Scratch.delete(file);
    lease.close();
  }
}
