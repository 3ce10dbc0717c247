package tidemark.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tidemark.share.ShareFiles;
import tidemark.share.ShareFiles.Operation;

/**
 * Counts the operations on the share and breaks the one it was told to: the process dies there, or
 * the share reports a failure, before the operation happened or after it did.
 */
public final class Saboteur implements ShareFiles.Tap {

  /** What happens at a point; some of it goes on happening from there on. */
  public enum Blow {
    NONE,
    /** The process dies. */
    KILL,
    /** This one fails, or is reported to have failed. */
    FAIL,
    /** This and all later operations fail: the cable is out. */
    CUT,
    /** Access to this one is denied. */
    DENY,
    /** From here on nothing is there: the share is not mounted any more. */
    VANISH,
    /** A file that is there is not found: the client remembers an earlier answer. */
    MISSING,
    /** From here on the disk is full: half a file is written. */
    FULL,
    /** Half of this one file is written. */
    TORN,
    /** The listing of a folder is what it was before the last change. */
    STALE,
    /** The client asks again for what has happened already, and is told so. */
    RETRIED;

    /** Whether it can happen at such a point, and is not the same as at its neighbour. */
    public boolean fits(Point point) {
      return switch (this) {
        case NONE -> false;
        case KILL, FAIL -> true;
        case CUT, DENY, VANISH -> !point.happened;
        case MISSING ->
            !point.happened
                && (point.isOneOf(Operation.READ, Operation.OPEN)
                    || point.isOneOf(Operation.STAT, Operation.LIST));
        case FULL -> TORN.fits(point) || !point.happened && point.makesFolder();
        case TORN -> point.happened && point.operation == Operation.WRITE;
        case STALE -> !point.happened && point.operation == Operation.LIST;
        case RETRIED ->
            point.happened
                && (point.isOneOf(Operation.MOVE, Operation.WRITE) || point.makesFolder());
      };
    }

    boolean goesOn() {
      return this == KILL || this == CUT || this == VANISH || this == FULL;
    }
  }

  /** Before or after an operation. */
  public record Point(Operation operation, boolean happened) {
    boolean isOneOf(Operation one, Operation other) {
      return operation == one || operation == other;
    }

    boolean makesFolder() {
      return operation == Operation.CREATE_DIRECTORY;
    }
  }

  private final Blow blow;
  private final int target;
  private final List<Point> points = new ArrayList<>();
  private final Map<Path, List<Path>> former = new HashMap<>();
  private boolean struck;

  private Saboteur(Blow blow, int target) {
    this.blow = blow;
    this.target = target;
  }

  /** Only counts. */
  public static Saboteur counting() {
    return new Saboteur(Blow.NONE, -1);
  }

  /**
   * @param point the number of one among all points that a run passes
   */
  public static Saboteur at(Blow blow, int point) {
    return new Saboteur(blow, point);
  }

  /** All points passed: operations can be broken before and after they happened. */
  public List<Point> trace() {
    return points;
  }

  /** How many were passed. */
  public int points() {
    return points.size();
  }

  public boolean struck() {
    return struck;
  }

  @Override
  public void before(Operation operation, Path path) throws IOException {
    point(new Point(operation, false), path);
    if (blow == Blow.STALE && operation != Operation.LIST) {
      former.put(path.getParent(), present(path.getParent()));
    }
  }

  @Override
  public void after(Operation operation, Path path) throws IOException {
    point(new Point(operation, true), path);
  }

  @Override
  public List<Path> listed(Path folder, List<Path> there) {
    boolean now = points.size() - 1 == target;
    return blow == Blow.STALE && now ? former.getOrDefault(folder, withoutTheNewest(there)) : there;
  }

  /** For what is no operation on the share but a commit all the same. */
  public void passed(String what) {
    if (struck && blow == Blow.KILL) {
      throw new Kill(what);
    }
  }

  private void point(Point point, Path path) throws IOException {
    points.add(point);
    boolean now = points.size() - 1 == target;
    if (now || struck && blow.goesOn() && (blow == Blow.KILL || blow.fits(point))) {
      struck = true;
      strike(point, path);
    }
  }

  private void strike(Point point, Path path) throws IOException {
    switch (blow) {
      case NONE, STALE -> {}
      case KILL -> throw new Kill(point.operation + " " + path);
      case FAIL, CUT ->
          throw new IOException(
              "the network name is no longer available: " + point.operation + " " + path);
      case DENY -> throw new AccessDeniedException(path.toString());
      case VANISH, MISSING -> throw new NoSuchFileException(path.toString());
      case FULL, TORN -> {
        if (point.happened) {
          cutInHalf(path);
        }
        throw new IOException("No space left on device");
      }
      case RETRIED -> {
        if (point.operation == Operation.MOVE) {
          throw new NoSuchFileException(path.toString());
        }
        throw new FileAlreadyExistsException(path.toString());
      }
    }
  }

  private static void cutInHalf(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    }
  }

  private static List<Path> present(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.sorted().toList();
    }
  }

  private static List<Path> withoutTheNewest(List<Path> there) {
    Path newest = there.stream().max(Comparator.comparing(Saboteur::written)).orElse(null);
    return there.stream().filter(path -> !path.equals(newest)).toList();
  }

  private static FileTime written(Path path) {
    try {
      return Files.getLastModifiedTime(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
