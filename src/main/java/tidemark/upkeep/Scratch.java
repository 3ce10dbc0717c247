package tidemark.upkeep;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;

/** Databases on this machine's disk that are needed only for a while. */
public final class Scratch {
  private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);

  private Scratch() {}

  /** A name in a folder, which is made, that nobody has. */
  public static Path file(Path folder, String name) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw unusable(folder, e);
    }
    return folder.resolve(name + "-" + UUID.randomUUID() + ".db");
  }

  /** Gone with what SQLite may have left beside it; what cannot be deleted now does no harm. */
  public static void delete(Path file) {
    for (String part : List.of("", "-journal", "-wal", "-shm")) {
      try {
        Files.deleteIfExists(Path.of(file + part));
      } catch (IOException e) {
        LOG.warn("{}{} could not be deleted and stays behind: {}", file, part, e.getMessage());
      }
    }
  }

  /** A new file; that it cannot be written is never taken for a failure of the share. */
  public static OutputStream create(Path file) {
    try {
      return new FilterOutputStream(Files.newOutputStream(file)) {
        @Override
        public void write(byte[] bytes, int from, int length) {
          try {
            out.write(bytes, from, length);
          } catch (IOException e) {
            throw unusable(file, e);
          }
        }
      };
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  private static Failure unusable(Path where, IOException e) {
    return new Failure(
        Failure.INCOMPLETE,
        where + " on this machine's own disk cannot be written: " + e.getMessage(),
        "Make room there, or make the state folder writable for this user.",
        e);
  }
}
