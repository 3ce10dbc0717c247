package tidemark.rest;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.JsonObject;
import tidemark.serve.RefusedException;

/**
 * What became of an edit.
 *
 * @param status as HTTP has it
 * @param told what the program is told, as members of JSON
 */
record Outcome(int status, Map<String, @Nullable Object> told) {
  /** What an edit did. */
  enum Action {
    CREATED("created"),
    UPDATED("updated"),
    DELETED("deleted"),
    /** Nothing, since everything is so already. */
    UNCHANGED("unchanged"),
    /** Another version stands; this one is kept. */
    CONFLICT("conflict");

    private final String word;

    Action(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  static Outcome done(Action action, Object id, @Nullable String version) {
    Map<String, @Nullable Object> told = new LinkedHashMap<>();
    told.put("success", true);
    told.put("id", id);
    told.put("action", action.word());
    told.put("version", version);
    return new Outcome(200, told);
  }

  static Outcome refused(int status, String error, String hint) {
    Map<String, @Nullable Object> told = new LinkedHashMap<>();
    told.put("success", false);
    told.put("error", error);
    told.put("hint", hint);
    return new Outcome(status, told);
  }

  static Outcome refused(RefusedException refused) {
    return refused(refused.status(), refused.failure().whatFailed(), refused.failure().hint());
  }

  Outcome with(String name, @Nullable Object value) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(told);
    more.put(name, value);
    return new Outcome(status, more);
  }

  boolean isWell() {
    return status == 200;
  }

  boolean did(Action action) {
    return action.word().equals(told.get("action"));
  }

  JsonObject json() {
    return new JsonObject().putAll(told);
  }
}
