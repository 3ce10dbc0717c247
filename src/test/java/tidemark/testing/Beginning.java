package tidemark.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What many tests begin with, made once: the files it left, byte for byte and with their times, are
 * put down again for whoever begins alike.
 */
final class Beginning {
  /** As many as the tests of a class need. */
  private static final int MOST = 8;

  private static final Map<Object, Beginning> MADE =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Beginning> eldest) {
          return size() > MOST;
        }
      };

  /**
   * @param bytes null for a folder
   */
  private record Part(String name, byte @Nullable [] bytes, FileTime written) {}

  private final List<Part> parts = new ArrayList<>();

  private Beginning(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.toList()) {
        byte[] bytes = Files.isDirectory(path) ? null : Files.readAllBytes(path);
        String name = folder.relativize(path).toString();
        parts.add(new Part(name, bytes, Files.getLastModifiedTime(path)));
      }
    }
  }

  /**
   * Fills an empty folder.
   *
   * @param alike says all that what is made depends on
   */
  static synchronized void in(Path folder, Object alike, Runnable making) {
    try {
      Beginning made = MADE.get(alike);
      if (made == null) {
        making.run();
        MADE.put(alike, new Beginning(folder));
      } else {
        made.putDown(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void putDown(Path folder) throws IOException {
    for (Part part : parts) {
      Path path = folder.resolve(part.name());
      if (part.bytes() == null) {
        Files.createDirectories(path);
      } else {
        Files.write(path, part.bytes());
        Files.setLastModifiedTime(path, part.written());
      }
    }
  }
}
