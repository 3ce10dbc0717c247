package tidemark.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.sync.DatabaseSync.Outcome;
import tidemark.sync.SyncReport;

/** How a run over several databases ended: as the worst of them did. */
final class SyncResult {
  private static final List<String> FROM_BEST_TO_WORST =
      List.of("success", "partial", "offline", "error");

  private final Map<String, Outcome> outcomes = new LinkedHashMap<>();
  private @Nullable Failure failure;

  void add(String database, Outcome outcome) {
    outcomes.put(database, outcome);
  }

  /** Nothing could be begun. */
  void failed(Failure why) {
    failure = why;
  }

  Map<String, Outcome> outcomes() {
    return outcomes;
  }

  String status() {
    int worst = failure == null ? 0 : FROM_BEST_TO_WORST.size() - 1;
    for (Outcome outcome : outcomes.values()) {
      worst = Math.max(worst, FROM_BEST_TO_WORST.indexOf(outcome.status()));
    }
    return FROM_BEST_TO_WORST.get(worst);
  }

  int exitCode() {
    int worst = failure == null ? 0 : failure.exitCode();
    for (Outcome outcome : outcomes.values()) {
      worst = Math.max(worst, outcome.exitCode());
    }
    return worst;
  }

  /** What failed, each named with its database where there are several. */
  List<Failure> failures() {
    List<Failure> all = new ArrayList<>();
    if (failure != null) {
      all.add(failure);
    }
    outcomes.forEach(
        (database, outcome) -> {
          Failure why = outcome.failure();
          if (why != null) {
            all.add(outcomes.size() == 1 ? why : named(database, why));
          }
        });
    return all;
  }

  private static Failure named(String database, Failure why) {
    return new Failure(why.exitCode(), database + ": " + why.whatFailed(), why.hint(), why);
  }

  long durationMs() {
    return outcomes.values().stream().mapToLong(Outcome::durationMs).sum();
  }

  /** Rows by table over all databases. */
  Map<String, Integer> sum(Function<SyncReport, Map<String, Integer>> counts) {
    Map<String, Integer> sum = new TreeMap<>();
    for (Outcome outcome : outcomes.values()) {
      counts.apply(outcome.report()).forEach((table, n) -> sum.merge(table, n, Integer::sum));
    }
    return sum;
  }

  int conflicts() {
    return outcomes.values().stream().mapToInt(outcome -> outcome.report().conflicts()).sum();
  }

  int held() {
    return outcomes.values().stream().mapToInt(outcome -> outcome.report().held().size()).sum();
  }

  /** One sentence for all of it. */
  String message() {
    List<Failure> failures = failures();
    return failures.isEmpty() ? moved() : failures.get(0).whatFailed();
  }

  private String moved() {
    int pulled = sum(SyncReport::pulled).values().stream().mapToInt(Integer::intValue).sum();
    int pushed = sum(SyncReport::pushed).values().stream().mapToInt(Integer::intValue).sum();
    return Moved.text(pulled, pushed, conflicts(), held());
  }
}
