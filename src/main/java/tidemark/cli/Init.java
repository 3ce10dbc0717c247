package tidemark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import tidemark.change.Failure;
import tidemark.config.EditorSchema;
import tidemark.config.Settings;
import tidemark.config.SettingsWriter;
import tidemark.config.WholeFile;
import tidemark.daemon.PathCheck;

/**
 * `init`: writes a config, once the share is known to be there.
 *
 * <p>Commit point: the rename of the whole, checked file; a config that is there already stays
 * unless `--force` says otherwise, and then stays as a copy.
 */
@Command(
    name = "init",
    description = {
      "Writes a config, after it was tried out.",
      "PATH may hold variables such as %%APPDATA%% or $${HOME}."
    })
final class Init extends SettingsCommand {
  private static final Pattern NAMED = Pattern.compile("([\\p{L}\\p{N}_-]+)=(.+)");

  @Option(
      names = "--local",
      paramLabel = "[NAME=]PATH",
      required = true,
      description = "The application's database here; its name is the file's unless given.")
  private List<String> locals = new ArrayList<>();

  @Option(
      names = "--master",
      paramLabel = "[NAME=]PATH",
      required = true,
      description = "The master on the share.")
  private List<String> masters = new ArrayList<>();

  @Option(names = "--user", paramLabel = "NAME", description = "Who edits are signed by.")
  private String user = "";

  @Option(names = "--workstation", paramLabel = "NAME", description = "This machine's name.")
  private String workstation = "";

  @Option(names = "--state", paramLabel = "FOLDER", description = "Where logs and the like go.")
  private String state = "";

  @Option(names = "--force", description = "Replaces a config that is there already.")
  private boolean force;

  Init(Start start) {
    super(start);
  }

  @Override
  int run() {
    Path target = settingsFile().own();
    if (Files.exists(target) && !force) {
      throw new Failure(
          Failure.USAGE,
          "There is a config already: " + target,
          "Edit it, or replace it with --force.");
    }
    String text = text();
    try {
      byte[] content = text.getBytes(UTF_8);
      tryOut(settingsFile().readAs(content).settings());
      if (Files.exists(target)) {
        Path former = target.resolveSibling(target.getFileName() + ".bak");
        Files.copy(target, former, StandardCopyOption.REPLACE_EXISTING);
        out().println("The former config is kept as " + former);
      }
      WholeFile.write(target, content);
    } catch (IOException e) {
      throw new Failure(
          Failure.INCOMPLETE,
          "the config " + target + " cannot be written: " + e,
          "Make its folder writable for this user, or name another one with --config.",
          e);
    }
    out().println("Wrote " + target);
    out().println("  Next: tidemark sync --config " + target);
    return 0;
  }

  private String text() {
    Map<String, String> local = byName("--local", locals);
    Map<String, String> master = byName("--master", masters);
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
    put(chosen, "state", absolute(state));
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

  /** `server=/data/server.db`, or a path whose file gives the name. */
  private Map<String, String> byName(String option, List<String> given) {
    Map<String, String> paths = new LinkedHashMap<>();
    for (String text : given) {
      Matcher named = NAMED.matcher(text);
      boolean isNamed = named.matches();
      String path = absolute(isNamed ? named.group(2) : text);
      String name = isNamed ? named.group(1) : nameOf(path);
      if (paths.put(name, path) != null) {
        throw new ParameterException(
            spec().commandLine(), option + " names the database " + name + " twice");
      }
    }
    return paths;
  }

  private static String nameOf(String path) {
    String file = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }

  /** The daemon will not run in this folder; what variables hold is not known before. */
  private String absolute(String path) {
    if (path.isBlank() || path.matches(".*[%$].*") || path.startsWith("\\\\")) {
      return path;
    }
    try {
      return Path.of(path).toAbsolutePath().normalize().toString();
    } catch (InvalidPathException e) {
      throw new ParameterException(spec().commandLine(), "'" + path + "' is no path", e);
    }
  }

  private void tryOut(Settings settings) {
    for (PathCheck.Finding finding : PathCheck.of(settings)) {
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
