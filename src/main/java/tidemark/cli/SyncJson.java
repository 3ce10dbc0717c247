package tidemark.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.sync.DatabaseSync.Outcome;
import tidemark.sync.SyncReport;

/** The result of a run as programs read it. */
final class SyncJson {
  private final SyncResult result;
  private final UnaryOperator<Failure> completed;

  /**
   * @param completed adds whom to ask to a failure
   */
  SyncJson(SyncResult result, UnaryOperator<Failure> completed) {
    this.result = result;
    this.completed = completed;
  }

  String text() {
    return Json.text(this::write);
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("success", result.exitCode() == 0);
    json.writeStringField("status", result.status());
    json.writeStringField("message", result.message());
    json.writeObjectFieldStart("databases");
    for (Map.Entry<String, Outcome> database : result.outcomes().entrySet()) {
      json.writeObjectFieldStart(database.getKey());
      write(json, database.getValue());
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeObjectFieldStart("stats");
    write(json, "pulled", result.sum(SyncReport::pulled));
    write(json, "pushed", result.sum(SyncReport::pushed));
    json.writeNumberField("conflicts", result.conflicts());
    json.writeEndObject();
    json.writeStringField("duration", Words.seconds(result.durationMs()));
    json.writeNumberField("durationMs", result.durationMs());
    if (result.exitCode() != 0) {
      List<Failure> failures = result.failures();
      write(json, completed.apply(failures.isEmpty() ? heldBack() : failures.get(0)));
    }
    json.writeEndObject();
  }

  private void write(JsonGenerator json, Outcome outcome) throws IOException {
    SyncReport report = outcome.report();
    json.writeStringField("status", outcome.status());
    write(json, "pulled", report.pulled());
    write(json, "pushed", report.pushed());
    json.writeNumberField("conflicts", report.conflicts());
    json.writeNumberField("held", report.held().size());
    json.writeNumberField("masterBehind", report.masterBehind());
    write(json, "heldBack", List.copyOf(report.held().values()));
    write(json, "notes", report.notes());
    Failure failure = outcome.failure();
    if (failure != null) {
      write(json, completed.apply(failure));
    }
  }

  static void write(JsonGenerator json, Failure failure) throws IOException {
    json.writeObjectFieldStart("error");
    json.writeNumberField("code", failure.exitCode());
    json.writeStringField("message", failure.whatFailed());
    json.writeStringField("hint", failure.hint());
    json.writeEndObject();
  }

  private Failure heldBack() {
    return new Failure(
        Failure.INCOMPLETE,
        result.held() + " held back",
        "`tidemark status --pending` names each with its reason.");
  }

  static void write(JsonGenerator json, String name, Map<String, ? extends Number> counts)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, ? extends Number> count : counts.entrySet()) {
      json.writeNumberField(count.getKey(), count.getValue().longValue());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }
}
