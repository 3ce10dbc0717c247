package tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.config.SettingsWatcher.Look;
import tidemark.testing.Wait;

/** The settings in force follow the files. */
class SettingsWatcherTest {
  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  @TempDir Path folder;
  private Desk desk;
  private Path fleet;

  @BeforeEach
  void sitDown() {
    desk = new Desk(folder);
    fleet = folder.resolve("share/fleet.yml");
    user("sync: { every: 2h }");
  }

  private void user(String more) {
    desk.write(desk.userFile(), Desk.DATABASES + more + "\n");
  }

  private void included(String text) {
    desk.write(desk.machineFile(), "include: " + fleet + "\n");
    desk.write(fleet, text + "\n");
  }

  private SettingsFile file() {
    return new SettingsFile(desk.surroundings(), Optional.empty());
  }

  /** One whose share answers at once, and which has looked before. */
  private SettingsWatcher watcher() {
    SettingsWatcher watcher = new SettingsWatcher(file(), desk.read(), Runnable::run);
    assertThat(looks(watcher, 4)).isEmpty();
    return watcher;
  }

  /** What is new in so many looks. */
  private static List<Look> looks(SettingsWatcher watcher, int count) {
    List<Look> news = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Look look = watcher.check();
      if (!(look instanceof Look.Unchanged)) {
        news.add(look);
      }
    }
    return news;
  }

  private static Optional<Duration> every(SettingsWatcher watcher) {
    return watcher.inForce().settings().sync().every();
  }

  private static Optional<Duration> hours(int hours) {
    return Optional.of(Duration.ofHours(hours));
  }

  @Test
  void a_changed_file_takes_effect_at_the_next_look() {
    SettingsWatcher watcher = watcher();

    user("sync: { every: 3h }");
    assertThat(watcher.check()).as("seen").isInstanceOf(Look.Unchanged.class);
    assertThat(every(watcher)).isEqualTo(hours(2));
    assertThat(watcher.check()).isEqualTo(new Look.Changed(watcher.inForce()));

    assertThat(every(watcher)).isEqualTo(hours(3));
    assertThat(looks(watcher, 3)).isEmpty();
  }

  @Test
  void what_was_saved_as_a_whole_can_be_taken_up_at_once() {
    SettingsWatcher watcher = watcher();

    new SettingsEdit(file(), desk.surroundings()).set("sync.every", "3h");

    assertThat(watcher.takeUp()).isInstanceOf(Look.Changed.class);
    assertThat(every(watcher)).isEqualTo(hours(3));
    assertThat(watcher.takeUp()).isInstanceOf(Look.Unchanged.class);
    assertThat(looks(watcher, 3)).isEmpty();
  }

  @Test
  void a_wrong_one_is_reported_once_and_the_old_one_stays() {
    SettingsWatcher watcher = watcher();

    user("sync: { evry: 3h }");
    List<Look> news = looks(watcher, 10);

    assertThat(news).hasSize(1);
    assertThat(((Look.Wrong) news.get(0)).problem())
        .hasMessageContaining(desk.userFile() + ":5: sync.evry: is no known key");
    assertThat(watcher.trouble()).contains(((Look.Wrong) news.get(0)).problem());
    assertThat(every(watcher)).isEqualTo(hours(2));

    user("sync: { evry: 4h }");
    assertThat(looks(watcher, 10)).as("other content is reported anew").hasSize(1);
  }

  @Test
  void mended_is_taken_up() {
    SettingsWatcher watcher = watcher();
    user("sync: { evry: 3h }");
    looks(watcher, 3);

    user("sync: { every: 3h }");

    assertThat(looks(watcher, 3)).singleElement().isInstanceOf(Look.Changed.class);
    assertThat(every(watcher)).isEqualTo(hours(3));
    assertThat(watcher.trouble()).isEmpty();
  }

  @Test
  void mended_by_putting_back_what_was_there_is_told_too() {
    SettingsWatcher watcher = watcher();
    user("sync: { evry: 3h }");
    looks(watcher, 3);

    user("sync: { every: 2h }");

    assertThat(looks(watcher, 3)).containsExactly(new Look.Changed(watcher.inForce()));
  }

  @Test
  void half_saved_does_no_harm() throws IOException {
    desk.write(desk.machineFile(), Desk.DATABASES); // without it, an empty file would be wrong
    user("sync: { every: 3h }\ncontact: 'x'");
    SettingsWatcher watcher = watcher();
    String whole = Files.readString(desk.userFile()).replace("3h", "4h");
    List<Look> news = new ArrayList<>();

    for (int length = 0; length <= whole.length(); length++) {
      Files.writeString(desk.userFile(), whole.substring(0, length));
      news.add(watcher.check());
    }

    assertThat(news).allMatch(look -> look instanceof Look.Unchanged);
    assertThat(every(watcher)).isEqualTo(hours(3));
    assertThat(looks(watcher, 1)).singleElement().isInstanceOf(Look.Changed.class);
    assertThat(every(watcher)).isEqualTo(hours(4));
  }

  @Test
  void what_says_the_same_in_other_words_is_no_news() {
    SettingsWatcher watcher = watcher();

    user("# a comment\nsync:\n  every: '2h'");

    assertThat(looks(watcher, 4)).isEmpty();
    assertThat(watcher.inForce().list())
        .anyMatch(setting -> setting.origin().equals(desk.userFile() + ":7"));
  }

  @Test
  void a_change_that_size_and_time_do_not_show_is_seen_by_its_file() throws IOException {
    SettingsWatcher watcher = watcher();
    FileTime time = Files.getLastModifiedTime(desk.userFile());
    Path fresh =
        desk.write(
            folder.resolve("fresh.yml"), Files.readString(desk.userFile()).replace("2h", "3h"));
    Files.setLastModifiedTime(fresh, time);

    Files.move(fresh, desk.userFile(), StandardCopyOption.REPLACE_EXISTING);

    assertThat(looks(watcher, 2)).hasSize(1);
  }

  @Test
  void a_deleted_file_leaves_the_old_settings_in_force() throws IOException {
    SettingsWatcher watcher = watcher();

    Files.delete(desk.userFile());
    assertThat(looks(watcher, 5))
        .singleElement()
        .extracting(look -> ((Look.Wrong) look).problem().hint())
        .asString()
        .contains("tidemark init");
    assertThat(every(watcher)).isEqualTo(hours(2));

    user("sync: { every: 3h }");
    assertThat(looks(watcher, 5)).hasSize(1);
    assertThat(every(watcher)).isEqualTo(hours(3));
  }

  @Test
  void a_file_deleted_and_written_anew_by_an_editor_is_not_reported() throws IOException {
    SettingsWatcher watcher = watcher();

    Files.delete(desk.userFile());
    assertThat(watcher.check()).isInstanceOf(Look.Unchanged.class);
    user("sync: { every: 3h }");

    assertThat(looks(watcher, 3)).singleElement().isInstanceOf(Look.Changed.class);
  }

  @Test
  void layers_come_and_go() throws IOException {
    SettingsWatcher watcher = watcher();

    desk.write(desk.machineFile(), "sync: { every: 4h, watch: 9s }\nlocked: [sync.every]\n");
    assertThat(looks(watcher, 3)).hasSize(1);
    assertThat(every(watcher)).isEqualTo(hours(4));
    assertThat(watcher.inForce().isLocked("sync.every")).isTrue();

    Files.delete(desk.machineFile());
    assertThat(looks(watcher, 3)).hasSize(1);
    assertThat(every(watcher)).isEqualTo(hours(2));

    desk.write(desk.machineFile(), Desk.DATABASES + "sync: { every: 5h }\n");
    Files.delete(desk.userFile());
    assertThat(looks(watcher, 3)).hasSize(1);
    assertThat(every(watcher)).isEqualTo(hours(5));
  }

  @Test
  void the_fleet_file_is_watched_and_while_it_is_away_its_last_copy_holds() throws IOException {
    user("");
    included("sync: { every: 4h }");
    SettingsWatcher watcher = watcher();
    assertThat(every(watcher)).isEqualTo(hours(4));

    desk.write(fleet, "sync: { every: 5h }\n");
    assertThat(looks(watcher, 3)).hasSize(1);
    assertThat(every(watcher)).isEqualTo(hours(5));

    Files.move(fleet.getParent(), folder.resolve("unplugged"));
    assertThat(looks(watcher, 5)).isEmpty();
    assertThat(watcher.inForce().warnings()).singleElement().asString().contains("away");
    user("tray: false");
    assertThat(looks(watcher, 5)).as("changed while it is away").hasSize(1);
    assertThat(every(watcher)).isEqualTo(hours(5));

    Files.move(folder.resolve("unplugged"), fleet.getParent());
    assertThat(looks(watcher, 5)).isEmpty();
    assertThat(watcher.inForce().warnings()).isEmpty();
    desk.write(fleet, "sync: { evry: 6h }\n");
    assertThat(looks(watcher, 5)).singleElement().isInstanceOf(Look.Wrong.class);
    desk.write(fleet, "sync: { every: 6h }\n");
    assertThat(looks(watcher, 5)).singleElement().isInstanceOf(Look.Changed.class);
    assertThat(every(watcher)).isEqualTo(hours(6));
  }

  @Test
  void a_fleet_file_that_is_named_later_is_taken_up_and_watched() {
    user("");
    SettingsWatcher watcher = watcher();

    included("sync: { every: 4h }");
    assertThat(looks(watcher, 8)).hasSize(1);
    assertThat(every(watcher)).isEqualTo(hours(4));

    desk.write(fleet, "sync: { every: 5h }\n");
    assertThat(looks(watcher, 3)).hasSize(1);
    assertThat(every(watcher)).isEqualTo(hours(5));
  }

  @Test
  void a_fleet_file_never_seen_is_reported_and_taken_up_once_it_is_there() throws IOException {
    user("");
    SettingsWatcher watcher = watcher();

    included("");
    Files.delete(fleet);
    assertThat(looks(watcher, 8)).singleElement().isInstanceOf(Look.Wrong.class);
    assertThat(every(watcher)).isEqualTo(hours(2));

    desk.write(fleet, "sync: { every: 4h }\n");
    assertThat(looks(watcher, 8)).singleElement().isInstanceOf(Look.Changed.class);
    assertThat(every(watcher)).isEqualTo(hours(4));
  }

  @Test
  void a_user_file_that_is_wrong_does_not_hide_what_the_fleet_says_later() {
    user("");
    included("sync: { every: 4h }");
    SettingsWatcher watcher = watcher();
    user("evry: 1h");
    assertThat(looks(watcher, 5)).hasSize(1);

    desk.write(fleet, "sync: { every: 5h }\n");
    looks(watcher, 5);
    user("");

    assertThat(looks(watcher, 5)).hasSize(1);
    assertThat(every(watcher)).isEqualTo(hours(5));
  }

  @Test
  void a_share_that_hangs_holds_up_nobody() throws Exception {
    user("");
    included("sync: { every: 4h }");
    SettingsInForce atStart = desk.read();
    Files.delete(fleet);
    assertThat(new ProcessBuilder("mkfifo", fleet.toString()).start().waitFor()).isZero();
    SettingsWatcher watcher = new SettingsWatcher(file(), atStart);

    assertTimeoutPreemptively(AT_ONCE, () -> assertThat(looks(watcher, 20)).isEmpty());
    user("tray: false");
    assertTimeoutPreemptively(AT_ONCE, () -> assertThat(looks(watcher, 20)).hasSize(1));
    assertThat(every(watcher)).isEqualTo(hours(4));
    assertThat(
            Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("fleet-config")))
        .as("looks that wait for the share")
        .hasSize(1);

    Files.writeString(fleet, "sync: { every: 5h }\n"); // it answers at last
    assertThatCode(() -> untilChanged(watcher)).doesNotThrowAnyException();
    assertThat(every(watcher)).isEqualTo(hours(5));
  }

  private static void untilChanged(SettingsWatcher watcher) {
    Wait.until("a change", () -> watcher.check() instanceof Look.Changed);
  }

  @Test
  void ten_thousand_looks_at_nothing_new_read_nothing() throws IOException {
    SettingsWatcher watcher = watcher();
    FileTime before = FileTime.fromMillis(0);
    Files.setAttribute(desk.userFile(), "lastAccessTime", before);

    assertThat(looks(watcher, 10_000)).isEmpty();

    assertThat(Files.getAttribute(desk.userFile(), "lastAccessTime")).isEqualTo(before);
  }
}
