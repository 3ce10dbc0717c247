package tidemark.app;

import java.util.List;
import java.util.function.Consumer;
import tidemark.change.Slice;
import tidemark.ledger.Ledger;
import tidemark.replica.SyncLog;
import tidemark.run.EveryonesRuns;
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;

/**
 * The runs of one database that are still remembered: this workstation's in the local database,
 * everybody's in the master and in the workstations' files. Threading: one thread.
 */
public final class PastRuns {
  private final Plan plan;
  private final Ledger ledger;
  private final LocalAccess access;

  PastRuns(Plan plan, Ledger ledger, LocalAccess access) {
    this.plan = plan;
    this.ledger = ledger;
    this.access = access;
  }

  /** So many of those that are meant, newest first, after leaving out some. */
  public Slice<SyncLog.Row> find(boolean everyone, SyncLog.Filter filter, int limit, int offset) {
    if (everyone) {
      return new EveryonesRuns(plan, ledger).find(filter, limit, offset);
    }
    return access.isMissing()
        ? new Slice<>(List.of(), 0)
        : access.told(() -> SyncLog.read(plan.local(), LocalDatabase.BUSY, filter, limit, offset));
  }

  /** Up to when everybody's are known. */
  public EveryonesRuns.AsOf asOf() {
    return new EveryonesRuns(plan, ledger).asOf();
  }

  /** This workstation's since then, in no order. */
  public void each(String since, Consumer<SyncLog.Run> consumer) {
    new LocalDatabase(plan).eachRun(since, consumer);
  }
}
