package tidemark.sync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files needed only for a moment. */
final class Scratch {
  private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);

  private Scratch() {}

  /** Gone with what SQLite may have left beside it; what cannot be deleted now does no harm. */
  static void delete(Path database) {
    for (String suffix : List.of("", "-journal", "-wal", "-shm")) {
      try {
        Files.deleteIfExists(Path.of(database + suffix));
      } catch (IOException e) {
        LOG.warn(
            "{}{} could not be deleted and stays behind: {}", database, suffix, e.getMessage());
      }
    }
  }
}
