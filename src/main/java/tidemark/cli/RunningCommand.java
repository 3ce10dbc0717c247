package tidemark.cli;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import tidemark.app.RunningDaemon;
import tidemark.change.Failure;
import tidemark.config.Durations;
import tidemark.control.ControlClient;
import tidemark.say.DaemonState;
import tidemark.say.Moment;
import tidemark.service.Browser;

/** A command to the running daemon. */
abstract class RunningCommand extends SettingsCommand {
  private static final Duration START = Duration.ofSeconds(3);

  RunningCommand(Start start) {
    super(start);
  }

  abstract int run(RunningDaemon daemon, ControlClient running);

  @Override
  final int run() {
    RunningDaemon daemon = runningDaemon();
    String who = daemon.who().orElse(null);
    if (who == null) {
      return withoutDaemon();
    }
    return run(
        daemon,
        daemon
            .clientWithin(START)
            .orElseThrow(
                () ->
                    new Failure(
                        Failure.BUSY,
                        "the daemon" + who + " does not listen",
                        "`control: port: off` in its config keeps it from listening; to stop it, end that process: that harms nothing.")));
  }

  int withoutDaemon() {
    throw new Failure(
        Failure.INCOMPLETE, "the daemon does not run", "Start it with `tidemark run`.");
  }

  /** `pause`: hold. */
  @Command(name = "pause", description = "Lets the running daemon hold: nothing syncs by itself.")
  static final class Pause extends RunningCommand {
    @Option(
        names = "--for",
        paramLabel = "TIME",
        description = "Goes on by itself after this time, as in 2h.")
    private @Nullable String howLong;

    Pause(Start start) {
      super(start);
    }

    @Override
    int run(RunningDaemon daemon, ControlClient running) {
      Instant until = running.pause(howLong == null ? null : time(howLong)).pausedUntil();
      out()
          .println(
              until == null
                  ? "Paused. `tidemark resume` goes on."
                  : "Paused until "
                      + Moment.shown(until.toEpochMilli(), start.clock().getZone())
                      + ".");
      return 0;
    }

    private Duration time(String text) {
      return Durations.parse(text)
          .filter(time -> !time.isZero())
          .orElseThrow(
              () ->
                  new ParameterException(
                      spec().commandLine(), "'" + text + "' is no time; accepted: 90s, 30m, 2h"));
    }
  }

  /** `resume`: go on. */
  @Command(name = "resume", description = "Lets the running daemon go on.")
  static final class Resume extends RunningCommand {
    Resume(Start start) {
      super(start);
    }

    @Override
    int run(RunningDaemon daemon, ControlClient running) {
      DaemonState state = running.resume();
      Instant next = state.next();
      out()
          .println(
              next == null
                  ? "Goes on."
                  : "Goes on; next sync at "
                      + Moment.shown(next.toEpochMilli(), start.clock().getZone())
                      + ".");
      return 0;
    }
  }

  /** `open`: a look. */
  @Command(name = "open", description = "Opens the running daemon's page in the browser.")
  static final class Open extends RunningCommand {
    @Option(
        names = "--print",
        description = "Prints its address instead, which is good once and for a minute.")
    private boolean print;

    Open(Start start) {
      super(start);
    }

    @Override
    int run(RunningDaemon daemon, ControlClient running) {
      URI address = running.pageAddress();
      if (print) {
        out().println(address);
        return 0;
      }
      if (!new Browser(start.surroundings().get()).open(address)) {
        throw new Failure(
            Failure.INCOMPLETE,
            "no browser could be started here",
            "`tidemark open --print` prints an address to paste into one on this machine.");
      }
      out().println("The page is open in the browser.");
      return 0;
    }
  }

  /** `stop`: the end. */
  @Command(name = "stop", description = "Ends the running daemon.")
  static final class Stop extends RunningCommand {
    Stop(Start start) {
      super(start);
    }

    @Override
    int run(RunningDaemon daemon, ControlClient running) {
      running.stop();
      if (!daemon.endsWithin(Duration.ofSeconds(45))) {
        throw new Failure(
            Failure.BUSY,
            "the daemon has not ended yet",
            "It finishes what it is at; ask again, or end its process: that harms nothing.");
      }
      out().println("Stopped.");
      return 0;
    }

    @Override
    int withoutDaemon() {
      out().println("The daemon does not run.");
      return 0;
    }
  }
}
