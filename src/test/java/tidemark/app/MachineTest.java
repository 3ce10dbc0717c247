package tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.config.Settings;
import tidemark.config.SettingsFile;
import tidemark.config.Surroundings;

class MachineTest {
  @TempDir Path folder;
  private Settings settings;

  @BeforeEach
  void configure() throws Exception {
    Path config = folder.resolve("tidemark.yml");
    Files.writeString(
        config,
        "state: '"
            + folder.resolve("state")
            + "'\ndatabases:\n  server:\n    local: /here/server.db\n    master: /there/server.db\n");
    settings = new SettingsFile(at("anna", "PC-7"), Optional.of(config)).read().settings();
  }

  @Test
  void a_machine_stays_who_it_is() {
    assertThat(id("anna", "PC-7")).isEqualTo(id("anna", "PC-7"));
  }

  @Test
  void a_clone_a_copied_profile_and_another_user_are_somebody_else() {
    assertThat(id("anna", "PC-8")).isNotEqualTo(id("anna", "PC-7"));
    assertThat(id("ben", "PC-7")).isNotEqualTo(id("anna", "PC-7"));
  }

  @Test
  void a_fresh_installation_is_somebody_else() throws Exception {
    String before = id("anna", "PC-7");
    Files.delete(folder.resolve("state/machine"));

    assertThat(id("anna", "PC-7")).isNotEqualTo(before);
  }

  private String id(String user, String host) {
    return Machine.id(settings, at(user, host));
  }

  private Surroundings at(String user, String host) {
    return new Surroundings(
        Map.of(), "Linux", folder, user, host, folder.resolve("machine-wide"), Optional.empty());
  }
}
