package tidemark.replica;

import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.change.Values;
import tidemark.jdbc.Refusal;
import tidemark.jdbc.Sql;

/**
 * Whether a table keeps values as they come. A column that is declared otherwise than at their
 * author's may make a number of a text, or the other way round: '007' would come back as 7. Such a
 * row is refused like one that breaks a constraint.
 */
final class Storage {
  private static final Pattern NUMBER =
      Pattern.compile("\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\s*");

  private final Sql sql;
  private final TableShape shape;
  private final TableSql text;

  Storage(Sql sql, TableShape shape, TableSql text) {
    this.sql = sql;
    this.shape = shape;
    this.text = text;
  }

  /** Of a value that SQLite may convert in such a column; others are kept for certain. */
  private static boolean mayChange(Affinity affinity, @Nullable Object value) {
    return switch (affinity) {
      case BLOB -> false;
      case TEXT -> value instanceof Number;
      case REAL -> value instanceof Long || value instanceof String;
      case INTEGER, NUMERIC ->
          (value instanceof Double real && real == Math.rint(real))
              || (value instanceof String word && NUMBER.matcher(word).matches());
    };
  }

  /** What a column of this kind holds when this is written into it. */
  static @Nullable Object stored(Sql sql, Affinity affinity, @Nullable Object value) {
    if (!mayChange(affinity, value)) {
      return value;
    }
    String kind =
        switch (affinity) {
          case TEXT, REAL -> affinity.name();
          default -> value instanceof Double ? "INTEGER" : "NUMERIC";
        };
    return sql.first("SELECT CAST(? AS " + kind + ")", c -> c.value(1), value).orElse(null);
  }

  /**
   * Writes, and takes it back where a value was not kept.
   *
   * @param row what is written, under this key
   * @param write says why a constraint refuses it, or null
   * @return why it is refused; null where it is written
   */
  @Nullable Refusal keeping(Row row, RowKey key, Supplier<@Nullable Refusal> write) {
    if (!mayChange(row)) {
      return write.get();
    }
    sql.execute("SAVEPOINT keeping");
    Refusal refusal = write.get();
    String changed = refusal == null ? changed(row, key) : null;
    if (changed != null) {
      refusal = Refusal.because(changed);
      sql.execute("ROLLBACK TO keeping");
    }
    sql.execute("RELEASE keeping");
    return refusal;
  }

  private boolean mayChange(Row row) {
    for (TableShape.Column column : shape.columns()) {
      if (!SyncColumns.contains(column.name())
          && mayChange(column.affinity(), row.get(column.name()))) {
        return true;
      }
    }
    return false;
  }

  private @Nullable String changed(Row row, RowKey key) {
    for (TableShape.Column column : shape.columns()) {
      Object given = row.get(column.name());
      if (!SyncColumns.contains(column.name()) && mayChange(column.affinity(), given)) {
        boolean same =
            sql.first(
                    "SELECT "
                        + Sql.name(column.name())
                        + " FROM "
                        + text.name()
                        + " WHERE "
                        + text.whereKey(),
                    c -> Values.same(given, c.value(1)),
                    text.keyArgs(key))
                .orElse(false);
        if (!same) {
          return "column "
              + column.name()
              + " is declared "
              + (column.type().isEmpty() ? "without a type" : column.type())
              + " here and would change "
              + (given instanceof String ? "'" + given + "'" : given);
        }
      }
    }
    return null;
  }
}
