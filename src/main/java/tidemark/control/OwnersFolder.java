package tidemark.control;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder for what is kept between runs, which holds rows and tokens.
 *
 * <p>Guarantee: nobody but its user can enter it, whatever the umask. One that was there before and
 * holds other things is left as it is, and what is below it is closed instead; the files that lie
 * in it directly are their user's alone anyway. On Windows it lies in a folder of the user's.
 */
public final class OwnersFolder {
  private static final Logger LOG = LoggerFactory.getLogger(OwnersFolder.class);
  private static final Set<PosixFilePermission> OWNER_ALONE =
      PosixFilePermissions.fromString("rwx------");

  /** Files that we put there; a new one that is missing here only keeps the folder as it is. */
  private static final Pattern OURS =
      Pattern.compile(
          "(daemon|config|keys\\.json)\\.lock|machine(\\..*)?|page\\.key(\\.new)?"
              + "|(control|chores|alerts|health|keys)\\.json(\\.new)?"
              + "|\\.?included-.*|\\.keys\\.json-.*|selftest-.*\\.txt|logs|classes");

  private OwnersFolder() {}

  /**
   * Makes or closes it; who cannot is told by whoever needs the folder.
   *
   * @param below the folders of ours in it
   */
  public static void make(Path folder, List<Path> below) {
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    if (holdsOtherThings(folder, below)) {
      below.forEach(OwnersFolder::close);
    } else {
      close(folder);
    }
  }

  /** Cheap where it is closed already. */
  private static boolean holdsOtherThings(Path folder, List<Path> below) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return !isClosed(folder)
          && !files.allMatch(
              file ->
                  below.contains(file) || OURS.matcher(file.getFileName().toString()).matches());
    } catch (IOException e) {
      LOG.debug("{} cannot be looked into: {}", folder, e.toString());
      return true;
    }
  }

  private static boolean isClosed(Path folder) throws IOException {
    return OWNER_ALONE.containsAll(Files.getPosixFilePermissions(folder));
  }

  private static void close(Path folder) {
    try {
      Files.createDirectories(folder.toAbsolutePath().resolveSibling(""));
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ALONE));
    } catch (FileAlreadyExistsException e) {
      closeExisting(folder);
    } catch (IOException e) {
      LOG.debug("{} cannot be made: {}", folder, e.toString());
    }
  }

  private static void closeExisting(Path folder) {
    try {
      if (!isClosed(folder)) {
        Files.setPosixFilePermissions(folder, OWNER_ALONE);
      }
    } catch (IOException e) {
      LOG.warn("others may enter {}, and that cannot be changed: {}", folder, e.toString());
    }
  }
}
