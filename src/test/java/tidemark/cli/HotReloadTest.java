package tidemark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;
import tidemark.testing.Wait;

/** A running daemon, as a process of its own, goes by its config as it is now. */
@Timeout(120)
class HotReloadTest {
  @TempDir Path folder;
  private Office.Desk anna;
  private Process daemon;

  @BeforeEach
  void run() throws IOException {
    anna = new Office(folder).desk("anna");
    config("sync: { every: 2h }\n");
    daemon = anna.process(Map.of(), "run");
    BufferedReader said = new BufferedReader(new InputStreamReader(daemon.getInputStream(), UTF_8));
    assertThat(said.readLine()).contains("Tidemark runs for anna");
  }

  @AfterEach
  void stop() throws InterruptedException {
    daemon.destroy();
    daemon.waitFor();
  }

  private void config(String more) {
    anna.configured(more);
  }

  private Typed status() {
    return anna.type("status", "--json");
  }

  private void until(int minutes) {
    Wait.until(
        "an interval of " + minutes + " minutes",
        () -> ((Number) status().at("intervalMinutes")).intValue() == minutes);
  }

  private void untilLogged(String text) {
    Wait.until(text, () -> logged().contains(text));
  }

  private String logged() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(anna.place().resolve("state/logs"))) {
      for (Path file : files.sorted().toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  @Test
  void the_interval_changed_in_the_file_is_the_interval_in_force() throws IOException {
    until(120);

    config("sync: { every: 3h }\n");
    until(180);

    assertThat(anna.type("interval", "45m").exitCode()).isZero();
    until(45);
    assertThat(daemon.isAlive()).isTrue();
  }

  @Test
  void a_config_broken_while_it_runs_is_told_and_once_mended_taken_up() throws IOException {
    config("sync: { evry: 3h }\n");
    untilLogged("sync.evry: is no known key; did you mean sync.every?");
    assertThat(daemon.isAlive()).isTrue();

    config("sync: { every: 3h }\nlog: { level: debug }\n");
    untilLogged("the config has changed and is in force: every 3h");
    until(180);
    assertThat(logged().split("is no known key", -1)).as("told once").hasSize(2);
  }

  @Test
  void it_can_be_stopped_while_its_config_is_broken() throws Exception {
    config("sync: { evry: 3h }\n");

    Typed stop = anna.type("stop");

    assertThat(stop.exitCode()).as(stop.err()).isZero();
    assertThat(daemon.waitFor()).isZero();
  }

  @Test
  void the_level_of_the_log_changes_while_it_runs() throws IOException {
    untilLogged("Tidemark ");
    assertThat(logged()).doesNotContain("DEBUG");

    config("log: { level: debug }\n");
    untilLogged("the config has changed");
    anna.type("sync");

    untilLogged("DEBUG");
  }
}
