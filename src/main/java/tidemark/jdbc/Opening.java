package tidemark.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.sqlite.BusyHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteOpenMode;

/** Opens connections the way Tidemark needs them. */
final class Opening {
  private static final List<String> PRAGMAS =
      List.of(
          "PRAGMA foreign_keys=OFF",
          "PRAGMA recursive_triggers=OFF",
          "PRAGMA trusted_schema=OFF",
          "PRAGMA cell_size_check=ON",
          "PRAGMA mmap_size=0");

  private Opening() {}

  static Connection connect(String file, OpenMode mode, Duration busy) {
    SQLiteConfig config = new SQLiteConfig();
    config.setGetGeneratedKeys(false); // it would prepare and run another SELECT after each insert
    if (mode != OpenMode.CREATE) {
      config.resetOpenMode(SQLiteOpenMode.CREATE);
    }
    if (mode == OpenMode.READ) {
      config.setReadOnly(true);
    }
    try {
      Connection connection = config.createConnection("jdbc:sqlite:" + file);
      try {
        harden(connection, busy);
        return connection;
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw SqliteError.failure(e, file, "open");
    }
  }

  private static void harden(Connection connection, Duration busy) throws SQLException {
    BusyHandler.setHandler(connection, new ShortWaits(busy));
    // the driver would else try a BEGIN and COMMIT of its own around every single update
    connection.unwrap(SQLiteConnection.class).getConnectionConfig().setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      for (String pragma : PRAGMAS) {
        statement.execute(pragma);
      }
    }
  }
}
