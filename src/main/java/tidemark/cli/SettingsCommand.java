package tidemark.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tidemark.app.Database;
import tidemark.app.Lending;
import tidemark.app.RunningDaemon;
import tidemark.app.Workstation;
import tidemark.change.Failure;
import tidemark.config.LogSettings;
import tidemark.config.Settings;
import tidemark.config.SettingsFile;
import tidemark.config.SettingsInForce;
import tidemark.control.OwnersFolder;
import tidemark.log.ProgramLog;

/** What all commands with a config have in common. */
abstract class SettingsCommand implements Callable<Integer> {
  protected final Start start;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--config", paramLabel = "FILE", description = "The config to go by.")
  private @Nullable Path config;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  private Optional<String> contact = Optional.empty();

  SettingsCommand(Start start) {
    this.start = start;
  }

  /** Does it, and says with which code the program ends. */
  abstract int run();

  @Override
  public final Integer call() {
    try {
      return run();
    } catch (Failure failure) {
      throw withContact(failure);
    } finally {
      out().flush();
    }
  }

  protected final SettingsFile settingsFile() {
    return new SettingsFile(start.surroundings().get(), givenConfig());
  }

  /** What `--config` says. */
  protected final Optional<Path> givenConfig() {
    return Optional.ofNullable(config());
  }

  /** What is said before a subcommand holds for it, too. */
  private @Nullable Path config() {
    return config == null && parent() instanceof SettingsCommand above ? above.config() : config;
  }

  protected final @Nullable Object parent() {
    CommandLine above = spec().commandLine().getParent();
    return above == null ? null : above.getCommand();
  }

  protected final Workstation workstation() {
    Settings settings = read().settings(); // first: what comes now can log, and opens the log
    return new Workstation(settings, start.surroundings().get(), start.clock());
  }

  /** One that runs is found though the config is wrong by now. */
  protected final RunningDaemon runningDaemon() {
    try {
      return workstation().running();
    } catch (Failure wrong) {
      RunningDaemon running = new RunningDaemon(settingsFile().state());
      if (running.who().isEmpty()) {
        throw wrong;
      }
      return running;
    }
  }

  /** Reads the config; from here on the log is where it says. */
  protected final SettingsInForce read() {
    return read(settingsFile());
  }

  protected final SettingsInForce read(SettingsFile file) {
    SettingsInForce inForce = file.read();
    Settings settings = inForce.settings();
    contact = settings.contact();
    LogSettings log = settings.log();
    Path logs = settings.state().resolve("logs");
    ProgramLog.begin(logs, log.keepDays(), log.level().name());
    List<Path> below = new ArrayList<>(Workstation.folders(settings));
    below.add(logs);
    below.add(Lending.folder(settings));
    OwnersFolder.make(settings.state(), below); // only now: whatever can log opens the log
    inForce.warnings().forEach(warning -> ErrorLines.tell(err(), warning, ""));
    return inForce;
  }

  /**
   * The database for what is not to be done to all of them by an oversight.
   *
   * @param name empty where none was named
   */
  protected final Database theOne(Workstation workstation, String name) {
    List<Database> meant = workstation.databases(name.isEmpty() ? List.of() : List.of(name));
    if (meant.size() != 1) {
      throw new ParameterException(
          spec().commandLine(),
          "there are several databases; say which with --db: "
              + String.join(", ", workstation.settings().databases().keySet()));
    }
    return meant.get(0);
  }

  /** Whom to ask stands with every error. */
  protected final Failure withContact(Failure failure) {
    String whom = contact.map(text -> "Contact: " + text + ".").orElse("");
    if (whom.isEmpty() || failure.hint().contains(whom)) {
      return failure;
    }
    String hint = failure.hint().strip();
    String dot = hint.isEmpty() || hint.endsWith(".") ? "" : ".";
    return new Failure(
        failure.exitCode(), failure.whatFailed(), (hint + dot + " " + whom).strip(), failure);
  }

  protected final CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("not run as a command");
    }
    return spec;
  }

  protected final Screen out() {
    return new Screen(spec().commandLine().getOut());
  }

  protected final PrintWriter err() {
    return spec().commandLine().getErr();
  }
}
