package tidemark.say;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.JsonObject;
import tidemark.replica.SyncLog;

/** Runs as programs read them: rows of sync_log. */
public final class RunsAsData {
  private static final String CSV_HEAD =
      "database,id,timestamp,direction,status,records_pulled,records_pushed,conflicts,error_message,duration_ms,workstation,username,trigger,details,run_id";

  private RunsAsData() {}

  public static String json(List<InDatabase<SyncLog.Row>> runs) {
    return Json.treeText(runs.stream().map(RunsAsData::json).toList());
  }

  private static JsonObject json(InDatabase<SyncLog.Row> of) {
    SyncLog.Run run = of.what().run();
    return new JsonObject()
        .put("database", of.database())
        .put("id", of.what().id())
        .put("timestamp", ChangeTime.iso(run.timestamp()))
        .put("direction", run.direction())
        .put("status", run.status())
        .put("records_pulled", run.pulled())
        .put("records_pushed", run.pushed())
        .put("conflicts", run.conflicts())
        .put("error_message", run.error())
        .put("duration_ms", run.durationMs())
        .put("workstation", run.workstation())
        .put("username", run.user())
        .put("trigger", run.trigger())
        .put("details", details(run.details()))
        .put("run_id", run.runId());
  }

  /** The master's rows may have been edited by anybody. */
  private static @Nullable Object details(@Nullable String stored) {
    try {
      return stored == null ? null : Json.object(stored);
    } catch (Failure notOurs) {
      return stored;
    }
  }

  /** Without an end of its last line. */
  public static String csv(List<InDatabase<SyncLog.Row>> runs) {
    return Stream.concat(Stream.of(CSV_HEAD), runs.stream().map(RunsAsData::line))
        .collect(Collectors.joining("\n"));
  }

  private static String line(InDatabase<SyncLog.Row> of) {
    SyncLog.Run run = of.what().run();
    return Csv.line(
        of.database(),
        of.what().id(),
        ChangeTime.iso(run.timestamp()),
        run.direction(),
        run.status(),
        run.pulled(),
        run.pushed(),
        run.conflicts(),
        run.error(),
        run.durationMs(),
        run.workstation(),
        run.user(),
        run.trigger(),
        run.details(),
        run.runId());
  }
}
