package tidemark.cli.report;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tidemark.change.ByteCount;
import tidemark.say.Words;
import tidemark.upkeep.report.ChangeCount;
import tidemark.upkeep.report.Changes;
import tidemark.upkeep.report.Report;
import tidemark.upkeep.report.RunCount;
import tidemark.upkeep.report.Size;

/** What the page says of one database. */
final class ReportSection {
  private final Report report;
  private final ReportWords words;
  private final ReportPlots plots;

  ReportSection(Report report) {
    this.report = report;
    this.words = new ReportWords(report);
    this.plots = new ReportPlots(report);
  }

  /**
   * @param id names it within the page
   */
  String html(Template template, String id) {
    Map<String, String> places = new HashMap<>();
    figures(places);
    places.replaceAll((name, text) -> HtmlTable.escaped(text));
    places.put("id", id);
    places.put("name", HtmlTable.escaped(report.database()));
    places.put("limits", limits());
    places.put("plots", plots.html());
    places.put("data", plots.data());
    places.put("tables", tables());
    return template.filled(places);
  }

  private void figures(Map<String, String> places) {
    RunCount all = report.runs().all();
    Size size = report.size();
    places.put("runs", number(all.runs()));
    places.put(
        "runs-more",
        number(all.failed())
            + " did not get through, at "
            + Words.count(report.runs().workstations().size(), "workstation"));
    places.put("posted", number(all.pushed()));
    places.put("posted-more", number(all.pulled()) + " pulled");
    places.put("conflicts", number(all.conflicts()));
    places.put("conflicts-more", conflictsPerRow(all));
    places.put("median", all.runs() == 0 ? "–" : Words.seconds(all.medianMs()));
    places.put("median-more", "95 of 100 up to " + Words.seconds(all.p95Ms()));
    places.put("rows", number(words.rowsNow()));
    places.put(
        "rows-more",
        report.changes() == null
            ? "growth not known"
            : String.format(Locale.ROOT, "%+,d in this time", words.growth()));
    places.put("size", ByteCount.text(size.local()));
    places.put(
        "size-more",
        size.ledger() == null
            ? "ledger not seen"
            : "the ledger " + ByteCount.text(size.ledger().all()));
  }

  private static String conflictsPerRow(RunCount all) {
    long moved = all.pushed() + all.pulled();
    return moved == 0
        ? "no rows moved"
        : String.format(Locale.ROOT, "%.1f for 1,000 rows moved", 1000.0 * all.conflicts() / moved);
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private String limits() {
    List<String> limits = words.limits();
    return limits.isEmpty()
        ? ""
        : limits.stream()
            .map(limit -> "<li>" + HtmlTable.escaped(limit) + "</li>")
            .collect(Collectors.joining("\n", "<ul class=\"limits\">\n", "\n</ul>"));
  }

  private String tables() {
    return "<div class=\"sheets\">\n"
        + sheet(workstations(), "workstations")
        + (report.changes() == null
            ? ""
            : sheet(people(), "users") + sheet(busiest(report.changes()), "tables"))
        + "</div>\n<details class=\"sheet wide\">\n<summary>Every day in numbers</summary>\n"
        + days()
        + "</details>\n";
  }

  /** What may be wider than the screen is reached by keyboard, too. */
  private static String sheet(HtmlTable table, String what) {
    return "<div class=\"sheet\" tabindex=\"0\" role=\"region\" aria-label=\""
        + what
        + "\">\n"
        + table.html()
        + "</div>\n";
  }

  private HtmlTable workstations() {
    HtmlTable table =
        new HtmlTable(
            "Workstations",
            "",
            "runs",
            "in part",
            "offline",
            "failed",
            "posted",
            "conflicts",
            "median",
            "95 %");
    report
        .runs()
        .workstations()
        .forEach(
            (name, count) ->
                table.row(
                    shown(name),
                    count.runs(),
                    count.partial(),
                    count.offline(),
                    count.errors(),
                    count.pushed(),
                    count.conflicts(),
                    Words.seconds(count.medianMs()),
                    Words.seconds(count.p95Ms())));
    return table;
  }

  private HtmlTable people() {
    HtmlTable table =
        new HtmlTable("Who changed most", "", "changes", "new", "changed", "deleted", "on days");
    for (Map.Entry<String, Changes.Person> person : words.people()) {
      ChangeCount count = person.getValue().count();
      table.row(
          shown(person.getKey()),
          count.all(),
          count.made(),
          count.changed(),
          count.deleted(),
          person.getValue().days());
    }
    return table;
  }

  private HtmlTable busiest(Changes changes) {
    HtmlTable table =
        new HtmlTable("Tables", "", "changes", "new", "changed", "deleted", "rows now", "growth");
    report.size().rows().keySet().stream()
        .sorted(Comparator.comparing((String name) -> -count(changes, name).all()))
        .forEach(
            name -> {
              ChangeCount count = count(changes, name);
              table.row(
                  shown(name),
                  count.all(),
                  count.made(),
                  count.changed(),
                  count.deleted(),
                  report.size().rows().getOrDefault(name, 0L),
                  words.growth(name));
            });
    return table;
  }

  private static ChangeCount count(Changes changes, String table) {
    return changes.tables().getOrDefault(table, ChangeCount.NONE);
  }

  private String days() {
    HtmlTable table =
        new HtmlTable(
            "",
            "day",
            "runs",
            "in part",
            "offline",
            "failed",
            "posted",
            "pulled",
            "conflicts",
            "median",
            "95 %",
            "new",
            "changed",
            "deleted");
    plots
        .days()
        .forEach(
            day -> {
              RunCount runs = plots.runs(day);
              ChangeCount changes = plots.changes(day);
              table.row(
                  day.toString(),
                  runs.runs(),
                  runs.partial(),
                  runs.offline(),
                  runs.errors(),
                  runs.pushed(),
                  runs.pulled(),
                  runs.conflicts(),
                  runs.medianMs() == 0 ? "–" : Words.seconds(runs.medianMs()),
                  runs.p95Ms() == 0 ? "–" : Words.seconds(runs.p95Ms()),
                  changes.made(),
                  changes.changed(),
                  changes.deleted());
            });
    return table.html();
  }

  private static String shown(String name) {
    return ReportWords.name(name, 100);
  }
}
