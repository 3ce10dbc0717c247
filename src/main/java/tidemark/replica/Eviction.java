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
  private final TableShape shape;
  private final TableSql text;

  Eviction(Sql sql, TableShape shape, TableSql text) {
    this.sql = sql;
    this.shape = shape;
    this.text = text;
  }

  Set<RowKey> of(Row row) {
    sql.execute("SAVEPOINT eviction");
    sql.execute("PRAGMA recursive_triggers=ON"); // else an eviction fires no trigger
    try {
      forgetTriggers();
      watch();
      replace(row);
      return new LinkedHashSet<>(
          sql.query(
              "SELECT * FROM temp." + EVICTED, c -> RowKey.of(c.values(1, shape.key().size()))));
    } finally {
      sql.execute("ROLLBACK TO eviction");
      sql.execute("RELEASE eviction");
      sql.execute("PRAGMA recursive_triggers=OFF");
    }
  }

  /** Nothing really happens to the row: nobody is to be told. */
  private void forgetTriggers() {
    sql.query(
            "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name=? COLLATE NOCASE",
            c -> c.string(1),
            shape.name())
        .forEach(name -> sql.execute("DROP TRIGGER " + Sql.name(name)));
  }

  private void watch() {
    List<String> key = shape.key();
    sql.execute("CREATE TEMP TABLE " + EVICTED + "(" + TableSql.names("", key) + ")");
    sql.execute(
        "CREATE TEMP TRIGGER "
            + EVICTED
            + "_by AFTER DELETE ON main."
            + text.name()
            + " BEGIN INSERT INTO "
            + EVICTED
            + " VALUES("
            + TableSql.names("OLD.", key)
            + "); END");
  }

  private void replace(Row row) {
    List<String> columns = row.columns().names().stream().filter(shape::hasColumn).toList();
    @Nullable Object[] values = columns.stream().map(row::get).toArray();
    sql.attempt(
        "INSERT OR REPLACE INTO "
            + text.name()
            + "("
            + TableSql.names("", columns)
            + ") VALUES("
            + columns.stream().map(c -> "?").collect(Collectors.joining(","))
            + ")",
        values);
  }
}
