package tidemark.change;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that is told: its members in the order in which they were put.
 *
 * <p>A value is what SQLite knows, a truth, a row, a key, a list, a map, another of these, or,
 * where it is large, what writes itself once it is its turn.
 */
public final class JsonObject implements Json.Writing {
  private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

  /** A member for each of them. */
  public static <T> JsonObject of(
      Map<String, T> all, Function<? super T, ? extends @Nullable Object> told) {
    JsonObject object = new JsonObject();
    all.forEach((name, one) -> object.put(name, told.apply(one)));
    return object;
  }

  public static JsonObject of(Failure failure) {
    return new JsonObject()
        .put("code", failure.exitCode())
        .put("message", failure.whatFailed())
        .put("hint", failure.hint());
  }

  public JsonObject put(String name, @Nullable Object value) {
    members.put(name, value);
    return this;
  }

  /** Leaves it out where there is none. */
  public JsonObject putIfAny(String name, @Nullable Object value) {
    return value == null ? this : put(name, value);
  }

  public JsonObject putAll(Map<String, ? extends @Nullable Object> more) {
    members.putAll(more);
    return this;
  }

  public JsonObject time(String name, @Nullable Long millis) {
    return put(name, millis == null ? null : ChangeTime.iso(millis));
  }

  public JsonObject time(String name, @Nullable Instant moment) {
    return put(name, moment == null ? null : ChangeTime.iso(moment.toEpochMilli()));
  }

  @Override
  public void to(JsonGenerator json) throws IOException {
    Json.writeTree(json, members);
  }

  public String text() {
    return Json.text(this);
  }
}
