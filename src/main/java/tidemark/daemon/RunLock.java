package tidemark.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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

  private static final long LOCKED_AT = 1 << 20;
  private static final int NAME = 200;

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  static RunLock take(Path folder, String database, Duration patience) {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("run.lock"),
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE);
      if (locked(channel, patience)) {
        signed(channel);
        return new RunLock(channel);
      }
      String owner = owner(channel);
      channel.close();
      throw new Failure(
          Failure.BUSY,
          "another run on " + database + owner + " is under way and did not finish in time",
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

  /** A place behind the owner's name, which others may then read on Windows too. */
  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(LOCKED_AT, 1, false);
    } catch (OverlappingFileLockException e) {
      return null; // another thread of this process has it
    }
  }

  private static void signed(FileChannel channel) throws IOException {
    String name =
        "process "
            + ProcessHandle.current().pid()
            + ", since "
            + Instant.now().truncatedTo(ChronoUnit.SECONDS);
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(name.getBytes(UTF_8)), 0);
  }

  private static String owner(FileChannel channel) throws IOException {
    ByteBuffer name = ByteBuffer.allocate(NAME);
    int length = channel.read(name, 0);
    return length <= 0 ? "" : " (" + new String(name.array(), 0, length, UTF_8) + ")";
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
