package tidemark.share;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import tidemark.change.Failure;

/** Says what the share refused, in words that help. */
final class Offline {
  private Offline() {}

  static Failure failure(String doing, Path where, IOException e) {
    if (e instanceof AccessDeniedException denied) {
      return new Failure(
          Failure.OFFLINE,
          "cannot " + doing + ": access to " + denied.getFile() + " is denied",
          "Ask for the right to read and change files in " + where + ".",
          e);
    }
    return new Failure(Failure.OFFLINE, "cannot " + doing + ": " + reason(e), hint(where, e), e);
  }

  /** A full disk has no class of its own: on Windows it speaks the system's language. */
  private static String hint(Path where, IOException e) {
    String said = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return said.contains("space left") || said.contains("space on the disk")
        ? "Make room on the disk of the share: " + where
        : "Check that the share is connected: " + where;
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + " is not there";
    }
    if (e instanceof FileSystemException at && at.getReason() == null) {
      return at.getFile() + " (" + at.getClass().getSimpleName() + ")";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
