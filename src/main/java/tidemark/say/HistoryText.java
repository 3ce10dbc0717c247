package tidemark.say;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.replica.SyncLog;

/** Runs as programs read them: rows of sync_log. */
public final class HistoryText {
  private static final String CSV_HEAD =
      "database,id,timestamp,direction,status,records_pulled,records_pushed,conflicts,error_message,duration_ms,workstation,username,trigger,details,run_id";

  private HistoryText() {}

  public static String json(List<InDatabase<SyncLog.Row>> runs) {
    return Json.text(
        json -> {
          json.writeStartArray();
          for (InDatabase<SyncLog.Row> run : runs) {
            write(json, run);
          }
          json.writeEndArray();
        });
  }

  private static void write(JsonGenerator json, InDatabase<SyncLog.Row> of) throws IOException {
    SyncLog.Run run = of.what().run();
    json.writeStartObject();
    json.writeStringField("database", of.database());
    json.writeNumberField("id", of.what().id());
    json.writeStringField("timestamp", ChangeTime.iso(run.timestamp()));
    json.writeStringField("direction", run.direction());
    json.writeStringField("status", run.status());
    json.writeNumberField("records_pulled", run.pulled());
    json.writeNumberField("records_pushed", run.pushed());
    json.writeNumberField("conflicts", run.conflicts());
    json.writeStringField("error_message", run.error());
    json.writeNumberField("duration_ms", run.durationMs());
    json.writeStringField("workstation", run.workstation());
    json.writeStringField("username", run.user());
    json.writeStringField("trigger", run.trigger());
    json.writeFieldName("details");
    json.writeRawValue(details(run.details()));
    json.writeStringField("run_id", run.runId());
    json.writeEndObject();
  }

  /** The master's rows may have been edited by anybody. */
  private static String details(@Nullable String stored) {
    if (stored == null) {
      return "null";
    }
    try {
      return Json.objectText(Json.object(stored));
    } catch (Failure notOurs) {
      return Json.text(json -> json.writeString(stored));
    }
  }

  /** Without an end of its last line. */
  public static String csv(List<InDatabase<SyncLog.Row>> runs) {
    return Stream.concat(Stream.of(CSV_HEAD), runs.stream().map(HistoryText::line))
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
