package tidemark.service;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tidemark.change.Failure;
import tidemark.service.Tools.Answer;

/**
 * The daemon as a unit of this user's systemd.
 *
 * <p>Commit point: the unit's file, written whole; `daemon-reload` makes it known.
 */
final class SystemdUnit implements Registration {
  static final String UNIT = "tidemark.service";

  private final Tools tools;
  private final Program program;
  private final Path file;

  SystemdUnit(Tools tools, Program program, Path home) {
    this.tools = tools;
    this.program = program;
    this.file = home.resolve(".config/systemd/user").resolve(UNIT);
  }

  /** Whether this user has a systemd, and it can be reached. */
  boolean possible() {
    return tools.run("systemctl", "--user", "show-environment").well();
  }

  /** The program's end by SIGTERM is what `stop` is; somebody else's running daemon no fault. */
  static String text(Program program) {
    String arguments =
        program.arguments().stream()
            .map(argument -> " " + Quoting.systemdArgument(argument))
            .collect(Collectors.joining());
    return """
        [Unit]
        Description=Tidemark keeps this user's databases in step with the share
        StartLimitIntervalSec=0

        [Service]
        Type=exec
        ExecStart=%s%s
        Environment=%s
        WorkingDirectory=%%h
        Nice=5
        Restart=on-failure
        RestartSec=30
        RestartPreventExitStatus=4
        SuccessExitStatus=143
        TimeoutStopSec=60

        [Install]
        WantedBy=default.target
        """
        .formatted(
            Quoting.systemd(program.launcher().toString()),
            arguments,
            Quoting.systemd("JAVA_HOME=" + program.java()));
  }

  @Override
  public List<String> install(boolean start) {
    TextFile.write(file, text(program));
    systemctl("daemon-reload");
    systemctl("enable", UNIT);
    List<String> told = new ArrayList<>();
    told.add("The unit " + file + " starts Tidemark at the login of this user.");
    if (start) {
      systemctl("restart", UNIT);
      told.add("It was started.");
    } else {
      told.add("It starts at the next login.");
    }
    return told;
  }

  @Override
  public List<String> uninstall() {
    if (!Files.exists(file)) {
      return List.of("There is no unit " + file + ".");
    }
    if (possible()) {
      systemctl("disable", "--now", UNIT);
    }
    TextFile.delete(file);
    if (possible()) {
      systemctl("daemon-reload");
    }
    return List.of("The unit " + file + " is gone.");
  }

  /** Another way starts it from now on. */
  void forget() {
    TextFile.delete(file);
    TextFile.delete(file.resolveSibling("default.target.wants").resolve(UNIT));
  }

  @Override
  public Standing status() {
    if (!Files.exists(file)) {
      return Standing.none("There is no unit " + file + ".");
    }
    List<String> lines = new ArrayList<>();
    lines.add("The unit " + file + " starts Tidemark at the login of this user.");
    lines.add("program: " + TextFile.line(file, "ExecStart="));
    Answer answer =
        tools.run(
            "systemctl",
            "--user",
            "show",
            UNIT,
            "--property=ActiveState",
            "--property=Result",
            "--property=ExecMainStatus");
    lines.add(
        answer.well()
            ? "systemd: " + answer.inWords()
            : "systemd cannot be asked: " + answer.inWords());
    return new Standing(true, lines);
  }

  private void systemctl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("systemctl", "--user"));
    command.addAll(List.of(arguments));
    Answer answer = tools.run(Map.of(), command);
    if (!answer.well()) {
      throw new Failure(
          Failure.INCOMPLETE,
          String.join(" ", command) + " failed: " + answer.inWords(),
          "`systemctl --user status tidemark` and `journalctl --user -u tidemark` say more.");
    }
  }
}
