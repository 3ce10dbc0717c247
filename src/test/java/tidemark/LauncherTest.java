package tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testing.Database;

/** The program as people start it: a process of its own. */
@Tag("heavy")
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  @TempDir Path folder;

  private Typed start(String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of("service/tidemark"));
    command.addAll(List.of(args));
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().put("TIDEMARK_JAVA_OPTS", "-Djava.io.tmpdir=" + folder);
    Process process = builder.start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return new Typed(
        process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }

  @Test
  void the_demo_runs_without_a_terminal_and_ends_by_itself() throws Exception {
    Typed demo = start("sync", "--demo");

    assertThat(demo.exitCode()).isZero();
    assertThat(demo.out()).contains("hold the same rows");
  }

  @Test
  void output_is_utf_8_and_a_pipe_gets_no_progress_bar() throws Exception {
    Path share = Files.createDirectories(folder.resolve("Büro für Angebote"));
    Database local = new Database(folder.resolve("lokal.db"));
    local.execute(
        "CREATE TABLE \"Verträge\"(id TEXT PRIMARY KEY)",
        "INSERT INTO \"Verträge\" VALUES('Größe 1')");
    Path config = folder.resolve("tidemark.yml");
    Files.writeString(
        config,
        "state: '%s'\ndatabases:\n  lokal:\n    local: '%s'\n    master: '%s'\n"
            .formatted(folder.resolve("state"), local.file(), share.resolve("master.db")));

    Typed sync = start("sync", "--json", "--config", config.toString());

    assertThat(sync.exitCode()).as(sync.err()).isZero();
    assertThat(sync.err()).isEmpty();
    assertThat(sync.out()).contains("\"pushed\":{\"Verträge\":1}");
    assertThat(new Database(share.resolve("master.db")).rows("SELECT id FROM \"Verträge\""))
        .containsExactly("Größe 1");
  }

  @Test
  void failures_end_with_the_contracts_exit_codes_and_no_stack_trace() throws Exception {
    Typed misspelt = start("sync", "--tabel", "x");
    Typed unconfigured = start("sync", "--config", folder.resolve("none.yml").toString());

    assertThat(misspelt.exitCode()).isEqualTo(2);
    assertThat(unconfigured.exitCode()).isEqualTo(2);
    assertThat(misspelt.err() + unconfigured.err()).doesNotContain("Exception", "\tat ");
  }
}
