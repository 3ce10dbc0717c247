package tidemark.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.config.SettingsList;

/**
 * What somebody wants to have in the config.
 *
 * @param values by key: a text, a list of texts, or null for the default
 */
public record SettingsWish(Map<String, @Nullable Object> values) {
  /** What is in force already. */
  static final SettingsWish NOTHING = new SettingsWish(Map.of());

  static SettingsWish read(String body) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    object(body).forEach((key, value) -> values.put(key, value(key, value)));
    for (String key : values.keySet()) {
      SettingsList.refusal(key)
          .ifPresent(
              why -> {
                throw new Failure(Failure.USAGE, why, "Edit the config by hand.");
              });
    }
    return new SettingsWish(values);
  }

  private static Map<String, @Nullable Object> object(String body) {
    try {
      return body.isBlank() ? Map.of() : Json.object(body);
    } catch (Failure e) {
      throw new Failure(
          Failure.USAGE, "the body is no JSON object", "As in {\"sync.every\":\"60m\"}.", e);
    }
  }

  private static @Nullable Object value(String key, @Nullable Object value) {
    if (value instanceof List<?> list) {
      return texts(key, list);
    }
    if (value instanceof Map) {
      throw new Failure(
          Failure.USAGE, key + " cannot be an object", "A text, a number, a list or null.");
    }
    if (value instanceof String text && text.matches("\\[.*]")) {
      return texts(key, List.of(text.substring(1, text.length() - 1).split(",")));
    }
    return value == null ? null : value.toString();
  }

  private static List<String> texts(String key, List<?> list) {
    List<String> texts = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof String text)) {
        throw new Failure(Failure.USAGE, key + " holds what is no name: " + each, "Names only.");
      }
      texts.add(text.strip());
    }
    return texts;
  }
}
