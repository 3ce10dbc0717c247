package tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Json;
import tidemark.daemon.chore.Chore;
import tidemark.say.SyncWish;

/** What the running daemon finds by itself reaches people, once. */
@DisabledOnOs(OS.WINDOWS)
class HealthCheckTest {
  @TempDir Path folder;
  private Kept anna;
  private Path told;

  @BeforeEach
  void one_that_has_synced() throws IOException {
    told = folder.resolve("told");
    anna = new Kept(folder, "anna", "every: 120m");
    anna.local().execute("CREATE TABLE t(id TEXT PRIMARY KEY)", "INSERT INTO t VALUES('a')");
    Files.writeString(
        anna.config(),
        Files.readString(anna.config())
            + "health: { clockSkew: 1d }\nalert:\n  command: 'cat >> "
            + told
            + "'\ncontact: IT\n");
    sync();
  }

  @AfterEach
  void close() {
    anna.close();
  }

  private void sync() {
    assertThat(anna.workstation().sync(SyncWish.ALL, "manual", (name, count) -> {}).exitCode())
        .isZero();
  }

  private void hourLater() {
    anna.clock.setError(anna.clock.error().plus(Duration.ofHours(1)));
    for (Chore chore : Chores.of(anna.workstation(), anna.events)) {
      if (chore.name().equals("health check")) {
        chore.doIfDue(anna.clock.instant());
      }
    }
  }

  private List<String> told() throws IOException {
    return Files.exists(told) ? Files.readAllLines(told) : List.of();
  }

  private void wreckMaster() throws IOException {
    Path master = anna.master().file();
    byte[] bytes = Files.readAllBytes(master);
    java.util.Arrays.fill(bytes, 4096, bytes.length, (byte) 0x5a);
    Files.write(master, bytes);
  }

  @Test
  void where_all_is_well_nobody_hears_of_it() throws IOException {
    hourLater();
    hourLater();
    assertThat(told()).isEmpty();
    assertThat(anna.workstation().databases().get(0).health().last().findings()).isNotEmpty();
  }

  @Test
  void a_damaged_master_is_told_once_with_whom_to_ask_and_that_it_is_well_again_once()
      throws IOException {
    wreckMaster();
    hourLater();
    hourLater();

    assertThat(told()).hasSize(1);
    assertThat(Json.object(told().get(0)))
        .containsEntry("event", "found")
        .containsEntry("check", "master")
        .containsEntry("health", "bad")
        .containsEntry("database", "server")
        .containsEntry("contact", "IT");
    assertThat(anna.endpoint.status())
        .contains("\"health\":{\"checkedAt\":\"20")
        .contains("is damaged");

    anna.local().execute("INSERT INTO t(id) VALUES('b')");
    sync(); // which heals it
    for (int hour = 0; hour < 25; hour++) {
      hourLater();
    }
    assertThat(told()).filteredOn(text -> text.contains("\"check\":\"master\"")).hasSize(2);
    assertThat(told())
        .anyMatch(
            text ->
                text.contains("\"event\":\"well\",\"database\":\"server\",\"check\":\"master\""));
    assertThat(anna.endpoint.status()).doesNotContain("is damaged");
  }

  @Test
  void it_is_done_once_an_hour_however_often_it_is_asked_for() throws IOException {
    hourLater();
    Path record = anna.state().resolve("server/health.json");
    String once = Files.readString(record);
    for (Chore chore : Chores.of(anna.workstation(), anna.events)) {
      if (chore.name().equals("health check")) {
        chore.doIfDue(anna.clock.instant().plusSeconds(600));
      }
    }
    assertThat(record).hasContent(once);
  }
}
