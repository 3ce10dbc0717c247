package tidemark.daemon;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.ledger.Pace;

/**
 * Lets one process of this user at a time work on a database: what is kept beside it, such as the
 * entry offered last, belongs to one run.
 *
 * <p>The lock is the operating system's, on a local disk, so that a killed process leaves none
 * behind.
 */
final class RunLock implements AutoCloseable {
  private static final long LOOK_EVERY = 50;

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  static RunLock take(Path folder, String database, Duration patience) {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("run.lock"), StandardOpenOption.WRITE, StandardOpenOption.CREATE);
      if (locked(channel, patience)) {
        return new RunLock(channel);
      }
      channel.close();
      throw new Failure(
          Failure.BUSY,
          "another run on " + database + " is under way and did not finish in time",
          "Wait until it has finished; its rows are carried by it.");
    } catch (IOException e) {
      throw new Failure(
          Failure.INCOMPLETE,
          "the state folder " + folder + " cannot be used: " + e,
          "Make it writable for this user, or name another one under `state:` in the config.",
          e);
    }
  }

  private static boolean locked(FileChannel channel, Duration patience) throws IOException {
    long until = Pace.REAL.nanos() + patience.toNanos();
    while (tryLock(channel) == null) {
      if (Pace.REAL.nanos() - until >= 0) {
        return false;
      }
      Pace.REAL.pause(LOOK_EVERY);
    }
    return true;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another thread of this process has it
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new Failure(Failure.INCOMPLETE, "a lock file cannot be closed: " + e, "", e);
    }
  }
}
