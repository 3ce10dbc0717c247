package tidemark.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import tidemark.change.Slice;
import tidemark.jdbc.Sql;
import tidemark.ledger.Ledger;
import tidemark.replica.SyncLog;
import tidemark.sync.Plan;

/**
 * The runs of one database that are still remembered: this workstation's in the local database,
 * everybody's in the master. Threading: one thread.
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
      ledger.info(); // says it best when the share is away
      return plan.share()
          .reach(
              "read the master's log",
              plan.master(),
              () -> SyncLog.read(plan.master(), busy, filter, limit, offset));
    }
    return isNotThere()
        ? new Slice<>(List.of(), 0)
        : SyncLog.read(plan.local(), busy, filter, limit, offset);
  }

  /** This workstation's since then, in no order. */
  public void each(String since, Consumer<SyncLog.Run> consumer) {
    if (!isNotThere()) {
      try (Sql sql = Sql.open(plan.local(), Sql.Mode.READ, busy)) {
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
