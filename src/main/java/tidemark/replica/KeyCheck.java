package tidemark.replica;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tidemark.jdbc.Sql;

/** What about a table's key keeps the table, or single rows of it, from being synced. */
public final class KeyCheck {
  /** SQLite bounds how deep conditions are and how many values a statement has. */
  private static final int WIDEST = 50;

  private static final int LONGEST = 500;

  private final Sql sql;
  private final TableShape shape;
  private final TableSql text;

  KeyCheck(Sql sql, TableShape shape, TableSql text) {
    this.sql = sql;
    this.shape = shape;
    this.text = text;
  }

  /** The table cannot be understood at all; null where it can. */
  static @Nullable String ofShape(TableShape shape) {
    if (shape.key().isEmpty()) {
      return "the table has no primary key; name its key columns in the config (tables: "
          + shape.name()
          + ": { key: [...] })";
    }
    for (String name : names(shape)) {
      if (name.isEmpty() || name.length() > LONGEST) {
        return "the ledger carries no names of " + name.length() + " characters";
      }
      if (name.chars().anyMatch(Character::isISOControl)) {
        return "the ledger carries no names with control characters";
      }
    }
    if (shape.key().size() > WIDEST) {
      return "its key has "
          + shape.key().size()
          + " columns, and at most "
          + WIDEST
          + " can be kept";
    }
    List<String> missing = shape.key().stream().filter(k -> !shape.hasColumn(k)).toList();
    return missing.isEmpty()
        ? null
        : "it has no column " + String.join(", ", missing) + " as the config's key says";
  }

  private static List<String> names(TableShape shape) {
    return Stream.concat(Stream.of(shape.name()), shape.columnNames().stream()).toList();
  }

  /** What stands in the way of every row: a key that is not unique or has NULLs. */
  Optional<String> ofAllRows() {
    long without = rowsWithoutKey();
    if (without > 0) {
      return Optional.of(without + " row" + (without == 1 ? "" : "s") + " with NULL in the key");
    }
    if (!shape.keyed()
        && sql.exists(
            "SELECT 1 FROM " + text.name() + " GROUP BY " + binaryKey() + " HAVING count(*)>1")) {
      return Optional.of("several rows with the same " + String.join(", ", shape.key()));
    }
    return Optional.empty();
  }

  /** SQLite lets the columns of a primary key be NULL unless told otherwise. */
  public long rowsWithoutKey() {
    String nulls =
        shape.nullableKey().stream()
            .map(k -> Sql.name(k) + " IS NULL")
            .collect(Collectors.joining(" OR "));
    return nulls.isEmpty()
        ? 0
        : sql.number("SELECT count(*) FROM " + text.name() + " WHERE " + nulls);
  }

  private String binaryKey() {
    return shape.key().stream()
        .map(k -> Sql.name(k) + " COLLATE BINARY")
        .collect(Collectors.joining(","));
  }
}
