package tidemark.replica;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.jdbc.Sql;

/**
 * Which rows INSERT OR REPLACE would evict: where a UNIQUE index stands on expressions, on
 * generated columns or on a part of the rows, nobody but SQLite can tell who collides. It is tried
 * and taken back.
 */
final class Eviction {
  private static final String EVICTED = "sync_evicted";

  private final Sql sql;
  private final SyncedTable table;

  Eviction(Sql sql, SyncedTable table) {
    this.sql = sql;
    this.table = table;
  }

  Set<RowKey> of(Row row) {
    sql.execute("SAVEPOINT eviction");
    sql.execute("PRAGMA recursive_triggers=ON"); // else an eviction fires no trigger
    try {
      watch();
      replace(row);
      return new LinkedHashSet<>(
          sql.query(
              "SELECT * FROM temp." + EVICTED,
              c -> RowKey.of(c.values(1, table.shape().key().size()))));
    } finally {
      sql.execute("ROLLBACK TO eviction");
      sql.execute("RELEASE eviction");
      sql.execute("PRAGMA recursive_triggers=OFF");
    }
  }

  private void watch() {
    List<String> key = table.shape().key();
    sql.execute("CREATE TEMP TABLE " + EVICTED + "(" + list("", key) + ")");
    sql.execute(
        "CREATE TEMP TRIGGER "
            + EVICTED
            + "_by AFTER DELETE ON main."
            + table.quoted()
            + " BEGIN INSERT INTO "
            + EVICTED
            + " VALUES("
            + list("OLD.", key)
            + "); END");
  }

  private void replace(Row row) {
    List<String> columns = row.columns().names().stream().filter(table.columns()::has).toList();
    @Nullable Object[] values = columns.stream().map(row::get).toArray();
    sql.attempt(
        "INSERT OR REPLACE INTO "
            + table.quoted()
            + "("
            + list("", columns)
            + ") VALUES("
            + columns.stream().map(c -> "?").collect(Collectors.joining(","))
            + ")",
        values);
  }

  private static String list(String prefix, List<String> names) {
    return names.stream().map(n -> prefix + Sql.name(n)).collect(Collectors.joining(","));
  }
}
