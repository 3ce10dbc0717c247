package tidemark.testing;

import java.util.List;

/** What 0.1.0 makes in a database, which knows of no record under another key. */
public final class FirstEdition {
  private FirstEdition() {}

  /** As if that version had been the only one here. */
  public static void wrote(Database db) {
    for (String trigger :
        db.rows(
            "SELECT name FROM sqlite_master WHERE type='trigger' AND name LIKE 'sync\\_%' ESCAPE '\\'")) {
      db.execute("DROP TRIGGER \"" + trigger + "\"");
    }
    List<String> tables = db.applicationTables();
    for (String table : tables) {
      if (db.hasTable("sync_rows_" + table)) {
        db.execute(
            "DROP INDEX IF EXISTS \"sync_came_" + table + "\"",
            "ALTER TABLE \"sync_rows_" + table + "\" DROP COLUMN came");
      }
    }
    db.execute(
        "DROP TABLE sync_keys",
        "DROP TABLE sync_declared",
        "ALTER TABLE sync_held DROP COLUMN moved_from",
        "ALTER TABLE sync_held DROP COLUMN parents",
        "DELETE FROM sync_state WHERE key='schema'");
  }
}
