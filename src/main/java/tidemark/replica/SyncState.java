package tidemark.replica;

import org.jspecify.annotations.Nullable;
import tidemark.jdbc.Sql;

/** The single values a replica keeps of itself, by name: table sync_state. */
final class SyncState {
  private final Sql sql;

  SyncState(Sql sql) {
    this.sql = sql;
  }

  @Nullable String get(String key) {
    return sql.first("SELECT value FROM sync_state WHERE key=?", c -> c.text(1), key).orElse(null);
  }

  void put(String key, @Nullable Object value) {
    if (value == null) {
      sql.update("DELETE FROM sync_state WHERE key=?", key);
    } else {
      sql.update(
          "INSERT INTO sync_state(key, value) VALUES(?,?) ON CONFLICT(key) DO UPDATE SET value=excluded.value WHERE value IS NOT excluded.value",
          key,
          value);
    }
  }
}
