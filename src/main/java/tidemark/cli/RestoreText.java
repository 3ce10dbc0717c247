package tidemark.cli;

import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Row;
import tidemark.past.RestoreReport;
import tidemark.past.Rewind;
import tidemark.past.Rollback;
import tidemark.past.Trace;
import tidemark.say.Moment;
import tidemark.say.RestoreJson;
import tidemark.say.RunResult;
import tidemark.say.TextTable;
import tidemark.say.Words;

/** What was brought back, or would be, as people read it. */
final class RestoreText {
  private static final int NAMED = 10;

  private final PrintWriter out;
  private final ZoneId zone;

  RestoreText(PrintWriter out, ZoneId zone) {
    this.out = out;
    this.zone = zone;
  }

  void print(String database, RestoreReport report, boolean dryRun) {
    Rewind.Result result = report.result();
    out.println(database + ": as it was " + when(report));
    report.versions().forEach(this::version);
    if (result.rows() == 0) {
      out.println("  All of it is as it was then.");
    } else {
      tables(result, dryRun);
      people(result, dryRun);
    }
    left(result.left(), dryRun);
    if (report.run() != null) {
      new SyncText(out, "  ").print(database, RunResult.of(report.run()));
    }
    if (result.rows() > 0) {
      out.println(
          dryRun
              ? "  Nothing was changed. --rollback does it."
              : "  What was replaced is in the ledger: `tidemark feed`, or another restore.");
    }
  }

  private String when(RestoreReport report) {
    Long at = report.to().at();
    return (report.backup() == null ? "" : "in the backup " + report.backup() + ", ")
        + "after entry "
        + report.to().entry()
        + (at == null ? "" : " (" + Moment.shown(at, zone) + ")");
  }

  // ---- one row

  private void version(Rollback.Version version) {
    Row then = version.then();
    Row now = version.now();
    out.println(
        "  "
            + version.key()
            + (then == null ? " was not there then" : now == null ? " is not there now" : ""));
    Set<String> columns = new LinkedHashSet<>();
    for (@Nullable Row row : java.util.Arrays.asList(then, now)) {
      if (row != null) {
        columns.addAll(row.columns().names());
      }
    }
    columns.remove("synced_at"); // bookkeeping
    for (String column : columns) {
      Object past = then == null ? null : then.get(column);
      Object present = now == null ? null : now.get(column);
      boolean same = then == null || now == null || Objects.deepEquals(past, present);
      out.println(
          "    "
              + column
              + ": "
              + FeedCommand.shown(then == null ? present : past)
              + (same ? "" : "   (now: " + FeedCommand.shown(present) + ")"));
    }
  }

  // ---- all of them

  private void tables(Rewind.Result result, boolean dryRun) {
    TextTable table =
        dryRun
            ? new TextTable("table", "would come back", "would go", "would change")
            : new TextTable("table", "came back", "went", "changed");
    result
        .tables()
        .forEach((name, rows) -> table.row(name, rows.comeBack(), rows.go(), rows.change()));
    table.print(out, "  ");
    result.tables().forEach(this::examples);
  }

  private void examples(String name, Rewind.Table rows) {
    for (Rewind.Example example : rows.examples()) {
      Trace last = example.last();
      out.println(
          "    "
              + name
              + " "
              + example.key()
              + " "
              + RestoreJson.word(example.how())
              + (last == null
                  ? ""
                  : ": last changed by "
                      + last.by()
                      + " at "
                      + last.workstation()
                      + ", entry "
                      + last.entry()
                      + (last.at() == 0 ? "" : ", " + Moment.shown(last.at(), zone))));
    }
    long more = rows.rows() - rows.examples().size();
    if (more > 0) {
      out.println("    and " + Words.count(more, "more row") + " of " + name);
    }
  }

  private void people(Rewind.Result result, boolean dryRun) {
    Map<String, Long> people = result.people();
    List<String> named =
        people.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .map(person -> person.getKey() + " (" + Words.count(person.getValue(), "row") + ")")
            .toList();
    if (!named.isEmpty()) {
      out.println(
          (dryRun ? "  It would take back" : "  It took back")
              + " what was changed by "
              + String.join(", ", named)
              + ".");
    }
    if (dryRun && people.size() > 1) {
      out.println(
          "  Careful: this is the work of "
              + people.size()
              + " people. To take back only a part of it: --until TIME|ENTRY, --by USER, --workstation W.");
    }
  }

  private void left(List<Rewind.AsItIs> left, boolean dryRun) {
    if (left.isEmpty()) {
      return;
    }
    out.println(dryRun ? "  It would leave as they are:" : "  Left as they are:");
    for (Rewind.AsItIs one : left.subList(0, Math.min(NAMED, left.size()))) {
      out.println(
          "    " + one.table() + (one.key() == null ? "" : " " + one.key()) + ": " + one.why());
    }
    if (left.size() > NAMED) {
      out.println("    and " + (left.size() - NAMED) + " more; --json names all");
    }
  }
}
