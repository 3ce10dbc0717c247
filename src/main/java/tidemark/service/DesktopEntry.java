package tidemark.service;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The daemon as something a desktop starts by itself, where no systemd does it. */
final class DesktopEntry implements Registration {
  private final Program program;
  private final Path file;
  private final Runnable stopDaemon;

  DesktopEntry(Program program, Path home, Runnable stopDaemon) {
    this.program = program;
    this.file = home.resolve(".config/autostart/tidemark.desktop");
    this.stopDaemon = stopDaemon;
  }

  static String text(Program program) {
    List<String> command = new ArrayList<>();
    command.add("env");
    command.add("JAVA_HOME=" + program.java());
    command.add(program.launcher().toString());
    command.addAll(program.arguments());
    return """
        [Desktop Entry]
        Type=Application
        Name=Tidemark
        Comment=Keeps this user's databases in step with the share
        Exec=%s
        Terminal=false
        NoDisplay=true
        X-GNOME-Autostart-enabled=true
        """
        .formatted(command.stream().map(Quoting::desktop).collect(Collectors.joining(" ")));
  }

  @Override
  public List<String> install(boolean start) {
    TextFile.write(file, text(program));
    return List.of(
        "This user's systemd cannot be reached here; instead " + file,
        "  lets the desktop start Tidemark at the next login.",
        "To start it now: " + program.launcher() + " run");
  }

  @Override
  public List<String> uninstall() {
    if (!Files.exists(file)) {
      return List.of("There is no " + file + ".");
    }
    stopDaemon.run();
    TextFile.delete(file);
    return List.of(file + " is gone.");
  }

  /** Another way starts it from now on. */
  void forget() {
    TextFile.delete(file);
  }

  @Override
  public Standing status() {
    return Files.exists(file)
        ? new Standing(
            true,
            List.of(
                file + " lets the desktop start Tidemark at the login of this user.",
                "program: " + TextFile.line(file, "Exec=")))
        : Standing.none("There is no " + file + ".");
  }
}
