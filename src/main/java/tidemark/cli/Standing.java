package tidemark.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.daemon.Database;
import tidemark.replica.SyncLog;
import tidemark.sync.DatabaseStatus;
import tidemark.sync.Status;

/**
 * How one database stands, or why nobody can tell.
 *
 * @param status null where the local database cannot be read
 * @param lastSync when the last run that got through began, as in sync_log; null: never
 * @param waiting empty unless it was asked for
 */
record Standing(
    Database database,
    @Nullable DatabaseStatus status,
    @Nullable String lastSync,
    List<Status.Waiting> waiting,
    @Nullable Failure failure) {

  static Standing of(Database database, boolean withWaiting) {
    try {
      DatabaseStatus status = database.status();
      List<Status.Waiting> waiting = new ArrayList<>();
      if (withWaiting) {
        database.pending(waiting::add);
      }
      return new Standing(database, status, lastSync(database, status), waiting, null);
    } catch (Failure failure) {
      return new Standing(database, null, null, List.of(), failure);
    }
  }

  private static @Nullable String lastSync(Database database, DatabaseStatus status) {
    SyncLog.Row last = status.lastRun();
    if (last == null || gotThrough(last)) {
      return last == null ? null : last.run().timestamp();
    }
    return database.history(1000, null, null).stream()
        .filter(Standing::gotThrough)
        .findFirst()
        .map(row -> row.run().timestamp())
        .orElse(null);
  }

  private static boolean gotThrough(SyncLog.Row row) {
    return row.run().status().equals("success") || row.run().status().equals("partial");
  }

  /** In the words of the contract. */
  String state() {
    if (status == null) {
      return "error";
    }
    return !status.reachable() ? "offline" : status.trouble() != null ? "error" : "connected";
  }

  /** Of several databases the one that stands worst. */
  static String worst(List<Standing> standings) {
    List<String> states = standings.stream().map(Standing::state).toList();
    return states.contains("error")
        ? "error"
        : states.contains("offline") ? "offline" : "connected";
  }
}
