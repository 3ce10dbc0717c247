package tidemark.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS) // where links take more rights; a junction is the same to Java
class ProgramTest {
  @TempDir Path folder;

  private Path home;
  private Program program;

  @BeforeEach
  void install() throws Exception {
    home = Files.createDirectory(folder.resolve("tidemark-0.1.0"));
    program =
        new Program(
            home,
            home.resolve("runtime"),
            home.resolve("tidemark.jar"),
            List.of("-Xmx1g", "-Dtidemark.home=" + home),
            List.of("run"));
  }

  @Test
  void what_starts_at_login_follows_the_link_to_the_current_version() throws Exception {
    Path current = folder.resolve("current");
    Files.createSymbolicLink(current, Path.of("tidemark-0.1.0"));

    assertThat(program.lasting())
        .isEqualTo(
            new Program(
                current,
                current.resolve("runtime"),
                current.resolve("tidemark.jar"),
                List.of("-Xmx1g", "-Dtidemark.home=" + current),
                List.of("run")));
  }

  @Test
  void without_the_link_or_where_it_leads_elsewhere_it_stays_with_this_version() throws Exception {
    assertThat(program.lasting()).isEqualTo(program);

    Files.createDirectory(folder.resolve("tidemark-0.2.0"));
    Files.createSymbolicLink(folder.resolve("current"), Path.of("tidemark-0.2.0"));
    assertThat(program.lasting()).isEqualTo(program);
  }
}
