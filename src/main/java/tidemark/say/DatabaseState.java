package tidemark.say;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Place;
import tidemark.look.DatabaseStatus;
import tidemark.look.Status;
import tidemark.replica.SyncLog;
import tidemark.upkeep.health.Health;

/**
 * How one database stands, or why nobody can tell.
 *
 * @param followedFrom the place that the config names, where this workstation followed the ledger
 *     from there by itself; null: it did not
 * @param status null where the local database cannot be read
 * @param lastSync when the last run that got through began, as in sync_log; null: never
 * @param masterIsLeft the master stays behind although somebody should have brought it up to date
 * @param waiting empty unless it was asked for
 * @param health what the daemon's last look at it found
 */
public record DatabaseState(
    String name,
    Path local,
    Place place,
    @Nullable Place followedFrom,
    @Nullable DatabaseStatus status,
    @Nullable String lastSync,
    boolean masterIsLeft,
    List<Status.Waiting> waiting,
    Health health,
    @Nullable Failure failure) {
  private static final List<String> WORST_FIRST = List.of("error", "offline", "attention");

  /** In the words of the contract. */
  public String state() {
    if (status == null) {
      return "error";
    }
    if (!status.reachable()) {
      return "offline";
    }
    return trouble() != null ? "error" : waitsForSomebody() ? "attention" : "connected";
  }

  /** What is wrong with the share now, or broke off the last run; null: nothing. */
  @Nullable String trouble() {
    if (status == null) {
      return null;
    }
    SyncLog.Row last = status.lastRun();
    if (status.trouble() == null && last != null && last.run().status().equals("error")) {
      return "the last run failed: " + last.run().error();
    }
    return status.trouble();
  }

  private boolean waitsForSomebody() {
    return masterIsLeft
        || (status != null && status.onlyRead() != null)
        || (status != null && status.tables().values().stream().anyMatch(DatabaseState::waits));
  }

  private static boolean waits(DatabaseStatus.Table table) {
    return table.held() > 0 || table.openConflicts() > 0 || table.refused() != null;
  }

  /** Of several databases the one that stands worst. */
  public static String worst(List<DatabaseState> standings) {
    List<String> states = standings.stream().map(DatabaseState::state).toList();
    return WORST_FIRST.stream().filter(states::contains).findFirst().orElse("connected");
  }
}
