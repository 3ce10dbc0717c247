package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;
import tidemark.config.Surroundings;
import tidemark.testing.Wait;

/** `service` as typed by a Linux user whose systemd cannot be reached: the desktop does it. */
@DisabledOnOs(OS.WINDOWS)
class ServiceCommandTest {
  @TempDir Path folder;
  private Path home;
  private Path entry;

  @BeforeEach
  void a_home_with_a_config() throws IOException {
    home = Files.createDirectories(folder.resolve("Zoë 100%"));
    entry = home.resolve(".config/autostart/tidemark.desktop");
    Path config = home.resolve(".config/tidemark/tidemark.yml");
    Files.createDirectories(config.getParent());
    Files.createDirectories(folder.resolve("installed/service"));
    Files.createFile(folder.resolve("installed/service/tidemark"));
    Files.writeString(
        config,
        "databases:\n  server:\n    local: '%1$s/a.db'\n    master: '%1$s/b.db'\n"
            .formatted(folder));
  }

  private Typed type(String... args) {
    Surroundings here =
        new Surroundings(
            Map.of(),
            "Linux",
            home,
            "zoe",
            "PC-7",
            folder.resolve("machine"),
            Optional.of(folder.resolve("installed")));
    return Typed.at(new Start(() -> here, Clock.systemUTC()), args);
  }

  @Test
  void what_is_started_is_the_server_where_that_is_asked_for() throws IOException {
    assertThat(type("service", "install", "--no-start").exitCode()).isZero();
    assertThat(Files.readString(entry)).contains("\"run\"").doesNotContain("\"serve\"");
    assertThat(type("service", "install", "--no-start", "--serve").exitCode()).isZero();
    assertThat(Files.readString(entry)).contains("\"serve\"").doesNotContain("\"run\"");
  }

  @Test
  void status_says_whether_it_is_installed_and_ends_accordingly() {
    assertThat(type("service", "status").exitCode()).isEqualTo(1);
    assertThat(type("service", "install", "--no-start").exitCode()).isZero();
    Typed status = type("service", "status");
    assertThat(status.exitCode()).isZero();
    assertThat(status.out()).contains("at the login of this user").contains("installed/service");
    assertThat(type("service", "status", "--json").at("installed")).isEqualTo(true);

    Typed gone = type("service", "uninstall");
    assertThat(gone.exitCode()).as(gone.err()).isZero();
    assertThat(type("service", "status").exitCode()).isEqualTo(1);
    assertThat(type("service", "uninstall").exitCode()).isZero();
  }

  @Test
  void installed_twice_it_is_there_once_with_the_later_config() throws IOException {
    Path other = Files.copy(home.resolve(".config/tidemark/tidemark.yml"), folder.resolve("o.yml"));
    type("service", "install", "--no-start");
    Typed again = type("service", "install", "--no-start", "--config", other.toString());
    assertThat(again.exitCode()).as(again.err()).isZero();
    String program = type("service", "status").out();
    assertThat(program).contains("\"run\" \"--config\" \"" + other);
  }

  @Test
  void without_a_config_that_can_be_read_nothing_is_installed() throws IOException {
    Files.writeString(home.resolve(".config/tidemark/tidemark.yml"), "databsaes: {}\n");
    Typed install = type("service", "install");
    assertThat(install.exitCode()).isEqualTo(2);
    assertThat(install.err()).contains("databsaes");
    assertThat(entry).doesNotExist();
  }

  @Test
  void what_is_for_windows_says_so() {
    assertThat(type("service", "install", "--all-users").exitCode()).isEqualTo(2);
    assertThat(type("service", "install", "--all-users").err()).contains("is for Windows");
    assertThat(type("service", "install", "--all-users", "--as-service").exitCode()).isEqualTo(2);
    assertThat(type("service", "install", "--as-service").err()).contains("--account");
  }

  @Test
  void silent_it_tells_only_its_log() throws IOException {
    Path log = folder.resolve("logs/install.log");
    Typed well = type("service", "install", "--no-start", "--silent", "--log", log.toString());
    Typed failed = type("service", "install", "--all-users", "--silent", "--log", log.toString());
    assertThat(well.out() + well.err() + failed.out() + failed.err()).isEmpty();
    assertThat(well.exitCode()).isZero();
    assertThat(failed.exitCode()).isEqualTo(2);
    assertThat(Files.readString(log))
        .contains(" service install", entry.toString(), "failed (2): --all-users is for Windows");
  }

  @Test
  void a_service_takes_the_machines_config_or_a_named_one_and_never_the_installers() {
    Typed none = type("service", "install", "--as-service", "--account", "CORP\\svc");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains(folder.resolve("machine/tidemark.yml") + " does not exist");
    Typed mapped =
        type(
            "service",
            "install",
            "--as-service",
            "--account",
            "CORP\\svc",
            "--config",
            home.resolve(".config/tidemark/tidemark.yml").toString());
    assertThat(mapped.err()).contains("databases.server.master is", "sees no mapped drives");
    assertThat(type("service", "install", "--as-service", "--account", "SYSTEM").err())
        .contains("sees neither mapped drives");
  }

  @Test
  @Tag("heavy")
  void uninstalled_the_running_daemon_ends_in_good_order() throws Exception {
    Path config = home.resolve(".config/tidemark/tidemark.yml");
    Path state = folder.resolve("state");
    Files.writeString(config, Files.readString(config) + "state: '" + state + "'\n");
    type("service", "install", "--no-start");
    ProcessBuilder run =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "tidemark.Tidemark",
            "run",
            "--config",
            config.toString());
    run.redirectErrorStream(true).redirectOutput(folder.resolve("said").toFile());
    Process daemon = run.start();
    try {
      Wait.until(daemon, "it listens", () -> Files.exists(state.resolve("control.json")));
      Typed gone = type("service", "uninstall");
      assertThat(gone.exitCode()).as(gone.err()).isZero();
      assertThat(daemon.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(daemon.exitValue()).as(Files.readString(folder.resolve("said"))).isZero();
    } finally {
      daemon.destroyForcibly();
    }
  }
}
