package tidemark.service;

import java.nio.file.Path;
import java.util.List;

/**
 * The daemon at the login of a Linux user: by systemd, or where it cannot be reached, by the
 * desktop. Never by both.
 */
public final class LinuxLogin implements Registration {
  private final SystemdUnit unit;
  private final DesktopEntry desktop;

  /**
   * @param stopDaemon ends the user's running daemon, if there is one, in good order
   */
  public LinuxLogin(Tools tools, Program program, Path home, Runnable stopDaemon) {
    unit = new SystemdUnit(tools, program, home);
    desktop = new DesktopEntry(program, home, stopDaemon);
  }

  @Override
  public List<String> install(boolean start) {
    if (unit.possible()) {
      List<String> told = unit.install(start);
      desktop.forget();
      return told;
    }
    List<String> told = desktop.install(start);
    unit.forget();
    return told;
  }

  @Override
  public List<String> uninstall() {
    if (desktop.status().installed()) {
      unit.forget();
      return desktop.uninstall();
    }
    return unit.uninstall();
  }

  @Override
  public Standing status() {
    Standing byDesktop = desktop.status();
    return byDesktop.installed() ? byDesktop : unit.status();
  }
}
