package tidemark.say;

import java.util.List;
import tidemark.change.ChangeTime;
import tidemark.change.Json;
import tidemark.change.JsonObject;
import tidemark.look.Fleet;

/** One workstation, and what is wrong with it in words. */
public record FleetMember(Fleet.Member told, List<String> problems) {
  public static String text(List<InDatabase<FleetMember>> members) {
    return Json.treeText(members.stream().map(FleetMember::json).toList());
  }

  private static JsonObject json(InDatabase<FleetMember> member) {
    Fleet.Member told = member.what().told();
    return new JsonObject()
        .put("database", member.database())
        .put("id", told.id())
        .put("workstation", told.workstation())
        .put("user", told.user())
        .put("self", told.self())
        .put("version", told.version())
        .put("os", told.os())
        .time("lastSeen", told.lastSeen())
        .put("lastSync", ChangeTime.iso(told.lastSync()))
        .put("position", told.position())
        .put("behind", told.behind())
        .put("skewMs", told.skewMs())
        .put("held", told.held())
        .put("lastStatus", told.lastStatus())
        .put("problems", member.what().problems());
  }
}
