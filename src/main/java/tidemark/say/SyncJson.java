package tidemark.say;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Json;

/** The result of a run as programs read it. */
public final class SyncJson {
  private SyncJson() {}

  /**
   * All of it in one object.
   *
   * @param completed adds whom to ask to a failure
   */
  public static String text(SyncResult result, UnaryOperator<Failure> completed) {
    return Json.text(json -> write(json, result, completed));
  }

  private static void write(JsonGenerator json, SyncResult result, UnaryOperator<Failure> completed)
      throws IOException {
    json.writeStartObject();
    json.writeBooleanField("success", result.exitCode() == 0);
    json.writeStringField("status", result.status());
    json.writeStringField("message", result.message());
    json.writeObjectFieldStart("databases");
    for (Map.Entry<String, RunResult> database : result.runs().entrySet()) {
      json.writeObjectFieldStart(database.getKey());
      write(json, database.getValue(), completed);
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeObjectFieldStart("stats");
    write(json, "pulled", result.sum(RunResult::pulled));
    write(json, "pushed", result.sum(RunResult::pushed));
    json.writeNumberField("conflicts", result.conflicts());
    json.writeEndObject();
    json.writeStringField("duration", Words.seconds(result.durationMs()));
    json.writeNumberField("durationMs", result.durationMs());
    if (result.exitCode() != 0) {
      List<Failure> failures = result.failures();
      write(json, completed.apply(failures.isEmpty() ? heldBack(result) : failures.get(0)));
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, RunResult run, UnaryOperator<Failure> completed)
      throws IOException {
    json.writeStringField("status", run.status());
    write(json, "pulled", new TreeMap<>(run.pulled()));
    write(json, "pushed", new TreeMap<>(run.pushed()));
    json.writeNumberField("conflicts", run.conflicts());
    write(json, "conflictsByKind", run.conflictsByKind());
    json.writeNumberField("held", run.held().size());
    json.writeNumberField("masterBehind", run.masterBehind());
    write(json, "heldBack", run.held());
    write(json, "notes", run.notes());
    json.writeNumberField("durationMs", run.durationMs());
    Failure failure = run.failure();
    if (failure != null) {
      write(json, completed.apply(failure));
    }
  }

  public static void write(JsonGenerator json, Failure failure) throws IOException {
    json.writeObjectFieldStart("error");
    json.writeNumberField("code", failure.exitCode());
    json.writeStringField("message", failure.whatFailed());
    json.writeStringField("hint", failure.hint());
    json.writeEndObject();
  }

  private static Failure heldBack(SyncResult result) {
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
