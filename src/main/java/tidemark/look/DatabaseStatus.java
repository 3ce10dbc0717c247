package tidemark.look;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.replica.SyncLog;

/**
 * How one database stands.
 *
 * @param neverSynced no run was made yet, or the local database is not there
 * @param position the last entry all its tables have applied
 * @param ledgerHead the last entry of the ledger; where the share is away, the last one known
 * @param masterBehind by how many entries; null where the share is away
 * @param masterIdleSince when the oldest of them was written, or somebody bringing the master up to
 *     date last showed that he lives, on this machine's clock; null where it is not behind
 * @param masterTrouble why this workstation's last run could not bring the master up to date, and
 *     what to do; null where it could
 * @param onlyRead why this workstation's last run could write nothing to the share; null: it could
 * @param leaseOwner who is bringing the master up to date at the moment; null: nobody
 * @param clockSkewMs the share's clock less this machine's, as last measured; null if never
 * @param trouble why the share cannot be reached or its ledger be read; null where it can
 */
public record DatabaseStatus(
    boolean neverSynced,
    long position,
    long ledgerHead,
    @Nullable Long masterBehind,
    @Nullable Long masterIdleSince,
    @Nullable String masterTrouble,
    @Nullable String onlyRead,
    @Nullable String leaseOwner,
    Map<String, Table> tables,
    @Nullable Long clockSkewMs,
    boolean reachable,
    @Nullable String trouble,
    SyncLog.@Nullable Row lastRun) {

  /**
   * How one table stands.
   *
   * @param lastSyncedAt as it is written into databases; null: never
   * @param refused why the table takes no part in runs; null where it does
   */
  public record Table(
      long recordCount,
      long pendingChanges,
      long held,
      long openConflicts,
      @Nullable String lastSyncedAt,
      @Nullable String refused) {}

  /** The master stays behind although somebody should have brought it up to date by now. */
  public boolean masterIsLeft(long now, Duration timeout) {
    return masterIdleSince != null && now - masterIdleSince > timeout.toMillis();
  }

  public long pendingChanges() {
    return tables.values().stream().mapToLong(Table::pendingChanges).sum();
  }

  public long held() {
    return tables.values().stream().mapToLong(Table::held).sum();
  }

  public long openConflicts() {
    return tables.values().stream().mapToLong(Table::openConflicts).sum();
  }
}
