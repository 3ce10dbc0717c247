package tidemark.say;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.past.FeedItem;

/** Changes of the audit trail as programs read them. */
public final class FeedJson {
  private FeedJson() {}

  /**
   * One change, as a JSON object.
   *
   * @param rows what becomes of each row, as a JSON object
   */
  public static String text(InDatabase<FeedItem> item, UnaryOperator<String> rows) {
    return Json.text(json -> write(json, item, rows));
  }

  public static void write(JsonGenerator json, InDatabase<FeedItem> of) throws IOException {
    write(json, of, Shortened.NOT);
  }

  private static void write(JsonGenerator json, InDatabase<FeedItem> of, UnaryOperator<String> rows)
      throws IOException {
    FeedItem item = of.what();
    json.writeStartObject();
    json.writeStringField("database", of.database());
    json.writeNumberField("entry", item.entry());
    json.writeStringField("at", item.at() == 0 ? null : ChangeTime.iso(item.at()));
    json.writeStringField("by", item.by());
    json.writeStringField("workstation", item.workstation());
    json.writeStringField("table", item.table());
    json.writeFieldName("key");
    Json.writeKey(json, item.key());
    json.writeStringField("op", item.op());
    write(json, "before", item.before(), rows);
    write(json, "after", item.after(), rows);
    json.writeEndObject();
  }

  private static void write(
      JsonGenerator json, String name, @Nullable Row row, UnaryOperator<String> rows)
      throws IOException {
    json.writeFieldName(name);
    if (row == null) {
      json.writeNull();
    } else {
      json.writeRawValue(rows.apply(Json.rowText(row)));
    }
  }
}
