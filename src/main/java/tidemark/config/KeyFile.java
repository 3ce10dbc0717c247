package tidemark.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;

/** A file that holds one key and nothing else. */
final class KeyFile {
  private static final int LIMIT = 4096;

  private KeyFile() {}

  static String read(Path file) {
    try {
      if (Files.size(file) > LIMIT) {
        throw wrong(file + " is too long for a key", null);
      }
      String key = Files.readString(file, StandardCharsets.UTF_8).strip();
      if (key.isEmpty() || key.lines().count() > 1) {
        throw wrong(file + " does not hold one key in one line", null);
      }
      return key;
    } catch (NoSuchFileException e) {
      throw wrong("the file that is to hold the key is not there: " + file, e);
    } catch (IOException e) {
      throw wrong("the key cannot be read: " + e, e);
    }
  }

  private static Failure wrong(String what, @Nullable Throwable cause) {
    return new Failure(
        Failure.USAGE,
        what,
        "Put what `tidemark key create` printed at the server into it, and nothing else.",
        cause);
  }
}
