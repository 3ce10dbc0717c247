package tidemark.cli;

import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.config.Durations;
import tidemark.config.Settings;
import tidemark.look.DatabaseStatus;
import tidemark.look.Status;
import tidemark.replica.SyncLog;
import tidemark.say.DaemonState;
import tidemark.say.DatabaseState;
import tidemark.say.Moment;
import tidemark.say.MovedText;
import tidemark.say.TextTable;
import tidemark.say.Words;

/** How everything stands, as people read it. */
final class StatusText {
  private final Screen out;
  private final ZoneId zone;
  private final Optional<String> who;

  /**
   * @param who runs the daemon, whether it answers or not
   */
  StatusText(Screen out, Clock clock, Optional<String> who) {
    this.out = out;
    this.zone = clock.getZone();
    this.who = who;
  }

  /**
   * @param daemon null where none runs or it does not answer
   */
  void print(
      Settings settings,
      List<DatabaseState> standings,
      @Nullable DaemonState daemon,
      boolean withWaiting) {
    printState(settings.user() + " at " + settings.workstation() + ": ", standings, daemon);
    out.println(schedule(settings, daemon));
    if (daemon != null && daemon.configProblem() != null) {
      out.println("config: " + daemon.configProblem() + "; the former one stays in force");
    }
    if (daemon != null && daemon.trouble() != null) {
      out.println(
          "daemon: ", Colour.RED, daemon.trouble(), "; it goes on at the next time, see the log");
    }
    printHealth(standings);
    for (DatabaseState standing : standings) {
      out.println();
      print(standing);
      if (withWaiting && standing.status() != null) {
        printWaiting(standing.waiting());
      }
    }
  }

  /** What the daemon found when it last looked. */
  private void printHealth(List<DatabaseState> standings) {
    long troubles =
        standings.stream().mapToLong(standing -> standing.health().troubles().size()).sum();
    long looked = standings.stream().mapToLong(standing -> standing.health().at()).max().orElse(0);
    if (troubles > 0) {
      out.println(
          "health: ",
          Colour.YELLOW,
          troubles + (troubles == 1 ? " finding" : " findings"),
          ", see `tidemark doctor` (looked at " + Moment.shown(looked, zone) + ")");
    }
  }

  /** One glance: is all well? */
  private void printState(
      String whose, List<DatabaseState> standings, @Nullable DaemonState daemon) {
    if (daemon != null && daemon.syncing()) {
      out.println(whose, Colour.BLUE, "syncing", "");
      return;
    }
    boolean broken = daemon != null && daemon.trouble() != null;
    switch (broken ? "error" : DatabaseState.worst(standings)) {
      case "connected" -> out.println(whose, Colour.GREEN, "connected", "");
      case "attention" -> out.println(whose, Colour.YELLOW, "attention", ": " + waits(standings));
      case "offline" ->
          out.println(
              whose,
              Colour.YELLOW,
              "offline" + since(standings, daemon),
              ", edits wait here until the share is back");
      default -> out.println(whose, Colour.RED, "error", ", see below");
    }
  }

  /** What somebody has to look at. */
  private static String waits(List<DatabaseState> standings) {
    List<DatabaseStatus.Table> tables =
        standings.stream()
            .map(DatabaseState::status)
            .filter(Objects::nonNull)
            .flatMap(status -> status.tables().values().stream())
            .toList();
    long open = tables.stream().mapToLong(DatabaseStatus.Table::openConflicts).sum();
    long held = tables.stream().mapToLong(DatabaseStatus.Table::held).sum();
    long refused = tables.stream().filter(table -> table.refused() != null).count();
    List<String> parts = new ArrayList<>();
    if (open > 0) {
      parts.add(
          open
              + (open == 1 ? " conflict waits" : " conflicts wait")
              + " for a choice, see `tidemark conflicts`");
    }
    if (held > 0) {
      parts.add(
          held + (held == 1 ? " row is" : " rows are") + " held, see `tidemark status --pending`");
    }
    if (refused > 0) {
      parts.add(refused + (refused == 1 ? " table is" : " tables are") + " not synced, see below");
    }
    if (standings.stream()
        .anyMatch(one -> one.status() != null && one.status().onlyRead() != null)) {
      parts.add("the share can only be read, see below");
    }
    if (standings.stream().anyMatch(DatabaseState::masterIsLeft)) {
      parts.add("the master stays behind, see below");
    }
    return String.join("; ", parts);
  }

  private String since(List<DatabaseState> standings, @Nullable DaemonState daemon) {
    if (daemon != null && daemon.offlineSince() != null) {
      return " since " + Moment.shown(daemon.offlineSince().toEpochMilli(), zone);
    }
    String last =
        standings.stream()
            .map(DatabaseState::lastSync)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .orElse(null);
    return last == null ? "" : ", last synced " + Moment.shown(last, zone);
  }

  private String schedule(Settings settings, @Nullable DaemonState daemon) {
    String every =
        settings.sync().every().map(time -> "every " + Durations.text(time)).orElse("by hand only");
    if (daemon == null) {
      return "schedule: "
          + every
          + who.map(owner -> ", by a daemon" + owner + " that does not listen")
              .orElse(", but the daemon does not run: start it with `tidemark run`");
    }
    if (daemon.paused()) {
      return "schedule: "
          + every
          + ", paused "
          + (daemon.pausedUntil() == null
              ? "until `tidemark resume`"
              : "until " + Moment.shown(daemon.pausedUntil().toEpochMilli(), zone));
    }
    return "schedule: "
        + every
        + (daemon.next() == null
            ? ""
            : ", next at " + Moment.shown(daemon.next().toEpochMilli(), zone));
  }

  private void print(DatabaseState standing) {
    DatabaseStatus status = standing.status();
    String name = standing.name();
    if (status == null) {
      out.println(name + ": cannot be read");
      return;
    }
    out.println(name + ": " + standing.state() + ", " + progress(status));
    out.println("  last sync  " + Moment.shown(standing.lastSync(), zone));
    if (standing.followedFrom() != null) {
      out.println(
          "  place      "
              + standing.place()
              + ", where the ledger was moved to and this workstation followed it; set `master: "
              + standing.place()
              + "` in the config");
    }
    printLastRun(status.lastRun(), status.trouble());
    if (status.trouble() != null) {
      out.println("  trouble    " + status.trouble());
    }
    if (status.onlyRead() != null) {
      out.println("  share      " + status.onlyRead() + "; edits of here stay pending");
    }
    if (status.masterTrouble() != null) {
      out.println("  master     " + status.masterTrouble());
    }
    if (status.leaseOwner() != null) {
      out.println(
          "  folding    "
              + status.leaseOwner()
              + (standing.masterIsLeft()
                  ? " left the master while bringing it up to date; the next runs take it over"
                  : " is bringing the master up to date"));
    } else if (standing.masterIsLeft() && status.masterTrouble() == null) {
      out.println("  master     nobody brought it up to date yet; `tidemark sync` does");
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
      String moved =
          MovedText.text((int) run.pulled(), (int) run.pushed(), (int) run.conflicts(), 0);
      String told = run.status().equals("success") ? moved : run.error();
      out.println(
          "  last run   "
              + Moment.shown(run.timestamp(), zone)
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
                  Moment.shown(table.lastSyncedAt(), zone));
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
