package tidemark.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tidemark.change.Failure;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;

/**
 * A second process that holds the lock of a database, until it is told to let go or is killed: what
 * a lock is worth only two processes can tell.
 */
public final class LockHolder implements AutoCloseable {
  private static final String HOLDS = "holds";
  private final Process process;

  private LockHolder(Process process) {
    this.process = process;
  }

  /** In the second process: holds the lock until its input ends. */
  public static void hold(Path file, InputStream in, PrintWriter out) {
    try (Sql sql = Sql.open(file, OpenMode.WRITE, Duration.ofSeconds(5))) {
      sql.execute("BEGIN EXCLUSIVE");
      out.println(HOLDS);
      out.flush();
      in.readAllBytes();
    } catch (IOException e) {
      throw new Failure(Failure.INCOMPLETE, "no input to wait for: " + e.getMessage(), "", e);
    }
  }

  /**
   * Starts one; returns once it holds the lock.
   *
   * @param command of this program, to which the file is added
   */
  static LockHolder start(List<String> command, Path file) throws IOException {
    List<String> whole = new ArrayList<>(command);
    whole.add(file.toString());
    Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII));
    StringBuilder all = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.equals(HOLDS)) {
        return new LockHolder(process);
      }
      all.append(line).append(' ');
    }
    process.destroyForcibly();
    throw new IOException("the second process did not get the lock: " + all.toString().strip());
  }

  /** As a power cut ends it. */
  void kill() throws IOException {
    process.destroyForcibly();
    await();
  }

  /** It lets go by itself. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    await();
  }

  private void await() throws IOException {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
