package tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.app.Workstation;
import tidemark.config.SettingsFile;
import tidemark.config.Surroundings;
import tidemark.daemon.chore.ArchiveChore;
import tidemark.daemon.chore.Chore;
import tidemark.daemon.chore.ChoreTimes;
import tidemark.testing.Database;

class ArchiveChoreTest {
  @TempDir Path folder;

  @Test
  void old_rows_move_out_once_a_week_at_night() throws Exception {
    Path config = folder.resolve("tidemark.yml");
    Files.createDirectories(folder.resolve("share"));
    Files.writeString(
        config,
        """
        state: '%1$s/state'
        databases: { server: { local: '%1$s/local.db', master: '%1$s/share/server.db' } }
        archive: { old: { table: quotes, olderThan: 2y, to: '%1$s/quotes.db' } }
        """
            .formatted(folder));
    Surroundings here =
        new Surroundings(
            Map.of(), "Linux", folder, "anna", "PC-1", folder.resolve("m"), Optional.empty());
    var settings = new SettingsFile(here, Optional.of(config)).read().settings();
    Database local = new Database(folder.resolve("local.db"));
    local.execute(
        "CREATE TABLE quotes(quoteId TEXT PRIMARY KEY, created_at)",
        "INSERT INTO quotes VALUES('old', '2020-01-01'), ('new', datetime('now'))");
    Workstation daemon = new Workstation(settings, here, Clock.systemUTC());
    ChoreTimes times = new ChoreTimes(settings.state());
    Chore chore = new ArchiveChore(settings, daemon.databases(), times, ZoneOffset.UTC);
    Instant night = Instant.parse("2026-11-18T03:00:00Z");

    chore.doIfDue(night.minus(Duration.ofHours(8)));
    assertThat(times.last("archive old")).isEmpty();
    daemon
        .databases()
        .get(0)
        .sync(tidemark.run.Request.byHand(settings.sync().conflicts()), settled -> {});
    chore.doIfDue(night);

    assertThat(local.rows("SELECT quoteId FROM quotes")).containsExactly("new");
    assertThat(new Database(folder.resolve("quotes.db")).rows("SELECT quoteId FROM quotes"))
        .containsExactly("old");
    assertThat(new Database(folder.resolve("share/server.db")).rows("SELECT quoteId FROM quotes"))
        .containsExactly("new");
    chore.doIfDue(night.plus(Duration.ofDays(1)));
    assertThat(times.last("archive old")).contains(night);
    chore.doIfDue(night.plus(Duration.ofDays(7)));
    assertThat(times.last("archive old")).contains(night.plus(Duration.ofDays(7)));
  }
}
