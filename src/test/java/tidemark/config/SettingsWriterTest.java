package tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsWriterTest {
  private static final Path SHIPPED = Path.of("config/tidemark.example.yml");

  @TempDir Path folder;

  @Test
  void a_fresh_config_says_what_was_chosen_and_nothing_else() {
    Desk desk = new Desk(folder);
    String fresh =
        new SettingsWriter(Optional.empty())
            .write(
                Map.of("server", new SettingsWriter.Paths("/data/server.db", "/share/server.db")),
                Map.of("sync.every", "45m", "contact", "Anna's desk: #7, 100%%", "state", "/s"));
    desk.write(desk.userFile(), fresh);

    Settings settings = desk.read().settings();

    assertThat(settings.sync().every()).contains(Duration.ofMinutes(45));
    assertThat(settings.contact()).contains("Anna's desk: #7, 100%");
    assertThat(settings)
        .isEqualTo(
            desk.with(
                """
                sync: { every: 45m }
                contact: 'Anna''s desk: #7, 100%%'
                state: /s
                """));
  }

  @Test
  void paths_survive_whatever_signs_they_hold() {
    for (String path :
        new String[] {"/a b/c.db", "/it's #1/x: y.db", "/\u00fcml\u00e4ut/[x]", "~/x", "/-"}) {
      Desk desk = new Desk(folder);
      desk.write(
          desk.userFile(),
          new SettingsWriter(Optional.empty())
              .write(Map.of("server", new SettingsWriter.Paths(path, "/share/x")), Map.of()));

      assertThat(desk.read().settings().database("server").local())
          .isEqualTo(Path.of(path.replace("~", folder.resolve("home").toString())));
    }
  }

  @Test
  void a_choice_that_is_no_key_is_a_mistake() {
    assertThatThrownBy(
            () -> new SettingsWriter(Optional.empty()).write(Map.of(), Map.of("sync.evry", "5m")))
        .hasMessageContaining("sync.evry");
  }

  @Test
  void the_shipped_example_is_what_init_would_write() throws IOException {
    assertThat(Files.readString(SHIPPED).replace("\r\n", "\n")).isEqualTo(example());
  }

  @Test
  void the_shipped_example_is_valid_and_holds_the_defaults() throws IOException {
    Desk desk = craftsman();
    desk.write(desk.userFile(), Files.readString(SHIPPED));

    Settings settings = desk.read().settings();

    assertThat(settings.databases()).containsOnlyKeys("server", "generated_numbers");
    assertThat(settings.database("server").place().file())
        .contains(Path.of("\\\\192.168.1.99\\CraftAuto-Sales\\CACPQDB\\database\\server.db"));
    assertThat(desk.read().list())
        .filteredOn(setting -> !setting.key().startsWith("databases."))
        .allMatch(setting -> setting.origin().equals("default"));
  }

  @Test
  void every_commented_line_of_it_can_be_put_to_use_as_it_is() throws IOException {
    Desk desk = craftsman();
    desk.write(desk.userFile(), Files.readString(SHIPPED));
    Settings commented = desk.read().settings();
    desk.write(
        desk.userFile(), Files.readString(SHIPPED).replaceAll("(?m)^( *)# (?=[\\w.]+: )", "$1"));
    Settings used = desk.read().settings();

    assertThat(used.sync()).isEqualTo(commented.sync());
    assertThat(used.log()).isEqualTo(commented.log());
    assertThat(used.ledger()).isEqualTo(commented.ledger());
    assertThat(used.control()).isEqualTo(commented.control());
    assertThat(used.databases()).isEqualTo(commented.databases());
    assertThat(used.state()).isEqualTo(Path.of("C:\\Users\\anna\\AppData\\Local\\tidemark"));
    assertThat(used.contact()).contains("IT help desk, ext. 100");
    assertThat(used.table("server", "generated_numbers").onDuplicate())
        .isEqualTo(TableSettings.OnDuplicate.RENUMBER);
    assertThat(desk.read().list())
        .allMatch(setting -> !setting.origin().equals("default"), "stands in the file");
  }

  @Test
  void a_config_that_uses_every_key_is_valid() throws IOException {
    Desk desk = craftsman();
    try (InputStream everything = getClass().getResourceAsStream("everything.yml")) {
      desk.write(desk.userFile(), new String(everything.readAllBytes(), StandardCharsets.UTF_8));
    }

    assertThat(desk.read().warnings()).isEmpty();
    assertThat(desk.read().list())
        .filteredOn(setting -> setting.origin().equals("default"))
        .extracting(SettingInForce::key)
        .containsExactly(
            "databases.generated_numbers.follow", "databases.generated_numbers.tables");
    assertThat(desk.read().settings().table("server", "tickets").keyAuto()).isTrue();
  }

  private Desk craftsman() {
    return new Desk(folder, "Windows 11")
        .set("APPDATA", folder.resolve("roaming").toString())
        .set("LOCALAPPDATA", "C:\\Users\\anna\\AppData\\Local")
        .set("USERNAME", "anna")
        .set("TIDEMARK_SMTP_PASSWORD", "geheim")
        .set("COMPUTERNAME", "PC-7");
  }

  private static String example() {
    Map<String, SettingsWriter.Paths> databases = new LinkedHashMap<>();
    for (String name : new String[] {"server", "generated_numbers"}) {
      databases.put(
          name,
          new SettingsWriter.Paths(
              "%APPDATA%\\craft-tools-hub\\database\\" + name + ".db",
              "\\\\192.168.1.99\\CraftAuto-Sales\\CACPQDB\\database\\" + name + ".db"));
    }
    return new SettingsWriter(Optional.of(EditorSchema.NAME)).write(databases, Map.of());
  }
}
