package tidemark.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The application as a process of its own that writes the same few rows all the time, and new ones
 * that it comes back to once, until its input ends; it then tells what became of what it wrote.
 */
public final class BusyApplication implements AutoCloseable {
  public static final int BUSY_TIMEOUT = 5_000;
  private static final int ROWS = 5;

  /** So many writes later it comes back to a row. */
  private static final int LATER = 20;

  private final Process process;

  private BusyApplication(Process process) {
    this.process = process;
  }

  /** What it tells at its end. */
  public record Report(long commits, long worstWaitMillis, List<String> toBeFound) {}

  public static BusyApplication start(Database database, String journalMode) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                BusyApplication.class.getName(),
                database.file().toString(),
                journalMode)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BusyApplication application = new BusyApplication(process);
    String first = application.output().readLine();
    if (!"started".equals(first)) {
      throw new IllegalStateException("the application did not start: " + first);
    }
    return application;
  }

  private BufferedReader output() {
    return process.inputReader(StandardCharsets.UTF_8);
  }

  /** Ends it and hears what it has to tell. */
  public Report stop() throws IOException, InterruptedException {
    process.getOutputStream().close();
    List<String> lines = output().lines().toList();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("the application failed: " + lines);
    }
    return new Report(
        Long.parseLong(lines.get(0)), Long.parseLong(lines.get(1)), lines.subList(2, lines.size()));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] args) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + args[0])) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode=" + args[1]);
        statement.execute("PRAGMA busy_timeout=" + BUSY_TIMEOUT);
      }
      new Work(connection).untilInputEnds();
    }
  }

  private static final class Work {
    private final Connection connection;
    private final Map<Integer, String> mine = new HashMap<>();
    private final List<String> toBeFound = new ArrayList<>();
    private int written;
    private long worst;

    Work(Connection connection) {
      this.connection = connection;
    }

    void untilInputEnds() throws SQLException, IOException {
      write();
      System.out.println("started");
      Thread listener = new Thread(this::awaitEnd);
      listener.setDaemon(true);
      listener.start();
      while (listener.isAlive()) {
        write();
      }
      System.out.println(written);
      System.out.println(worst / 1_000_000);
      toBeFound.forEach(System.out::println);
      mine.values().forEach(System.out::println);
    }

    private void awaitEnd() {
      try {
        System.in.readAllBytes();
      } catch (IOException e) {
        System.err.println("input ended: " + e);
      }
    }

    /** Looks at a row and writes it, in one transaction. */
    private void write() throws SQLException {
      int row = written % ROWS;
      String word = String.format("word%06d", 900_000 - written);
      long start = System.nanoTime();
      run("BEGIN IMMEDIATE");
      String there = read(row);
      String former = mine.get(row);
      if (former != null && !former.equals(there)) {
        toBeFound.add(former); // somebody else's change was applied over it
      }
      if (written % 17 == 16) {
        run("DELETE FROM notes WHERE id='r" + row + "'");
        mine.remove(row);
      } else {
        run(
            "INSERT INTO notes(id,text) VALUES('r"
                + row
                + "','"
                + word
                + "') ON CONFLICT(id) DO UPDATE SET text=excluded.text");
        mine.put(row, word);
      }
      makeOneAndComeBackToAnother();
      run("COMMIT");
      worst = Math.max(worst, System.nanoTime() - start);
      written++;
    }

    /** Whoever takes the first word of a row for its last loses the second for good. */
    private void makeOneAndComeBackToAnother() throws SQLException {
      String first = String.format("word%06d", 600_000 - written);
      run("INSERT INTO notes(id,text) VALUES('n" + written + "','" + first + "')");
      if (written >= LATER) {
        String second = String.format("word%06d", 300_000 - written);
        run("UPDATE notes SET text='" + second + "' WHERE id='n" + (written - LATER) + "'");
        toBeFound.add(second);
      }
    }

    private void run(String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }

    private String read(int row) throws SQLException {
      try (PreparedStatement statement =
          connection.prepareStatement("SELECT text FROM notes WHERE id=?")) {
        statement.setString(1, "r" + row);
        try (ResultSet result = statement.executeQuery()) {
          return result.next() ? result.getString(1) : null;
        }
      }
    }
  }
}
