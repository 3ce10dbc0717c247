package tidemark.upkeep.backup;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tidemark.change.Failure;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;

/** A look into a database file that is this process's alone: is it whole, and what is in it. */
final class Inspection {
  private Inspection() {}

  /**
   * By table how many rows, those of Tidemark's own tables left out.
   *
   * @throws Failure REFUSED where the file is damaged
   */
  static Map<String, Long> rows(Path file) {
    try (Sql sql = Sql.open(file, OpenMode.WRITE, Duration.ZERO)) {
      sql.execute("PRAGMA journal_mode=DELETE"); // nothing of it stands in other files
      List<String> damage = sql.query("PRAGMA integrity_check(1)", c -> c.string(1));
      if (!damage.equals(List.of("ok"))) {
        throw new Failure(Failure.REFUSED, "SQLite finds it damaged: " + damage.get(0), "");
      }
      Map<String, Long> rows = new TreeMap<>();
      for (String table :
          sql.query(
              "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'sync\\_%' ESCAPE '\\'",
              c -> c.string(1))) {
        rows.put(table, sql.number("SELECT count(*) FROM " + Sql.name(table)));
      }
      return rows;
    }
  }
}
