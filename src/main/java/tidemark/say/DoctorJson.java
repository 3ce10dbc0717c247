package tidemark.say;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;
import tidemark.upkeep.health.Finding;

/** What the doctor found, as programs read it. */
public final class DoctorJson {
  private DoctorJson() {}

  public static String text(Examination examined) {
    List<@Nullable Object> findings = new ArrayList<>();
    for (InDatabase<Finding> finding : examined.findings()) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("database", finding.database());
      fields.putAll(finding.what().fields());
      findings.add(fields);
    }
    Instant at = examined.at();
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("checkedAt", DaemonState.iso(at));
    all.put("findings", findings);
    return Json.objectText(all);
  }
}
