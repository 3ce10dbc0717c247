package tidemark.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tidemark.change.Failure;

/**
 * The newest lines of the log, and those that come after, in whichever file they are written.
 *
 * <p>Threading: one thread; never waits.
 */
public final class LogTail {
  /** As the rolling policy fills it in. */
  static final String PATTERN = "tidemark-%d{yyyy-MM-dd}.%i.log";

  private static final Pattern NAME =
      Pattern.compile("tidemark-(\\d{4}-\\d{2}-\\d{2})(?:\\.(\\d{1,9}))?\\.log");

  private final Path folder;

  /** How much of each file was told. */
  private final Map<Path, Long> told = new HashMap<>();

  public LogTail(Path folder) {
    this.folder = folder;
  }

  /** So many lines that are there already, oldest first. */
  public List<String> last(int count) {
    Deque<String> lines = new ArrayDeque<>();
    List<Path> files = files();
    for (int i = files.size() - 1; i >= 0; i--) {
      Path file = files.get(i);
      if (lines.size() >= count) {
        told.put(file, size(file));
        continue;
      }
      List<String> whole = fresh(file);
      for (int j = whole.size() - 1; j >= 0 && lines.size() < count; j--) {
        lines.addFirst(whole.get(j));
      }
    }
    return List.copyOf(lines);
  }

  /** The lines that were written since the last look. One that is not whole yet waits. */
  public List<String> more() {
    List<String> lines = new ArrayList<>();
    files().forEach(file -> lines.addAll(fresh(file)));
    return lines;
  }

  private List<String> fresh(Path file) {
    long size = size(file);
    long known = told.getOrDefault(file, 0L);
    long from = size < known ? 0 : known; // somebody emptied it
    if (size == from) {
      return List.of();
    }
    byte[] bytes = bytes(file, from);
    int whole = bytes.length;
    while (whole > 0 && bytes[whole - 1] != '\n') {
      whole--;
    }
    told.put(file, from + whole);
    return new String(bytes, 0, whole, UTF_8).lines().toList();
  }

  private static byte[] bytes(Path file, long from) {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      ByteBuffer rest = ByteBuffer.allocate((int) Math.max(0, channel.size() - from));
      channel.position(from);
      while (rest.hasRemaining() && channel.read(rest) >= 0) {}
      byte[] read = new byte[rest.position()];
      rest.flip().get(read);
      return read;
    } catch (NoSuchFileException swept) {
      return new byte[0];
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException swept) {
      return 0;
    }
  }

  /** Oldest first. */
  private List<Path> files() {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> NAME.matcher(name(file)).matches())
          .sorted(Comparator.comparing(LogTail::day).thenComparing(LogTail::number))
          .toList();
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  private static Failure unreadable(Path path, IOException e) {
    return new Failure(
        Failure.INCOMPLETE,
        "the log " + path + " cannot be read: " + e,
        "Make it readable for this user.",
        e);
  }

  private static String day(Path file) {
    return parts(file).group(1);
  }

  /** -1 for a file from when there was one a day. */
  private static int number(Path file) {
    String number = parts(file).group(2);
    return number == null ? -1 : Integer.parseInt(number);
  }

  private static Matcher parts(Path file) {
    Matcher parts = NAME.matcher(name(file));
    if (!parts.matches()) {
      throw new IllegalArgumentException("no file of the log: " + file);
    }
    return parts;
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
