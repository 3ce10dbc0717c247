package tidemark.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import tidemark.change.TableRule;
import tidemark.replica.Replica;

/**
 * A table with a UNIQUE index: what capture costs each insert, and what it costs a run to find
 * whether OR REPLACE pushed rows out. Arguments: rows (100,000), rounds (5).
 */
public final class UniqueCost {
  private static final String CREATE =
      "CREATE TABLE components (sku TEXT PRIMARY KEY, number TEXT UNIQUE, description TEXT, vendor TEXT, price REAL, updated_at DATETIME"
          + " DEFAULT CURRENT_TIMESTAMP, updated_by TEXT, synced_at DATETIME)";

  /** As after a sync: everything is remembered, but for a few edits. */
  private static final String[] SETTLE = {
    "UPDATE sync_rows_components SET entry=1, digest=randomblob(16), at=0, token=edits, first=edits, birth=1, edits=NULL, moment=NULL",
    "UPDATE components SET price=price+1 WHERE sku IN (SELECT sku FROM components LIMIT 20)"
  };

  private UniqueCost() {}

  public static void main(String[] args) throws Exception {
    int rows = args.length > 0 && args[0].matches("\\d+") ? Integer.parseInt(args[0]) : 100_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    double[] without = new double[rounds];
    double[] with = new double[rounds];
    double[] check = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      without[i] = insert(rows, false, new double[1]);
      double[] looked = new double[1];
      with[i] = insert(rows, true, looked);
      check[i] = looked[0];
    }
    System.out.printf(
        "import of %,d rows, CPU: without %.0f ms, with capture %.0f ms, %.1f times, %.1f µs a row more; the check %.1f ms%n",
        rows,
        median(without),
        median(with),
        median(with) / median(without),
        (median(with) - median(without)) * 1000 / rows,
        median(check));
  }

  /** The machine may be busy with other things. */
  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static double median(double[] all) {
    Arrays.sort(all);
    return all[all.length / 2];
  }

  private static double insert(int rows, boolean captured, double[] check) throws Exception {
    Path folder = Files.createTempDirectory("tidemark-unique");
    Path file = folder.resolve("server.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(CREATE);
      if (captured) {
        open(file).close();
      }
      long from = cpu();
      insert(connection, rows);
      double took = (cpu() - from) / 1e6;
      if (captured) {
        for (String sql : SETTLE) {
          statement.execute(sql);
        }
        try (Replica replica = open(file)) {
          from = cpu();
          int found = replica.table("components").edits().evicted().size();
          check[0] = (cpu() - from) / 1e6 + found;
        }
      }
      return took;
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private static Replica open(Path file) {
    return Replica.open(file, Duration.ofSeconds(1), t -> TableRule.DEFAULT, t -> true);
  }

  private static void insert(Connection connection, int rows) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO components(sku, number, description, vendor, price) VALUES(?,?,?,?,?)")) {
      for (int i = 0; i < rows; i++) {
        insert.setString(1, "SKU-" + i);
        insert.setString(2, "N-" + i);
        insert.setString(3, "Circuit breaker type " + i);
        insert.setString(4, "Vendor " + i % 50);
        insert.setDouble(5, i % 100_000 / 100.0);
        insert.executeUpdate();
      }
    }
    connection.commit();
    connection.setAutoCommit(true);
  }
}
