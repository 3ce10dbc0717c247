package tidemark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import tidemark.app.RunningDaemon;
import tidemark.change.Failure;
import tidemark.control.ControlClient;
import tidemark.service.Registration;
import tidemark.service.WindowsService;

/**
 * A command that changes how the system starts the daemon; silent for software distribution, with a
 * log to look at afterwards.
 */
abstract class RegistrationCommand extends SettingsCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  @Option(
      names = "--all-users",
      description = "Windows: for everybody who logs on here; for an administrator or SYSTEM.")
  private boolean allUsers;

  @Option(
      names = "--as-service",
      description = "Windows: as a service under an account of its own, for an administrator.")
  private boolean asService;

  @Option(names = "--silent", description = "Prints nothing, for software distribution.")
  private boolean silent;

  @Option(names = "--log", paramLabel = "FILE", description = "Writes what was done there, too.")
  private @Nullable Path log;

  protected final Registrations registrations;

  RegistrationCommand(Start start) {
    super(start);
    registrations = new Registrations(start, this::stopDaemon);
  }

  /** Does it, and says what was done. */
  abstract List<String> change();

  protected final boolean forThisUser() {
    return !allUsers && !asService;
  }

  protected final boolean asService() {
    return asService;
  }

  protected final Registration registration() {
    if (allUsers && asService) {
      throw new ParameterException(
          spec().commandLine(), "--all-users and --as-service exclude each other");
    }
    if (allUsers) {
      return registrations.everybodys(arguments());
    }
    return asService
        ? registrations.service(arguments(), logon())
        : registrations.thisUsers(arguments());
  }

  /** What the daemon is started with. */
  protected List<String> arguments() {
    return List.of("run");
  }

  protected Optional<WindowsService.Logon> logon() {
    return Optional.empty();
  }

  @Override
  final int run() {
    try {
      List<String> told = change();
      if (!silent) {
        told.forEach(out()::println);
      }
      note(told);
      return 0;
    } catch (Failure failure) {
      note(List.of("failed (" + failure.exitCode() + "): " + failure.whatFailed(), failure.hint()));
      if (silent) {
        return failure.exitCode();
      }
      throw failure;
    }
  }

  /** Whatever goes wrong with it, the system's registration can be changed all the same. */
  private void stopDaemon() {
    try {
      RunningDaemon daemon = runningDaemon();
      daemon.client().ifPresent(ControlClient::stop);
      if (!daemon.endsWithin(PATIENCE)) {
        note(List.of("the running daemon has not ended yet"));
      }
    } catch (Failure failure) {
      note(List.of("the running daemon was not ended: " + failure.whatFailed()));
    }
  }

  private void note(List<String> told) {
    if (log == null) {
      return;
    }
    String moment = start.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString();
    List<String> lines = new ArrayList<>();
    lines.add(moment + " service " + spec().name());
    told.forEach(line -> lines.add("  " + line));
    try {
      Files.createDirectories(log.toAbsolutePath().resolveSibling("."));
      Files.write(log, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new Failure(
          Failure.USAGE, "the log " + log + " cannot be written: " + e, "Name another --log.", e);
    }
  }
}
