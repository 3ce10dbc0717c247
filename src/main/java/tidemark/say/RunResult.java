package tidemark.say;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.run.SyncReport;
import tidemark.sync.DatabaseSync.Outcome;

/**
 * How a run on one database ended, wherever it took place.
 *
 * @param conflictsByKind how many of each kind ended how, as in `update local`
 * @param held why what was held back was
 * @param failure null unless status is offline or error
 */
public record RunResult(
    String status,
    Map<String, Integer> pulled,
    Map<String, Integer> pushed,
    Map<String, Integer> conflictsByKind,
    List<String> held,
    List<String> notes,
    long masterBehind,
    long durationMs,
    @Nullable Failure failure) {

  public static RunResult of(Outcome outcome) {
    SyncReport report = outcome.report();
    return new RunResult(
        outcome.status(),
        Map.copyOf(report.pulled()),
        Map.copyOf(report.pushed()),
        report.conflictsByKind(),
        List.copyOf(report.held().values()),
        List.copyOf(report.notes()),
        report.masterBehind(),
        outcome.durationMs(),
        outcome.failure());
  }

  /** It could not be begun. */
  public static RunResult failed(Failure why) {
    String status = why.exitCode() == Failure.OFFLINE ? "offline" : "error";
    return of(new Outcome(status, new SyncReport(), 0, why));
  }

  public int totalPulled() {
    return sum(pulled);
  }

  public int totalPushed() {
    return sum(pushed);
  }

  public int conflicts() {
    return sum(conflictsByKind);
  }

  private static int sum(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  public int exitCode() {
    return failure != null ? failure.exitCode() : status.equals("success") ? 0 : Failure.INCOMPLETE;
  }
}
