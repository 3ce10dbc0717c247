package tidemark.say;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tidemark.change.Json;
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
    return Json.text(
        json -> {
          json.writeStartArray();
          for (DayOfRuns day : days) {
            day.write(json);
          }
          json.writeEndArray();
        });
  }

  private void write(JsonGenerator json) throws IOException {
    Collections.sort(durations);
    int runs = durations.size();
    json.writeStartObject();
    json.writeStringField("day", day.toString());
    json.writeNumberField("runs", runs);
    json.writeNumberField("failed", failed);
    json.writeNumberField("pulled", pulled);
    json.writeNumberField("pushed", pushed);
    json.writeNumberField("conflicts", conflicts);
    json.writeNumberField("medianMs", runs == 0 ? 0 : durations.get(runs / 2));
    json.writeNumberField("maxMs", runs == 0 ? 0 : durations.get(runs - 1));
    json.writeEndObject();
  }
}
