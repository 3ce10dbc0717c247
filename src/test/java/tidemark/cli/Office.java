package tidemark.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tidemark.Typed;
import tidemark.config.Surroundings;
import tidemark.testing.Database;
import tidemark.testing.JavaProcess;

/** A share and workstations as people have them: a config, local files and a prompt to type at. */
public final class Office {
  private final Path folder;

  public Office(Path folder) {
    this.folder = folder;
    create(folder.resolve("share"));
  }

  public Path share() {
    return folder.resolve("share");
  }

  public Database master(String name) {
    return new Database(share().resolve(name + ".db"));
  }

  /** The cable is out, and in again. */
  public void unplug() {
    move(share(), folder.resolve("unplugged"));
  }

  public void plug() {
    move(folder.resolve("unplugged"), share());
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path create(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A workstation with the application's tables in a database `server`. */
  public Desk desk(String user) {
    Desk desk = emptyDesk(user, "server");
    desk.db("server").script("/tidemark/app/demo/server.sql");
    return desk;
  }

  /** A workstation whose application has made nothing yet. */
  public Desk emptyDesk(String user, String... databases) {
    return new Desk(user, create(folder.resolve(user)), List.of(databases)).configured("");
  }

  /** One workstation. */
  public final class Desk {
    private final String user;
    private final Path place;
    private final List<String> databases;
    private Path share = share();

    Desk(String user, Path place, List<String> databases) {
      this.user = user;
      this.place = place;
      this.databases = databases;
    }

    /** Writes the config, with more of it at its end. */
    public Desk configured(String more) {
      StringBuilder text = new StringBuilder();
      text.append("user: " + user + "\nworkstation: PC-" + user + "\n");
      text.append("state: '" + place.resolve("state") + "'\ndatabases:\n");
      for (String database : databases) {
        text.append("  " + database + ":\n    local: '" + file(database) + "'\n");
        text.append("    master: '" + share.resolve(database + ".db") + "'\n");
      }
      write(config(), text + more);
      return this;
    }

    /** Its config names another share. */
    Desk on(Path share) {
      this.share = share;
      return configured("");
    }

    public Path place() {
      return place;
    }

    public Path config() {
      return place.resolve("tidemark.yml");
    }

    public Path file(String database) {
      return place.resolve(database + ".db");
    }

    public Database db(String database) {
      return new Database(file(database));
    }

    public Desk edit(String... statements) {
      db("server").execute(statements);
      return this;
    }

    /** Types a command that gets this workstation's config. */
    public Typed type(String... args) {
      List<String> all = new ArrayList<>(Arrays.asList(args));
      all.add("--config");
      all.add(config().toString());
      return typeAsItIs(all.toArray(String[]::new));
    }

    Typed typeAsItIs(String... args) {
      return Typed.at(new Start(this::surroundings, Clock.system(ZoneOffset.ofHours(2))), args);
    }

    /** Starts a command that gets this workstation's config in a process of its own. */
    Process process(Map<String, String> env, String... args) throws IOException {
      List<String> command = new ArrayList<>(JavaProcess.interruptible());
      command.addAll(
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              "tidemark.Tidemark"));
      command.addAll(List.of(args));
      command.addAll(List.of("--config", config().toString()));
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(env);
      return builder.redirectErrorStream(true).start();
    }

    /** Types a command as it is, at a terminal, where this person answers. */
    Typed answering(Person person, String... args) {
      return Typed.at(
          new Start(this::surroundings, Clock.systemUTC(), () -> Optional.of(person)), args);
    }

    private Surroundings surroundings() {
      return new Surroundings(
          Map.of("HERE", place.toString()),
          "Linux",
          place.resolve("home"),
          user,
          "PC-" + user,
          place.resolve("machine"),
          Optional.empty());
    }
  }

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
