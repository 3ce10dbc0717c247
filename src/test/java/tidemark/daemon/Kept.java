package tidemark.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tidemark.app.Workstation;
import tidemark.config.SettingsFile;
import tidemark.config.SettingsInForce;
import tidemark.config.Surroundings;
import tidemark.control.Endpoint;
import tidemark.control.Events;
import tidemark.testing.Database;
import tidemark.testing.LentShare;
import tidemark.testing.SettableClock;

/** A workstation with a keeper whose schedule does not go by itself: tests say when it is time. */
final class Kept implements AutoCloseable {
  private final Path folder;
  private final Path place;
  private final String user;
  private final @Nullable LentShare server;

  final SettableClock clock = new SettableClock();
  final Schedule schedule = new Schedule("test");
  final Daemon daemon;
  final Events events;
  final Keeper keeper;
  final Looks looks;
  final Endpoint endpoint;

  Kept(Path folder, String user, String sync) {
    this(folder, user, sync, null);
  }

  /**
   * The same at a server.
   *
   * @param server null where it meets the others at the share
   */
  Kept(Path folder, String user, String sync, @Nullable LentShare server) {
    this.server = server;
    this.folder = folder;
    this.place = folder.resolve(user);
    this.user = user;
    try {
      Files.createDirectories(place);
      Files.createDirectories(folder.resolve("share"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    configure(sync);
    Pauses pauses = new Pauses(new SplittableRandom(7));
    daemon = new Daemon(workstation(), clock, schedule, pauses, "1.2.3");
    events = daemon.events;
    keeper = daemon.keeper;
    looks = daemon.looks;
    endpoint = daemon.endpoint(every -> {}, () -> {});
  }

  /** Writes the config: these lines under `sync:`. */
  void configure(String sync) {
    StringBuilder text = new StringBuilder("user: " + user + "\nworkstation: PC-" + user + "\n");
    text.append("state: '" + place.resolve("state") + "'\ndatabases:\n  server:\n");
    text.append("    local: '" + local().file() + "'\n");
    text.append("    master: " + place() + "\nsync:\n");
    sync.lines().forEach(line -> text.append("  " + line + "\n"));
    try {
      Files.writeString(config(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String place() {
    Path master = folder.resolve("share/server.db");
    LentShare lent = server;
    return lent == null ? "'" + master + "'" : lent.address() + "\n    key: " + lent.secret(user);
  }

  Path config() {
    return place.resolve("tidemark.yml");
  }

  Surroundings surroundings() {
    return new Surroundings(
        Map.of(),
        "Linux",
        place.resolve("home"),
        user,
        "PC-" + user,
        place.resolve("machine"),
        Optional.empty());
  }

  SettingsFile file() {
    return new SettingsFile(surroundings(), Optional.of(config()));
  }

  SettingsInForce read() {
    return file().read();
  }

  Workstation workstation() {
    return new Workstation(read().settings(), surroundings(), clock);
  }

  Database local() {
    return new Database(place.resolve("server.db"));
  }

  Database master() {
    return new Database(folder.resolve("share/server.db"));
  }

  Path state() {
    return place.resolve("state");
  }

  /** How its runs began and ended, oldest first. */
  List<String> log() {
    return local().rows("SELECT trigger, status FROM sync_log ORDER BY id");
  }

  void unplug() {
    move("share", "unplugged");
  }

  void plug() {
    move("unplugged", "share");
  }

  private void move(String from, String to) {
    try {
      Files.move(folder.resolve(from), folder.resolve(to));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    schedule.close();
  }
}
