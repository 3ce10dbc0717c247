package tidemark.daemon;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import tidemark.change.Failure;
import tidemark.config.DatabaseSettings;
import tidemark.config.Settings;

/** Tries out every path of the config, leaving nothing behind. */
public final class PathCheck {
  private static final byte[] SQLITE = "SQLite format 3\0".getBytes(US_ASCII);

  private final List<Finding> findings = new ArrayList<>();

  private PathCheck() {}

  /**
   * What was found at one path.
   *
   * @param key as in the config
   * @param exitCode 0 where all is well
   * @param hint empty where there is nothing to do
   */
  public record Finding(String key, Path path, int exitCode, String what, String hint) {}

  public static List<Finding> of(Settings settings) {
    PathCheck check = new PathCheck();
    check.state(settings.state());
    for (DatabaseSettings database : settings.databases().values()) {
      String key = "databases." + database.name();
      check.local(key + ".local", database.local());
      check.share(key + ".master", database.master());
    }
    return check.findings;
  }

  private void state(Path folder) {
    try {
      Files.createDirectories(folder);
      tryWriting(folder);
      well("state", folder, "can be written");
    } catch (IOException e) {
      add(
          "state",
          folder,
          Failure.INCOMPLETE,
          "cannot be used: " + e,
          "Make it writable for this user, or name another one under `state:` in the config.");
    }
  }

  private void local(String key, Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      add(
          key,
          file,
          Failure.USAGE,
          "its folder is not there",
          "Correct the path, or create the folder.");
      return;
    }
    database(key, file, "is made by the first sync");
  }

  private void share(String key, Path master) {
    Path folder = master.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      add(
          key,
          master,
          Failure.OFFLINE,
          "its folder is not there",
          "Connect the share, or correct the path.");
      return;
    }
    try {
      tryWriting(folder);
    } catch (IOException e) {
      add(
          key,
          master,
          Failure.OFFLINE,
          "its folder cannot be written: " + e,
          "Ask for the right to read and change files in " + folder + ".");
      return;
    }
    database(key, master, "is made by the first sync; its folder can be written");
  }

  private void database(String key, Path file, String whereMissing) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(SQLITE.length);
      if (start.length == 0 || Arrays.equals(start, SQLITE)) {
        well(key, file, start.length == 0 ? whereMissing : "is a SQLite database");
      } else {
        add(
            key,
            file,
            Failure.REFUSED,
            "is no SQLite database",
            "Correct the path; nothing was changed.");
      }
    } catch (NoSuchFileException e) {
      well(key, file, whereMissing);
    } catch (IOException e) {
      add(
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

  private void well(String key, Path path, String what) {
    add(key, path, 0, what, "");
  }

  private void add(String key, Path path, int exitCode, String what, String hint) {
    findings.add(new Finding(key, path, exitCode, what, hint));
  }
}
