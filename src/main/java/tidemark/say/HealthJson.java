package tidemark.say;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;
import tidemark.change.JsonObject;
import tidemark.upkeep.health.Finding;
import tidemark.upkeep.health.Health;

/** What the doctor found, as programs read it. */
public final class HealthJson {
  private HealthJson() {}

  /** What the last look found that is not well; {@code checkedAt} is null where there was none. */
  static JsonObject troubles(List<DatabaseState> standings) {
    List<JsonObject> findings = new ArrayList<>();
    standings.forEach(one -> findings.addAll(json(one.name(), one.health().troubles())));
    return json(checkedAt(standings.stream().map(DatabaseState::health)), findings);
  }

  /** All that was found, database by database, with when it was. */
  public static String text(Map<String, Health> all) {
    List<JsonObject> findings = new ArrayList<>();
    all.forEach((database, health) -> findings.addAll(json(database, health.findings())));
    return json(checkedAt(all.values().stream()), findings).text();
  }

  /** What an examination found. */
  public static String text(DoctorFindings examined) {
    return json(examined.at(), examined.findings().stream().map(HealthJson::json).toList()).text();
  }

  /** The findings alone. */
  public static String array(Map<String, List<Finding>> all) {
    List<JsonObject> findings = new ArrayList<>();
    all.forEach((database, found) -> findings.addAll(json(database, found)));
    return Json.treeText(findings);
  }

  private static @Nullable Instant checkedAt(Stream<Health> all) {
    long at = all.mapToLong(Health::at).max().orElse(0);
    return at == 0 ? null : Instant.ofEpochMilli(at);
  }

  private static JsonObject json(@Nullable Instant at, List<JsonObject> findings) {
    return new JsonObject().time("checkedAt", at).put("findings", findings);
  }

  private static List<JsonObject> json(String database, List<Finding> findings) {
    return findings.stream().map(one -> json(new InDatabase<>(database, one))).toList();
  }

  private static JsonObject json(InDatabase<Finding> finding) {
    return new JsonObject().put("database", finding.database()).putAll(finding.what().fields());
  }
}
