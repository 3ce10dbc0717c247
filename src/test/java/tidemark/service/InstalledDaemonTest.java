package tidemark.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testing.Installation;

/** The distribution, installed with its own command into a real systemd of a user. */
@Tag("systemd")
class InstalledDaemonTest {
  @TempDir Path folder;

  @Test
  void it_runs_from_install_to_uninstall_and_again_after_a_login() throws Exception {
    Path home = Files.createDirectories(folder.resolve("home of Zoë"));
    Path config = home.resolve(".config/tidemark/tidemark.yml");
    Path running = home.resolve(".local/state/tidemark/control.json");
    Path unpacked = Files.createDirectories(folder.resolve("opt 100%"));
    Files.createDirectories(folder.resolve("share"));
    Files.createDirectories(config.getParent());
    Files.writeString(
        config,
        "databases:\n  server:\n    local: '%1$s/a.db'\n    master: '%1$s/share/a.db'\n"
            .formatted(folder));
    Path launcher;
    try (UserSystemd login = UserSystemd.of(home)) {
      launcher = Installation.unpacked(unpacked).home().resolve("service/tidemark");
      assertThat(tidemark(login, launcher, "service", "install")).contains("It was started.");
      login.until("the daemon listens", () -> Files.exists(running));
      assertThat(tidemark(login, launcher, "status")).contains("next at");
    }
    assertThat(running).doesNotExist(); // the logout ended it in good order

    try (UserSystemd login = UserSystemd.of(home)) {
      login.until("the daemon listens again", () -> Files.exists(running));
      assertThat(tidemark(login, launcher, "service", "status")).contains("ActiveState=active");
      assertThat(tidemark(login, launcher, "service", "uninstall")).contains("is gone");
      assertThat(running).doesNotExist();
      assertThat(tidemark(login, launcher, "status")).contains("the daemon does not run");
    }
  }

  private static String tidemark(UserSystemd login, Path launcher, String... args) {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(args));
    Tools.Answer answer = login.tools().run(command.toArray(String[]::new));
    assertThat(answer.exitCode()).as(answer.text()).isZero();
    return answer.text();
  }
}
