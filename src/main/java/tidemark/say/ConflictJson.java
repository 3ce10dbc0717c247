package tidemark.say;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Conflict;
import tidemark.change.Json;
import tidemark.replica.Conflicts;

/** Rows of sync_conflicts, with what they hold as objects. */
public final class ConflictJson {
  private ConflictJson() {}

  /**
   * One conflict, as a JSON object.
   *
   * @param rows what becomes of each version, as a JSON object
   */
  public static String text(InDatabase<Conflicts.Kept> found, UnaryOperator<String> rows) {
    return Json.text(json -> write(json, found, rows));
  }

  public static String text(InDatabase<Conflicts.Kept> found) {
    return Json.text(json -> write(json, found));
  }

  public static void write(JsonGenerator json, InDatabase<Conflicts.Kept> found)
      throws IOException {
    write(json, found, Shortened.NOT);
  }

  private static void write(
      JsonGenerator json, InDatabase<Conflicts.Kept> found, UnaryOperator<String> rows)
      throws IOException {
    Conflict conflict = found.what().conflict();
    Long entry = found.what().entry();
    json.writeStartObject();
    json.writeStringField("database", found.database());
    json.writeStringField("id", conflict.id());
    json.writeStringField("timestamp", ChangeTime.iso(conflict.timestamp()));
    json.writeFieldName("entry");
    if (entry == null) {
      json.writeNull();
    } else {
      json.writeNumber(entry);
    }
    json.writeStringField("table_name", conflict.table());
    json.writeFieldName("row_key");
    Json.writeKey(json, conflict.rowKey());
    json.writeStringField("kind", conflict.kind());
    writeRow(json, "local_data", conflict.localData(), rows);
    writeRow(json, "remote_data", conflict.remoteData(), rows);
    writeRow(json, "given_data", conflict.givenData(), rows);
    json.writeStringField("local_by", conflict.localBy());
    json.writeStringField("remote_by", conflict.remoteBy());
    json.writeStringField("local_at", iso(conflict.localAt()));
    json.writeStringField("remote_at", iso(conflict.remoteAt()));
    json.writeStringField("winner", conflict.winner());
    json.writeStringField("workstation", conflict.workstation());
    json.writeNumberField("resolved", conflict.resolved() ? 1 : 0);
    json.writeStringField("resolution", conflict.resolution());
    json.writeStringField("resolved_by", conflict.resolvedBy());
    json.writeStringField("resolved_at", iso(conflict.resolvedAt()));
    json.writeEndObject();
  }

  private static void writeRow(
      JsonGenerator json, String name, @Nullable String stored, UnaryOperator<String> rows)
      throws IOException {
    json.writeFieldName(name);
    if (stored == null) {
      json.writeNull();
    } else {
      json.writeRawValue(rows.apply(Json.objectText(Conflict.values(stored))));
    }
  }

  private static @Nullable String iso(@Nullable Long millis) {
    return millis == null ? null : ChangeTime.iso(millis);
  }
}
