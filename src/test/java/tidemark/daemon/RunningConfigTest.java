package tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The config as it is read and changed by asking the running daemon. */
@Timeout(60)
class RunningConfigTest {
  @TempDir Path folder;
  private Kept anna;
  private Asking asking;

  @BeforeEach
  void listen() {
    anna = new Kept(folder, "anna", "every: 60m # as agreed\nonStart: false");
    asking = new Asking(anna);
  }

  @AfterEach
  void end() {
    asking.close();
    anna.close();
  }

  private String text() throws IOException {
    return Files.readString(anna.config());
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> setting(Asking.Answer answer, String key) {
    return ((List<Map<String, Object>>) answer.json().get("settings"))
        .stream().filter(one -> one.get("key").equals(key)).findFirst().orElseThrow();
  }

  private Map<String, Object> setting(String key) {
    return setting(asking.get("/api/settings"), key);
  }

  @Test
  void every_setting_is_told_with_what_it_accepts_and_who_decided_it() {
    assertThat(asking.get("/api/settings").json()).containsEntry("file", anna.config().toString());
    assertThat(setting("sync.every"))
        .containsEntry("value", "60m")
        .containsEntry("from", "user")
        .containsEntry("locked", false)
        .containsEntry("kind", "duration")
        .containsEntry("choices", List.of("manual"));
    assertThat(setting("sync.direction"))
        .containsEntry("from", "default")
        .containsEntry("kind", "choice")
        .containsEntry("choices", List.of("both", "push", "pull"));
    assertThat(setting("tray")).containsEntry("kind", "boolean");
    assertThat(setting("log.keepDays")).containsEntry("kind", "number");
    assertThat(setting("databases.server.local")).containsEntry("kind", "path");
    assertThat(setting("databases.server.tables")).containsEntry("kind", "list");
    assertThat(setting("contact")).containsEntry("value", null).containsEntry("kind", "text");
  }

  @Test
  void what_is_changed_is_in_the_file_beside_its_comment_and_in_force() throws Exception {
    String before = text();

    Asking.Answer answer =
        asking.send("PUT", "/api/settings", "{\"sync.every\":\"5m\",\"tray\":false}");

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(setting(answer, "sync.every")).containsEntry("value", "5m");
    assertThat(text())
        .isEqualTo(before.replace("60m # as agreed", "5m # as agreed") + "tray: false\n");
    assertThat(anna.read().settings().sync().every()).contains(Duration.ofMinutes(5));
    assertThat(asking.get("/api/status").json()).containsEntry("intervalMinutes", 5L);
  }

  @Test
  void null_goes_back_to_the_default() throws Exception {
    asking.send(
        "PUT", "/api/settings", "{\"contact\":\"Eve, ext. 7\",\"sync.direction\":\"push\"}");
    assertThat(text()).contains("contact: 'Eve, ext. 7'");

    Asking.Answer answer =
        asking.send(
            "PUT", "/api/settings", "{\"contact\":null,\"sync.direction\":null,\"tray\":null}");

    assertThat(setting(answer, "sync.direction"))
        .containsEntry("value", "both")
        .containsEntry("from", "default");
    assertThat(text()).doesNotContain("contact", "direction").contains("every: 60m # as agreed");
  }

  @Test
  void tables_are_a_list_or_all_of_them() throws Exception {
    for (String value : List.of("[\"quotes\",\"old parts\"]", "\"[quotes, old parts]\"")) {
      Asking.Answer answer =
          asking.send("PUT", "/api/settings", "{\"databases.server.tables\":" + value + "}");
      assertThat(setting(answer, "databases.server.tables"))
          .containsEntry("value", "[quotes, old parts]");
      assertThat(text()).contains("tables: [quotes, 'old parts']");
    }
    asking.send("PUT", "/api/settings", "{\"tables.quotes.conflicts\":\"manual\"}");
    assertThat(setting("tables.quotes.conflicts")).containsEntry("value", "manual");
    asking.send("PUT", "/api/settings", "{\"databases.server.tables\":\"all\"}");
    assertThat(anna.read().settings().database("server").tables().all()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"tray\":false,\"sync.every\":\"3s\"}",
        "{\"tray\":false,\"sync.evry\":\"3m\"}",
        "{\"tray\":false,\"sync.direction\":\"sideways\"}",
        "{\"tray\":false,\"log.keepDays\":0}",
        "{\"tray\":false,\"sync\":{\"every\":\"3m\"}}",
        "{\"tray\":false,\"databases.server.tables\":[7]}",
        "{\"tray\":false,\"databases.server.local\":null}",
        "{\"tray\":false,\"alert.command\":\"rm -rf\"}",
        "{\"tray\":false",
        "[]"
      })
  void all_of_it_or_nothing_and_the_key_is_named(String body) throws Exception {
    String before = text();

    Asking.Answer answer = asking.send("PUT", "/api/settings", body);

    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(text()).isEqualTo(before);
    if (body.matches(".*,\"[a-zA-Z.]+\":.*}")) {
      String key = body.replaceAll(".*,\"([a-zA-Z.]+)\":.*}", "$1");
      assertThat(answer.text()).contains(key);
    }
  }

  @Test
  void it_can_be_tried_without_being_written() throws Exception {
    String before = text();

    assertThat(asking.post("/api/settings/test", "").json().get("problems")).isEqualTo(List.of());
    Asking.Answer well = asking.post("/api/settings/test", "{\"sync.every\":\"5m\"}");
    assertThat(well.text()).contains("\"ok\":true").doesNotContain("\"ok\":false");
    Asking.Answer away =
        asking.post("/api/settings/test", "{\"databases.server.master\":\"/no/such/share/a.db\"}");
    assertThat(away.text()).contains("\"ok\":false", "/no/such/share/a.db", "Connect the share");
    Asking.Answer wrong = asking.post("/api/settings/test", "{\"sync.every\":\"5\"}");
    assertThat(wrong.status()).isEqualTo(200);
    assertThat(wrong.text()).contains("has no unit", "\"paths\":[]");

    assertThat(text()).isEqualTo(before);
  }

  @Test
  void what_it_locked_stays_locked() throws Exception {
    Path machine = anna.surroundings().machineFolder().resolve("tidemark.yml");
    Files.createDirectories(machine.getParent());
    Files.writeString(machine, "locked: [sync.every]\nsync: {every: 30m}\n");
    asking.close();
    asking = new Asking(anna);

    assertThat(setting("sync.every"))
        .containsEntry("locked", true)
        .containsEntry("value", "30m")
        .containsEntry("from", "machine");
    Asking.Answer answer = asking.send("PUT", "/api/settings", "{\"sync.every\":\"5m\"}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("locked by IT");
  }
}
