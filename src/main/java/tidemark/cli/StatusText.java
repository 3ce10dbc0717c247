package tidemark.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tidemark.config.Durations;
import tidemark.config.Settings;
import tidemark.replica.SyncLog;
import tidemark.sync.DatabaseStatus;
import tidemark.sync.Status;

/** How everything stands, as people read it. */
final class StatusText {
  private final PrintWriter out;
  private final ZoneId zone;

  StatusText(PrintWriter out, Clock clock) {
    this.out = out;
    this.zone = clock.getZone();
  }

  void print(Settings settings, List<Standing> standings, boolean withWaiting) {
    out.println(
        settings.user() + " at " + settings.workstation() + ": " + Standing.worst(standings));
    out.println(
        settings
            .sync()
            .every()
            .map(every -> "schedule: every " + Durations.text(every) + ", once the daemon runs")
            .orElse("schedule: none, by hand only"));
    for (Standing standing : standings) {
      out.println();
      print(standing);
      if (withWaiting && standing.status() != null) {
        printWaiting(standing.waiting());
      }
    }
  }

  private void print(Standing standing) {
    DatabaseStatus status = standing.status();
    String name = standing.database().name();
    if (status == null) {
      out.println(name + ": cannot be read");
      return;
    }
    out.println(name + ": " + standing.state() + ", " + progress(status));
    out.println("  last sync  " + Moments.shown(standing.lastSync(), zone));
    printLastRun(status.lastRun(), status.trouble());
    if (status.trouble() != null) {
      out.println("  trouble    " + status.trouble());
    }
    if (status.masterTrouble() != null) {
      out.println("  master     " + status.masterTrouble());
    }
    if (status.leaseOwner() != null) {
      out.println("  folding    " + status.leaseOwner() + " is bringing the master up to date");
    }
    Long skew = status.clockSkewMs();
    if (skew != null && Math.abs(skew) >= 1000) {
      out.println(
          "  clock      this machine is "
              + Words.seconds(Math.abs(skew))
              + (skew > 0 ? " behind" : " ahead of")
              + " the share");
    }
    printTables(status);
  }

  private static String progress(DatabaseStatus status) {
    if (status.neverSynced()) {
      return "never synced yet";
    }
    Long behind = status.masterBehind();
    return "entry "
        + status.position()
        + " of "
        + status.ledgerHead()
        + (behind == null
            ? ""
            : behind == 0
                ? ", master up to date"
                : ", master " + Words.count(behind, "change set") + " behind");
  }

  private void printLastRun(SyncLog.@Nullable Row last, @Nullable String trouble) {
    if (last != null) {
      SyncLog.Run run = last.run();
      String moved = Moved.text((int) run.pulled(), (int) run.pushed(), (int) run.conflicts(), 0);
      String told = run.status().equals("success") ? moved : run.error();
      out.println(
          "  last run   "
              + Moments.shown(run.timestamp(), zone)
              + ", "
              + run.status()
              + (told == null || told.equals(trouble) ? "" : ": " + told));
    }
  }

  private void printTables(DatabaseStatus status) {
    if (status.tables().isEmpty()) {
      return;
    }
    TextTable tables =
        new TextTable("table", "rows", "pending", "held", "conflicts", "last synced");
    status
        .tables()
        .forEach(
            (name, table) -> {
              tables.row(
                  name,
                  table.recordCount(),
                  table.pendingChanges(),
                  table.held(),
                  table.openConflicts(),
                  Moments.shown(table.lastSyncedAt(), zone));
              if (table.refused() != null) {
                tables.note(table.refused());
              }
            });
    tables.print(out, "  ");
  }

  private void printWaiting(List<Status.Waiting> rows) {
    if (rows.isEmpty()) {
      out.println("  nothing waits");
      return;
    }
    TextTable table = new TextTable("row", "state", "why");
    for (Status.Waiting waiting : rows) {
      table.row(
          waiting.row().table() + " " + waiting.row().key(),
          word(waiting.state()),
          waiting.reason());
    }
    table.print(out, "  ");
  }

  static String word(Status.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
