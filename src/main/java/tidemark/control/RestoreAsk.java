package tidemark.control;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.say.Fields;

/**
 * One row that is to become what it was.
 *
 * @param key as JSON
 * @param entry after which it was so
 */
public record RestoreAsk(String database, String table, String key, long entry) {
  static RestoreAsk read(String body) {
    Fields said = Fields.asked(body, Set.of("database", "table", "key", "to"));
    String table = said.text("table", "");
    List<@Nullable Object> key = said.list("key");
    long entry = said.number("to");
    if (table.isBlank() || key.isEmpty() || key.contains(null) || entry < 1) {
      throw new Failure(
          Failure.USAGE,
          "table, key and to have to be said",
          "As in {\"database\":\"server\",\"table\":\"quotes\",\"key\":[\"Q1\"],\"to\":41}.");
    }
    String text = Json.objectText(Map.of("key", key));
    return new RestoreAsk(
        said.text("database", ""),
        table,
        text.substring("{\"key\":".length(), text.length() - 1),
        entry);
  }
}
