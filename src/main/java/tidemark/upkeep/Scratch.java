package tidemark.upkeep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Databases that are needed only for a while. */
final class Scratch {
  private Scratch() {}

  static void delete(Path file) {
    try {
      for (String part : List.of("", "-journal", "-wal", "-shm")) {
        Files.deleteIfExists(Path.of(file + part));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
