package tidemark.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.RowKey;
import tidemark.jdbc.Sql;

/** How SQL names one table, its key and its rows, spelt out once. */
final class TableSql {
  private final TableShape shape;
  private final String name;
  private final String keyList;
  private final String whereKey;
  private final String hasKey;

  TableSql(TableShape shape) {
    this.shape = shape;
    this.name = Sql.name(shape.name());
    this.keyList = names("", shape.key());
    // by the index where there is one, and then to the bit: 'a' is not 'A', whatever the collation
    this.whereKey =
        shape.key().stream()
            .map(Sql::name)
            .map(k -> shape.keyed() ? k + "=?" : k + "=? AND " + k + "=? COLLATE BINARY")
            .collect(Collectors.joining(" AND "));
    this.hasKey =
        shape.key().stream()
            .map(k -> Sql.name(k) + " IS NOT NULL")
            .collect(Collectors.joining(" AND "));
  }

  String name() {
    return name;
  }

  /**
   * Overrides an ON CONFLICT REPLACE in the table's own constraints. Only there: it would override
   * the OR REPLACE of statements in triggers, too.
   */
  String orAbort() {
    return shape.hasConflictClause() ? " OR ABORT" : "";
  }

  String keyList() {
    return keyList;
  }

  /** The condition that takes {@link #keyArgs}. */
  String whereKey() {
    return whereKey;
  }

  @Nullable Object[] keyArgs(RowKey key) {
    if (shape.keyed()) {
      return key.parts();
    }
    @Nullable Object[] twice = new @Nullable Object[key.size() * 2];
    for (int i = 0; i < twice.length; i++) {
      twice[i] = key.part(i / 2);
    }
    return twice;
  }

  /** The condition that the key, under its prefix, is what these expressions give. */
  String sameKey(String prefix, List<String> given) {
    String same = zip(shape.key(), given, (k, g) -> prefix + Sql.name(k) + "=" + g);
    return shape.keyed()
        ? same
        : same
            + " AND "
            + zip(shape.key(), given, (k, g) -> prefix + Sql.name(k) + "=" + g + " COLLATE BINARY");
  }

  /** The condition of rows whose key has no NULL. */
  String hasKey() {
    return hasKey;
  }

  static String names(String prefix, List<String> columns) {
    return columns.stream().map(c -> prefix + Sql.name(c)).collect(Collectors.joining(","));
  }

  /** Both lists side by side, all of it to hold. */
  static String zip(List<String> one, List<String> other, BinaryOperator<String> join) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < one.size(); i++) {
      parts.add(join.apply(one.get(i), other.get(i)));
    }
    return String.join(" AND ", parts);
  }

  /** The rows of one table into another, but for those it refuses. */
  static String copyWhatFits(String from, String into, String columns) {
    return "INSERT OR IGNORE INTO "
        + Sql.name(into)
        + "("
        + columns
        + ") SELECT "
        + columns
        + " FROM "
        + from;
  }
}
