package tidemark.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/** A price list as the application keeps it, in its table of that name. */
final class Components {
  static final String CREATE =
      "CREATE TABLE components (sku TEXT PRIMARY KEY, description TEXT, category TEXT, vendor TEXT, price REAL, volt INTEGER, phase INTEGER,"
          + " amps REAL, tags TEXT, manualLink TEXT, uom TEXT, vndrnum TEXT, notes TEXT, partAbbrev TEXT, lastPriceUpdate TEXT,"
          + " created_at DATETIME DEFAULT CURRENT_TIMESTAMP, updated_at DATETIME DEFAULT CURRENT_TIMESTAMP)";

  private Components() {}

  static void fill(Path file, int rows) throws SQLException {
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

  /** Rows side by side, as an import of one vendor's prices changes them. */
  static void changeNeighbours(Path file, int rows, int count) throws SQLException {
    int from = rows / 2;
    change(file, "rowid BETWEEN " + from + " AND " + (from + count - 1));
  }

  /** Rows each on a page of its own, the worst there is for any database. */
  static void changeScattered(Path file, int rows, int count) throws SQLException {
    change(file, "rowid % " + Math.max(1, rows / count) + " = 0");
  }

  private static void change(Path file, String which) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "UPDATE components SET price=price+1, updated_at=strftime('%Y-%m-%d %H:%M:%f','now') WHERE "
              + which);
    }
  }
}
