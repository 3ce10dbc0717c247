package tidemark.replica;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.jdbc.Sql;
import tidemark.replica.TableShape.Unique;

/** Who holds the values that must be unique in a table. */
final class UniqueValues {
  private final Sql sql;
  private final TableShape shape;
  private final TableSql text;

  UniqueValues(Sql sql, TableShape shape, TableSql text) {
    this.sql = sql;
    this.shape = shape;
    this.text = text;
  }

  /** The rows that hold such a value which this row holds too. */
  Set<RowKey> holdersOfThoseOf(Row row) {
    if (shape.opaqueUnique()) {
      return new Eviction(sql, shape, text).of(row);
    }
    Set<RowKey> found = new LinkedHashSet<>();
    for (Unique unique : shape.uniques()) {
      List<@Nullable Object> values = new ArrayList<>();
      unique.columns().forEach(c -> values.add(row.get(c)));
      if (!values.contains(null)) { // NULLs collide with nothing
        addHolders(unique, values, found);
      }
    }
    return found;
  }

  private void addHolders(Unique unique, List<@Nullable Object> values, Set<RowKey> found) {
    String same =
        TableSql.zip(
            unique.columns(),
            unique.collations(),
            (column, collation) -> Sql.name(column) + "=? COLLATE " + Sql.name(collation));
    sql.each(
        "SELECT "
            + text.keyList()
            + " FROM "
            + text.name()
            + " WHERE "
            + same
            + " AND "
            + text.hasKey(),
        c -> found.add(RowKey.of(c.values(1, shape.key().size()))),
        values.toArray());
  }
}
