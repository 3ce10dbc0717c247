package tidemark.service;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import tidemark.change.Failure;

/**
 * The operating system's own tools: the one place where they are run.
 *
 * <p>A tool gets no input and two minutes. One that is not there answers as a shell would, with
 * 127.
 */
public final class Tools {
  private static final int NOT_FOUND = 127;
  private static final int MINUTES = 2;

  private final List<String> before;
  private final Function<Path, String> naming;

  /** What a tool said on both its streams, and how it ended. */
  public record Answer(int exitCode, String text) {
    public boolean well() {
      return exitCode == 0;
    }

    /** On one line, for people. */
    public String inWords() {
      String line = text.strip().replaceAll("\\s+", " ");
      return line.isEmpty() ? "it ended with " + exitCode : line;
    }
  }

  /**
   * @param before goes before each command, such as `wine`
   * @param naming how the tools call a file
   */
  public Tools(List<String> before, Function<Path, String> naming) {
    this.before = List.copyOf(before);
    this.naming = naming;
  }

  public static Tools ofThisSystem() {
    return new Tools(List.of(), Path::toString);
  }

  String name(Path file) {
    return naming.apply(file);
  }

  Answer run(String... command) {
    return run(Map.of(), List.of(command));
  }

  /**
   * What it says, run with more in its environment.
   *
   * @param variables are added to the environment, where others cannot read them as they can read
   *     command lines
   */
  public Answer run(Map<String, String> variables, List<String> command) {
    List<String> whole = new ArrayList<>(before);
    whole.addAll(command);
    try {
      Path said = Files.createTempFile("tidemark", ".out");
      try {
        return run(whole, variables, said);
      } finally {
        Files.deleteIfExists(said);
      }
    } catch (IOException e) {
      return new Answer(NOT_FOUND, command.get(0) + " cannot be run: " + e.getMessage());
    }
  }

  /** Through a file, since what a tool leaves running would keep a pipe open. */
  private static Answer run(List<String> command, Map<String, String> variables, Path said)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(said.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new Failure(
            Failure.BUSY,
            String.join(" ", command) + " did not end within " + MINUTES + " minutes",
            "Try again; if it stays so, the system's own service manager needs a look.");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new Failure(Failure.INCOMPLETE, command.get(0) + " was interrupted", "", e);
    }
    return new Answer(process.exitValue(), decoded(Files.readAllBytes(said)));
  }

  /** Windows' tools write UTF-16, UTF-8 or the machine's code page, as they like. */
  static String decoded(byte[] bytes) {
    if (bytes.length >= 2 && (bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe)) {
      return new String(bytes, 2, bytes.length - 2, UTF_16LE);
    }
    if (bytes.length >= 2 && bytes[1] == 0) {
      return new String(bytes, UTF_16LE);
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      Charset page = Charset.forName(System.getProperty("native.encoding", "UTF-8"));
      return new String(bytes, page.equals(UTF_8) ? Charset.forName("windows-1252") : page);
    }
  }
}
