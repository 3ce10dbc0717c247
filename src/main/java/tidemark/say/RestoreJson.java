package tidemark.say;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.JsonObject;
import tidemark.past.Fate;
import tidemark.past.RestoreReport;
import tidemark.past.Rewind;
import tidemark.past.Rollback;
import tidemark.past.Trace;
import tidemark.sync.DatabaseSync.Outcome;

/** What was brought back, or would be, as programs read it. */
public final class RestoreJson {
  private RestoreJson() {}

  /**
   * All of it in one object.
   *
   * @param reports by database
   */
  public static String text(Map<String, RestoreReport> reports, boolean dryRun) {
    return new JsonObject()
        .put("success", reports.values().stream().allMatch(report -> exitCode(report, dryRun) == 0))
        .put("dryRun", dryRun)
        .put("databases", JsonObject.of(reports, RestoreJson::json))
        .text();
  }

  /** What became of one row that was to become what it was. */
  public static String ofOneRow(RestoreReport report) {
    long rows = report.result().rows();
    List<String> left = report.result().left().stream().map(Rewind.AsItIs::why).toList();
    return new JsonObject()
        .put("restored", rows)
        .put("left", left)
        .put(
            "message",
            !left.isEmpty()
                ? "Left as it is: " + left.get(0)
                : rows == 0 ? "It is what it was already." : "It is what it was again.")
        .text();
  }

  /** As the command ends with. */
  public static int exitCode(RestoreReport report, boolean dryRun) {
    Outcome run = report.run();
    int ofRun = run == null ? 0 : run.exitCode();
    boolean left = !dryRun && !report.result().left().isEmpty();
    return ofRun == 0 && left ? Failure.INCOMPLETE : ofRun;
  }

  private static JsonObject json(RestoreReport report) {
    JsonObject tables = JsonObject.of(report.result().tables(), RestoreJson::json);
    JsonObject json =
        new JsonObject()
            .put(
                "to",
                new JsonObject()
                    .put("entry", report.to().entry())
                    .put("at", iso(report.to().at()))
                    .put("backup", report.backup()))
            .put("rows", report.result().rows())
            .put("tables", tables)
            .put("people", report.result().people())
            .put("left", report.result().left().stream().map(RestoreJson::json).toList());
    if (!report.versions().isEmpty()) {
      Rollback.Version version = report.versions().get(0);
      json.put(
          "row",
          new JsonObject()
              .put("key", version.key())
              .put("then", version.then())
              .put("now", version.now()));
    }
    Outcome run = report.run();
    if (run != null) {
      json.put("status", run.status());
      json.putIfAny("error", run.failure() == null ? null : JsonObject.of(run.failure()));
    }
    return json;
  }

  private static JsonObject json(Rewind.AsItIs left) {
    return new JsonObject()
        .put("table", left.table())
        .putIfAny("key", left.key())
        .put("why", left.why());
  }

  private static JsonObject json(Rewind.Table table) {
    return new JsonObject()
        .put("comeBack", table.comeBack())
        .put("go", table.go())
        .put("change", table.change())
        .put("examples", table.examples().stream().map(RestoreJson::json).toList());
  }

  private static JsonObject json(Rewind.Example example) {
    JsonObject json = new JsonObject().put("key", example.key()).put("what", word(example.how()));
    Trace last = example.last();
    if (last != null) {
      json.put("entry", last.entry())
          .put("at", iso(last.at()))
          .put("by", last.by())
          .put("workstation", last.workstation());
    }
    return json;
  }

  /** `comes back`, `goes`, `changes`. */
  public static String word(Fate how) {
    return how.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  static @Nullable String iso(@Nullable Long millis) {
    return millis == null || millis == 0 ? null : ChangeTime.iso(millis);
  }
}
