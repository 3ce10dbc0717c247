package tidemark.cli.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tidemark.change.ByteCount;
import tidemark.change.Failure;
import tidemark.say.Moment;
import tidemark.say.Words;
import tidemark.upkeep.report.Changes;
import tidemark.upkeep.report.Report;
import tidemark.upkeep.report.RunCount;
import tidemark.upkeep.report.Size;

/** What a report says in sentences, on a terminal and on a page alike. */
record ReportWords(Report report) {
  String period() {
    return report.firstDay() + " to " + report.lastDay() + ", days in " + report.zone().getId();
  }

  String runs() {
    RunCount all = report.runs().all();
    if (all.runs() == 0) {
      return "No runs yet.";
    }
    return Words.count(all.runs(), "run")
        + " at "
        + Words.count(report.runs().workstations().size(), "workstation")
        + ": "
        + String.format(Locale.ROOT, "%,d", all.success() + all.partial())
        + " got through"
        + (all.partial() == 0
            ? ""
            : String.format(Locale.ROOT, " (%,d with something held back)", all.partial()))
        + String.format(Locale.ROOT, ", %,d offline, %,d failed.", all.offline(), all.errors());
  }

  String moved() {
    RunCount all = report.runs().all();
    return Words.count(all.pushed(), "row")
        + " posted, "
        + String.format(Locale.ROOT, "%,d", all.pulled())
        + " pulled, "
        + Words.count(all.conflicts(), "conflict")
        + ".";
  }

  String time() {
    RunCount all = report.runs().all();
    return "A run took "
        + Words.seconds(all.medianMs())
        + " in the median, 95 of 100 no longer than "
        + Words.seconds(all.p95Ms())
        + ".";
  }

  String changes(Changes changes) {
    return "People made "
        + Words.count(changes.all().made(), "row")
        + String.format(
            Locale.ROOT,
            ", changed %,d and deleted %,d",
            changes.all().changed(),
            changes.all().deleted())
        + String.format(Locale.ROOT, "; the ledger grew by %s.", entries(changes.entries()));
  }

  private static String entries(long count) {
    return count == 1 ? "1 entry" : String.format(Locale.ROOT, "%,d entries", count);
  }

  String size() {
    Size size = report.size();
    List<String> files = new ArrayList<>();
    files.add(ByteCount.text(size.local()) + " here");
    if (size.master() != null) {
      files.add("the master " + ByteCount.text(size.master()));
    }
    if (size.ledger() != null) {
      files.add(
          "the ledger "
              + ByteCount.text(size.ledger().all())
              + ", of it "
              + ByteCount.text(size.ledger().growth())
              + " of new entries");
    }
    return Words.count(rowsNow(), "row")
        + growthInWords()
        + ". The database has "
        + String.join(", ", files)
        + ".";
  }

  private String growthInWords() {
    return report.changes() == null
        ? ""
        : String.format(Locale.ROOT, " (%+,d since %s)", growth(), report.firstDay());
  }

  long rowsNow() {
    return report.size().rows().values().stream().mapToLong(Long::longValue).sum();
  }

  /** By how many rows all tables together grew. */
  long growth() {
    Changes changes = report.changes();
    return changes == null ? 0 : changes.growth().keySet().stream().mapToLong(this::growth).sum();
  }

  long growth(String table) {
    Changes changes = report.changes();
    Map<?, Long> days = changes == null ? null : changes.growth().get(table);
    return days == null ? 0 : days.values().stream().mapToLong(Long::longValue).sum();
  }

  /** What the numbers do not tell, and why. */
  List<String> limits() {
    List<String> limits = new ArrayList<>();
    if (!report.everybodys()) {
      limits.add("The runs are this workstation's alone: there was no master to be read.");
    }
    Changes changes = report.changes();
    if (changes == null) {
      limits.add("Who changed what is not known: the ledger could not be read.");
    } else if (changes.from() != null) {
      limits.add(
          "The ledger tells of changes only since "
              + Moment.shown(changes.from().toEpochMilli(), report.zone())
              + "; older entries are gone.");
    }
    for (Failure trouble : report.troubles()) {
      limits.add("Not read: " + trouble.whatFailed() + ".");
    }
    return limits;
  }

  /** Those who changed most first. */
  List<Map.Entry<String, Changes.Person>> people() {
    Changes changes = report.changes();
    return changes == null
        ? List.of()
        : changes.users().entrySet().stream()
            .sorted(
                Comparator.comparing(
                    (Map.Entry<String, Changes.Person> person) -> -person.getValue().count().all()))
            .toList();
  }

  /** A name as it fits a line: anybody may have chosen it. */
  static String name(String name, int widest) {
    String line = name.isBlank() ? "(nobody)" : name.replaceAll("[\\p{Cntrl}\\s]+", " ");
    return line.length() <= widest ? line : line.substring(0, widest - 3) + "...";
  }
}
