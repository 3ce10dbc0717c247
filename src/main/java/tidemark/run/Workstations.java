package tidemark.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Json;
import tidemark.ledger.Author;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;
import tidemark.replica.SyncLog;

/** The files by which workstations tell one another who they are and how their runs went. */
public final class Workstations {
  private static final long HOUR = 3_600_000;

  private final Ledger ledger;

  public Workstations(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Hourly, or when something happened; a run with nothing to do costs no write on the share. */
  public void publish(Replica replica, Author author, String local, SyncReport report, long now) {
    Long last = replica.stateNumber(OwnFile.PUBLISHED);
    boolean happened =
        report.totalPulled() + report.totalPushed() + report.conflicts() > 0
            || !report.held().isEmpty();
    if (!happened && last != null && now - last < HOUR && now >= last) {
      return;
    }
    OwnFile own = new OwnFile(replica, author, local);
    String name = own.find(ledger);
    OwnRuns runs = new OwnRuns(replica, ledger);
    ledger.publish(name, text(replica, own, name, report, now, runs.forTheFile()));
    replica
        .sql()
        .inTransaction(
            () -> {
              replica.state(OwnFile.PUBLISHED, Long.toString(now));
              runs.written();
              own.written(name);
            });
  }

  private static String text(
      Replica replica,
      OwnFile own,
      String name,
      SyncReport report,
      long now,
      List<SyncLog.Run> told) {
    long position =
        replica.states().positions().values().stream().mapToLong(p -> p.number()).max().orElse(0);
    return Json.text(
        json -> {
          json.writeStartObject();
          own.identify(json, name);
          json.writeStringField("at", ChangeTime.iso(now));
          json.writeStringField("version", version());
          json.writeStringField("os", System.getProperty("os.name"));
          json.writeNumberField("position", position);
          json.writeNumberField("read", lowest(replica));
          json.writeNumberField("clockSkewMs", skew(replica));
          json.writeNumberField("held", report.held().size());
          json.writeArrayFieldStart("runs");
          for (SyncLog.Run run : told) {
            RunSums.write(json, run);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static long skew(Replica replica) {
    Long skew = replica.stateNumber("skew");
    return skew == null ? 0 : skew;
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

  /** All runs there are to tell of: of this workstation and, from their files, of the others. */
  public List<SyncLog.Run> runs(Replica own) {
    Map<String, String> files = new LinkedHashMap<>(ledger.published(Long.MIN_VALUE));
    files.remove(OwnFile.name(own));
    List<SyncLog.Run> runs = runs(files);
    runs.addAll(new OwnRuns(own, ledger).forTheMaster());
    return runs;
  }

  /**
   * The entry up to which every workstation has read that wrote its file since this moment; those
   * that do not say have read none.
   */
  public long allHaveRead(long since) {
    return ledger.published(since).entrySet().stream()
        .mapToLong(file -> number(OwnFile.content(file.getKey(), file.getValue()), "read"))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** The entries at which workstations stand, those that were away for long too. */
  public Set<Long> positions() {
    Set<Long> positions = new TreeSet<>();
    ledger
        .published(Long.MIN_VALUE)
        .forEach(
            (id, text) -> {
              positions.add(number(OwnFile.content(id, text), "position"));
              positions.add(number(OwnFile.content(id, text), "read"));
            });
    return positions;
  }

  /** The runs of all workstations, as far as their files can be read. */
  public List<SyncLog.Run> runs() {
    return runs(ledger.published(Long.MIN_VALUE));
  }

  public static List<SyncLog.Run> runs(Map<String, String> files) {
    List<SyncLog.Run> runs = new ArrayList<>();
    files.forEach(
        (id, text) -> {
          if (OwnFile.content(id, text).get("runs") instanceof List<?> list) {
            for (Object run : list) {
              if (run instanceof Map<?, ?> fields) {
                runs.add(run(fields));
              }
            }
          }
        });
    return runs;
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
