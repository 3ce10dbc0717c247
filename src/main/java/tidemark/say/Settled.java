package tidemark.say;

import java.util.List;
import java.util.Map;
import tidemark.change.Failure;
import tidemark.change.Json;

/** What became of a choice: those that are settled, and why the others are not. */
public record Settled(List<String> resolved, Map<String, Failure> refused) {
  public String text() {
    return Json.text(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("resolved");
          for (String id : resolved) {
            json.writeString(id);
          }
          json.writeEndArray();
          json.writeArrayFieldStart("refused");
          for (Map.Entry<String, Failure> each : refused.entrySet()) {
            json.writeStartObject();
            json.writeStringField("id", each.getKey());
            json.writeStringField("what", each.getValue().whatFailed());
            json.writeStringField("hint", each.getValue().hint());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }
}
