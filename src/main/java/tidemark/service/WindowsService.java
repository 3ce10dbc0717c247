package tidemark.service;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tidemark.change.Failure;
import tidemark.service.Tools.Answer;

/**
 * The daemon as a Windows service under a named account, by Apache Commons Daemon's procrun.
 *
 * <p>The password goes to procrun in the environment, which only the same user and administrators
 * can read, and from there to Windows; command lines are everybody's. Commit point: procrun's
 * `//IS`. Stopping the service is `System.exit`, which ends the daemon as SIGTERM does elsewhere.
 */
public final class WindowsService implements Registration {
  static final String NAME = "Tidemark";
  private static final String MAIN = "tidemark.Tidemark";
  private static final String ELEVATED =
      "Run it as administrator, with the services window closed.";
  private static final String SCM = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\" + NAME;
  private static final String PROCRUN =
      "HKLM\\SOFTWARE\\Wow6432Node\\Apache Software Foundation\\ProcRun 2.0\\" + NAME;

  private final Tools tools;
  private final Program program;
  private final Optional<Logon> logon;
  private final Path logs;

  /**
   * Who it runs as.
   *
   * @param password empty for a managed account
   */
  public record Logon(ServiceAccount account, String password) {}

  /**
   * @param logon needed to install
   * @param logs where procrun writes its own log
   */
  public WindowsService(Tools tools, Program program, Optional<Logon> logon, Path logs) {
    this.tools = tools;
    this.program = program;
    this.logon = logon;
    this.logs = logs;
  }

  /**
   * A service has no mapped drives: what it needs of the share must be UNC paths.
   *
   * @param paths by their keys in the config
   */
  public static void requireUnc(Map<String, String> paths) {
    paths.forEach(
        (key, path) -> {
          if (!path.replace('/', '\\').matches("\\\\\\\\[^\\\\]+\\\\[^\\\\]+\\\\.+")) {
            throw new Failure(
                Failure.USAGE,
                key + " is " + path + ", and a service sees no mapped drives",
                "Write it as \\\\server\\share\\folder\\file, or install without --as-service.");
          }
        });
  }

  @Override
  public List<String> install(boolean start) {
    Logon who = logon.orElseThrow(() -> new IllegalStateException("nobody to run as"));
    List<String> command = installing(who.account());
    List<String> told = new ArrayList<>();
    if (exists()) {
      told.addAll(uninstall());
    }
    Map<String, String> secret =
        who.password().isEmpty() ? Map.of() : Map.of("PR_ServicePassword", who.password());
    makeLogFolder();
    Answer answer = tools.run(secret, command);
    if (!answer.well()) {
      throw new Failure(
          Failure.INCOMPLETE, "the service was not installed: " + answer.inWords(), ELEVATED);
    }
    told.add(
        "The service " + NAME + " starts Tidemark with Windows, as " + who.account().name() + ".");
    new LogonRight(tools).lacking(who.account()).ifPresent(told::add);
    restartAfterFailure().ifPresent(told::add);
    told.add(start ? started() : "It starts with Windows.");
    return told;
  }

  /** procrun gives the account the right to write there, but only once it is there. */
  private void makeLogFolder() {
    try {
      Files.createDirectories(logs);
    } catch (IOException e) {
      throw new Failure(
          Failure.INCOMPLETE, "the folder " + logs + " cannot be made: " + e, ELEVATED, e);
    }
  }

  private List<String> installing(ServiceAccount account) {
    return List.of(
        procrun(),
        "//IS//" + NAME,
        "--DisplayName=" + NAME,
        "--Description=Keeps databases in step with the share",
        "--Startup=auto",
        "--ServiceUser=" + account.name(),
        "--Jvm=" + ansi(tools.name(program.library())),
        "--Classpath=" + ansi(tools.name(program.jar())),
        "--JvmOptions=" + listed(program.options().stream().map(WindowsService::ansi).toList()),
        "--StartMode=jvm",
        "--StartPath=" + tools.name(program.home()),
        "--StartClass=" + MAIN,
        "--StartMethod=main",
        "--StartParams=" + listed(program.arguments()),
        "--StopMode=jvm",
        "--StopClass=java.lang.System",
        "--StopMethod=exit",
        "--StopTimeout=60",
        "--LogPath=" + tools.name(logs),
        "--LogPrefix=service",
        "--StdOutput=auto",
        "--StdError=auto");
  }

  private String procrun() {
    Path shipped = program.home().resolve("service/windows/prunsrv.exe");
    Path built = program.home().resolve("target/procrun/amd64/prunsrv.exe");
    return tools.name(Program.present(Files.exists(shipped) ? shipped : built));
  }

  /** procrun takes a list apart at `;` and `#` unless they stand between apostrophes. */
  static String listed(List<String> values) {
    return values.stream()
        .map(
            value -> {
              if (value.contains("'")) {
                throw new Failure(
                    Failure.USAGE,
                    "procrun cannot take an apostrophe: " + value,
                    "Install Tidemark, and keep its config, in folders without one.");
              }
              return value.matches(".*[;#].*") ? "'" + value + "'" : value;
            })
        .collect(Collectors.joining(";"));
  }

  /** What procrun hands to the JVM goes through the machine's code page. */
  private static String ansi(String text) {
    Charset page = Charset.forName(System.getProperty("native.encoding", "UTF-8"));
    if (!page.newEncoder().canEncode(text)) {
      throw new Failure(
          Failure.USAGE,
          "a service cannot be started from " + text + ": " + page + " lacks some letters of it",
          "Install Tidemark and its Java in folders with plain names.");
    }
    return text;
  }

  private Optional<String> restartAfterFailure() {
    Answer actions =
        tools.run(
            "sc",
            "failure",
            NAME,
            "reset=",
            "86400",
            "actions=",
            "restart/60000/restart/60000/restart/300000");
    Answer flag = tools.run("sc", "failureflag", NAME, "1");
    return actions.well() && flag.well()
        ? Optional.empty()
        : Optional.of("Windows will not restart it by itself after a failure.");
  }

  private String started() {
    Answer answer = tools.run(procrun(), "//ES//" + NAME);
    if (!answer.well()) {
      throw new Failure(
          Failure.INCOMPLETE,
          "the service is installed, but did not start: " + answer.inWords(),
          "Check password and the right to log on as a service; the log is in " + logs + ".");
    }
    return "It was started.";
  }

  private boolean exists() {
    return tools.run("reg", "query", SCM).well();
  }

  @Override
  public List<String> uninstall() {
    if (!exists()) {
      return List.of("There is no service " + NAME + ".");
    }
    tools.run(procrun(), "//SS//" + NAME); // waits until it ended; it may not run at all
    Answer answer = tools.run("sc", "delete", NAME);
    if (!answer.well()) {
      throw new Failure(
          Failure.INCOMPLETE, "the service was not deleted: " + answer.inWords(), ELEVATED);
    }
    tools.run("reg", "delete", PROCRUN, "/f");
    return List.of("The service " + NAME + " is gone.");
  }

  @Override
  public Standing status() {
    Answer registry = tools.run("reg", "query", SCM);
    if (!registry.well()) {
      return Standing.none("There is no service " + NAME + ".");
    }
    String account = value(registry.text(), "ObjectName");
    return new Standing(
        true,
        List.of(
            "The service " + NAME + " starts Tidemark with Windows, as " + account + ".",
            "program: " + value(registry.text(), "ImagePath"),
            state(tools.run("sc", "query", NAME).text())));
  }

  private static String value(String registry, String name) {
    Matcher value = Pattern.compile(name + "\\s+REG_\\w+\\s+(.*)").matcher(registry);
    return value.find() ? value.group(1).strip() : "unknown";
  }

  /** By number: the word before it is in the language of the system. */
  static String state(String answer) {
    Matcher state = Pattern.compile(":\\s+([1-7])\\s+[A-Z_]+").matcher(answer);
    if (!state.find()) {
      return "Windows does not say whether it runs.";
    }
    return switch (state.group(1)) {
      case "1" -> "It does not run.";
      case "4" -> "It runs.";
      default -> "It is being started or stopped.";
    };
  }
}
