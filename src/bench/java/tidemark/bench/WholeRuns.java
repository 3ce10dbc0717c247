package tidemark.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;

/**
 * Whole runs with a table of components as large as asked for: the first workstation's sync with
 * the master's fold, the next one's join, 1,000 changed rows, nothing to do; and SQLite's own
 * ATTACH and INSERT for scale. Arguments: rows (100000), rounds (5); the first rounds warm up, the
 * median is told.
 */
public final class WholeRuns {
  private static final String CREATE =
      "CREATE TABLE components (sku TEXT PRIMARY KEY, description TEXT, category TEXT, vendor TEXT, price REAL, volt INTEGER, phase INTEGER,"
          + " amps REAL, tags TEXT, manualLink TEXT, uom TEXT, vndrnum TEXT, notes TEXT, partAbbrev TEXT, lastPriceUpdate TEXT,"
          + " created_at DATETIME DEFAULT CURRENT_TIMESTAMP, updated_at DATETIME DEFAULT CURRENT_TIMESTAMP)";

  private static final int REPEATS = 5;

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
      fill(first.db().file());
      time(
          "ATTACH and INSERT, for scale",
          () -> attach(first.db().file(), folder.resolve("copy.db")));
      time("first workstation's sync, with the master's fold", first::syncWell);
      Workstation next = fleet.workstation("next");
      time("join of the next", next::syncWell);
      for (int i = 0; i < REPEATS; i++) {
        change(first.db().file(), 1_000);
        time("1,000 changed rows out, with the fold", first::syncWell);
        time("1,000 changed rows in", next::syncWell);
        time("nothing to do", next::syncWell);
      }
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private void fill(Path file) throws SQLException {
    Random random = new Random(42);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(CREATE);
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO components(sku, description, category, vendor, price, volt, phase, amps, tags, manualLink, uom, vndrnum, notes, partAbbrev, lastPriceUpdate)"
                  + " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")) {
        for (int i = 0; i < rows; i++) {
          insert.setString(1, "SKU-" + String.format("%08d", i));
          insert.setString(2, "Circuit breaker " + random.nextInt(1000) + " A, type " + i);
          insert.setString(3, "Breakers");
          insert.setString(4, "Vendor " + random.nextInt(50));
          insert.setDouble(5, random.nextInt(100_000) / 100.0);
          insert.setInt(6, 480);
          insert.setInt(7, 3);
          insert.setDouble(8, random.nextInt(400) / 2.0);
          insert.setString(9, "[\"panel\",\"power\"]");
          insert.setString(10, null);
          insert.setString(11, "EA");
          insert.setString(12, "VN" + random.nextInt(1_000_000));
          insert.setString(13, null);
          insert.setString(14, "CB");
          insert.setString(15, "2025-01-15");
          insert.executeUpdate();
        }
      }
      connection.commit();
    }
  }

  private static Path attach(Path from, Path to) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + to);
        Statement statement = connection.createStatement()) {
      statement.execute(CREATE);
      statement.execute("ATTACH DATABASE '" + from + "' AS other");
      statement.execute("INSERT INTO components SELECT * FROM other.components");
      return to;
    }
  }

  private void change(Path file, int count) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "UPDATE components SET price=price+1, updated_at=strftime('%Y-%m-%d %H:%M:%f','now') WHERE rowid%"
              + Math.max(1, rows / count)
              + "=0");
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
