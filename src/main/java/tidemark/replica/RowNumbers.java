package tidemark.replica;

import tidemark.change.RowKey;
import tidemark.jdbc.Sql;

/** The numbers under which a table's rows come into being. */
public final class RowNumbers {
  private final Sql sql;
  private final TableShape shape;
  private final Shadow shadow;

  RowNumbers(Sql sql, TableShape shape, Shadow shadow) {
    this.sql = sql;
    this.shape = shape;
    this.shadow = shadow;
  }

  /** The highest that this table has ever used; 0 where it used none. */
  public long highest() {
    long used = highest(Sql.name(shape.name()), Sql.name(shape.key().get(0)));
    long remembered = highest(shadow.quoted(), shadow.keyColumns().get(0));
    long sequence =
        hasSequences()
            ? sql.number("SELECT seq FROM sqlite_sequence WHERE name=?", shape.name())
            : 0;
    return Math.max(0, Math.max(sequence, Math.max(used, remembered)));
  }

  private long highest(String table, String column) {
    return sql.number(
        "SELECT max(" + column + ") FROM " + table + " WHERE typeof(" + column + ")='integer'");
  }

  /** SQLite counts up only when a row is inserted, not when it is moved to a number. */
  public void neverGiveAgain(RowKey number) {
    if (hasSequences()) {
      sql.update(
          "UPDATE sqlite_sequence SET seq=max(seq,?) WHERE name=?", number.part(0), shape.name());
    }
  }

  private boolean hasSequences() {
    return sql.exists("SELECT 1 FROM sqlite_master WHERE name='sqlite_sequence'");
  }
}
