package tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.app.Database;
import tidemark.change.Failure;
import tidemark.daemon.chore.BackupChore;
import tidemark.daemon.chore.Chore;
import tidemark.daemon.chore.RehearsalChore;
import tidemark.run.Request;

/** What a running daemon does about backups. */
class BackupChoreTest {
  @TempDir Path folder;
  private Path backups;
  private Path usb;

  @BeforeEach
  void name() throws IOException {
    backups = folder.resolve("backups");
    usb = Files.createDirectories(folder.resolve("usb"));
  }

  /** A daemon that has synced. */
  private Kept daemon(String user) throws IOException {
    Kept kept = new Kept(folder, user, "every: manual");
    Files.writeString(
        kept.config(),
        "backup: { folder: '" + backups + "', copyTo: '" + usb + "' }\n",
        StandardOpenOption.APPEND);
    kept.local().execute("CREATE TABLE IF NOT EXISTS quotes(id TEXT PRIMARY KEY, title TEXT)");
    kept.local().execute("INSERT INTO quotes(id, title) VALUES('" + user + "', 'a')");
    for (Database database : kept.workstation().databases()) {
      database.sync(Request.byHand(kept.read().settings().sync().conflicts()), settled -> {});
    }
    return kept;
  }

  private static void lookAfter(Kept kept) {
    for (Chore chore : Chores.of(kept.workstation(), kept.events)) {
      if (chore instanceof BackupChore
          || chore instanceof BackupChore.Copies
          || chore instanceof RehearsalChore) {
        chore.doIfDue(kept.clock.instant());
      }
    }
  }

  private static List<String> in(Path folder) throws IOException {
    try (Stream<Path> there = Files.list(folder.resolve("server"))) {
      return there.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void it_makes_what_is_due_brings_the_weekly_one_elsewhere_and_tries_a_restore()
      throws IOException {
    try (Kept anna = daemon("anna")) {
      lookAfter(anna);

      assertThat(in(backups)).hasSize(3).anyMatch(name -> name.endsWith("-weekly"));
      assertThat(in(backups)).anyMatch(name -> name.endsWith("-monthly.zip"));
      assertThat(in(usb)).hasSize(1).allMatch(name -> name.endsWith("-weekly"));
      assertThat(Files.readString(backups.resolve("server/checked.json")))
          .contains("\"rehearsal\"", "\"trouble\":null");
    }
  }

  @Test
  void what_one_daemon_made_no_other_makes_again() throws IOException {
    try (Kept anna = daemon("anna");
        Kept ben = daemon("ben")) {
      lookAfter(anna);
      List<String> made = in(backups);
      lookAfter(ben);
      lookAfter(anna);
      lookAfter(ben);

      assertThat(in(backups)).isEqualTo(made);
    }
  }

  @Test
  void once_the_days_is_seen_the_share_is_left_alone() throws IOException {
    try (Kept anna = daemon("anna")) {
      lookAfter(anna);
      anna.unplug();

      lookAfter(anna); // or it would fail
    }
  }

  @Test
  void a_share_that_is_away_is_a_failure_and_the_next_look_makes_it() throws IOException {
    try (Kept anna = daemon("anna")) {
      anna.unplug();
      assertThatThrownBy(() -> lookAfter(anna))
          .isInstanceOfSatisfying(
              Failure.class, e -> assertThat(e.exitCode()).isEqualTo(Failure.OFFLINE));
      anna.plug();

      lookAfter(anna);

      assertThat(in(backups)).anyMatch(name -> name.endsWith("-weekly"));
    }
  }
}
