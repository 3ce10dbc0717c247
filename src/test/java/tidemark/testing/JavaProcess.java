package tidemark.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A class with a main method in a process of its own, and what it has said so far. */
public final class JavaProcess implements AutoCloseable {
  private final Process process;
  private final Path out;
  private final Path err;

  /**
   * @param folder where what it says is kept
   */
  public JavaProcess(Path folder, Class<?> main, String... args) {
    this(folder, List.of(), main, args);
  }

  /**
   * @param options of the virtual machine
   */
  public JavaProcess(Path folder, List<String> options, Class<?> main, String... args) {
    this(folder, Map.of(), options, main, args);
  }

  /**
   * @param env added to this process's own
   */
  public JavaProcess(
      Path folder, Map<String, String> env, List<String> options, Class<?> main, String... args) {
    List<String> command = new ArrayList<>(interruptible());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(args));
    try {
      out = Files.createTempFile(folder, "out", ".txt");
      err = Files.createTempFile(folder, "err", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().putAll(env);
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a command begins with that SIGINT is to end; some shells ignore it in background. */
  public static List<String> interruptible() {
    List<String> env = List.of("env", "--default-signal=INT");
    return Shell.can("env", "--default-signal=INT", "true") ? env : List.of();
  }

  public long pid() {
    return process.pid();
  }

  public boolean runs() {
    return process.isAlive();
  }

  public String out() {
    return text(out);
  }

  public String err() {
    return text(err);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Until it has said this. */
  public JavaProcess said(String text) {
    try {
      Wait.until(process, text, () -> out().contains(text));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + out() + err(), e);
    }
    return this;
  }

  /** Like a lamp that is switched off. */
  public void kill() throws Exception {
    process.destroyForcibly().waitFor();
  }

  /**
   * @param name INT or TERM
   */
  public void signal(String name) {
    if (!Shell.can("kill", "-" + name, Long.toString(pid()))) {
      throw new IllegalStateException(pid() + " gets no signals");
    }
  }

  /** Its exit code, once it has come to its end by itself. */
  public int ended(long seconds) throws Exception {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new IllegalStateException("still runs after " + seconds + " s\n" + out() + err());
    }
    return process.exitValue();
  }

  /** Ends it, however it is. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
