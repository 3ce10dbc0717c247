package tidemark.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;

/**
 * Whole runs with a table of components as large as asked for: the first workstation's sync with
 * the master's fold, the next one's join, 1,000 changed rows, nothing to do; and SQLite's own
 * ATTACH and INSERT for scale. Arguments: rows (100000), rounds (5); the first rounds warm up, the
 * median is told.
 */
public final class WholeRuns {
  private static final int REPEATS = 5;
  private static final int CHANGED = 1_000;

  private final int rows;
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();
  private final Map<String, List<Double>> times = new LinkedHashMap<>();
  private final Map<String, List<Double>> cpus = new LinkedHashMap<>();

  private WholeRuns(int rows) {
    this.rows = rows;
  }

  public static void main(String[] args) throws Exception {
    int rows = args.length > 0 && args[0].matches("\\d+") ? Integer.parseInt(args[0]) : 100_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    WholeRuns runs = new WholeRuns(rows);
    for (int i = 0; i < rounds; i++) {
      runs.round();
    }
    runs.tell();
  }

  private void round() throws IOException, SQLException {
    Path folder = Files.createTempDirectory("tidemark-bench");
    try {
      Fleet fleet = new Fleet(folder);
      Workstation first = fleet.workstation("first");
      Components.fill(first.db().file(), rows);
      time(
          "ATTACH and INSERT, for scale",
          () -> attach(first.db().file(), folder.resolve("copy.db")));
      time("first workstation's sync, with the master's fold", first::syncWell);
      Workstation next = fleet.workstation("next");
      time("join of the next", next::syncWell);
      for (int i = 0; i < REPEATS; i++) {
        Components.changeNeighbours(first.db().file(), rows, CHANGED);
        passOn("1,000 neighbouring rows", first, next);
        Components.changeScattered(first.db().file(), rows, CHANGED);
        passOn("1,000 scattered rows", first, next);
        time("nothing to do", next::syncWell);
      }
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  private void passOn(String what, Workstation from, Workstation to) throws SQLException {
    time(what + " out, with the fold", from::syncWell);
    time(what + " in", to::syncWell);
  }

  private static Path attach(Path from, Path to) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + to);
        Statement statement = connection.createStatement()) {
      statement.execute(Components.CREATE);
      statement.execute("ATTACH DATABASE '" + from + "' AS other");
      statement.execute("INSERT INTO components SELECT * FROM other.components");
      return to;
    }
  }

  private interface Work {
    Object run() throws SQLException;
  }

  private void time(String what, Work work) throws SQLException {
    long from = System.nanoTime();
    long cpu = CPU.getCurrentThreadCpuTime();
    work.run();
    cpus.computeIfAbsent(what, w -> new ArrayList<>())
        .add((CPU.getCurrentThreadCpuTime() - cpu) / 1e6);
    times.computeIfAbsent(what, w -> new ArrayList<>()).add((System.nanoTime() - from) / 1e6);
  }

  private void tell() {
    times.forEach(
        (what, all) -> {
          double warm = warm(all);
          System.out.printf(
              "%-52s cold %8.0f ms   warm %8.0f ms   (this thread's CPU %6.0f ms)  %,12.0f rows/s%n",
              what, all.get(0), warm, warm(cpus.get(what)), rows / warm * 1000);
        });
  }

  /** The median of the later half. */
  private static double warm(List<Double> all) {
    List<Double> later = all.subList(all.size() / 2, all.size()).stream().sorted().toList();
    return later.get(later.size() / 2);
  }
}
