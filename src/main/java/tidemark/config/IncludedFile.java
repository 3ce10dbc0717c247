package tidemark.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tidemark.change.Failure;

/**
 * A config file on the share and the last good copy of it under {@code state}.
 *
 * <p>The share is read on a thread of its own, since it may hang; a late answer is dropped.
 */
final class IncludedFile {
  private static final Duration WITH_COPY = Duration.ofSeconds(2);
  private static final Duration WITHOUT_COPY = Duration.ofSeconds(30);

  private final Path source;
  private final Path copy;

  IncludedFile(Path source, Path state) {
    this.source = source;
    this.copy =
        state.resolve("included-" + Integer.toHexString(source.toString().hashCode()) + ".yml");
  }

  /**
   * What was read.
   *
   * @param isCopy the share is away, and this is what it said last
   */
  record Content(byte[] bytes, boolean isCopy) {}

  Path source() {
    return source;
  }

  boolean hasCopy() {
    return Files.isRegularFile(copy);
  }

  /** Waits for the share for a while. */
  Content read() {
    try {
      return new Content(fromShare(hasCopy() ? WITH_COPY : WITHOUT_COPY), false);
    } catch (IOException away) {
      return copy(away);
    }
  }

  /** The last copy, since the share is away. */
  Content copy(IOException away) {
    if (!hasCopy()) {
      throw new Failure(
          Failure.OFFLINE,
          "The included config " + source + " cannot be read, and no copy of it is kept yet",
          "Connect to the share and try again; if the path is wrong, correct include: in the"
              + " machine's file.",
          away);
    }
    return new Content(lastCopy(), true);
  }

  private byte[] fromShare(Duration patience) throws IOException {
    Callable<byte[]> read = () -> Files.readAllBytes(source);
    FutureTask<byte[]> reading = new FutureTask<>(read);
    Thread thread = new Thread(reading, "included-config");
    thread.setDaemon(true);
    thread.start();
    try {
      return reading.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      throw new IOException(failed.getCause());
    } catch (TimeoutException hung) {
      throw new IOException("no answer within " + Durations.text(patience), hung);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
    }
  }

  private byte[] lastCopy() {
    try {
      return Files.readAllBytes(copy);
    } catch (IOException unreadable) {
      throw new Failure(
          Failure.USAGE,
          "The kept copy of the included config cannot be read: " + copy,
          "Make the file readable, or delete it and connect to the share.",
          unreadable);
    }
  }

  /** Keeps what was read as the copy. */
  void keep(byte[] bytes) throws IOException {
    if (Files.exists(copy) && Arrays.equals(Files.readAllBytes(copy), bytes)) {
      return;
    }
    WholeFile.writeForOwnerAlone(copy, bytes);
  }
}
