package tidemark.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.cli.History.Run;
import tidemark.control.Csv;
import tidemark.control.Words;
import tidemark.replica.SyncLog;

/** Runs as JSON, as CSV and as people read them. */
final class HistoryOutput {
  private static final String CSV_HEAD =
      "database,id,timestamp,direction,status,records_pulled,records_pushed,conflicts,error_message,duration_ms,workstation,username,trigger,details,run_id";

  private final List<Run> runs;
  private final PrintWriter out;

  HistoryOutput(List<Run> runs, PrintWriter out) {
    this.runs = runs;
    this.out = out;
  }

  void json() {
    out.println(
        Json.text(
            json -> {
              json.writeStartArray();
              for (Run run : runs) {
                write(json, run);
              }
              json.writeEndArray();
            }));
  }

  private static void write(JsonGenerator json, Run of) throws IOException {
    SyncLog.Run run = of.row().run();
    json.writeStartObject();
    json.writeStringField("database", of.database());
    json.writeNumberField("id", of.row().id());
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

  void csv() {
    out.println(CSV_HEAD);
    for (Run of : runs) {
      SyncLog.Run run = of.row().run();
      out.println(
          Csv.line(
              of.database(),
              of.row().id(),
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
              run.runId()));
    }
  }

  void text(ZoneId zone) {
    if (runs.isEmpty()) {
      out.println("No runs yet.");
      return;
    }
    TextTable table =
        new TextTable("when", "database", "status", "pulled", "pushed", "conflicts", "took", "by");
    for (Run of : runs) {
      SyncLog.Run run = of.row().run();
      table.row(
          Moments.shown(run.timestamp(), zone),
          of.database(),
          run.status() + (run.direction().equals("bidirectional") ? "" : ", " + run.direction()),
          run.pulled(),
          run.pushed(),
          run.conflicts(),
          Words.seconds(run.durationMs()),
          run.user() + " at " + run.workstation() + ", " + run.trigger());
      if (run.error() != null) {
        table.note(run.error());
      }
    }
    table.print(out, "");
  }
}
