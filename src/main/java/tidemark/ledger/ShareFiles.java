package tidemark.ledger;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;

/**
 * Every file operation on the share, so that they can be counted, delayed and broken in one place.
 *
 * <p>Guarantee: access denied, which on Windows a virus scanner or a pending delete causes for a
 * moment, is tried again a few times. Threading: no state of its own.
 */
public final class ShareFiles {
  private static final int TRIES = 4;
  private static final long FIRST_PAUSE = 50;

  private final Tap tap;
  private final Pace pace;
  private final Bandwidth bandwidth;

  public ShareFiles(Tap tap, Pace pace) {
    this(tap, pace, Bandwidth.UNLIMITED);
  }

  public ShareFiles(Tap tap, Pace pace, Bandwidth bandwidth) {
    this.tap = tap;
    this.pace = pace;
    this.bandwidth = bandwidth;
  }

  public enum Operation {
    READ,
    WRITE,
    OPEN,
    STAT,
    LIST,
    CREATE_DIRECTORY,
    MOVE,
    DELETE
  }

  /** Sees every operation before and after it happened, and may fail it. */
  public interface Tap {
    Tap NONE = new Tap() {};

    default void before(Operation operation, Path path) throws IOException {}

    default void after(Operation operation, Path path) throws IOException {}
  }

  /** Something done with files. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }

  /** Something looked for among files. */
  @FunctionalInterface
  interface Search<T> {
    @Nullable T run() throws IOException;
  }

  /** Something done with files that has no result. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  Pace pace() {
    return pace;
  }

  byte[] read(Path file, long limit) throws IOException {
    tap.before(Operation.READ, file);
    byte[] bytes;
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long size = channel.size();
      if (size > limit) {
        throw new Failure(
            Failure.REFUSED,
            file + " has " + size + " bytes, more than Tidemark ever writes there",
            "Find out who put it there and move it away.");
      }
      bytes = new byte[(int) size];
      InputStream in = bandwidth.slowed(Channels.newInputStream(channel), pace);
      int length = in.readNBytes(bytes, 0, bytes.length);
      bytes = length < bytes.length ? Arrays.copyOf(bytes, length) : bytes;
    }
    tap.after(Operation.READ, file);
    return bytes;
  }

  /** A new file, on the disk when this returns. */
  void write(Path file, byte[] bytes) throws IOException {
    try (OutputStream out = create(file)) {
      out.write(bytes);
    }
  }

  /** Writes over a file whose reader can bear to see half of it. */
  void overwrite(Path file, byte[] bytes) throws IOException {
    tap.before(Operation.WRITE, file);
    Files.write(file, bytes);
    tap.after(Operation.WRITE, file);
  }

  /** Writes aside, then renames over the former file: readers see the one or the other. */
  void replace(Path file, byte[] bytes) throws IOException {
    Path aside = aside(file);
    write(aside, bytes);
    replace(aside, file);
  }

  static Path aside(Path file) {
    return file.resolveSibling(file.getFileName() + "." + random() + ".part");
  }

  static String random() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /** A new file to be written in pieces, on the disk once it is closed. */
  public OutputStream create(Path file) throws IOException {
    tap.before(Operation.WRITE, file);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    OutputStream slowed = bandwidth.slowed(Channels.newOutputStream(channel), pace);
    return new FilterOutputStream(slowed) {
      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
      }

      @Override
      public void close() throws IOException {
        if (channel.isOpen()) {
          try (channel) {
            channel.force(true);
          }
          tap.after(Operation.WRITE, file);
        }
      }
    };
  }

  public InputStream open(Path file) throws IOException {
    tap.before(Operation.OPEN, file);
    InputStream in = Files.newInputStream(file);
    tap.after(Operation.OPEN, file);
    return bandwidth.slowed(in, pace);
  }

  FileSystem openZip(Path zip) throws IOException {
    tap.before(Operation.OPEN, zip);
    FileSystem opened = FileSystems.newFileSystem(zip, Map.of());
    tap.after(Operation.OPEN, zip);
    return opened;
  }

  public BasicFileAttributes stat(Path path) throws IOException {
    tap.before(Operation.STAT, path);
    BasicFileAttributes seen = Files.readAttributes(path, BasicFileAttributes.class);
    tap.after(Operation.STAT, path);
    return seen;
  }

  public boolean absent(Path path) throws IOException {
    try {
      stat(path);
      return false;
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  /** What is in a folder, by name; nothing where there is no such folder. */
  List<Path> list(Path folder) throws IOException {
    tap.before(Operation.LIST, folder);
    List<Path> paths = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(paths::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    tap.after(Operation.LIST, folder);
    Collections.sort(paths);
    return paths;
  }

  void createDirectory(Path folder) throws IOException {
    tap.before(Operation.CREATE_DIRECTORY, folder);
    Files.createDirectory(folder);
    tap.after(Operation.CREATE_DIRECTORY, folder);
  }

  /** Makes the folder unless it is there; never its parents, which a share that went away lacks. */
  void ensureDirectory(Path folder) throws IOException {
    try {
      createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      return; // somebody else did
    }
  }

  /** Makes a folder within another, which backups leave out where it was empty. */
  void createDirectoryBelow(Path parent, Path folder) throws IOException {
    try {
      createDirectory(folder);
    } catch (NoSuchFileException e) {
      ensureDirectory(parent);
      createDirectory(folder);
    }
  }

  /**
   * Renames a folder to a name that nobody has: the commit point of all that appears as a whole.
   */
  public void rename(Path from, Path to) throws IOException {
    patiently(Operation.MOVE, to, () -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
  }

  /** Renames a file over another one. */
  void replace(Path from, Path to) throws IOException {
    patiently(
        Operation.MOVE,
        to,
        () ->
            Files.move(
                from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING));
  }

  /** Deletes a file or an empty folder, if it is there. */
  public void delete(Path path) throws IOException {
    patiently(Operation.DELETE, path, () -> Files.deleteIfExists(path));
  }

  /** Deletes a file, or a folder with all that is in it. */
  void deleteTree(Path path) throws IOException {
    try {
      for (Path child : list(path)) {
        deleteTree(child);
      }
    } catch (NotDirectoryException e) {
      delete(path);
      return;
    }
    delete(path);
  }

  private void patiently(Operation operation, Path path, Step step) throws IOException {
    tap.before(operation, path);
    long pause = FIRST_PAUSE;
    for (int tries = 1; ; tries++) {
      try {
        step.run();
        break;
      } catch (AccessDeniedException e) {
        if (tries == TRIES || (operation == Operation.MOVE && Files.isDirectory(path))) {
          throw e; // Windows says so too where the name is taken
        }
        pace.pause(pause);
        pause *= 2;
      }
    }
    tap.after(operation, path);
  }

  /** Does something with the share; what goes wrong becomes a Failure that says what and where. */
  <T> T reach(String doing, Path where, Work<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw offline(doing, where, e);
    }
  }

  <T> @Nullable T seek(String doing, Path where, Search<T> search) {
    try {
      return search.run();
    } catch (IOException e) {
      throw offline(doing, where, e);
    }
  }

  void perform(String doing, Path where, Step step) {
    try {
      step.run();
    } catch (IOException e) {
      throw offline(doing, where, e);
    }
  }

  private static Failure offline(String doing, Path where, IOException e) {
    if (e instanceof AccessDeniedException denied) {
      return new Failure(
          Failure.OFFLINE,
          "cannot " + doing + ": access to " + denied.getFile() + " is denied",
          "Ask for the right to read and change files in " + where + ".",
          e);
    }
    return new Failure(
        Failure.OFFLINE,
        "cannot " + doing + ": " + reason(e),
        "Check that the share is connected: " + where,
        e);
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + " is not there";
    }
    if (e instanceof FileSystemException at && at.getReason() == null) {
      return at.getFile() + " (" + at.getClass().getSimpleName() + ")";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
