package tidemark.say;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Json;
import tidemark.look.Fleet;

/** One workstation, and what is wrong with it in words. */
public record FleetMember(Fleet.Workstation told, List<String> problems) {
  public static String text(List<InDatabase<FleetMember>> members) {
    return Json.text(
        json -> {
          json.writeStartArray();
          for (InDatabase<FleetMember> member : members) {
            write(json, member);
          }
          json.writeEndArray();
        });
  }

  private static void write(JsonGenerator json, InDatabase<FleetMember> member) throws IOException {
    Fleet.Workstation told = member.what().told();
    json.writeStartObject();
    json.writeStringField("database", member.database());
    json.writeStringField("id", told.id());
    json.writeStringField("workstation", told.workstation());
    json.writeStringField("user", told.user());
    json.writeBooleanField("self", told.self());
    json.writeStringField("version", told.version());
    json.writeStringField("os", told.os());
    json.writeStringField("lastSeen", iso(told.lastSeen()));
    json.writeStringField("lastSync", ChangeTime.iso(told.lastSync()));
    json.writeNumberField("position", told.position());
    json.writeNumberField("behind", told.behind());
    json.writeNumberField("skewMs", told.skewMs());
    json.writeNumberField("held", told.held());
    json.writeStringField("lastStatus", told.lastStatus());
    json.writeArrayFieldStart("problems");
    for (String problem : member.what().problems()) {
      json.writeString(problem);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static @Nullable String iso(@Nullable Long millis) {
    return millis == null ? null : ChangeTime.iso(millis);
  }
}
