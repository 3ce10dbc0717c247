package tidemark.app;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import tidemark.change.Slice;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.ledger.Ledger;
import tidemark.replica.SyncLog;
import tidemark.run.EveryonesRuns;
import tidemark.run.LocalDamage;
import tidemark.run.Plan;

/**
 * The runs of one database that are still remembered: this workstation's in the local database,
 * everybody's in the master and in the workstations' files. Threading: one thread.
 */
public final class PastRuns {
  private final Plan plan;
  private final Ledger ledger;
  private final Duration busy;

  PastRuns(Plan plan, Ledger ledger, Duration busy) {
    this.plan = plan;
    this.ledger = ledger;
    this.busy = busy;
  }

  /** So many of those that are meant, newest first, after leaving out some. */
  public Slice<SyncLog.Row> find(boolean everyone, SyncLog.Filter filter, int limit, int offset) {
    if (everyone) {
      return new EveryonesRuns(plan, ledger).find(filter, limit, offset);
    }
    return isNotThere()
        ? new Slice<>(List.of(), 0)
        : LocalDamage.told(
            plan.local(), () -> SyncLog.read(plan.local(), busy, filter, limit, offset));
  }

  /** Up to when everybody's are known. */
  public EveryonesRuns.AsOf asOf() {
    return new EveryonesRuns(plan, ledger).asOf();
  }

  /** This workstation's since then, in no order. */
  public void each(String since, Consumer<SyncLog.Run> consumer) {
    if (!isNotThere()) {
      try (Sql sql = Sql.open(plan.local(), OpenMode.READ, busy)) {
        SyncLog.each(sql, since, consumer);
      }
    }
  }

  private boolean isNotThere() {
    try {
      return Files.size(plan.local()) == 0;
    } catch (IOException e) {
      return !Files.exists(plan.local());
    }
  }
}
