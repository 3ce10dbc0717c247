package tidemark.cli;

import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tidemark.app.Database;
import tidemark.app.Workstation;
import tidemark.change.Failure;
import tidemark.control.ControlClient;
import tidemark.say.DaemonState;
import tidemark.say.DatabaseState;
import tidemark.say.Moment;
import tidemark.say.StatusJson;

/** `status`: how everything stands, at one glance. */
@Command(name = "status", description = "Tells how everything stands.")
final class StatusCommand extends DataCommand {
  @Option(
      names = "--pending",
      description = "Lists every row that waits, is held back or stands in an open conflict.")
  private boolean pending;

  StatusCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    Workstation workstation;
    try {
      workstation = workstation().forAGlance();
    } catch (Failure failure) {
      boolean made = Files.exists(settingsFile().own());
      if (json()) {
        out().println(StatusJson.withoutConfig(made ? "error" : "unconfigured", failure));
      } else if (!made) {
        out().println("not set up");
      }
      tellOfOneThatRunsOn();
      throw failure;
    }
    List<DatabaseState> standings = new ArrayList<>();
    for (Database database : databases(workstation)) {
      standings.add(database.standing().tell(pending));
    }
    DaemonState running = running(workstation);
    if (json()) {
      out().println(new StatusJson(workstation.settings(), standings, pending, running).text());
    } else {
      new StatusText(out(), start.clock(), workstation.running().who())
          .print(workstation.settings(), standings, running, pending);
    }
    return exitCode(standings);
  }

  private void tellOfOneThatRunsOn() {
    try {
      DaemonState state = runningDaemon().client().map(ControlClient::state).orElse(null);
      if (state != null && !json()) {
        Instant next = state.next();
        out()
            .println(
                "The daemon runs on with the config it had"
                    + (next == null
                        ? "."
                        : ", next sync at "
                            + Moment.shown(next.toEpochMilli(), start.clock().getZone())
                            + "."));
      }
    } catch (Failure failure) {
      // what is wrong is told by the caller: none runs, and none can be started
    }
  }

  /** One that does not answer is told of, and the rest is told without it. */
  private @Nullable DaemonState running(Workstation workstation) {
    try {
      return workstation.running().client().map(ControlClient::state).orElse(null);
    } catch (Failure failure) {
      ErrorLines.tell(err(), failure.whatFailed(), withContact(failure).hint());
      return null;
    }
  }

  /** A share that is away is an answer; a database that cannot be read is a failure. */
  private int exitCode(List<DatabaseState> standings) {
    int worst = 0;
    for (DatabaseState standing : standings) {
      Failure failure = standing.failure();
      if (failure != null) {
        ErrorLines.tell(err(), failure.whatFailed(), withContact(failure).hint());
        worst = Math.max(worst, failure.exitCode());
      }
    }
    return worst;
  }
}
