package tidemark.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import tidemark.app.Database;
import tidemark.change.ChangeTime;
import tidemark.replica.SyncLog;
import tidemark.run.EveryonesRuns;
import tidemark.say.InDatabase;
import tidemark.say.Moment;
import tidemark.say.RunsAsData;

/** `history`: what the runs did. */
@Command(name = "history", description = "Tells what the runs did, newest first.")
final class HistoryCommand extends DataCommand {
  private static final List<String> STATUSES = List.of("success", "partial", "offline", "error");

  @Option(names = "--last", paramLabel = "N", description = "So many; 50 unless told otherwise.")
  private int last = 50;

  @Option(
      names = "--everyone",
      description = "Everybody's, as the master and the workstations' files tell.")
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

  HistoryCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    checkUsage();
    String from = since == null ? null : ChangeTime.spaced(since.toEpochMilli());
    List<InDatabase<SyncLog.Row>> runs = new ArrayList<>();
    for (Database database : databases(workstation())) {
      SyncLog.Filter filter = new SyncLog.Filter(from, status);
      List<SyncLog.Row> rows = database.runs().find(everyone, filter, last, 0).items();
      rows.forEach(row -> runs.add(new InDatabase<>(database.name(), row)));
    }
    runs.sort(
        Comparator.comparing((InDatabase<SyncLog.Row> run) -> run.what().run().timestamp())
            .reversed());
    print(runs.subList(0, Math.min(last, runs.size())));
    if (everyone && !json() && !csv) {
      databases(workstation()).forEach(this::printAsOf);
    }
    return 0;
  }

  private void printAsOf(Database database) {
    ZoneId zone = start.clock().getZone();
    EveryonesRuns.AsOf asOf = database.runs().asOf();
    Long master = asOf.masterAt();
    out()
        .println(
            database.name()
                + ": as the master's log was at "
                + (master == null ? "no time yet" : Moment.shown(master, zone))
                + ", and as workstations told since:");
    asOf.workstations()
        .forEach((who, at) -> out().println("  " + who + ", " + Moment.shown(at, zone)));
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

  private void print(List<InDatabase<SyncLog.Row>> runs) {
    if (json()) {
      out().println(RunsAsData.json(runs));
    } else if (csv) {
      out().print(RunsAsData.csv(runs));
      out().println();
    } else {
      new HistoryOutput(runs, out()).text(start.clock().getZone());
    }
  }
}
