package tidemark.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tidemark.change.Failure;
import tidemark.change.Place;
import tidemark.config.DatabaseSettings;
import tidemark.config.Settings;
import tidemark.config.Surroundings;
import tidemark.share.Bandwidth;
import tidemark.share.Pace;
import tidemark.share.Patience;
import tidemark.share.ShareFiles;

/**
 * Tries out the paths and servers of the config, leaving nothing behind; a share or server that
 * hangs is given up.
 */
public final class PathCheck {
  private static final byte[] SQLITE = "SQLite format 3\0".getBytes(US_ASCII);

  private final Settings settings;
  private final ShareFiles share;
  private final ServerCheck servers;

  public PathCheck(Settings settings, Surroundings surroundings) {
    this.settings = settings;
    this.servers = new ServerCheck(settings, surroundings);
    this.share =
        new ShareFiles(
            ShareFiles.Tap.NONE,
            Pace.REAL,
            new Bandwidth(settings.sync().bandwidth()),
            new Patience(settings.sync().shareTimeout(), Pace.REAL));
  }

  /** All of them. */
  public List<Tried> all() {
    List<Tried> findings = new ArrayList<>();
    findings.add(state(settings.state()));
    for (DatabaseSettings database : settings.databases().values()) {
      findings.add(local(database));
      findings.add(place(database));
    }
    return findings;
  }

  private Tried place(DatabaseSettings database) {
    return database.place() instanceof Place.Server server
        ? servers.check("databases." + database.name() + ".master", server)
        : masterOf(database.name(), ((Place.Folder) database.place()).master());
  }

  /** The application's databases here. */
  public List<Tried> locals() {
    return settings.databases().values().stream().map(PathCheck::local).toList();
  }

  /** What is on the share. */
  public List<Tried> masters() {
    return settings.databases().values().stream().flatMap(one -> master(one).stream()).toList();
  }

  /** Databases of which there is neither the application's own nor a master, as far as is known. */
  public List<DatabaseSettings> withNothing() {
    return settings.databases().values().stream()
        .filter(database -> Files.notExists(database.local()))
        .filter(database -> database.place().file().filter(this::isNowhereOnShare).isPresent())
        .toList();
  }

  private boolean isNowhereOnShare(Path file) {
    try {
      return share.reach("look at the share", file, () -> isNowhere(file));
    } catch (Failure unknown) {
      return false;
    }
  }

  private static boolean isNowhere(Path file) {
    try {
      return Files.size(file) == 0;
    } catch (NoSuchFileException nothing) {
      return true;
    } catch (IOException unknown) {
      return false;
    }
  }

  private static Tried state(Path folder) {
    try {
      Files.createDirectories(folder);
      tryWriting(folder);
      return well("state", folder, "can be written");
    } catch (IOException e) {
      return new Tried(
          "state",
          folder,
          Failure.INCOMPLETE,
          "cannot be used: " + e,
          "Make it writable for this user, or name another one under `state:` in the config.");
    }
  }

  private static Tried local(DatabaseSettings database) {
    String key = "databases." + database.name() + ".local";
    Path file = database.local();
    Path folder = file.toAbsolutePath().getParent();
    return folder == null || !Files.isDirectory(folder)
        ? new Tried(
            key,
            file,
            Failure.USAGE,
            "its folder is not there",
            "Correct the path, or create the folder.")
        : database(key, file, "is made by the first sync");
  }

  private Optional<Tried> master(DatabaseSettings database) {
    return database.place().file().map(file -> masterOf(database.name(), file));
  }

  private Tried masterOf(String database, Path file) {
    String key = "databases." + database + ".master";
    try {
      return share.reach("look at the share", file, () -> master(key, file));
    } catch (Failure hangs) {
      return new Tried(key, file, hangs.exitCode(), hangs.whatFailed(), hangs.hint());
    }
  }

  private static Tried master(String key, Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return new Tried(
          key,
          file,
          Failure.OFFLINE,
          "its folder is not there",
          "Connect the share, or correct the path.");
    }
    try {
      tryWriting(folder);
    } catch (IOException e) {
      return new Tried(
          key,
          file,
          Failure.OFFLINE,
          "its folder cannot be written: " + e,
          "Ask for the right to read and change files in " + folder + ".");
    }
    Tried found = database(key, file, "is made by the first sync; its folder can be written");
    boolean hasLedger = Files.isDirectory(file.resolveSibling(file.getFileName() + "-ledger"));
    return found.exitCode() == 0 && hasLedger
        ? well(key, file, found.what() + "; its ledger is there, which this workstation joins")
        : found;
  }

  private static Tried database(String key, Path file, String whereMissing) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(SQLITE.length);
      if (start.length > 0 && !Arrays.equals(start, SQLITE)) {
        return new Tried(
            key,
            file,
            Failure.REFUSED,
            "is no SQLite database",
            "Correct the path; nothing was changed.");
      }
      return well(key, file, start.length == 0 ? whereMissing : "is a SQLite database");
    } catch (NoSuchFileException e) {
      return well(key, file, whereMissing);
    } catch (IOException e) {
      return new Tried(
          key,
          file,
          Failure.INCOMPLETE,
          "cannot be read: " + e,
          "Correct the path, or make it readable for this user.");
    }
  }

  private static void tryWriting(Path folder) throws IOException {
    Path file = folder.resolve(".tidemark-" + UUID.randomUUID() + ".test");
    Files.write(file, SQLITE);
    Files.delete(file);
  }

  private static Tried well(String key, Path path, String what) {
    return new Tried(key, path, 0, what, "");
  }
}
