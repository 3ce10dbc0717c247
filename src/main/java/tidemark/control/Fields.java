package tidemark.control;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Json;

/** A JSON object that was read: what is missing or of another kind is as good as not said. */
final class Fields {
  private final Map<?, ?> values;

  Fields(Map<?, ?> values) {
    this.values = values;
  }

  /**
   * What a request says: what is not understood is refused, for it was meant to change something.
   *
   * @param known the members there may be
   */
  static Fields asked(String body, Set<String> known) {
    Fields said = new Fields(body.isBlank() ? Map.of() : object(body));
    for (String name : said.names()) {
      if (!known.contains(name)) {
        throw new Failure(
            Failure.USAGE,
            "'" + name + "' is not known here",
            "Accepted: " + String.join(", ", new TreeSet<>(known)) + ".");
      }
    }
    return said;
  }

  private static Map<String, @Nullable Object> object(String body) {
    try {
      return Json.object(body);
    } catch (Failure e) {
      throw new Failure(
          Failure.USAGE, "the body is no JSON object", "As in {\"minutes\":30}; or send none.", e);
    }
  }

  Set<String> names() {
    return values.keySet().stream()
        .map(String::valueOf)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  boolean has(String name) {
    return values.get(name) != null;
  }

  @Nullable Object value(String name) {
    return values.get(name);
  }

  @Nullable String text(String name) {
    return values.get(name) instanceof String text ? text : null;
  }

  String text(String name, String otherwise) {
    return values.get(name) instanceof String text ? text : otherwise;
  }

  long number(String name) {
    return values.get(name) instanceof Number number ? number.longValue() : 0;
  }

  boolean isTrue(String name) {
    return Boolean.TRUE.equals(values.get(name));
  }

  Fields fields(String name) {
    return new Fields(values.get(name) instanceof Map<?, ?> map ? map : Map.of());
  }

  @SuppressWarnings("unchecked")
  List<@Nullable Object> list(String name) {
    return values.get(name) instanceof List<?> list ? (List<@Nullable Object>) list : List.of();
  }
}
