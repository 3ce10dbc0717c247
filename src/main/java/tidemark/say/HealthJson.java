package tidemark.say;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Json;
import tidemark.upkeep.health.Finding;
import tidemark.upkeep.health.Health;

/** What the doctor found, as programs read it. */
public final class HealthJson {
  private HealthJson() {}

  /** What the last look found that is not well; {@code checkedAt} is null where there was none. */
  static void write(JsonGenerator json, List<DatabaseState> standings) throws IOException {
    long at = standings.stream().mapToLong(standing -> standing.health().at()).max().orElse(0);
    json.writeObjectFieldStart("health");
    json.writeStringField("checkedAt", at == 0 ? null : ChangeTime.iso(at));
    json.writeArrayFieldStart("findings");
    for (DatabaseState standing : standings) {
      for (Finding finding : standing.health().troubles()) {
        write(json, standing.name(), finding);
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** All that was found, database by database, with when it was. */
  public static String text(Map<String, Health> all) {
    return Json.text(
        json -> {
          long at = all.values().stream().mapToLong(Health::at).max().orElse(0);
          json.writeStartObject();
          json.writeStringField("checkedAt", at == 0 ? null : ChangeTime.iso(at));
          json.writeArrayFieldStart("findings");
          for (Map.Entry<String, Health> database : all.entrySet()) {
            for (Finding finding : database.getValue().findings()) {
              write(json, database.getKey(), finding);
            }
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** One finding as an object. */
  public static void write(JsonGenerator json, String database, Finding finding)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("database", database);
    for (Map.Entry<String, @Nullable Object> field : finding.fields().entrySet()) {
      if (field.getValue() instanceof Boolean flag) {
        json.writeBooleanField(field.getKey(), flag);
      } else {
        json.writeFieldName(field.getKey());
        Json.write(json, field.getValue());
      }
    }
    json.writeEndObject();
  }
}
