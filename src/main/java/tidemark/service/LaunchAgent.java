package tidemark.service;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tidemark.change.Failure;
import tidemark.service.Tools.Answer;

/**
 * The daemon as an agent of a macOS user's launchd.
 *
 * <p>Commit point: the property list, written whole, which launchd reads at each login.
 */
public final class LaunchAgent implements Registration {
  static final String LABEL = "tidemark";

  private final Tools tools;
  private final Program program;
  private final Path home;
  private final Path file;

  public LaunchAgent(Tools tools, Program program, Path home) {
    this.tools = tools;
    this.program = program;
    this.home = home;
    this.file = home.resolve("Library/LaunchAgents").resolve(LABEL + ".plist");
  }

  static String text(Program program, Path home) {
    List<String> command = new ArrayList<>();
    command.add(program.launcher().toString());
    command.addAll(program.arguments());
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
        <plist version="1.0">
        <dict>
          <key>Label</key>
          <string>%s</string>
          <key>ProgramArguments</key>
          <array>
        %s
          </array>
          <key>EnvironmentVariables</key>
          <dict>
            <key>JAVA_HOME</key>
            <string>%s</string>
          </dict>
          <key>WorkingDirectory</key>
          <string>%s</string>
          <key>RunAtLoad</key>
          <true/>
          <key>KeepAlive</key>
          <dict>
            <key>SuccessfulExit</key>
            <false/>
          </dict>
          <key>ThrottleInterval</key>
          <integer>30</integer>
          <key>Nice</key>
          <integer>5</integer>
          <key>StandardErrorPath</key>
          <string>%s</string>
        </dict>
        </plist>
        """
        .formatted(
            LABEL,
            command.stream()
                .map(argument -> "    <string>" + Quoting.xml(argument) + "</string>")
                .collect(Collectors.joining("\n")),
            Quoting.xml(program.java().toString()),
            Quoting.xml(home.toString()),
            Quoting.xml(home.resolve("Library/Logs/tidemark.log").toString()));
  }

  @Override
  public List<String> install(boolean start) {
    TextFile.write(file, text(program, home));
    List<String> told = new ArrayList<>();
    told.add("The agent " + file + " starts Tidemark at the login of this user.");
    if (start) {
      tools.run("launchctl", "bootout", target()); // a former one, if it is there
      Answer answer = tools.run("launchctl", "bootstrap", domain(), file.toString());
      if (!answer.well()) {
        throw new Failure(
            Failure.INCOMPLETE,
            "launchd did not start it: " + answer.inWords(),
            "It starts at the next login; `launchctl print " + target() + "` says more.");
      }
      told.add("It was started.");
    } else {
      told.add("It starts at the next login.");
    }
    return told;
  }

  @Override
  public List<String> uninstall() {
    if (!Files.exists(file)) {
      return List.of("There is no agent " + file + ".");
    }
    tools.run("launchctl", "bootout", target()); // which ends it with SIGTERM
    TextFile.delete(file);
    return List.of("The agent " + file + " is gone.");
  }

  @Override
  public Standing status() {
    if (!Files.exists(file)) {
      return Standing.none("There is no agent " + file + ".");
    }
    Answer answer = tools.run("launchctl", "print", target());
    List<String> lines = new ArrayList<>();
    lines.add("The agent " + file + " starts Tidemark at the login of this user.");
    lines.add(
        answer.well()
            ? "launchd: "
                + answer
                    .text()
                    .lines()
                    .map(String::strip)
                    .filter(line -> line.matches("(state|program|last exit code|pid) = .*"))
                    .collect(Collectors.joining(", "))
            : "launchd has not loaded it: " + answer.inWords());
    return new Standing(true, lines);
  }

  private String domain() {
    return "gui/" + tools.run("id", "-u").text().strip();
  }

  private String target() {
    return domain() + "/" + LABEL;
  }
}
