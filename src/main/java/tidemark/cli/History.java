package tidemark.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import tidemark.change.ChangeTime;
import tidemark.control.HistoryText;
import tidemark.control.Of;
import tidemark.daemon.Database;
import tidemark.replica.SyncLog;

/** `history`: what the runs did. */
@Command(name = "history", description = "Tells what the runs did, newest first.")
final class History extends DataCommand {
  private static final List<String> STATUSES = List.of("success", "partial", "offline", "error");

  @Option(names = "--last", paramLabel = "N", description = "So many; 50 unless told otherwise.")
  private int last = 50;

  @Option(names = "--everyone", description = "Everybody's, as the master knows them.")
  private boolean everyone;

  @Option(names = "--since", paramLabel = "TIME", description = "Only since then.")
  private @Nullable Instant since;

  @Option(
      names = "--status",
      paramLabel = "S",
      description = "Only those that ended so: success, partial, offline or error.")
  private @Nullable String status;

  @Option(names = "--csv", description = "Tells it as CSV.")
  private boolean csv;

  History(Start start) {
    super(start);
  }

  @Override
  int run() {
    checkUsage();
    String from = since == null ? null : ChangeTime.spaced(since.toEpochMilli());
    List<Of<SyncLog.Row>> runs = new ArrayList<>();
    for (Database database : databases(daemon())) {
      List<SyncLog.Row> rows =
          everyone
              ? database.everyonesHistory(last, from, status)
              : database.history(last, from, status);
      rows.forEach(row -> runs.add(new Of<>(database.name(), row)));
    }
    runs.sort(
        Comparator.comparing((Of<SyncLog.Row> run) -> run.what().run().timestamp()).reversed());
    print(runs.subList(0, Math.min(last, runs.size())));
    return 0;
  }

  private void checkUsage() {
    if (last < 1) {
      throw new ParameterException(spec().commandLine(), "--last needs a number of 1 or more");
    }
    status = status == null ? null : status.toLowerCase(Locale.ROOT);
    if (status != null && !STATUSES.contains(status)) {
      throw new ParameterException(
          spec().commandLine(), "--status '" + status + "' is none of " + STATUSES);
    }
  }

  private void print(List<Of<SyncLog.Row>> runs) {
    if (json()) {
      out().println(HistoryText.json(runs));
    } else if (csv) {
      out().print(HistoryText.csv(runs));
      out().println();
    } else {
      new HistoryOutput(runs, out()).text(start.clock().getZone());
    }
  }
}
