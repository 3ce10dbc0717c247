package tidemark.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;

/**
 * A program of IT's, run once for each message: it gets it as JSON on its standard input, and field
 * by field in its environment.
 *
 * <p>Guarantee: one that does not end in time is ended, with all that it started.
 */
final class CommandWay implements Way {
  private static final int TOLD = 300;

  private final String command;
  private final boolean windows;
  private final Duration patience;

  /**
   * @param command for the system's shell
   */
  CommandWay(String command, boolean windows, Duration patience) {
    this.command = command;
    this.windows = windows;
    this.patience = patience;
  }

  @Override
  public String name() {
    return "alert.command";
  }

  @Override
  public void send(Alert alert) {
    Path said = null;
    Path given = null;
    try {
      said = Files.createTempFile("tidemark-alert", ".txt");
      given = Files.createTempFile("tidemark-alert", ".json");
      Files.writeString(given, alert.json() + "\n");
      run(alert, given, said);
    } catch (IOException e) {
      throw failed("could not be started: " + e.getMessage(), e);
    } finally {
      delete(said);
      delete(given);
    }
  }

  /** Files in place of pipes: a program that does not read cannot hold this one up. */
  private void run(Alert alert, Path given, Path said) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            windows ? List.of("cmd.exe", "/d", "/c", command) : List.of("/bin/sh", "-c", command));
    builder.redirectInput(given.toFile()).redirectErrorStream(true).redirectOutput(said.toFile());
    Map<String, String> environment = builder.environment();
    alert
        .fields()
        .forEach(
            (name, value) ->
                environment.put(
                    "TIDEMARK_" + name.toUpperCase(Locale.ROOT),
                    value == null ? "" : value.toString()));
    Process process = builder.start();
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failed("did not end within " + patience.toSeconds() + " s and was ended", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("was not waited for, since the daemon ends", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw failed("ended with " + process.exitValue() + ": " + end(said), null);
    }
  }

  private static String end(Path said) throws IOException {
    String all = new String(Files.readAllBytes(said), UTF_8).strip();
    return all.substring(Math.max(0, all.length() - TOLD));
  }

  private Failure failed(String how, @Nullable Exception cause) {
    return new Failure(
        Failure.INCOMPLETE,
        "`" + command + "` " + how,
        "Try it by hand, then `tidemark doctor --test-alert`.",
        cause);
  }

  private static void delete(@Nullable Path file) {
    if (file != null && !file.toFile().delete()) {
      file.toFile().deleteOnExit();
    }
  }
}
