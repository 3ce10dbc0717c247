package tidemark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** logs, and what runs write into the log; in processes of their own, as it really is. */
@Timeout(60)
class LogsCommandTest {
  @TempDir Path folder;
  private Office office;
  private Office.Desk anna;

  @BeforeEach
  void open() {
    office = new Office(folder);
    anna = office.desk("anna");
  }

  private String run(int exitCode, String... args) throws Exception {
    return run(exitCode, Map.of(), args);
  }

  private String run(int exitCode, Map<String, String> env, String... args) throws Exception {
    Process process = anna.process(env, args);
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(exitCode);
    return said;
  }

  private List<String> logged() throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(anna.place().resolve("state/logs"))) {
      for (Path file : files.sorted().toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines;
  }

  @Test
  void each_run_is_one_line_that_a_person_can_read() throws Exception {
    assertThat(run(0, "logs")).contains("nothing is logged yet in " + anna.place());

    run(0, "sync");
    anna.edit("UPDATE quotes SET customer = 'new'");
    run(0, "sync");

    assertThat(logged())
        .hasSize(2)
        .allMatch(
            line ->
                line.matches(
                    "20\\d\\d-.* INFO .*: server: \\d+ in, \\d+ out, 0 conflicts, \\d+\\.\\d\\d s.*"));
    assertThat(run(0, "logs", "--last", "1")).isEqualTo(logged().get(1) + "\n");
    assertThat(run(0, "logs").lines()).isEqualTo(logged());
  }

  @Test
  void a_share_that_is_away_is_one_line_too_and_more_only_when_asked_for() throws Exception {
    run(0, "sync");
    office.unplug();

    run(3, "sync");
    assertThat(logged()).hasSizeBetween(2, 3); // the second is the command's own
    assertThat(logged().get(1)).contains("WARN", "server: offline: ");

    run(3, Map.of("TIDEMARK_LOG", "debug"), "sync");
    assertThat(logged()).anyMatch(line -> line.startsWith("\tat tidemark."));
    office.plug();
    run(0, Map.of("TIDEMARK_LOG", "debug"), "sync");
    assertThat(logged())
        .anyMatch(line -> line.matches(".*DEBUG.*: READ .*/share/server.db-ledger.*"));
    assertThat(run(0, Map.of("TIDEMARK_LOG", "debgu"), "logs", "--last", "1"))
        .contains("TIDEMARK_LOG: 'debgu' is not accepted; did you mean debug? Accepted: error");
  }

  @Test
  void the_level_of_the_config_holds() throws Exception {
    anna.configured("log: { level: error }\n");

    run(0, "sync");

    assertThat(anna.place().resolve("state/logs")).doesNotExist();
    assertThat(run(0, Map.of("TIDEMARK_LOG", "info"), "config", "check"))
        .containsPattern("log.level +info +TIDEMARK_LOG");
  }

  @Test
  void followed_it_tells_what_another_process_writes_until_it_is_ended() throws Exception {
    run(0, "sync");
    Process follower = anna.process(Map.of(), "logs", "--follow", "--last", "1");
    try (BufferedReader told =
        new BufferedReader(new InputStreamReader(follower.getInputStream(), UTF_8))) {
      assertThat(told.readLine()).isEqualTo(logged().get(0));

      run(0, "sync");
      assertThat(told.readLine()).isEqualTo(logged().get(1));

      assertThat(new ProcessBuilder("kill", "-INT", follower.pid() + "").start().waitFor())
          .isZero();
      assertThat(follower.waitFor(30, TimeUnit.SECONDS)).as("ends").isTrue();
      assertThat(told.readLine()).isNull();
      assertThat(follower.exitValue()).isEqualTo(130);
    } finally {
      follower.destroyForcibly();
    }
  }
}
