package tidemark.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import tidemark.change.Failure;

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
      Files.deleteIfExists(aside);
      createForOwnerAlone(aside);
      Files.writeString(aside, text, StandardOpenOption.WRITE);
      Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new Failure(
          Failure.INCOMPLETE,
          "the state folder " + file.getParent() + " cannot be used: " + e,
          "Make it writable for this user, or name another one under `state:` in the config.",
          e);
    }
  }

  private static void createForOwnerAlone(Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return;
    }
    Files.createFile(file);
    AclFileAttributeView acl = Files.getFileAttributeView(file, AclFileAttributeView.class);
    if (acl != null) {
      acl.setAcl(
          List.of(
              AclEntry.newBuilder()
                  .setType(AclEntryType.ALLOW)
                  .setPrincipal(acl.getOwner())
                  .setPermissions(EnumSet.allOf(AclEntryPermission.class))
                  .build()));
    }
  }
}
