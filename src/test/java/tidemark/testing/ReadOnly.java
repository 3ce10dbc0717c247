package tidemark.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * A file nobody may write, or a folder in which nobody may make or rename anything, until it is
 * closed. Rights do not bind root: for root it is made immutable, where the file system can.
 */
public final class ReadOnly implements AutoCloseable {
  private final Path path;
  private final boolean root;

  private ReadOnly(Path path, boolean root) {
    this.path = path;
    this.root = root;
  }

  /** Skips the test where it cannot be had. */
  public static ReadOnly make(Path path) {
    ReadOnly made = new ReadOnly(path, Files.isWritable(Path.of("/")));
    Assumptions.assumeTrue(made.set(true), "nothing can be made read-only here");
    return made;
  }

  private boolean set(boolean readOnly) {
    return root
        ? Shell.can("chattr", readOnly ? "+i" : "-i", path.toString())
        : path.toFile().setWritable(!readOnly);
  }

  @Override
  public void close() throws IOException {
    if (!set(false)) {
      throw new IOException(path + " stays read-only");
    }
  }
}
