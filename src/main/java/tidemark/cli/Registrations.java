package tidemark.cli;

import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tidemark.change.Failure;
import tidemark.config.Surroundings;
import tidemark.service.LaunchAgent;
import tidemark.service.LinuxLogin;
import tidemark.service.Program;
import tidemark.service.Registration;
import tidemark.service.ScheduledTask;
import tidemark.service.Tools;
import tidemark.service.WindowsService;

/** The ways in which this system can start the daemon. */
final class Registrations {
  /** Options that say something of this very command, or of a file that the next one may lack. */
  private static final List<String> NOT_THE_DAEMONS =
      List.of("-Dtidemark.terminal=", "-Dtidemark.classes=", "-XX:SharedArchiveFile=");

  private final Start start;
  private final Runnable stopDaemon;
  private final Tools tools = Tools.ofThisSystem();

  /**
   * @param stopDaemon ends this user's running daemon, if there is one, in good order
   */
  Registrations(Start start, Runnable stopDaemon) {
    this.start = start;
    this.stopDaemon = stopDaemon;
  }

  Registration thisUsers(List<String> arguments) {
    Surroundings here = start.surroundings().get();
    Program program = program(arguments);
    if (here.windows()) {
      return ScheduledTask.ofUser(tools, program, windowsName(here), stopDaemon);
    }
    return here.osName().startsWith("Mac")
        ? new LaunchAgent(tools, program, here.home())
        : new LinuxLogin(tools, program, here.home(), stopDaemon);
  }

  Registration everybodys(List<String> arguments) {
    requireWindows("--all-users");
    return ScheduledTask.ofEverybody(tools, program(arguments));
  }

  Registration service(List<String> arguments, Optional<WindowsService.Logon> logon) {
    requireWindows("--as-service");
    Path logs = start.surroundings().get().machineFolder().resolve("logs");
    return new WindowsService(tools, program(arguments), logon, logs);
  }

  /** Every way there may be one. */
  List<Registration> all() {
    List<String> run = List.of("run");
    return start.surroundings().get().windows()
        ? List.of(thisUsers(run), everybodys(run), service(run, Optional.empty()))
        : List.of(thisUsers(run));
  }

  private void requireWindows(String option) {
    Surroundings here = start.surroundings().get();
    if (!here.windows()) {
      throw new Failure(
          Failure.USAGE,
          option + " is for Windows, and this is " + here.osName(),
          "`tidemark service install` starts the daemon at this user's login.");
    }
  }

  private static String windowsName(Surroundings here) {
    return here.variable("USERDOMAIN").map(domain -> domain + "\\").orElse("") + here.loginName();
  }

  /** With the Java, and the options, that this very command was started with. */
  private Program program(List<String> arguments) {
    Path home =
        start
            .surroundings()
            .get()
            .installation()
            .orElseThrow(
                () ->
                    new Failure(
                        Failure.USAGE,
                        "it is not known where Tidemark is installed",
                        "Start it by its launcher, `service/tidemark`."));
    List<String> options =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(option -> NOT_THE_DAEMONS.stream().noneMatch(option::startsWith))
            .toList();
    Path java = Path.of(System.getProperty("java.home"));
    return new Program(home, java, jar(home), options, arguments).lasting();
  }

  /** By the installation's own name: the launcher may have used a short one for the class path. */
  private static Path jar(Path home) {
    Path installed = home.resolve("tidemark.jar");
    if (Files.exists(installed)) {
      return installed;
    }
    try {
      return Path.of(
          Registrations.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
