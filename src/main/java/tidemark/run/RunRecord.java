package tidemark.run;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Direction;
import tidemark.change.Json;
import tidemark.replica.SyncLog;

/** Puts a run into the form of a sync_log row. */
public final class RunRecord {
  private static final int NAMED = 50;
  private static final int LONG = 500;

  private RunRecord() {}

  static String direction(Direction direction) {
    return direction == Direction.BOTH ? "bidirectional" : direction.word();
  }

  public static SyncLog.Run of(
      SyncReport report,
      Request request,
      String status,
      @Nullable String error,
      long startedAt,
      long durationMs,
      String workstation,
      String user,
      String runId) {
    return new SyncLog.Run(
        ChangeTime.spaced(startedAt),
        direction(request.direction()),
        status,
        report.totalPulled(),
        report.totalPushed(),
        report.conflicts(),
        error,
        durationMs,
        workstation,
        user,
        request.trigger(),
        details(report),
        runId);
  }

  /** What was held back, in one line; null where nothing was. */
  public static @Nullable String error(SyncReport report) {
    return report.held().isEmpty() ? null : String.join("; ", named(report));
  }

  /** Some of what was held back by name, the rest by number: `status --pending` has them all. */
  private static List<String> named(SyncReport report) {
    List<String> named = new ArrayList<>();
    for (String held : report.held().values()) {
      if (named.size() == NAMED) {
        named.add("and " + (report.held().size() - NAMED) + " more");
        break;
      }
      named.add(held.length() > LONG ? held.substring(0, LONG) + " …" : held);
    }
    return named;
  }

  private static String details(SyncReport report) {
    return Json.text(
        json -> {
          json.writeStartObject();
          json.writeObjectFieldStart("tables");
          for (String table : report.tables()) {
            Map<String, Integer> conflicts = report.conflictsByKind(table);
            json.writeObjectFieldStart(table);
            json.writeNumberField("pulled", report.pulled().getOrDefault(table, 0));
            json.writeNumberField("pushed", report.pushed().getOrDefault(table, 0));
            json.writeNumberField("held", report.held(table));
            json.writeNumberField("conflicts", report.total(conflicts));
            counts(json, "resolved", conflicts);
            json.writeEndObject();
          }
          json.writeEndObject();
          counts(json, "conflicts", report.conflictsByKind());
          json.writeArrayFieldStart("held");
          for (String held : named(report)) {
            json.writeString(held);
          }
          json.writeEndArray();
          json.writeArrayFieldStart("notes");
          for (String note : report.notes()) {
            json.writeString(note);
          }
          json.writeEndArray();
          json.writeNumberField("masterBehind", report.masterBehind());
          json.writeEndObject();
        });
  }

  private static void counts(JsonGenerator json, String name, Map<String, Integer> counts)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, Integer> count : counts.entrySet()) {
      json.writeNumberField(count.getKey(), count.getValue());
    }
    json.writeEndObject();
  }
}
