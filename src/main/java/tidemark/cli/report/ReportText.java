package tidemark.cli.report;

import java.io.PrintWriter;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tidemark.say.TextTable;
import tidemark.upkeep.report.ChangeCount;
import tidemark.upkeep.report.Changes;
import tidemark.upkeep.report.Report;
import tidemark.upkeep.report.RunCount;

/** A report as it is read on a terminal of 80 columns. */
public final class ReportText {
  private static final int DAYS = 14;
  private static final int MOST = 10;

  /** How wide names may be, so that a line has 80 columns at most. */
  private static final int WORKSTATION = 16;

  private static final int USER = 30;
  private static final int TABLE = 24;

  private final PrintWriter out;

  public ReportText(PrintWriter out) {
    this.out = out;
  }

  public void print(List<Report> reports) {
    String gap = "";
    for (Report report : reports) {
      out.print(gap);
      print(report);
      gap = System.lineSeparator();
    }
  }

  private void print(Report report) {
    ReportWords words = new ReportWords(report);
    out.println(report.database() + ": " + words.period());
    say(words.runs());
    if (report.runs().all().runs() > 0) {
      say(words.moved());
      say(words.time());
    }
    Changes changes = report.changes();
    if (changes != null) {
      say(words.changes(changes));
    }
    say(words.size());
    words.limits().forEach(this::say);
    if (report.runs().all().runs() > 0) {
      days(report);
      workstations(report);
    }
    if (changes != null && changes.all().all() > 0) {
      people(words);
      tables(words, changes);
    }
  }

  private void say(String sentence) {
    out.println("  " + sentence);
  }

  private void days(Report report) {
    Map<LocalDate, RunCount> days = report.runs().days();
    TextTable table = runTable("day");
    days.entrySet().stream()
        .skip(Math.max(0, days.size() - DAYS))
        .forEach(day -> run(table, day.getKey().toString(), day.getValue()));
    print("Runs, the last " + DAYS + " days with any (failed: offline ones, too)", table);
  }

  private void workstations(Report report) {
    TextTable table = runTable("workstation");
    report
        .runs()
        .workstations()
        .forEach((name, count) -> run(table, ReportWords.name(name, WORKSTATION), count));
    print("Runs by workstation", table);
  }

  private static TextTable runTable(String what) {
    return new TextTable(what, "runs", "failed", "posted", "pulled", "conflicts", "median", "95 %");
  }

  private static void run(TextTable table, String name, RunCount count) {
    table.row(
        name,
        number(count.runs()),
        number(count.failed()),
        number(count.pushed()),
        number(count.pulled()),
        number(count.conflicts()),
        time(count.medianMs()),
        time(count.p95Ms()));
  }

  private void people(ReportWords words) {
    TextTable table = new TextTable("user", "changes", "new", "changed", "deleted", "on days");
    for (Map.Entry<String, Changes.Person> person : most(words.people())) {
      ChangeCount count = person.getValue().count();
      table.row(
          ReportWords.name(person.getKey(), USER),
          number(count.all()),
          number(count.made()),
          number(count.changed()),
          number(count.deleted()),
          number(person.getValue().days()));
    }
    print("Who changed most", table);
  }

  private void tables(ReportWords words, Changes changes) {
    TextTable table =
        new TextTable("table", "changes", "new", "changed", "deleted", "rows", "more");
    List<Map.Entry<String, ChangeCount>> busiest =
        changes.tables().entrySet().stream()
            .sorted(Map.Entry.comparingByValue((a, b) -> Long.compare(b.all(), a.all())))
            .toList();
    for (Map.Entry<String, ChangeCount> one : most(busiest)) {
      ChangeCount count = one.getValue();
      table.row(
          ReportWords.name(one.getKey(), TABLE),
          number(count.all()),
          number(count.made()),
          number(count.changed()),
          number(count.deleted()),
          number(words.report().size().rows().getOrDefault(one.getKey(), 0L)),
          number(words.growth(one.getKey())));
    }
    print("The busiest tables", table);
  }

  private static <T> List<T> most(List<T> all) {
    return all.subList(0, Math.min(MOST, all.size()));
  }

  private void print(String title, TextTable table) {
    out.println();
    out.println("  " + title);
    table.print(out, "  ");
  }

  /** In seven places at most. */
  private static TextTable.Right number(long number) {
    String text = String.format(Locale.ROOT, "%,d", number);
    if (Math.abs(number) >= 1_000_000_000) {
      text = String.format(Locale.ROOT, "%.1fG", number / 1e9);
    } else if (Math.abs(number) >= 1_000_000) {
      text = String.format(Locale.ROOT, "%.1fM", number / 1e6);
    }
    return new TextTable.Right(text);
  }

  /** In six places at most. */
  private static TextTable.Right time(long millis) {
    double seconds = millis / 1000.0;
    String text =
        seconds < 100
            ? String.format(Locale.ROOT, "%.2fs", seconds)
            : String.format(Locale.ROOT, "%.0fm", seconds / 60);
    return new TextTable.Right(text);
  }
}
