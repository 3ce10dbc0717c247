package tidemark.upkeep.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.share.ShareFiles;

/**
 * A folder for backups, made on first use.
 *
 * <p>Guarantee: one that this workstation has used before is never made again: storage that is not
 * connected looks like an empty place, and backups would pile up on the disk beneath. Threading:
 * one thread.
 */
public final class BackupStorage {
  private final Path folder;
  private final ShareFiles share;
  private final Path known;

  /**
   * @param known the file in which this workstation keeps which folders it has used
   */
  public BackupStorage(Path folder, ShareFiles share, Path known) {
    this.folder = folder;
    this.share = share;
    this.known = known;
  }

  public Backups of(String database) {
    return new Backups(folder, database, share);
  }

  /** Whether there can be backups in it. */
  public boolean isThere() {
    boolean absent = share.reach("look for the backup folder", folder, () -> share.absent(folder));
    if (absent && known().contains(folder.toString())) {
      throw gone(null);
    }
    return !absent;
  }

  /** Makes it unless it is there. */
  public void ensure() {
    if (!isThere()) {
      share.reach(
          "make the backup folder",
          folder,
          () -> {
            try {
              share.createDirectory(folder);
            } catch (NoSuchFileException e) {
              throw gone(e);
            } catch (FileAlreadyExistsException e) {
              return folder; // another workstation was first
            }
            return folder;
          });
    }
    remember();
  }

  private Failure gone(@Nullable NoSuchFileException cause) {
    return new Failure(
        Failure.OFFLINE,
        "the backup folder " + folder + " is not there",
        "Connect its storage. If it was moved or deleted for good, make the folder again by hand.",
        cause);
  }

  private Set<String> known() {
    try {
      return new TreeSet<>(Files.readAllLines(known, UTF_8));
    } catch (IOException e) {
      return Set.of(); // none yet
    }
  }

  private void remember() {
    Set<String> all = new TreeSet<>(known());
    if (all.add(folder.toString())) {
      try {
        Files.createDirectories(known.resolveSibling(""));
        Files.write(known, List.copyOf(all), UTF_8);
      } catch (IOException e) {
        throw new Failure(
            Failure.INCOMPLETE,
            known + " cannot be written: " + e,
            "Make the state folder writable for this user.",
            e);
      }
    }
  }
}
