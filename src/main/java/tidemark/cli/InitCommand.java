package tidemark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import tidemark.app.FoundDatabases;
import tidemark.app.PathCheck;
import tidemark.app.Tried;
import tidemark.change.Failure;
import tidemark.config.DatabaseSettings;
import tidemark.config.EditorSchema;
import tidemark.config.Settings;
import tidemark.config.SettingsEdit;
import tidemark.config.SettingsWriter;
import tidemark.config.WholeFile;

/**
 * `init`: writes a config, once the share is known to be there; asks for what no option says.
 *
 * <p>Commit point: the rename of the whole, checked file; a config that is there already stays
 * unless `--force` or the user says otherwise, and then stays as a copy.
 */
@Command(
    name = "init",
    description = {
      "Writes a config, after it was tried out. Asks for what it is not told.",
      "PATH may hold variables such as %%APPDATA%% or $${HOME}."
    })
final class InitCommand extends SettingsCommand {
  @Option(
      names = "--local",
      paramLabel = "[NAME=]PATH",
      description = "The application's database here; its name is the file's unless given.")
  private List<String> locals = new ArrayList<>();

  @Option(names = "--master", paramLabel = "[NAME=]PATH", description = "The master on the share.")
  private List<String> masters = new ArrayList<>();

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      description = "How often to sync: 1m to 24h, or `manual`.")
  private String every = "";

  @Option(names = "--user", paramLabel = "NAME", description = "Who edits are signed by.")
  private String user = "";

  @Option(names = "--workstation", paramLabel = "NAME", description = "This machine's name.")
  private String workstation = "";

  @Option(names = "--state", paramLabel = "FOLDER", description = "Where logs and the like go.")
  private String state = "";

  @Option(
      names = "--create",
      description = "A database that is neither here nor on the share is meant to begin empty.")
  private boolean create;

  @Option(names = "--force", description = "Replaces a config that is there already.")
  private boolean force;

  InitCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    boolean isTold = !locals.isEmpty() && !masters.isEmpty();
    Optional<InitDialogue> dialogue =
        isTold ? Optional.empty() : Optional.of(new InitDialogue(person(), out()));
    Path target = settingsFile().own();
    if (Files.exists(target) && !force) {
      if (dialogue.isEmpty()) {
        throw new Failure(
            Failure.USAGE,
            "There is a config already: " + target,
            "Edit it, or replace it with --force.");
      }
      if (!dialogue.get().mayReplace(target)) {
        out().println("It stays as it is.");
        return 0;
      }
    }
    if (!every.isEmpty()) {
      edit().requireAccepted("sync.every", every);
    }
    dialogue.ifPresent(this::ask);
    String text = text(paths("--local", locals), paths("--master", masters));
    Settings settings = drafted(text);
    tryOut(settings);
    if (!beginsWithSomething(settings, dialogue)) {
      out().println("Nothing was written.");
      return Failure.USAGE;
    }
    write(target, text);
    out().println("Wrote " + target);
    out()
        .println(
            "  The first sync adds the columns updated_at, updated_by and synced_at to tables without them,");
    out()
        .println(
            "  triggers, and tables sync_...: an INSERT that names no columns fails after that.");
    out()
        .println(
            "  Next: tidemark sync"
                + (create ? " --create" : "")
                + (isNamed() ? " --config " + target : ""));
    out().println("  Then, to have it run at each login: tidemark service install");
    return 0;
  }

  private Person person() {
    return start
        .person()
        .get()
        .orElseThrow(
            () ->
                new ParameterException(
                    spec().commandLine(),
                    "nobody can be asked here, so --local and --master must be given"));
  }

  private boolean isNamed() {
    return !settingsFile().why().isEmpty();
  }

  // ---- what is asked

  private void ask(InitDialogue dialogue) {
    if (locals.isEmpty()) {
      Path folder = FoundDatabases.folder(start.surroundings().get());
      locals =
          dialogue.databases(folder, FoundDatabases.in(folder), path -> objection(List.of(path)));
    }
    if (masters.isEmpty()) {
      String share = dialogue.share(this::objectionToShare);
      masters = mastersIn(share);
    }
    if (every.isEmpty()) {
      every = dialogue.interval(this::objectionToInterval);
    }
  }

  private Optional<String> objection(List<String> paths) {
    return objection(
        () -> {
          Map<String, String> local = paths("--local", paths);
          Map<String, String> nowhere = new LinkedHashMap<>();
          local.forEach((name, path) -> nowhere.put(name, path + "-master"));
          return new PathCheck(drafted(text(local, nowhere)), start.surroundings().get()).locals();
        });
  }

  private Optional<String> objectionToShare(String folder) {
    return objection(
        () -> {
          Map<String, String> local = paths("--local", locals);
          Map<String, String> master = paths("--master", mastersIn(folder));
          List<Tried> found =
              new PathCheck(drafted(text(local, master)), start.surroundings().get()).masters();
          if (found.stream().allMatch(finding -> finding.exitCode() == 0)) {
            found.forEach(finding -> out().println("  " + finding.path() + " " + finding.what()));
          }
          return found;
        });
  }

  private Optional<String> objectionToInterval(String interval) {
    return objection(
        () -> {
          edit().requireAccepted("sync.every", interval);
          return List.of();
        });
  }

  private static Optional<String> objection(Supplier<List<Tried>> trial) {
    try {
      return trial.get().stream()
          .filter(finding -> finding.exitCode() != 0)
          .findFirst()
          .map(finding -> finding.path() + " " + finding.what() + "\n" + finding.hint());
    } catch (Failure failure) {
      return Optional.of(failure.whatFailed() + "\n" + failure.hint());
    } catch (ParameterException wrong) {
      return Optional.of(String.valueOf(wrong.getMessage()));
    }
  }

  // ---- what is written

  private String text(Map<String, String> local, Map<String, String> master) {
    if (!local.keySet().equals(master.keySet())) {
      throw new ParameterException(
          spec().commandLine(),
          "--local names " + local.keySet() + " and --master names " + master.keySet());
    }
    Map<String, SettingsWriter.Paths> databases = new LinkedHashMap<>();
    local.forEach(
        (name, path) ->
            databases.put(name, new SettingsWriter.Paths(path, master.getOrDefault(name, ""))));
    Map<String, String> chosen = new LinkedHashMap<>();
    put(chosen, "user", user);
    put(chosen, "workstation", workstation);
    put(chosen, "state", NamedPaths.absolute(state));
    put(chosen, "sync.every", every);
    return new SettingsWriter(schema()).write(databases, chosen);
  }

  /** The one that came with this version. */
  private Optional<String> schema() {
    return start
        .surroundings()
        .get()
        .installation()
        .map(folder -> folder.resolve("config").resolve(EditorSchema.NAME))
        .filter(Files::exists)
        .map(file -> file.toUri().toString());
  }

  private static void put(Map<String, String> chosen, String key, String value) {
    if (!value.isBlank()) {
      chosen.put(key, value);
    }
  }

  private Map<String, String> paths(String option, List<String> given) {
    try {
      return NamedPaths.of(given);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(
          spec().commandLine(), option + " " + String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private List<String> mastersIn(String folder) {
    return NamedPaths.beside(paths("--local", locals), folder);
  }

  private SettingsEdit edit() {
    return new SettingsEdit(settingsFile(), start.surroundings().get());
  }

  /** A mistyped path looks like a database that nobody has made yet. */
  private boolean beginsWithSomething(Settings settings, Optional<InitDialogue> dialogue) {
    if (create) {
      return true;
    }
    for (DatabaseSettings nothing :
        new PathCheck(settings, start.surroundings().get()).withNothing()) {
      String what =
          "neither " + nothing.local() + " nor its master " + nothing.place() + " is there";
      if (dialogue.isEmpty()) {
        throw new Failure(
            Failure.USAGE,
            what,
            "Correct the path, or say --create to begin with an empty database. Nothing was written.");
      }
      if (!dialogue.get().mayBeginEmpty(what)) {
        return false;
      }
      create = true;
    }
    return true;
  }

  private Settings drafted(String text) {
    return settingsFile().readAs(text.getBytes(UTF_8)).settings();
  }

  private void write(Path target, String text) {
    try {
      if (Files.exists(target)) {
        Path former = target.resolveSibling(target.getFileName() + ".bak");
        Files.copy(target, former, StandardCopyOption.REPLACE_EXISTING);
        out().println("The former config is kept as " + former);
      }
      WholeFile.write(target, text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new Failure(
          Failure.INCOMPLETE,
          "the config " + target + " cannot be written: " + e,
          "Make its folder writable for this user, or name another one with --config.",
          e);
    }
  }

  private void tryOut(Settings settings) {
    for (Tried finding : new PathCheck(settings, start.surroundings().get()).all()) {
      if (finding.exitCode() != 0) {
        throw new Failure(
            finding.exitCode(),
            finding.key() + ": " + finding.path() + " " + finding.what(),
            finding.hint() + " Nothing was written.");
      }
      out().println(finding.key() + ": " + finding.path() + " " + finding.what());
    }
  }
}
