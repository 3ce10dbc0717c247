package tidemark.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.JsonObject;
import tidemark.upkeep.report.ChangeCount;
import tidemark.upkeep.report.Changes;
import tidemark.upkeep.report.Report;
import tidemark.upkeep.report.RunCount;
import tidemark.upkeep.report.Size;

/** Reports as a JSON array. */
public final class ReportJson {
  private ReportJson() {}

  public static String text(List<Report> reports) {
    return Json.treeText(reports.stream().map(ReportJson::json).toList());
  }

  private static JsonObject json(Report report) {
    Changes changes = report.changes();
    return new JsonObject()
        .put("database", report.database())
        .time("since", report.since())
        .time("until", report.until())
        .put("zone", report.zone().getId())
        .put("everybodys", report.everybodys())
        .put(
            "runs",
            new JsonObject()
                .put("all", put(new JsonObject(), report.runs().all()))
                .put("days", each("day", report.runs().days(), ReportJson::put))
                .put(
                    "workstations",
                    each("workstation", report.runs().workstations(), ReportJson::put)))
        .put("changes", changes == null ? null : json(changes))
        .put("size", size(report))
        .put("troubles", report.troubles().stream().map(ReportJson::json).toList());
  }

  private static JsonObject json(Failure trouble) {
    return new JsonObject().put("message", trouble.whatFailed()).put("hint", trouble.hint());
  }

  /** An object for each, which begins with what it is of. */
  private static <T> List<JsonObject> each(
      String name, Map<?, T> all, BiFunction<JsonObject, T, JsonObject> putting) {
    List<JsonObject> each = new ArrayList<>();
    all.forEach(
        (of, one) -> each.add(putting.apply(new JsonObject().put(name, of.toString()), one)));
    return each;
  }

  private static JsonObject put(JsonObject json, RunCount count) {
    return json.put("runs", count.runs())
        .put("success", count.success())
        .put("partial", count.partial())
        .put("offline", count.offline())
        .put("error", count.errors())
        .put("pulled", count.pulled())
        .put("pushed", count.pushed())
        .put("conflicts", count.conflicts())
        .put("medianMs", count.medianMs())
        .put("p95Ms", count.p95Ms());
  }

  private static JsonObject json(Changes changes) {
    return new JsonObject()
        .time("from", changes.from())
        .put("entries", changes.entries())
        .put("all", put(new JsonObject(), changes.all()))
        .put("days", each("day", changes.days(), ReportJson::put))
        .put(
            "users",
            each(
                "user",
                changes.users(),
                (json, person) -> put(json, person.count()).put("days", person.days())))
        .put("tables", each("table", changes.tables(), ReportJson::put));
  }

  private static JsonObject put(JsonObject json, ChangeCount count) {
    return json.put("new", count.made())
        .put("changed", count.changed())
        .put("deleted", count.deleted());
  }

  private static JsonObject size(Report report) {
    Size size = report.size();
    ReportWords words = new ReportWords(report);
    boolean known = report.changes() != null;
    Size.LedgerBytes ledger = size.ledger();
    List<JsonObject> tables = new ArrayList<>();
    size.rows()
        .forEach(
            (table, rows) ->
                tables.add(
                    new JsonObject()
                        .put("table", table)
                        .put("rows", rows)
                        .put("growth", known ? words.growth(table) : null)));
    return new JsonObject()
        .put("rows", words.rowsNow())
        .put("growth", known ? words.growth() : null)
        .put("localBytes", size.local())
        .put("masterBytes", size.master())
        .put("ledgerBytes", ledger == null ? null : ledger.all())
        .put("ledgerGrowthBytes", ledger == null ? null : ledger.growth())
        .put("tables", tables);
  }
}
