package tidemark.say;

import java.util.List;
import java.util.Map;
import tidemark.change.Failure;
import tidemark.change.JsonObject;

/** What became of a choice: those that are settled, and why the others are not. */
public record ChoiceResult(List<String> resolved, Map<String, Failure> refused) {
  public String text() {
    return new JsonObject()
        .put("resolved", resolved)
        .put("refused", refused.entrySet().stream().map(ChoiceResult::json).toList())
        .text();
  }

  private static JsonObject json(Map.Entry<String, Failure> refused) {
    return new JsonObject()
        .put("id", refused.getKey())
        .put("what", refused.getValue().whatFailed())
        .put("hint", refused.getValue().hint());
  }
}
