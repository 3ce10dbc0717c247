package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;

class DemoTest {
  @TempDir Path folder;
  private Path made;

  @AfterEach
  void cleanUp() throws Exception {
    FileUtils.deleteDirectory(made.toFile());
  }

  @Test
  void the_demo_needs_no_config_and_ends_with_equal_databases_to_look_at() {
    Office.Desk anybody = new Office(folder).emptyDesk("anybody");

    Typed demo = anybody.typeAsItIs("sync", "--demo");
    made = Path.of(demo.out().lines().findFirst().orElseThrow().replaceFirst(".* in ", ""));

    assertThat(demo.exitCode()).isZero();
    assertThat(demo.err()).isEmpty();
    assertThat(demo.out())
        .contains("1 conflict", "update (1): this workstation's version won")
        .contains("manual_quotes 1 was taken by another record; the one made here is now 2")
        .contains("Anna's database, Ben's and the master hold the same rows.");
    assertThat(made.resolve("share/server.db")).exists();
    assertThat(made.resolve("share/server.db-ledger")).isDirectory();

    String config = made.resolve("anna/tidemark.yml").toString();
    assertThat(anybody.typeAsItIs("conflicts", "--config", config, "--json").rows()).hasSize(1);
    assertThat(anybody.typeAsItIs("sync", "--config", config).exitCode()).isZero();
  }
}
