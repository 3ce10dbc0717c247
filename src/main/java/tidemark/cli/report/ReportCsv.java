package tidemark.cli.report;

import java.util.List;
import java.util.Map;
import tidemark.say.Csv;
import tidemark.upkeep.report.ChangeCount;
import tidemark.upkeep.report.Changes;
import tidemark.upkeep.report.Report;
import tidemark.upkeep.report.RunCount;
import tidemark.upkeep.report.Runs;

/**
 * A report as one rectangle of lines of three kinds: what a workstation's runs of a day came to,
 * what a user changed in a table on a day, and how large a table is.
 */
public final class ReportCsv {
  private static final String HEAD =
      "database,kind,day,workstation,user,table,runs,success,partial,offline,error,pulled,pushed,conflicts,median_ms,p95_ms,new,changed,deleted,rows,growth";
  private static final String END = "\r\n";

  private final List<Report> reports;
  private final StringBuilder text = new StringBuilder(HEAD).append(END);

  public ReportCsv(List<Report> reports) {
    this.reports = reports;
  }

  public String text() {
    for (Report report : reports) {
      String database = report.database();
      report.runs().cells().forEach(cell -> add(database, cell));
      Changes changes = report.changes();
      if (changes != null) {
        changes.cells().forEach(cell -> add(database, cell));
      }
      ReportWords words = new ReportWords(report);
      for (Map.Entry<String, Long> table : report.size().rows().entrySet()) {
        Long growth = changes == null ? null : words.growth(table.getKey());
        text.append(Csv.line(database, "table", null, null, null, table.getKey()))
            .append(",".repeat(14))
            .append(Csv.line(table.getValue(), growth))
            .append(END);
      }
    }
    return text.toString();
  }

  private void add(String database, Runs.Cell cell) {
    RunCount count = cell.count();
    text.append(
            Csv.line(
                database,
                "runs",
                cell.day(),
                cell.workstation(),
                null,
                null,
                count.runs(),
                count.success(),
                count.partial(),
                count.offline(),
                count.errors(),
                count.pulled(),
                count.pushed(),
                count.conflicts(),
                count.medianMs(),
                count.p95Ms()))
        .append(",".repeat(5))
        .append(END);
  }

  private void add(String database, Changes.Cell cell) {
    ChangeCount count = cell.count();
    text.append(Csv.line(database, "changes", cell.day(), null, cell.user(), cell.table()))
        .append(",".repeat(11))
        .append(Csv.line(count.made(), count.changed(), count.deleted()))
        .append(",,")
        .append(END);
  }
}
