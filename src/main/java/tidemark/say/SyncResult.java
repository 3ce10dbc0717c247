package tidemark.say;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;

/** How a run over several databases ended: as the worst of them did. */
public final class SyncResult {
  private static final List<String> FROM_BEST_TO_WORST =
      List.of("success", "partial", "offline", "error");

  private final Map<String, RunResult> runs = new LinkedHashMap<>();
  private @Nullable Failure failure;

  public void add(String database, RunResult run) {
    runs.put(database, run);
  }

  /** Nothing could be begun. */
  public void failed(Failure why) {
    failure = why;
  }

  public Map<String, RunResult> runs() {
    return runs;
  }

  public String status() {
    int worst = failure == null ? 0 : FROM_BEST_TO_WORST.size() - 1;
    for (RunResult run : runs.values()) {
      worst = Math.max(worst, FROM_BEST_TO_WORST.indexOf(run.status()));
    }
    return FROM_BEST_TO_WORST.get(worst);
  }

  public int exitCode() {
    int worst = failure == null ? 0 : failure.exitCode();
    for (RunResult run : runs.values()) {
      worst = Math.max(worst, run.exitCode());
    }
    return worst;
  }

  /** What failed, each named with its database where there are several. */
  public List<Failure> failures() {
    List<Failure> all = new ArrayList<>();
    if (failure != null) {
      all.add(failure);
    }
    runs.forEach(
        (database, run) -> {
          Failure why = run.failure();
          if (why != null) {
            all.add(runs.size() == 1 ? why : named(database, why));
          }
        });
    return all;
  }

  private static Failure named(String database, Failure why) {
    return new Failure(why.exitCode(), database + ": " + why.whatFailed(), why.hint(), why);
  }

  public long durationMs() {
    return runs.values().stream().mapToLong(RunResult::durationMs).sum();
  }

  /** Rows by table over all databases. */
  Map<String, Integer> sum(Function<RunResult, Map<String, Integer>> counts) {
    Map<String, Integer> sum = new TreeMap<>();
    for (RunResult run : runs.values()) {
      counts.apply(run).forEach((table, n) -> sum.merge(table, n, Integer::sum));
    }
    return sum;
  }

  int conflicts() {
    return runs.values().stream().mapToInt(RunResult::conflicts).sum();
  }

  int held() {
    return runs.values().stream().mapToInt(run -> run.held().size()).sum();
  }

  /** One sentence for all of it. */
  public String message() {
    List<Failure> failures = failures();
    return failures.isEmpty() ? moved() : failures.get(0).whatFailed();
  }

  private String moved() {
    int pulled = runs.values().stream().mapToInt(RunResult::totalPulled).sum();
    int pushed = runs.values().stream().mapToInt(RunResult::totalPushed).sum();
    return MovedText.text(pulled, pushed, conflicts(), held());
  }
}
