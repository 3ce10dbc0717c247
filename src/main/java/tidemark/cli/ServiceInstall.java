package tidemark.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import tidemark.change.Failure;
import tidemark.config.Settings;
import tidemark.config.SettingsFile;
import tidemark.service.ServiceAccount;
import tidemark.service.WindowsService;

/** `service install`. */
@Command(
    name = "install",
    description = {
      "Lets the system start the daemon at this user's login, and starts it now.",
      "Windows: a scheduled task, Linux: a systemd unit, macOS: a launchd agent.",
      "Installing again replaces what is there."
    })
final class ServiceInstall extends RegistrationCommand {
  @Option(names = "--no-start", description = "Only from the next login on.")
  private boolean later;

  @Option(
      names = "--account",
      paramLabel = "DOMAIN\\NAME",
      description = "With --as-service: who it runs as.")
  private @Nullable String account;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "With --as-service: holds the password; asked for where there is none.")
  private @Nullable Path passwordFile;

  @Option(
      names = "--serve",
      description = "Starts `tidemark serve` instead: the daemon, which lends its places too.")
  private boolean serve;

  ServiceInstall(Start start) {
    super(start);
  }

  @Override
  List<String> change() {
    if (asService()) {
      account();
      WindowsService.requireUnc(onTheShare(read(file(servicesConfig())).settings()));
    } else if (forThisUser()) {
      read(); // a daemon that could not even start is better refused now
    }
    return registration().install(!later);
  }

  /** Not this user's, who only installs it. */
  private Path servicesConfig() {
    return givenConfig()
        .orElse(start.surroundings().get().machineFolder().resolve(SettingsFile.NAME));
  }

  private SettingsFile file(Path config) {
    return new SettingsFile(start.surroundings().get(), Optional.of(config));
  }

  private static Map<String, String> onTheShare(Settings settings) {
    Map<String, String> paths = new LinkedHashMap<>();
    settings
        .databases()
        .forEach(
            (name, database) ->
                database
                    .place()
                    .file()
                    .ifPresent(
                        file -> paths.put("databases." + name + ".master", file.toString())));
    settings.backup().folder().ifPresent(folder -> paths.put("backup.folder", folder.toString()));
    return paths;
  }

  @Override
  protected List<String> arguments() {
    String word = serve ? "serve" : "run";
    return (asService() ? Optional.of(servicesConfig()) : givenConfig())
        .map(file -> List.of(word, "--config", file.toAbsolutePath().normalize().toString()))
        .orElse(List.of(word));
  }

  @Override
  protected Optional<WindowsService.Logon> logon() {
    ServiceAccount who = account();
    return Optional.of(
        new WindowsService.Logon(who, who.needsPassword() ? password(who.name()) : ""));
  }

  private ServiceAccount account() {
    if (account == null) {
      throw new ParameterException(
          spec().commandLine(), "--as-service needs --account DOMAIN\\name");
    }
    return new ServiceAccount(account);
  }

  private String password(String who) {
    if (passwordFile != null) {
      return read(passwordFile);
    }
    @SuppressWarnings("SystemConsoleNull") // where later Javas have one, it says null at the end
    @Nullable Console console = System.console();
    char @Nullable [] typed =
        console == null ? null : console.readPassword("Password of %s: ", who);
    if (typed == null || typed.length == 0) {
      throw new Failure(
          Failure.USAGE,
          "there is no password for " + who,
          "Name a file with --password-file; its first line is taken.");
    }
    return new String(typed);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file)
          .lines()
          .findFirst()
          .map(line -> line.replace("\ufeff", "")) // Notepad's
          .filter(line -> !line.isEmpty())
          .orElseThrow(() -> new IOException("its first line is empty"));
    } catch (IOException e) {
      throw new Failure(
          Failure.USAGE,
          "the password cannot be read from " + file + ": " + e.getMessage(),
          "Name a UTF-8 file whose first line it is.",
          e);
    }
  }
}
