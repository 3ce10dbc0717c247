package tidemark.cli.report;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import tidemark.change.JsonObject;
import tidemark.say.Words;
import tidemark.upkeep.report.ChangeCount;
import tidemark.upkeep.report.Changes;
import tidemark.upkeep.report.Report;
import tidemark.upkeep.report.RunCount;

/** The plots of one database: what each says in words, and the numbers for the script. */
final class ReportPlots {
  private final Report report;
  private final List<LocalDate> days;

  ReportPlots(Report report) {
    this.report = report;
    this.days = spanned(report);
  }

  /** From the first day anything happened to the last one of the report. */
  private static List<LocalDate> spanned(Report report) {
    Changes changes = report.changes();
    SortedSet<LocalDate> busy = new TreeSet<>(report.runs().days().keySet());
    if (changes != null) {
      busy.addAll(changes.days().keySet());
    }
    busy.add(report.lastDay());
    return busy.first().datesUntil(busy.last().plusDays(1)).toList();
  }

  List<LocalDate> days() {
    return days;
  }

  RunCount runs(LocalDate day) {
    return report.runs().days().getOrDefault(day, RunCount.NONE);
  }

  ChangeCount changes(LocalDate day) {
    Changes changes = report.changes();
    return changes == null ? ChangeCount.NONE : changes.days().getOrDefault(day, ChangeCount.NONE);
  }

  String html() {
    RunCount all = report.runs().all();
    ReportWords words = new ReportWords(report);
    StringBuilder html = new StringBuilder();
    html.append(figure("runs", "Runs a day", words.runs() + most("run", d -> runs(d).runs())));
    html.append(
        figure(
            "moved",
            "Rows moved a day",
            words.moved() + most("row", d -> runs(d).pushed() + runs(d).pulled())));
    html.append(figure("time", "How long a run takes", all.runs() == 0 ? "" : words.time()));
    html.append(
        figure(
            "conflicts",
            "Conflicts a day",
            Words.count(all.conflicts(), "conflict")
                + "."
                + most("conflict", d -> runs(d).conflicts())));
    Changes changes = report.changes();
    if (changes != null) {
      html.append(
          figure(
              "changes",
              "Rows people changed a day",
              words.changes(changes) + most("change", d -> changes(d).all())));
      html.append(figure("rows", "Rows in the database", words.size()));
    }
    return html.toString();
  }

  private String most(String thing, ToLongFunction<LocalDate> count) {
    LocalDate peak = days.get(0);
    for (LocalDate day : days) {
      peak = count.applyAsLong(day) > count.applyAsLong(peak) ? day : peak;
    }
    long peaks = count.applyAsLong(peak);
    return peaks == 0 ? "" : " Most on " + peak + ": " + Words.count(peaks, thing) + ".";
  }

  private static String figure(String plot, String title, String says) {
    return String.format(
        Locale.ROOT,
        "<figure>%n<figcaption><b>%s</b>%s</figcaption>%n<div class=\"plot\" data-plot=\"%s\" aria-hidden=\"true\"></div>%n</figure>%n",
        title,
        HtmlTable.escaped(says),
        plot);
  }

  /** JSON that no name in it can break out of. */
  String data() {
    return new JsonObject()
        .put("days", list(d -> d.atStartOfDay().toEpochSecond(ZoneOffset.UTC)))
        .put("success", list(d -> runs(d).success()))
        .put("partial", list(d -> runs(d).partial()))
        .put("failed", list(d -> runs(d).failed()))
        .put("pushed", list(d -> runs(d).pushed()))
        .put("pulled", list(d -> runs(d).pulled()))
        .put("conflicts", list(d -> runs(d).conflicts()))
        .put("median", seconds(d -> runs(d).medianMs()))
        .put("p95", seconds(d -> runs(d).p95Ms()))
        .put("made", list(d -> changes(d).made()))
        .put("changed", list(d -> changes(d).changed()))
        .put("deleted", list(d -> changes(d).deleted()))
        .put("rows", rows())
        .text()
        .replace("<", "\\u003c");
  }

  private List<Long> list(ToLongFunction<LocalDate> value) {
    return days.stream().map(value::applyAsLong).toList();
  }

  /** Days without a run that got through are gaps. */
  private List<@Nullable Double> seconds(ToLongFunction<LocalDate> millis) {
    List<@Nullable Double> seconds = new ArrayList<>();
    for (LocalDate day : days) {
      boolean gap = runs(day).success() + runs(day).partial() == 0;
      seconds.add(gap ? null : Double.valueOf(millis.applyAsLong(day) / 1000.0));
    }
    return seconds;
  }

  /** At the end of each day, reckoned back from what there is now. */
  private List<Long> rows() {
    SortedMap<LocalDate, Long> growth = new TreeMap<>();
    @Nullable Changes changes = report.changes();
    if (changes != null) {
      changes
          .growth()
          .values()
          .forEach(table -> table.forEach((day, more) -> growth.merge(day, more, Long::sum)));
    }
    long rows = new ReportWords(report).rowsNow();
    List<Long> counts = new ArrayList<>();
    for (int at = days.size() - 1; at >= 0; at--) {
      counts.add(rows);
      rows -= growth.getOrDefault(days.get(at), 0L);
    }
    Collections.reverse(counts);
    return counts;
  }
}
