package tidemark.say;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.Row;
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
    return Json.text(
        json -> {
          json.writeStartObject();
          json.writeBooleanField(
              "success",
              reports.values().stream().allMatch(report -> exitCode(report, dryRun) == 0));
          json.writeBooleanField("dryRun", dryRun);
          json.writeObjectFieldStart("databases");
          for (Map.Entry<String, RestoreReport> report : reports.entrySet()) {
            json.writeObjectFieldStart(report.getKey());
            write(json, report.getValue());
            json.writeEndObject();
          }
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  /** As the command ends with. */
  public static int exitCode(RestoreReport report, boolean dryRun) {
    Outcome run = report.run();
    int ofRun = run == null ? 0 : run.exitCode();
    boolean left = !dryRun && !report.result().left().isEmpty();
    return ofRun == 0 && left ? Failure.INCOMPLETE : ofRun;
  }

  private static void write(JsonGenerator json, RestoreReport report) throws IOException {
    json.writeObjectFieldStart("to");
    json.writeNumberField("entry", report.to().entry());
    json.writeStringField("at", iso(report.to().at()));
    json.writeStringField("backup", report.backup());
    json.writeEndObject();
    json.writeNumberField("rows", report.result().rows());
    json.writeObjectFieldStart("tables");
    for (Map.Entry<String, Rewind.Table> table : report.result().tables().entrySet()) {
      write(json, table.getKey(), table.getValue());
    }
    json.writeEndObject();
    SyncJson.write(json, "people", report.result().people());
    json.writeArrayFieldStart("left");
    for (Rewind.AsItIs left : report.result().left()) {
      json.writeStartObject();
      json.writeStringField("table", left.table());
      if (left.key() != null) {
        json.writeFieldName("key");
        Json.writeKey(json, left.key());
      }
      json.writeStringField("why", left.why());
      json.writeEndObject();
    }
    json.writeEndArray();
    if (!report.versions().isEmpty()) {
      write(json, report.versions().get(0));
    }
    Outcome run = report.run();
    if (run != null) {
      json.writeStringField("status", run.status());
      if (run.failure() != null) {
        SyncJson.write(json, run.failure());
      }
    }
  }

  private static void write(JsonGenerator json, String name, Rewind.Table table)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("comeBack", table.comeBack());
    json.writeNumberField("go", table.go());
    json.writeNumberField("change", table.change());
    json.writeArrayFieldStart("examples");
    for (Rewind.Example example : table.examples()) {
      json.writeStartObject();
      json.writeFieldName("key");
      Json.writeKey(json, example.key());
      json.writeStringField("what", word(example.how()));
      Trace last = example.last();
      if (last != null) {
        json.writeNumberField("entry", last.entry());
        json.writeStringField("at", iso(last.at()));
        json.writeStringField("by", last.by());
        json.writeStringField("workstation", last.workstation());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** `comes back`, `goes`, `changes`. */
  public static String word(Fate how) {
    return how.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static void write(JsonGenerator json, Rollback.Version version) throws IOException {
    json.writeObjectFieldStart("row");
    json.writeFieldName("key");
    Json.writeKey(json, version.key());
    write(json, "then", version.then());
    write(json, "now", version.now());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, @Nullable Row row) throws IOException {
    json.writeFieldName(name);
    if (row == null) {
      json.writeNull();
    } else {
      json.writeRawValue(Json.rowText(row));
    }
  }

  static @Nullable String iso(@Nullable Long millis) {
    return millis == null || millis == 0 ? null : ChangeTime.iso(millis);
  }
}
