package tidemark.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tidemark.app.Demo;
import tidemark.app.Demo.Desk;
import tidemark.app.RunningDaemon;
import tidemark.config.SettingsFile;
import tidemark.config.SettingsInForce;
import tidemark.config.Surroundings;
import tidemark.daemon.DaemonProcess;
import tidemark.service.Browser;

/** `run`: the daemon, in the foreground. */
@Command(name = "run", description = "Runs the daemon until it is stopped.")
final class RunCommand extends SettingsCommand {
  @Option(
      names = "--demo",
      description = "Runs it on sample data in a temporary folder, whatever the config says.")
  private boolean demo;

  RunCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    return demo ? runDemo() : run(settingsFile(), start.surroundings().get(), () -> {});
  }

  private int run(SettingsFile file, Surroundings surroundings, Runnable greeted) {
    SettingsInForce inForce = read(file);
    DaemonProcess process =
        new DaemonProcess(file, inForce, surroundings, start.clock(), start.version());
    Thread onSignal = new Thread(process::stopAndWait, "signal");
    Runtime.getRuntime().addShutdownHook(onSignal);
    process.run(
        port -> {
          greet(inForce.settings().user(), port);
          greeted.run();
        });
    return 0;
  }

  private void greet(String user, @Nullable Integer port) {
    out()
        .println(
            port == null
                ? "Tidemark runs for " + user + ". Ctrl-C ends it."
                : "Tidemark runs for "
                    + user
                    + ", listening at 127.0.0.1:"
                    + port
                    + ". Ctrl-C or `tidemark stop` ends it.");
    out().flush();
  }

  /** Anna's workstation is looked after; Ben's has edits that she has not got yet. */
  private int runDemo() {
    Path folder = DemoTale.folder();
    Demo sample = new Demo(folder, start.surroundings().get(), start.clock());
    Desk anna = sample.desk("anna");
    Desk ben = sample.desk("ben");
    sample.fill(anna);
    List.of(anna, ben).forEach(sample::sync);
    sample.work(ben);
    sample.sync(ben);
    sample.work(anna);
    out().println("A share and two workstations, in " + folder);
    out().println("Edit " + anna.local() + ", or look at it, in another window:");
    out().println("  tidemark status --config " + anna.config());
    out().println("  tidemark conflicts --config " + anna.config());
    out().println("  tidemark open --config " + anna.config());
    SettingsFile file = sample.settingsFile(anna);
    return run(file, sample.surroundings(), () -> openPage(file.read().settings().state()));
  }

  /** Only before somebody's eyes. */
  private void openPage(Path state) {
    if (start.person().get().isPresent()) {
      new RunningDaemon(state)
          .client()
          .ifPresent(
              running -> new Browser(start.surroundings().get()).open(running.pageAddress()));
    }
  }
}
