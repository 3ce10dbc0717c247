package tidemark.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * `strace` on this very process for a while: watches or breaks the calls to the system that touch
 * some files, SQLite's own among them.
 */
public final class Strace implements AutoCloseable {
  private final Process process;

  private Strace(Process process) {
    this.process = process;
  }

  /** Skips the test where there is none, or it may not look at this process. */
  public static void require() {
    Assumptions.assumeTrue(
        possible(), "strace is not installed, or may not look at processes here");
  }

  private static boolean possible() {
    try (Strace watching = begin(List.of("-o", "/dev/null", "-e", "trace=unlink"))) {
      return watching.process.isAlive();
    } catch (IOException e) {
      return false;
    }
  }

  /** Writes down the calls of these names on these files. */
  public static Strace watching(String names, List<Path> files, Path trace) throws IOException {
    return begin(on(files, "-o", trace.toString(), "-e", "trace=" + names));
  }

  /** Breaks calls on these files: `pwrite64:error=EIO:when=3` the third of one thread. */
  public static Strace breaking(String injection, List<Path> files) throws IOException {
    return begin(on(files, broken(injection)));
  }

  /** To be put before the command of a process whose calls are to be broken from its beginning. */
  public static List<String> before(String injection, List<Path> files) {
    List<String> command = new ArrayList<>(List.of("strace", "-f"));
    command.addAll(on(files, broken(injection)));
    return command;
  }

  /** The names of the calls in what was written down. */
  public static List<String> calls(Path trace) throws IOException {
    try (Stream<String> lines = Files.lines(trace)) {
      return lines
          .filter(line -> line.matches("\\d+ +\\w+\\(.*"))
          .map(line -> line.replaceFirst("^\\d+ +", "").replaceFirst("\\(.*", ""))
          .toList();
    }
  }

  private static String[] broken(String injection) {
    String name = injection.substring(0, injection.indexOf(':'));
    return new String[] {"-o", "/dev/null", "-e", "trace=" + name, "-e", "inject=" + injection};
  }

  private static List<String> on(List<Path> files, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    for (Path file : files) {
      all.addAll(List.of("-P", file.toString()));
    }
    return all;
  }

  private static Strace begin(List<String> options) throws IOException {
    List<String> command = new ArrayList<>(List.of("strace", "-f"));
    command.addAll(List.of("-p", Long.toString(ProcessHandle.current().pid())));
    command.addAll(options);
    Process process =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader said = process.errorReader(StandardCharsets.UTF_8);
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.contains(" attached")) {
        return new Strace(process);
      }
    }
    throw new IOException("strace may not look at this process");
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
