package tidemark.cli;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tidemark.change.Failure;
import tidemark.daemon.Daemon;
import tidemark.daemon.Database;

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
    Daemon daemon;
    try {
      daemon = daemon().forAGlance();
    } catch (Failure failure) {
      if (json()) {
        boolean made = Files.exists(settingsFile().own());
        out().println(StatusJson.withoutConfig(made ? "error" : "unconfigured", failure));
      }
      throw failure;
    }
    List<Standing> standings = new ArrayList<>();
    for (Database database : databases(daemon)) {
      standings.add(Standing.of(database, pending));
    }
    if (json()) {
      out().println(new StatusJson(daemon.settings(), standings, pending).text());
    } else {
      new StatusText(out(), start.clock()).print(daemon.settings(), standings, pending);
    }
    return exitCode(standings);
  }

  /** A share that is away is an answer; a database that cannot be read is a failure. */
  private int exitCode(List<Standing> standings) {
    int worst = 0;
    for (Standing standing : standings) {
      Failure failure = standing.failure();
      if (failure != null) {
        ErrorLines.tell(err(), failure.whatFailed(), withContact(failure).hint());
        worst = Math.max(worst, failure.exitCode());
      }
    }
    return worst;
  }
}
