package tidemark.app;

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
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.OwnerAlone;
import tidemark.share.Pace;

/**
 * A lock that one process of this machine has, and that says whose it is: a file of its own.
 *
 * <p>The lock is the operating system's, on a local disk, so that a killed process leaves none
 * behind. Nobody in the process that has it may open its file: on Linux and macOS a process that
 * closes a file gives back all that it has locked there.
 */
public final class OwnedLock implements AutoCloseable {
  private static final long LOOK_EVERY = 50;

  private static final DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private static final long LOCKED_AT = 1 << 20;

  /** In letters; what is read of a lock file is longer than it can get. */
  private static final int OWNER = 60;

  private static final int READ = 1_000;

  /** Who may take it: its user, or whoever may write the folder. */
  enum Takers {
    OWNER,
    ALL
  }

  private final FileChannel channel;
  private final Path file;
  private final @Nullable Object identity;

  private OwnedLock(FileChannel channel, Path file) throws IOException {
    this.channel = channel;
    this.file = file;
    this.identity = identity(file);
  }

  /** Null on Windows, where nobody can delete a file that is open. */
  private static @Nullable Object identity(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  /** Whether its file is still where others look for it; one that was deleted locks nobody out. */
  public boolean isInPlace() {
    try {
      return Objects.equals(identity, identity(file));
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      return true; // nothing is known of it for now
    }
  }

  /**
   * Empty if somebody else has it for all that time.
   *
   * @param owner who takes it, beside the process; other users may read it
   */
  static Optional<OwnedLock> take(Path file, Takers takers, String owner, Duration patience) {
    try {
      FileChannel channel = open(file, takers);
      if (locked(channel, patience)) {
        sign(channel, owner);
        return Optional.of(new OwnedLock(channel, file));
      }
      channel.close();
      return Optional.empty();
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  private static FileChannel open(Path file, Takers takers) throws IOException {
    boolean made = Files.notExists(file);
    if (takers == Takers.OWNER) {
      OwnerAlone.file(file);
    }
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    if (made
        && takers == Takers.ALL
        && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    }
    return channel;
  }

  /** Who has it, as in ` (anna, process 12, since ...)`; empty: nobody. */
  static Optional<String> owner(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      try (FileLock free = channel.tryLock(LOCKED_AT, 1, true)) {
        if (free != null) {
          return Optional.empty();
        }
      } catch (OverlappingFileLockException e) {
        // another thread of this process has it
      }
      ByteBuffer name = ByteBuffer.allocate(READ);
      int length = channel.read(name, 0);
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

  private static void sign(FileChannel channel, String owner) throws IOException {
    String who = owner.length() > OWNER ? owner.substring(0, OWNER) + "..." : owner;
    String name =
        who
            + ", process "
            + ProcessHandle.current().pid()
            + ", since "
            + LocalDateTime.now(ZoneId.systemDefault()).format(SHOWN);
    channel.write(ByteBuffer.wrap(name.getBytes(UTF_8)), 0);
    channel.truncate(name.getBytes(UTF_8).length);
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
