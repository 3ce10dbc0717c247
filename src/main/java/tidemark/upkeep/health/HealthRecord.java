package tidemark.upkeep.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;
import tidemark.change.JsonObject;

/**
 * What the last looks found, and what of it was told: one record for a workstation, one on the
 * share for what concerns all.
 */
final class HealthRecord {
  private static final Duration WEEK = Duration.ofDays(7).minusHours(1);

  private final Map<String, Result> results = new LinkedHashMap<>();

  /** By finding how bad it was when it was told. */
  final Map<String, Finding> told = new TreeMap<>();

  /** What the last look saw for the first time, and may be over at the next. */
  final Set<String> unsure = new TreeSet<>();

  Sizes sizes = new Sizes();

  /** The workstation that last looked for all. */
  String by = "";

  /** In a workstation's own record: what it last saw in the one on the share. */
  private List<Finding> everybodys = List.of();

  Sizes everybodysSizes = new Sizes();

  /**
   * How a check went.
   *
   * @param deepAt when it last took its time
   */
  record Result(long at, long deepAt, List<Finding> findings) {
    Result {
      findings = List.copyOf(findings);
    }
  }

  static HealthRecord parse(String text) {
    Map<String, @Nullable Object> fields = Json.object(text);
    HealthRecord record = new HealthRecord();
    if (fields.get("checks") instanceof Map<?, ?> checks) {
      checks.forEach((name, result) -> record.results.put(name.toString(), result(result)));
    }
    for (Finding finding : findings(fields.get("told"))) {
      record.told.put(finding.id(), finding);
    }
    if (fields.get("unsure") instanceof List<?> ids) {
      ids.forEach(id -> record.unsure.add(String.valueOf(id)));
    }
    record.sizes = Sizes.of(fields.get("sizes"));
    record.by = fields.get("by") instanceof String by ? by : "";
    record.everybodys = findings(fields.get("everybodys"));
    record.everybodysSizes = Sizes.of(fields.get("everybodysSizes"));
    return record;
  }

  private static Result result(@Nullable Object of) {
    Map<?, ?> fields = of instanceof Map<?, ?> map ? map : Map.of();
    return new Result(
        number(fields.get("at")), number(fields.get("deepAt")), findings(fields.get("findings")));
  }

  private static long number(@Nullable Object value) {
    return value instanceof Long number ? number : 0;
  }

  private static List<Finding> findings(@Nullable Object of) {
    List<Finding> findings = new ArrayList<>();
    if (of instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> fields) {
          findings.add(Finding.of(fields));
        }
      }
    }
    return findings;
  }

  String text() {
    JsonObject checks =
        JsonObject.of(
            results,
            result ->
                new JsonObject()
                    .put("at", result.at())
                    .put("deepAt", result.deepAt())
                    .put("findings", fields(result.findings())));
    JsonObject all =
        new JsonObject()
            .put("by", by)
            .put("checks", checks)
            .put("told", fields(List.copyOf(told.values())))
            .put("unsure", unsure)
            .put("sizes", sizes.fields());
    if (!everybodys.isEmpty()) {
      all.put("everybodys", fields(everybodys)).put("everybodysSizes", everybodysSizes.fields());
    }
    return all.text() + "\n";
  }

  private static List<Object> fields(List<Finding> findings) {
    List<Object> list = new ArrayList<>();
    findings.forEach(finding -> list.add(finding.fields()));
    return list;
  }

  /** Never done, long enough ago, or done in a future that was a wrong clock's. */
  boolean isDue(Check check, long now) {
    Result last = results.get(check.name());
    return last == null
        || last.at() > now
        || now - last.at() >= check.every().toMillis()
        || last.findings().stream().anyMatch(Finding::mayPass);
  }

  /** Does it, as deep as is due; what a deep look found only a deep one can find gone. */
  void examine(Check check, long now) {
    Result last = results.get(check.name());
    long deepAt = last == null ? 0 : last.deepAt();
    boolean deep =
        deepAt > now
            || now - deepAt >= WEEK.toMillis()
            || (last != null && last.findings().stream().anyMatch(Finding::isTrouble));
    results.put(check.name(), new Result(now, deep ? now : deepAt, check.examine(deep)));
  }

  /** What this one found later than another did. */
  void take(HealthRecord newer) {
    newer.results.forEach(
        (name, result) -> results.merge(name, result, (a, b) -> b.at() >= a.at() ? b : a));
    sizes = newer.sizes;
  }

  /** Checks that are no more, as after an upgrade, keep nothing alive. */
  void keepOnly(Set<String> checks) {
    results.keySet().retainAll(checks);
  }

  List<Finding> findings() {
    return results.values().stream().flatMap(result -> result.findings().stream()).toList();
  }

  void everybodys(HealthRecord seen) {
    everybodys = seen.findings();
    everybodysSizes = seen.sizes;
  }

  List<Finding> everything() {
    return Stream.concat(findings().stream(), everybodys.stream()).toList();
  }

  /** When the last look was. */
  long at() {
    return results.values().stream().mapToLong(Result::at).max().orElse(0);
  }
}
