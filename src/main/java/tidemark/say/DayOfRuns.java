package tidemark.say;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tidemark.change.Json;
import tidemark.change.JsonObject;
import tidemark.replica.SyncLog;

/** What the runs of one day did together. */
public final class DayOfRuns {
  private final LocalDate day;
  private final List<Long> durations = new ArrayList<>();
  private long failed;
  private long pulled;
  private long pushed;
  private long conflicts;

  public DayOfRuns(LocalDate day) {
    this.day = day;
  }

  public void add(SyncLog.Run run) {
    durations.add(run.durationMs());
    failed += run.status().equals("error") || run.status().equals("offline") ? 1 : 0;
    pulled += run.pulled();
    pushed += run.pushed();
    conflicts += run.conflicts();
  }

  public static String text(List<DayOfRuns> days) {
    return Json.treeText(days.stream().map(DayOfRuns::json).toList());
  }

  private JsonObject json() {
    Collections.sort(durations);
    int runs = durations.size();
    return new JsonObject()
        .put("day", day.toString())
        .put("runs", runs)
        .put("failed", failed)
        .put("pulled", pulled)
        .put("pushed", pushed)
        .put("conflicts", conflicts)
        .put("medianMs", runs == 0 ? 0 : durations.get(runs / 2))
        .put("maxMs", runs == 0 ? 0 : durations.get(runs - 1));
  }
}
