package tidemark.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.ledger.Author;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;
import tidemark.replica.SyncLog;

/** The files by which workstations tell one another who they are and how their runs went. */
final class Workstations {
  private static final Logger LOG = LoggerFactory.getLogger(Workstations.class);
  private static final int RUNS = 200;
  private static final long HOUR = 3_600_000;

  private final Ledger ledger;

  Workstations(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Hourly, or when something happened; a run with nothing to do costs no write on the share. */
  void publish(Replica replica, Author author, SyncReport report, long now) {
    Long last = replica.stateNumber("published");
    boolean happened =
        report.totalPulled() + report.totalPushed() + report.conflicts() > 0
            || !report.held().isEmpty();
    if (!happened && last != null && now - last < HOUR && now >= last) {
      return;
    }
    List<SyncLog.Row> runs = unpublished(replica);
    if (runs.size() < RUNS) {
      runs = new SyncLog(replica.sql()).last(RUNS, null, null);
    }
    List<SyncLog.Row> told = runs;
    long position =
        replica.states().positions().values().stream().mapToLong(p -> p.number()).max().orElse(0);
    Long skew = replica.stateNumber("skew");
    String text =
        Json.text(
            json -> {
              json.writeStartObject();
              json.writeStringField("id", author.replica());
              json.writeStringField("user", author.user());
              json.writeStringField("workstation", author.workstation());
              json.writeStringField("at", ChangeTime.iso(now));
              json.writeStringField("version", version());
              json.writeStringField("os", System.getProperty("os.name"));
              json.writeNumberField("position", position);
              json.writeNumberField("read", lowest(replica));
              json.writeNumberField("clockSkewMs", skew == null ? 0 : skew);
              json.writeNumberField("held", report.held().size());
              json.writeArrayFieldStart("runs");
              for (SyncLog.Row row : told) {
                write(json, row.run());
              }
              json.writeEndArray();
              json.writeEndObject();
            });
    ledger.publish(author.replica(), text);
    replica.sql().inTransaction(() -> replica.state("published", Long.toString(now)));
  }

  /** As it was built; null where it was not. */
  private static @Nullable String version() {
    return Workstations.class.getPackage().getImplementationVersion();
  }

  /** What all its tables have read. */
  private static long lowest(Replica replica) {
    return replica.states().positions().values().stream()
        .mapToLong(position -> position.number())
        .min()
        .orElse(0);
  }

  private static void write(com.fasterxml.jackson.core.JsonGenerator json, SyncLog.Run run)
      throws java.io.IOException {
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

  /** This workstation's runs that its file does not tell of yet. */
  private static List<SyncLog.Row> unpublished(Replica replica) {
    Long last = replica.stateNumber("published");
    String since = last == null ? null : ChangeTime.spaced(last);
    return new SyncLog(replica.sql()).last(Integer.MAX_VALUE, since, null);
  }

  /** All runs there are to tell of: of this workstation and, from their files, of the others. */
  List<SyncLog.Run> runs(Replica own) {
    List<SyncLog.Run> runs = runs();
    unpublished(own).forEach(row -> runs.add(row.run()));
    return runs;
  }

  /**
   * The entry up to which every workstation has read that wrote its file since this moment; those
   * that do not say have read none.
   */
  long allHaveRead(long since) {
    return ledger.published(since).entrySet().stream()
        .mapToLong(file -> number(content(file.getKey(), file.getValue()), "read"))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** The runs of all workstations, as far as their files can be read. */
  List<SyncLog.Run> runs() {
    List<SyncLog.Run> runs = new ArrayList<>();
    ledger
        .published(Long.MIN_VALUE)
        .forEach(
            (id, text) -> {
              if (content(id, text).get("runs") instanceof List<?> list) {
                for (Object run : list) {
                  if (run instanceof Map<?, ?> fields) {
                    runs.add(run(fields));
                  }
                }
              }
            });
    return runs;
  }

  static Map<?, ?> content(String id, String text) {
    try {
      return Json.object(text);
    } catch (Failure e) {
      LOG.warn("workstation file {} is not readable and is left out: {}", id, e.getMessage());
      return Map.of();
    }
  }

  private static SyncLog.Run run(Map<?, ?> r) {
    return new SyncLog.Run(
        text(r, "timestamp"),
        text(r, "direction"),
        text(r, "status"),
        number(r, "pulled"),
        number(r, "pushed"),
        number(r, "conflicts"),
        orNull(r, "error"),
        number(r, "durationMs"),
        text(r, "workstation"),
        text(r, "user"),
        text(r, "trigger"),
        orNull(r, "details"),
        text(r, "runId"));
  }

  private static String text(Map<?, ?> run, String name) {
    return String.valueOf(run.get(name));
  }

  private static @Nullable String orNull(Map<?, ?> run, String name) {
    Object value = run.get(name);
    return value == null ? null : value.toString();
  }

  private static long number(Map<?, ?> run, String name) {
    return run.get(name) instanceof Number number ? number.longValue() : 0;
  }
}
