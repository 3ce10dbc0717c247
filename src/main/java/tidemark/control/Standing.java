package tidemark.control;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.sync.DatabaseStatus;
import tidemark.sync.Status;
import tidemark.upkeep.Health;

/**
 * How one database stands, or why nobody can tell.
 *
 * @param status null where the local database cannot be read
 * @param lastSync when the last run that got through began, as in sync_log; null: never
 * @param waiting empty unless it was asked for
 * @param health what the daemon's last look at it found
 */
public record Standing(
    String name,
    Path local,
    Path master,
    @Nullable DatabaseStatus status,
    @Nullable String lastSync,
    List<Status.Waiting> waiting,
    Health health,
    @Nullable Failure failure) {

  /** In the words of the contract. */
  public String state() {
    if (status == null) {
      return "error";
    }
    return !status.reachable() ? "offline" : status.trouble() != null ? "error" : "connected";
  }

  /** Of several databases the one that stands worst. */
  public static String worst(List<Standing> standings) {
    List<String> states = standings.stream().map(Standing::state).toList();
    return states.contains("error")
        ? "error"
        : states.contains("offline") ? "offline" : "connected";
  }
}
