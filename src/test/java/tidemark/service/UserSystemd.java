package tidemark.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import tidemark.testing.Shell;
import tidemark.testing.Wait;

/**
 * A user's systemd, really running, for a user whose home is a folder. It has a `/run` of its own,
 * where it finds that the machine was booted by systemd.
 */
final class UserSystemd implements AutoCloseable {
  private final Process systemd;
  private final Path home;

  private UserSystemd(Process systemd, Path home) {
    this.systemd = systemd;
    this.home = home;
  }

  /** Skips the test where it cannot be had: it takes root and systemd's own programs. */
  static UserSystemd of(Path home) throws IOException, InterruptedException {
    boolean possible =
        Files.isExecutable(Path.of("/lib/systemd/systemd"))
            && Shell.can("unshare", "-m", "mount", "-t", "tmpfs", "none", "/run");
    if (!possible) {
      System.out.println("skipped a user's systemd: systemd is not installed, or this is not root");
    }
    Assumptions.assumeTrue(possible, "no systemd can be run here");
    String boot =
        "mount -t tmpfs none /run && mkdir -p /run/systemd/system /run/mine"
            + " && chmod 700 /run/mine && exec /lib/systemd/systemd --user";
    ProcessBuilder builder =
        new ProcessBuilder("unshare", "-m", "--propagation", "private", "sh", "-c", boot);
    builder.redirectErrorStream(true).redirectOutput(home.resolve("systemd.log").toFile());
    builder.environment().put("HOME", home.toString());
    builder.environment().put("XDG_RUNTIME_DIR", "/run/mine");
    UserSystemd user = new UserSystemd(builder.start(), home);
    user.until("systemd answers", user::answers);
    return user;
  }

  void until(String what, Callable<Boolean> so) {
    Wait.until(systemd, what, so);
  }

  private boolean answers() {
    return tools().run("systemctl", "--user", "show-environment").well();
  }

  Tools tools() {
    return new Tools(
        List.of(
            "nsenter",
            "--mount",
            "--target",
            Long.toString(systemd.pid()),
            "env",
            "HOME=" + home,
            "XDG_RUNTIME_DIR=/run/mine"),
        Path::toString);
  }

  @Override
  public void close() throws InterruptedException {
    tools().run("systemctl", "--user", "exit");
    if (!systemd.waitFor(20, TimeUnit.SECONDS)) {
      systemd.destroyForcibly();
    }
  }
}
