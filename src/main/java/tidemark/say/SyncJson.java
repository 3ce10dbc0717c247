package tidemark.say;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.JsonObject;

/** The result of a run as programs read it. */
public final class SyncJson {
  private SyncJson() {}

  /**
   * All of it in one object.
   *
   * @param completed adds whom to ask to a failure
   */
  public static String text(SyncResult result, UnaryOperator<Failure> completed) {
    JsonObject all =
        new JsonObject()
            .put("success", result.exitCode() == 0)
            .put("status", result.status())
            .put("message", result.message())
            .put("databases", JsonObject.of(result.runs(), run -> json(run, completed)))
            .put(
                "stats",
                new JsonObject()
                    .put("pulled", result.sum(RunResult::pulled))
                    .put("pushed", result.sum(RunResult::pushed))
                    .put("conflicts", result.conflicts()))
            .put("duration", Words.seconds(result.durationMs()))
            .put("durationMs", result.durationMs());
    if (result.exitCode() != 0) {
      List<Failure> failures = result.failures();
      Failure first = failures.isEmpty() ? heldBack(result) : failures.get(0);
      all.put("error", JsonObject.of(completed.apply(first)));
    }
    return all.text();
  }

  private static JsonObject json(RunResult run, UnaryOperator<Failure> completed) {
    Failure failure = run.failure();
    return new JsonObject()
        .put("status", run.status())
        .put("pulled", new TreeMap<>(run.pulled()))
        .put("pushed", new TreeMap<>(run.pushed()))
        .put("conflicts", run.conflicts())
        .put("conflictsByKind", run.conflictsByKind())
        .put("held", run.held().size())
        .put("masterBehind", run.masterBehind())
        .put("heldBack", run.held())
        .put("notes", run.notes())
        .put("durationMs", run.durationMs())
        .putIfAny("error", failure == null ? null : JsonObject.of(completed.apply(failure)));
  }

  private static Failure heldBack(SyncResult result) {
    return new Failure(
        Failure.INCOMPLETE,
        result.held() + " held back",
        "`tidemark status --pending` names each with its reason.");
  }

  // ---- and back

  /** What {@link #text} wrote. */
  public static SyncResult read(String text) {
    Fields all = new Fields(Json.object(text));
    SyncResult result = new SyncResult();
    Fields databases = all.fields("databases");
    for (String name : databases.names()) {
      result.add(name, run(databases.fields(name)));
    }
    if (result.runs().isEmpty() && all.has("error")) {
      result.failed(failure(all.fields("error")));
    }
    return result;
  }

  private static RunResult run(Fields run) {
    return new RunResult(
        run.text("status", "error"),
        counts(run.fields("pulled")),
        counts(run.fields("pushed")),
        counts(run.fields("conflictsByKind")),
        texts(run.list("heldBack")),
        texts(run.list("notes")),
        run.number("masterBehind"),
        run.number("durationMs"),
        run.has("error") ? failure(run.fields("error")) : null);
  }

  public static Failure failure(Fields error) {
    return new Failure(
        (int) error.number("code"), error.text("message", "it failed"), error.text("hint", ""));
  }

  private static Map<String, Integer> counts(Fields counts) {
    Map<String, Integer> read = new TreeMap<>();
    counts.names().forEach(name -> read.put(name, (int) counts.number(name)));
    return read;
  }

  private static List<String> texts(List<@Nullable Object> list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(String.valueOf(text)));
    return texts;
  }
}
