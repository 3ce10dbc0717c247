package tidemark.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.ledger.Pace;

/**
 * A lock that one process of this machine has, and that says whose it is. A file has several of
 * them, by number.
 *
 * <p>The lock is the operating system's, on a local disk, so that a killed process leaves none
 * behind.
 */
final class OwnedLock implements AutoCloseable {
  private static final long LOOK_EVERY = 50;

  private static final long LOCKED_AT = 1 << 20;
  private static final int NAME = 200;

  /** As it is, or for whoever may write the folder. */
  private static final String ALL_MAY = "rw-rw-rw-";

  private final FileChannel channel;

  private OwnedLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Empty if somebody else has it for all that time.
   *
   * @param owner who takes it, beside the process; other users may read it
   */
  static Optional<OwnedLock> take(Path file, int number, String owner, Duration patience) {
    try {
      FileChannel channel = open(file);
      if (locked(channel, number, patience)) {
        sign(channel, number, owner);
        return Optional.of(new OwnedLock(channel));
      }
      channel.close();
      return Optional.empty();
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    boolean made = Files.notExists(file);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    if (made && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(ALL_MAY));
    }
    return channel;
  }

  /** Who has it, as in ` (anna, process 12, since ...)`; empty: nobody. */
  static Optional<String> owner(Path file, int number) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      try (FileLock free = channel.tryLock(LOCKED_AT + number, 1, true)) {
        if (free != null) {
          return Optional.empty();
        }
      } catch (OverlappingFileLockException e) {
        // another thread of this process has it
      }
      ByteBuffer name = ByteBuffer.allocate(NAME);
      int length = channel.read(name, (long) number * NAME);
      return Optional.of(
          length <= 0 ? "" : " (" + new String(name.array(), 0, length, UTF_8).strip() + ")");
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  private static Failure unusable(Path file, IOException e) {
    return new Failure(
        Failure.INCOMPLETE,
        "the lock " + file + " cannot be used: " + e,
        "Make its folder writable for this user; the state folder is named under `state:` in the config.",
        e);
  }

  private static boolean locked(FileChannel channel, int number, Duration patience)
      throws IOException {
    long until = Pace.REAL.nanos() + patience.toNanos();
    while (tryLock(channel, number) == null) {
      if (Pace.REAL.nanos() - until >= 0) {
        return false;
      }
      Pace.REAL.pause(LOOK_EVERY);
    }
    return true;
  }

  /** A place behind the owner's name, which others may then read on Windows too. */
  private static @Nullable FileLock tryLock(FileChannel channel, int number) throws IOException {
    try {
      return channel.tryLock(LOCKED_AT + number, 1, false);
    } catch (OverlappingFileLockException e) {
      return null; // another thread of this process has it
    }
  }

  private static void sign(FileChannel channel, int number, String owner) throws IOException {
    String name =
        owner
            + ", process "
            + ProcessHandle.current().pid()
            + ", since "
            + Instant.now().truncatedTo(ChronoUnit.SECONDS);
    byte[] padded = Arrays.copyOf(name.getBytes(UTF_8), NAME);
    for (int i = name.getBytes(UTF_8).length; i < NAME; i++) {
      padded[i] = ' ';
    }
    channel.write(ByteBuffer.wrap(padded), (long) number * NAME);
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
