package tidemark.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tidemark.app.Database;
import tidemark.change.Failure;
import tidemark.cli.report.ReportCsv;
import tidemark.cli.report.ReportHtml;
import tidemark.cli.report.ReportJson;
import tidemark.cli.report.ReportText;
import tidemark.config.WholeFile;
import tidemark.upkeep.report.Report;

/** `report`: runs, failures, conflicts, rows, durations, users and growth. */
@Command(
    name = "report",
    description = {
      "Tells of runs, failures, conflicts, rows moved, durations, users and growth:",
      "as text, as JSON, as CSV, or as one HTML file with plots that needs no network."
    })
final class ReportCommand extends DataCommand {
  private static final int DAYS = 90;

  @Option(names = "--html", paramLabel = "FILE", description = "Writes it as an HTML page.")
  private @Nullable Path html;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Writes it as CSV, a line for each day and workstation, user or table.")
  private @Nullable Path csv;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only since then; the last 90 days unless told otherwise.")
  private @Nullable Instant since;

  ReportCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    Instant from = since == null ? firstDay() : since;
    List<Report> reports = new ArrayList<>();
    for (Database database : databases(workstation())) {
      reports.add(database.report(from));
    }
    if (html != null) {
      write(html, new ReportHtml(reports).page());
    }
    if (csv != null) {
      write(csv, new ReportCsv(reports).text());
    }
    if (json()) {
      out().println(ReportJson.text(reports));
    } else if (html == null && csv == null) {
      new ReportText(out()).print(reports);
    }
    return exitCode(reports);
  }

  private Instant firstDay() {
    return LocalDate.now(start.clock())
        .minusDays(DAYS - 1)
        .atStartOfDay(start.clock().getZone())
        .toInstant();
  }

  private void write(Path file, String text) {
    try {
      WholeFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new Failure(
          Failure.USAGE,
          "the report cannot be written to " + file + ": " + e.getMessage(),
          "Name a file in a folder where you may write.",
          e);
    }
    if (!json()) {
      out().println("Wrote " + file + ".");
    }
  }

  /** What the report had to do without is told beside it. */
  private int exitCode(List<Report> reports) {
    int worst = 0;
    for (Report report : reports) {
      for (Failure failure : report.troubles()) {
        ErrorLines.tell(err(), failure.whatFailed(), withContact(failure).hint());
        worst = Math.max(worst, failure.exitCode());
      }
    }
    return worst;
  }
}
