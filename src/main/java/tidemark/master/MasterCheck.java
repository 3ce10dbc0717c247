package tidemark.master;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;
import tidemark.run.Plan;

/**
 * Whether the master is fit to be written: whole, and the one this ledger knows.
 *
 * <p>Guarantee: what is damaged is set aside with all that belongs to it, never deleted; what is
 * somebody else's is left as it is. Threading: one thread, which has the fold lease.
 */
public final class MasterCheck {
  private static final Logger LOG = LoggerFactory.getLogger(MasterCheck.class);

  private final Plan plan;
  private final Clock clock;

  public MasterCheck(Plan plan, Clock clock) {
    this.plan = plan;
    this.clock = clock;
  }

  /** Sets a damaged master aside; says where. */
  public Optional<Path> healIfDamaged() {
    if (!isDamaged()) {
      return Optional.empty();
    }
    if (!plan.healMaster()) {
      throw new Failure(
          Failure.REFUSED,
          plan.master() + " is damaged",
          "run `tidemark restore` to make it anew from the ledger; nobody's edits are in danger");
    }
    LOG.warn("{} is damaged: it is set aside and made anew", plan.master());
    long now = clock.millis();
    MasterFile file = new MasterFile(plan);
    file.setAside(now);
    return Optional.of(file.aside(now));
  }

  /**
   * Two looks, each with a connection of its own: a read that failed but once, as when a cable was
   * pulled, looks just like damage to SQLite.
   */
  boolean isDamaged() {
    for (int look = 0; look < 2; look++) {
      if (isWhole()) {
        return false;
      }
    }
    return true;
  }

  /** What is damaged before there is a ledger can only come from a backup. */
  void requireWhole() {
    if (!isWhole()) {
      throw new Failure(
          Failure.REFUSED,
          plan.master() + " is damaged",
          "put a backup of it in its place, or move it away: then the ledger begins with what this workstation has");
    }
  }

  /**
   * Opened for writing, so that what a dead client's journal holds is rolled back first. What two
   * writers do to a file at once often shows in its indexes alone, at which quick_check does not
   * look.
   */
  private boolean isWhole() {
    try (Sql sql = Sql.open(plan.master(), OpenMode.WRITE, MasterFile.BUSY)) {
      sql.attendedBy(plan.share()::isWaitedFor);
      return sql.first("PRAGMA integrity_check(1)", c -> c.string(1)).orElse("").equals("ok");
    } catch (Failure e) {
      if (!e.isDamage()) {
        throw e;
      }
      return false;
    }
  }

  /** Whatever stands in another database would become everybody's. */
  void requireOurs(Ledger.Info info) {
    Optional<Replica> known =
        Replica.lookAtMaster(plan.master(), MasterFile.BUSY, plan.rules(), plan.selection());
    try (Replica replica = known.orElse(null)) {
      if (replica == null || !info.id().equals(replica.state("ledger"))) {
        throw new Failure(
            Failure.REFUSED,
            plan.master()
                + (replica == null
                    ? " is not the master this ledger knows"
                    : " is the master of another ledger"),
            "put the right file in its place, or move this one away: then the master is made anew from the ledger");
      }
    }
  }
}
