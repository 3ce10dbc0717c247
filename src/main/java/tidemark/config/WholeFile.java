package tidemark.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tidemark.change.OwnerAlone;

/** Writes a file so that whoever reads it sees the old content or the new one, never a part. */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Its folder is made where it is missing; a link is followed, rights are kept. The rename at the
   * end is the commit point.
   */
  public static void write(Path file, byte[] content) throws IOException {
    write(file, content, false);
  }

  /** The same, and nobody else can read it. */
  public static void writeForOwnerAlone(Path file, byte[] content) throws IOException {
    write(file, content, true);
  }

  private static void write(Path file, byte[] content, boolean alone) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path folder = target.resolveSibling("");
    Files.createDirectories(folder);
    Path fresh = folder.resolve("." + target.getFileName() + "-" + UUID.randomUUID() + ".tmp");
    try {
      Path made = alone ? OwnerAlone.fresh(fresh) : Files.createFile(fresh);
      try (FileChannel channel = FileChannel.open(made, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      if (!alone) {
        keepRights(target, fresh);
      }
      move(fresh, target);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static void keepRights(Path from, Path to) throws IOException {
    @Nullable PosixFileAttributeView view =
        Files.getFileAttributeView(to, PosixFileAttributeView.class);
    if (view != null && Files.exists(from)) {
      view.setPermissions(Files.readAttributes(from, PosixFileAttributes.class).permissions());
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
