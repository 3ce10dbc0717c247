package tidemark.upkeep.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.HealthLimits;
import tidemark.change.Json;

/** What the workstations' own files on the share tell of them and their runs. */
final class FleetChecks {
  private static final Duration WEEK = Duration.ofDays(7);

  /** Of fewer runs a share means nothing. */
  private static final int ENOUGH_RUNS = 20;

  private static final int SHOWN = 5;

  /** Who was silent for longer has left the fleet. */
  private static final Duration GONE = Duration.ofDays(90);

  private final Subject subject;
  private final HealthLimits limits;

  FleetChecks(Subject subject) {
    this.subject = subject;
    this.limits = subject.limits();
  }

  List<Check> all() {
    return List.of(Check.hourly("workstations", this::examine));
  }

  /** Their files are read once for all of it. */
  private List<Finding> examine() {
    List<String> unreadable = new ArrayList<>();
    List<Told> all = everybody(unreadable);
    List<Finding> findings = new ArrayList<>(conflicts(all));
    if (!unreadable.isEmpty()) {
      findings.add(unreadable(unreadable));
    }
    findings.addAll(failures(all));
    findings.addAll(silent(all));
    findings.add(versions(all));
    return findings;
  }

  /** One workstation, as its file has it. */
  private record Told(String name, long at, @Nullable String version, List<Map<?, ?>> runs) {}

  private List<Told> everybody(List<String> unreadable) {
    List<Told> all = new ArrayList<>();
    long now = subject.now().toEpochMilli();
    subject
        .ledger()
        .published(Long.MIN_VALUE)
        .forEach(
            (id, text) -> {
              if (!add(all, text, now)) {
                unreadable.add(id);
              }
            });
    all.removeIf(told -> now - told.at() > GONE.toMillis());
    return all;
  }

  private static Finding unreadable(List<String> ids) {
    String first = String.join(", ", ids.subList(0, Math.min(SHOWN, ids.size())));
    return Finding.warning(
        "workstations",
        ids.size()
            + " of the workstations' files cannot be read: "
            + first
            + (ids.size() > SHOWN ? " and more" : ""),
        "Each workstation writes its own anew at its next sync. What none of them wrote, `tidemark forget` takes out by the name of its file.");
  }

  /** False for a file that cannot be read: it is damaged, or somebody else's. */
  private static boolean add(List<Told> all, String text, long now) {
    Map<?, ?> fields;
    try {
      fields = Json.object(text);
    } catch (Failure e) {
      return false;
    }
    Long at = ChangeTime.read(fields.get("at"));
    List<Map<?, ?>> runs = new ArrayList<>();
    if (fields.get("runs") instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> run && isOfThisWeek(run, now)) {
          runs.add(run);
        }
      }
    }
    all.add(
        new Told(
            fields.get("workstation") + " (" + fields.get("user") + ")",
            at == null ? 0 : at,
            fields.get("version") instanceof String version ? version : null,
            runs));
    return true;
  }

  private static boolean isOfThisWeek(Map<?, ?> run, long now) {
    Long at = ChangeTime.read(run.get("timestamp"));
    return at != null && now - at < WEEK.toMillis();
  }

  private List<Finding> conflicts(List<Told> all) {
    return shares(
        all,
        "conflicts",
        limits.conflictShare(),
        run -> run.get("conflicts") instanceof Number number && number.longValue() > 0,
        "runs of the last week had conflicts",
        "`tidemark conflicts` tells about which rows and whose. Syncing more often, or `merge: columns` for that table, makes them fewer.");
  }

  private List<Finding> failures(List<Told> all) {
    return shares(
        all,
        "failures",
        limits.failureShare(),
        run -> "error".equals(run.get("status")),
        "runs of the last week failed",
        "`tidemark history --everyone --status error` tells why.");
  }

  private interface Counts {
    boolean test(Map<?, ?> run);
  }

  private List<Finding> shares(
      List<Told> everybody, String check, int percent, Counts counts, String what, String todo) {
    List<Finding> findings = new ArrayList<>();
    long all = 0;
    long hits = 0;
    for (Told told : everybody) {
      long of = told.runs().size();
      long hit = told.runs().stream().filter(counts::test).count();
      all += of;
      hits += hit;
      if (of >= ENOUGH_RUNS && hit * 100 > of * percent) {
        findings.add(
            Finding.warning(check, told.name() + ": " + hit + " of " + of + " " + what, todo)
                .about(told.name()));
      }
    }
    if (findings.isEmpty()) {
      findings.add(Finding.well(check, hits + " of " + all + " " + what));
    }
    return findings;
  }

  private List<Finding> silent(List<Told> all) {
    List<Finding> findings = new ArrayList<>();
    long now = subject.now().toEpochMilli();
    for (Told told : all) {
      long days = Duration.ofMillis(now - told.at()).toDays();
      if (now - told.at() > limits.silentAfter().toMillis()) {
        findings.add(
            Finding.warning(
                    "workstations",
                    told.name() + " was last heard of " + days + " days ago",
                    "Look whether Tidemark runs there. If that machine is no more, `tidemark forget` takes it out; after 90 days it is left out by itself.")
                .about(told.name()));
      }
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.well(
              "workstations",
              all.size() + (all.size() == 1 ? " workstation" : " workstations") + ", none silent"));
    }
    return findings;
  }

  private static Finding versions(List<Told> all) {
    Map<String, TreeSet<String>> who = new TreeMap<>();
    for (Told told : all) {
      if (told.version() != null) {
        who.computeIfAbsent(told.version(), unseen -> new TreeSet<>()).add(told.name());
      }
    }
    if (who.size() < 2) {
      return Finding.well("versions", who.isEmpty() ? "not told" : who.keySet() + " everywhere");
    }
    List<String> parts = new ArrayList<>();
    who.forEach((version, names) -> parts.add(version + " at " + String.join(", ", names)));
    return Finding.warning(
        "versions", String.join("; ", parts), "Upgrade the ones that stayed behind.");
  }
}
