package tidemark.share;

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
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;

/**
 * Every file operation on the share, so that they can be counted, delayed and broken in one place.
 *
 * <p>Guarantee: what is denied because somebody else is at that file, a reader, a virus scanner or
 * a pending delete, is tried again a few times. Threading: no state of its own.
 */
public final class ShareFiles {

  /** A Windows client goes on saying "not found" for five seconds. */
  public static final int SECONDS_STALE = 6;

  /** What is random in names, and what is added to the name of what is written aside. */
  public static final String RANDOM = "[0-9a-f]{32}";

  public static final String MAYBE_ASIDE = "(\\." + RANDOM + "\\.part)?";

  private static final int TRIES = 4;
  private static final long FIRST_PAUSE = 50;

  private final Tap tap;
  private final Pace pace;
  private final Bandwidth bandwidth;
  private final Patience patience;

  /** For a folder that neither hangs nor is to be spared. */
  public ShareFiles(Tap tap, Pace pace) {
    this(tap, pace, Bandwidth.UNLIMITED, Patience.ENDLESS);
  }

  public ShareFiles(Tap tap, Pace pace, Bandwidth bandwidth, Patience patience) {
    this.tap = tap;
    this.pace = pace;
    this.bandwidth = bandwidth;
    this.patience = patience;
  }

  public enum Operation {
    READ,
    WRITE,
    OPEN,
    STAT,
    LIST,
    CREATE_DIRECTORY,
    MOVE,
    DELETE,
    FLUSH
  }

  /** Sees every operation before and after it happened, and may fail it. */
  public interface Tap {
    Tap NONE = new Tap() {};

    default void before(Operation operation, Path path) throws IOException {}

    default void after(Operation operation, Path path) throws IOException {}

    /** What a folder is seen to hold, which may be less, or more, than it does. */
    default List<Path> listed(Path folder, List<Path> there) {
      return there;
    }
  }

  /** Something looked for among files. */
  @FunctionalInterface
  public interface Search<T> {
    @Nullable T run() throws IOException;
  }

  /** Something done with files that has no result. */
  @FunctionalInterface
  public interface Step {
    void run() throws IOException;
  }

  public Pace pace() {
    return pace;
  }

  /** One operation, seen by the tap, and not waited for without end. */
  private <T extends @Nullable Object> T operate(Operation operation, Path path, ShareWork<T> work)
      throws IOException {
    return patience.await(
        () -> {
          tap.before(operation, path);
          T result = work.run();
          tap.after(operation, path);
          return result;
        });
  }

  public byte[] read(Path file, long limit) throws IOException {
    return operate(Operation.READ, file, () -> bytes(file, limit));
  }

  private byte[] bytes(Path file, long limit) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long size = channel.size();
      if (size > limit) {
        throw new Failure(
            Failure.REFUSED,
            file + " has " + size + " bytes, more than Tidemark ever writes there",
            "Find out who put it there and move it away.");
      }
      byte[] bytes = new byte[(int) size];
      InputStream in = attended(Channels.newInputStream(channel));
      int length = in.readNBytes(bytes, 0, bytes.length);
      return length < bytes.length ? Arrays.copyOf(bytes, length) : bytes;
    }
  }

  private InputStream attended(InputStream in) {
    return bandwidth.slowed(Pieces.of(in, patience), pace);
  }

  private OutputStream attended(OutputStream out) {
    return bandwidth.slowed(Pieces.of(out, patience), pace);
  }

  /** A new file, on the disk when this returns. */
  public void write(Path file, byte[] bytes) throws IOException {
    try (OutputStream out = create(file)) {
      out.write(bytes);
    }
  }

  /**
   * Writes over a file whose reader can bear to see half of it; never over what a link leads to.
   */
  public void overwrite(Path file, byte[] bytes) throws IOException {
    operate(
        Operation.WRITE,
        file,
        () ->
            Files.write(
                file,
                bytes,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS));
  }

  /** Writes aside, then renames over the former file: readers see the one or the other. */
  public void replace(Path file, byte[] bytes) throws IOException {
    Path aside = aside(file);
    write(aside, bytes);
    replace(aside, file);
  }

  public static Path aside(Path file) {
    return file.resolveSibling(file.getFileName() + "." + random() + ".part");
  }

  public static String random() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /** A new file to be written in pieces, on the disk once it is closed. */
  public OutputStream create(Path file) throws IOException {
    FileChannel channel =
        patience.await(
            () -> {
              tap.before(Operation.WRITE, file);
              return FileChannel.open(
                  file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            });
    OutputStream pieces = attended(Channels.newOutputStream(channel));
    return new FilterOutputStream(pieces) {
      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
      }

      @Override
      public void close() throws IOException {
        if (channel.isOpen()) {
          patience.await(() -> finish(channel, file));
        }
      }
    };
  }

  private Path finish(FileChannel written, Path file) throws IOException {
    try (written) {
      written.force(true);
    }
    tap.after(Operation.WRITE, file);
    return file;
  }

  public InputStream open(Path file) throws IOException {
    return attended(operate(Operation.OPEN, file, () -> Files.newInputStream(file)));
  }

  /** To be read from anywhere in it. */
  public SeekableByteChannel channel(Path file) throws IOException {
    return operate(Operation.OPEN, file, () -> Files.newByteChannel(file));
  }

  public FileSystem openZip(Path zip) throws IOException {
    return operate(
        Operation.OPEN,
        zip,
        () -> {
          try {
            return FileSystems.newFileSystem(zip, Map.of());
          } catch (ProviderNotFoundException e) {
            throw new ZipException(zip + " is no zip"); // as it is told of other names than .zip
          }
        });
  }

  public BasicFileAttributes stat(Path path) throws IOException {
    return operate(
        Operation.STAT, path, () -> Files.readAttributes(path, BasicFileAttributes.class));
  }

  /** Of a link itself, not of what it leads to. */
  BasicFileAttributes statLink(Path path) throws IOException {
    return operate(
        Operation.STAT,
        path,
        () -> Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
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
  public List<Path> list(Path folder) throws IOException {
    return operate(
        Operation.LIST,
        folder,
        () -> {
          List<Path> paths = new ArrayList<>();
          try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(paths::add);
          } catch (NoSuchFileException e) {
            return List.of();
          } catch (DirectoryIteratorException e) {
            throw e.getCause();
          }
          Collections.sort(paths);
          return tap.listed(folder, paths);
        });
  }

  public void createDirectory(Path folder) throws IOException {
    operate(Operation.CREATE_DIRECTORY, folder, () -> Files.createDirectory(folder));
  }

  /** Makes the folder unless it is there; never its parents, which a share that went away lacks. */
  public void ensureDirectory(Path folder) throws IOException {
    try {
      createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      return; // somebody else did
    }
  }

  /** Makes a folder within another, which backups leave out where it was empty. */
  public void createDirectoryBelow(Path parent, Path folder) throws IOException {
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

  /**
   * What was renamed or made in a folder is on the disk when this returns, where the system can see
   * to that: Windows opens no folder, and not every share knows what is meant.
   */
  public void flush(Path folder) throws IOException {
    operate(
        Operation.FLUSH,
        folder,
        () -> {
          try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
          } catch (IOException e) {
            // asked for late: the class is loaded before the settings say how much is logged
            LoggerFactory.getLogger(ShareFiles.class)
                .debug("{} cannot be flushed: {}", folder, e.toString());
          }
          return folder;
        });
  }

  /** Renames a file over another one. */
  public void replace(Path from, Path to) throws IOException {
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

  private void patiently(Operation operation, Path path, Step step) throws IOException {
    operate(
        operation,
        path,
        () -> {
          long pause = FIRST_PAUSE;
          for (int tries = 1; ; tries++) {
            try {
              step.run();
              return path;
            } catch (FileSystemException e) {
              if (!isInUse(e)
                  || tries == TRIES
                  || (operation == Operation.MOVE && Files.isDirectory(path))) {
                throw e; // Windows says so too where the name is taken
              }
              pace.pause(pause);
              pause *= 2;
            }
          }
        });
  }

  /** Sharing violations have no class of their own. */
  private static boolean isInUse(FileSystemException e) {
    return e instanceof AccessDeniedException || e.getClass() == FileSystemException.class;
  }

  /** Does something with the share; what goes wrong becomes a Failure that says what and where. */
  public <T> T reach(String doing, Path where, ShareWork<T> work) {
    try {
      return patience.await(work);
    } catch (IOException e) {
      throw Offline.failure(doing, where, e);
    }
  }

  public <T> @Nullable T seek(String doing, Path where, Search<T> search) {
    try {
      return patience.await(() -> Optional.ofNullable(search.run())).orElse(null);
    } catch (IOException e) {
      throw Offline.failure(doing, where, e);
    }
  }

  public void perform(String doing, Path where, Step step) {
    reach(
        doing,
        where,
        () -> {
          step.run();
          return where;
        });
  }

  /** What this thread is at makes progress; false: nobody waits for it any more. */
  public boolean isWaitedFor() {
    try {
      patience.present().show();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Signs of life of what this thread is at. */
  public Patience.LifeSigns lifeSigns() {
    return patience.present();
  }
}
