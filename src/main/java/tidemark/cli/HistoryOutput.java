package tidemark.cli;

import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.List;
import tidemark.replica.SyncLog;
import tidemark.say.InDatabase;
import tidemark.say.Moment;
import tidemark.say.TextTable;
import tidemark.say.Words;

/** Runs as people read them. */
final class HistoryOutput {
  private final List<InDatabase<SyncLog.Row>> runs;
  private final PrintWriter out;

  HistoryOutput(List<InDatabase<SyncLog.Row>> runs, PrintWriter out) {
    this.runs = runs;
    this.out = out;
  }

  void text(ZoneId zone) {
    if (runs.isEmpty()) {
      out.println("No runs yet.");
      return;
    }
    TextTable table =
        new TextTable("when", "database", "status", "pulled", "pushed", "conflicts", "took", "by");
    for (InDatabase<SyncLog.Row> of : runs) {
      SyncLog.Run run = of.what().run();
      table.row(
          Moment.shown(run.timestamp(), zone),
          of.database(),
          run.status() + (run.direction().equals("bidirectional") ? "" : ", " + run.direction()),
          run.pulled(),
          run.pushed(),
          run.conflicts(),
          Words.seconds(run.durationMs()),
          run.user() + " at " + run.workstation() + ", " + run.trigger());
      if (run.error() != null) {
        table.note(run.error());
      }
    }
    table.print(out, "");
  }
}
