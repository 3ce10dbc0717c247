package tidemark.say;

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
public final class Fields {
  private final Map<?, ?> values;

  public Fields(Map<?, ?> values) {
    this.values = values;
  }

  /**
   * What a request says: what is not understood is refused, for it was meant to change something.
   *
   * @param known the members there may be
   */
  public static Fields asked(String body, Set<String> known) {
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

  public Set<String> names() {
    return values.keySet().stream()
        .map(String::valueOf)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  public boolean has(String name) {
    return values.get(name) != null;
  }

  public @Nullable Object value(String name) {
    return values.get(name);
  }

  public @Nullable String text(String name) {
    return values.get(name) instanceof String text ? text : null;
  }

  public String text(String name, String otherwise) {
    return values.get(name) instanceof String text ? text : otherwise;
  }

  public long number(String name) {
    return values.get(name) instanceof Number number ? number.longValue() : 0;
  }

  boolean isTrue(String name) {
    return Boolean.TRUE.equals(values.get(name));
  }

  public Fields fields(String name) {
    return new Fields(values.get(name) instanceof Map<?, ?> map ? map : Map.of());
  }

  @SuppressWarnings("unchecked")
  public List<@Nullable Object> list(String name) {
    return values.get(name) instanceof List<?> list ? (List<@Nullable Object>) list : List.of();
  }
}
