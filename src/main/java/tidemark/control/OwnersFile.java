package tidemark.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import tidemark.change.Failure;
import tidemark.change.OwnerAlone;

/**
 * Writes files with secrets.
 *
 * <p>Guarantee: nobody but this user can read them, not even while they are written. Commit point:
 * the rename of the whole file.
 */
final class OwnersFile {
  private OwnersFile() {}

  static void write(Path file, String text) {
    Path aside = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(file.resolveSibling(""));
      Files.writeString(OwnerAlone.fresh(aside), text);
      Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new Failure(
          Failure.INCOMPLETE,
          "the state folder " + file.getParent() + " cannot be used: " + e,
          "Make it writable for this user, or name another one under `state:` in the config.",
          e);
    }
  }
}
