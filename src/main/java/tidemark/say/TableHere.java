package tidemark.say;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tidemark.change.ConflictRule;
import tidemark.change.Json;
import tidemark.change.TableRule;

/** A table of the local database, and how it is synced. */
public record TableHere(String name, TableRule rule) {
  public static String text(List<InDatabase<TableHere>> tables) {
    return Json.text(
        json -> {
          json.writeStartArray();
          for (InDatabase<TableHere> table : tables) {
            write(json, table);
          }
          json.writeEndArray();
        });
  }

  private static void write(JsonGenerator json, InDatabase<TableHere> table) throws IOException {
    TableRule rule = table.what().rule();
    json.writeStartObject();
    json.writeStringField("database", table.database());
    json.writeStringField("table", table.what().name());
    json.writeBooleanField("synced", rule.synced());
    json.writeStringField("conflicts", word(rule.conflicts()));
    json.writeStringField("merge", rule.mergeColumns() ? "columns" : "row");
    json.writeEndObject();
  }

  /** Null where the rule for all tables holds. */
  private static @Nullable String word(@Nullable ConflictRule rule) {
    return rule == null ? null : rule.name().toLowerCase(Locale.ROOT);
  }
}
