package tidemark.control;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder for what is kept between runs, which holds rows and tokens.
 *
 * <p>Guarantee: nobody but its user can enter it, whatever the umask, so that what lies in it needs
 * no rights of its own. On Windows it lies in a folder of the user's.
 */
public final class OwnersFolder {
  private static final Logger LOG = LoggerFactory.getLogger(OwnersFolder.class);
  private static final Set<PosixFilePermission> OWNER_ALONE =
      PosixFilePermissions.fromString("rwx------");

  private OwnersFolder() {}

  /** Makes or closes it; who cannot is told by whoever needs the folder. */
  public static void make(Path folder) {
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    try {
      Files.createDirectories(folder.toAbsolutePath().resolveSibling(""));
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ALONE));
    } catch (FileAlreadyExistsException e) {
      close(folder);
    } catch (IOException e) {
      LOG.debug("{} cannot be made: {}", folder, e.toString());
    }
  }

  private static void close(Path folder) {
    try {
      if (!OWNER_ALONE.containsAll(Files.getPosixFilePermissions(folder))) {
        Files.setPosixFilePermissions(folder, OWNER_ALONE);
      }
    } catch (IOException e) {
      LOG.warn("others may enter {}, and that cannot be changed: {}", folder, e.toString());
    }
  }
}
