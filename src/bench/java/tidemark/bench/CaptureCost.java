package tidemark.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tidemark.change.TableRule;
import tidemark.replica.Replica;

/**
 * What capture costs the application: single-row commits with the default journal and in WAL, and
 * an import of 50,000 rows; each with the triggers and without, in turns, in one process. Argument:
 * the number of rounds (7).
 */
public final class CaptureCost {
  private static final String CREATE =
      "CREATE TABLE components (sku TEXT PRIMARY KEY, description TEXT, category TEXT, vendor TEXT, price REAL, updated_at DATETIME"
          + " DEFAULT CURRENT_TIMESTAMP, updated_by TEXT, synced_at DATETIME)";

  private CaptureCost() {}

  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 && args[0].matches("\\d+") ? Integer.parseInt(args[0]) : 7;
    compare("single-row commit, default journal", rounds, "DELETE", "FULL", 300, true);
    compare("single-row commit, WAL, synchronous=NORMAL", rounds, "WAL", "NORMAL", 20_000, true);
    compare("import of 50,000 rows in one transaction", rounds, "DELETE", "FULL", 50_000, false);
    compare("update of 50,000 rows in one transaction", rounds, "DELETE", "FULL", -50_000, false);
  }

  private static void compare(
      String what, int rounds, String journal, String synchronous, int rows, boolean single)
      throws IOException, SQLException {
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      without.add(measure(false, journal, synchronous, rows, single));
      with.add(measure(true, journal, synchronous, rows, single));
    }
    double a = median(without);
    double b = median(with);
    System.out.printf(
        "%-46s without %9.1f ms   with %9.1f ms   ratio %5.2f   %6.1f µs a row more%n",
        what, a, b, b / a, (b - a) * 1000 / Math.abs(rows));
  }

  private static double median(List<Double> all) {
    double[] sorted = all.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static double measure(
      boolean captured, String journal, String synchronous, int rows, boolean single)
      throws IOException, SQLException {
    Path folder = Files.createTempDirectory("tidemark-capture");
    Path file = folder.resolve("server.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=" + journal);
      statement.execute("PRAGMA synchronous=" + synchronous);
      statement.execute(CREATE);
      if (captured) {
        Replica.open(file, Duration.ofSeconds(1), t -> TableRule.DEFAULT, t -> true).close();
      }
      insert(connection, 0, 10_000, false);
      if (rows < 0) {
        insert(connection, 10_000, -rows, false);
        long from = System.nanoTime();
        statement.execute(
            "UPDATE components SET price=price*1.1, updated_at=strftime('%Y-%m-%d %H:%M:%f','now')");
        return (System.nanoTime() - from) / 1e6;
      }
      long from = System.nanoTime();
      insert(connection, 1_000_000, rows, single);
      return (System.nanoTime() - from) / 1e6;
    } finally {
      for (String suffix : List.of("", "-journal", "-wal", "-shm")) {
        Files.deleteIfExists(Path.of(file + suffix));
      }
      Files.delete(folder);
    }
  }

  private static void insert(Connection connection, int first, int rows, boolean single)
      throws SQLException {
    connection.setAutoCommit(single);
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO components(sku, description, category, vendor, price) VALUES(?,?,?,?,?)")) {
      for (int i = first; i < first + rows; i++) {
        insert.setString(1, "SKU-" + i);
        insert.setString(2, "Circuit breaker type " + i);
        insert.setString(3, "Breakers");
        insert.setString(4, "Vendor " + i % 50);
        insert.setDouble(5, i % 100_000 / 100.0);
        insert.executeUpdate();
      }
    }
    if (!single) {
      connection.commit();
    }
    connection.setAutoCommit(true);
  }
}
