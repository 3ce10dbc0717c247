package tidemark.run;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import tidemark.change.Json;
import tidemark.replica.SyncLog;

/**
 * Runs told in so much room: where they are too many, like ones of a day stand as one, then those
 * of an hour, a day, a month that ended alike.
 *
 * <p>Guarantee: a sum has the id of its first run, so that in a log which has that one already it
 * is not written once more.
 */
final class RunSums {
  private static final List<Function<SyncLog.Run, String>> COARSER =
      List.of(
          run -> quiet(run) ? likeOfADay(run) : run.runId(),
          run -> start(run, 13) + run.status(),
          run -> start(run, 10) + run.status(),
          run -> start(run, 7) + run.status());

  private RunSums() {}

  /** Of these, oldest first, what fits; where even sums are too many, the newest of them. */
  static List<SyncLog.Run> within(int bytes, List<SyncLog.Run> runs) {
    List<SyncLog.Run> told = runs;
    for (Function<SyncLog.Run, String> alike : COARSER) {
      if (size(told) <= bytes) {
        return told;
      }
      told = summed(runs, alike);
    }
    return newest(bytes, told);
  }

  /** Of these, oldest first, the newest that fit. */
  static List<SyncLog.Run> newest(int bytes, List<SyncLog.Run> runs) {
    int first = runs.size();
    long size = 0;
    while (first > 0 && size + size(runs.get(first - 1)) <= bytes) {
      size += size(runs.get(first - 1));
      first--;
    }
    return runs.subList(first, runs.size());
  }

  static long size(List<SyncLog.Run> runs) {
    return runs.stream().mapToLong(RunSums::size).sum();
  }

  private static long size(SyncLog.Run run) {
    return Json.text(json -> write(json, run)).getBytes(StandardCharsets.UTF_8).length + 1L;
  }

  private static boolean quiet(SyncLog.Run run) {
    return run.pulled() + run.pushed() + run.conflicts() == 0;
  }

  private static String start(SyncLog.Run run, int length) {
    return run.timestamp().substring(0, Math.min(length, run.timestamp().length()));
  }

  private static String likeOfADay(SyncLog.Run run) {
    return String.join(
        "\n",
        start(run, 10),
        run.status(),
        run.direction(),
        run.trigger(),
        run.workstation(),
        run.user(),
        Objects.toString(run.error()));
  }

  private static List<SyncLog.Run> summed(
      List<SyncLog.Run> runs, Function<SyncLog.Run, String> alike) {
    Map<String, List<SyncLog.Run>> groups = new LinkedHashMap<>();
    for (SyncLog.Run run : runs) {
      groups.computeIfAbsent(alike.apply(run), key -> new ArrayList<>()).add(run);
    }
    return groups.values().stream().map(RunSums::one).toList();
  }

  private static SyncLog.Run one(List<SyncLog.Run> runs) {
    SyncLog.Run first = runs.get(0);
    SyncLog.Run last = runs.get(runs.size() - 1);
    if (runs.size() == 1) {
      return first;
    }
    String until = runs.size() + " runs until " + last.timestamp();
    return new SyncLog.Run(
        first.timestamp(),
        first.direction(),
        first.status(),
        runs.stream().mapToLong(SyncLog.Run::pulled).sum(),
        runs.stream().mapToLong(SyncLog.Run::pushed).sum(),
        runs.stream().mapToLong(SyncLog.Run::conflicts).sum(),
        last.error() == null ? until : until + ": " + last.error(),
        runs.stream().mapToLong(SyncLog.Run::durationMs).sum(),
        first.workstation(),
        first.user(),
        first.trigger(),
        details(runs.size(), last.timestamp()),
        first.runId());
  }

  private static String details(int runs, String until) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("runs", (long) runs);
    fields.put("until", until);
    return Json.objectText(fields);
  }

  static void write(JsonGenerator json, SyncLog.Run run) throws IOException {
    json.writeStartObject();
    json.writeStringField("timestamp", run.timestamp());
    json.writeStringField("direction", run.direction());
    json.writeStringField("status", run.status());
    json.writeNumberField("pulled", run.pulled());
    json.writeNumberField("pushed", run.pushed());
    json.writeNumberField("conflicts", run.conflicts());
    json.writeStringField("error", run.error());
    json.writeNumberField("durationMs", run.durationMs());
    json.writeStringField("workstation", run.workstation());
    json.writeStringField("user", run.user());
    json.writeStringField("trigger", run.trigger());
    json.writeStringField("details", run.details());
    json.writeStringField("runId", run.runId());
    json.writeEndObject();
  }
}
