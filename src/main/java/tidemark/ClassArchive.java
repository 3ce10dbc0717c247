package tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Tidemark's classes as the JVM keeps them in memory, in the file that the system property
 * `tidemark.classes` names: with it the program starts in half the time.
 *
 * <p>Made by a process of its own, in the background, at the first start of a version or with
 * another Java; of two at once one makes it. Nothing depends on it: where it cannot be had, all
 * works the same. The JVM itself refuses one that does not fit it or the jars.
 */
final class ClassArchive {
  private static final Duration UNUSED = Duration.ofDays(30);

  private final Path file;
  private final Path jar;

  private ClassArchive(Path file, Path jar) {
    this.file = file;
    this.jar = jar;
  }

  /** Has the archive made if the launcher named one and it is not there, or is another Java's. */
  static void makeIfStale() {
    @Nullable String file = System.getProperty("tidemark.classes");
    if (file == null || file.isEmpty()) {
      return;
    }
    try {
      ClassArchive archive = new ClassArchive(Path.of(file), jar());
      if (archive.stale()) {
        archive.makeInBackground();
      }
    } catch (IOException | RuntimeException e) {
      LoggerFactory.getLogger(ClassArchive.class).debug("No class archive", e);
    }
  }

  /** The process in the background. */
  public static void main(String[] args) throws IOException, InterruptedException {
    new ClassArchive(Path.of(args[0]), jar()).make();
  }

  private static Path jar() {
    return Path.of(System.getProperty("java.class.path"));
  }

  private Path folder() {
    return Objects.requireNonNull(file.toAbsolutePath().getParent());
  }

  private boolean stale() throws IOException {
    return !Files.exists(origin()) || !Files.readString(origin(), UTF_8).equals(madeOf());
  }

  /** Also there where no archive could be made: one try is enough. */
  private Path origin() {
    return Path.of(file + ".txt");
  }

  private String madeOf() throws IOException {
    return String.join(
        "\n",
        jar.toString(),
        Long.toString(Files.size(jar)),
        Files.getLastModifiedTime(jar).toString(),
        System.getProperty("java.home"),
        System.getProperty("java.vm.version"));
  }

  private void makeInBackground() throws IOException {
    Files.createDirectories(folder());
    List<String> command = java("-Xmx64m");
    command.add("-Dorg.sqlite.lib.path=" + System.getProperty("org.sqlite.lib.path", ""));
    command.addAll(List.of("-cp", jar.toString(), ClassArchive.class.getName(), file.toString()));
    process(command).start();
  }

  private void make() throws IOException, InterruptedException {
    Path folder = folder();
    try (FileChannel turn =
        FileChannel.open(
            folder.resolve("making.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (turn.tryLock() == null || !stale()) {
        return;
      }
      Path scratch = folder.resolve("making");
      delete(scratch); // somebody may have been ended in the middle of it
      Files.createDirectory(scratch);
      dump(scratch);
      delete(scratch);
      Files.writeString(origin(), madeOf(), UTF_8);
      deleteUnused(folder);
    }
  }

  /** The demo needs most of the classes that a sync needs. */
  private void dump(Path scratch) throws IOException, InterruptedException {
    Path list = scratch.resolve("list");
    List<String> demo = java("-XX:DumpLoadedClassList=" + list);
    demo.add("-Djava.io.tmpdir=" + scratch);
    demo.add("-Dorg.sqlite.lib.path=" + System.getProperty("org.sqlite.lib.path", ""));
    demo.addAll(List.of("-jar", jar.toString(), "sync", "--demo"));

    // One archive for all, the JDK's classes too: not every runtime comes with one of its own.
    Path dumped = scratch.resolve("classes");
    List<String> dump = java("-Xshare:dump");
    dump.addAll(List.of("-XX:+UseSerialGC", "-XX:SharedClassListFile=" + list));
    dump.addAll(List.of("-XX:SharedArchiveFile=" + dumped, "-jar", jar.toString()));

    if (process(demo).start().waitFor() == 0 && process(dump).start().waitFor() == 0) {
      Files.move(dumped, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Those of versions and Javas that are gone. */
  private void deleteUnused(Path folder) throws IOException {
    Instant limit = Instant.now().minus(UNUSED);
    try (DirectoryStream<Path> archives = Files.newDirectoryStream(folder, "tidemark-*.jsa*")) {
      for (Path archive : archives) {
        if (Files.getLastModifiedTime(archive).toInstant().isBefore(limit)) {
          Files.deleteIfExists(archive);
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private static List<String> java(String option) {
    boolean windows = File.separatorChar == '\\';
    String java = windows ? "javaw.exe" : "java"; // the other one would show a window
    Path program = Path.of(System.getProperty("java.home"), "bin", java);
    return new ArrayList<>(List.of(program.toString(), "-XX:TieredStopAtLevel=1", option));
  }

  private static ProcessBuilder process(List<String> command) {
    ProcessBuilder process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    process.environment().remove("TIDEMARK_CONFIG");
    return process;
  }
}
