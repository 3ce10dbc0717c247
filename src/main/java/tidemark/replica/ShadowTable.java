package tidemark.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tidemark.jdbc.Cells;
import tidemark.jdbc.Sql;
import tidemark.replica.Remembered.Clock;
import tidemark.replica.Remembered.Mark;

/** What the tables look like in which rows are remembered, and how one of their rows is read. */
final class ShadowTable {
  /** How many columns {@link #selectList} names after the key. */
  static final int FIELDS = 13;

  private static final List<String> FIELD_NAMES =
      List.of(
          "entry",
          "digest",
          "at",
          "token",
          "first",
          "birth",
          "base",
          "came",
          "edits",
          "moment",
          "own_time",
          "own_user",
          "found");

  private ShadowTable() {}

  static String name(String table) {
    return "sync_rows_" + table;
  }

  static String createTable(TableShape shape) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < shape.key().size(); i++) {
      // the key's own affinity, so that a value keeps its storage class; no collation: to the bit
      Affinity affinity = shape.column(shape.key().get(i)).affinity();
      columns.add("k" + i + " " + affinity);
    }
    return "CREATE TABLE IF NOT EXISTS "
        + Sql.name(name(shape.name()))
        + "("
        + String.join(", ", columns)
        + ", entry INTEGER, digest BLOB, at INTEGER, token TEXT, first TEXT, birth INTEGER, base TEXT, came TEXT,"
        + " edits TEXT, moment TEXT, own_time INTEGER, own_user INTEGER, found INTEGER, PRIMARY KEY("
        + String.join(",", keyColumns(shape.key().size()))
        + ")) WITHOUT ROWID";
  }

  static List<String> createIndexes(TableShape shape) {
    return List.of(
        index("sync_marks_", shape, "moment", "edits"), index("sync_came_", shape, "came", "came"));
  }

  private static String index(String prefix, TableShape shape, String column, String present) {
    return "CREATE INDEX IF NOT EXISTS "
        + Sql.name(prefix + shape.name())
        + " ON "
        + Sql.name(name(shape.name()))
        + "("
        + column
        + ") WHERE "
        + present
        + " IS NOT NULL";
  }

  /**
   * The record under a key, as {@link Remembered#record}.
   *
   * @param at the prefix of the columns
   */
  static String record(String at) {
    return "coalesce("
        + at
        + "came, CASE WHEN "
        + at
        + "digest IS NULL AND "
        + at
        + "edits IS NOT NULL THEN substr("
        + at
        + "edits,1,16) ELSE "
        + at
        + "first END)";
  }

  static List<String> keyColumns(int count) {
    return IntStream.range(0, count).mapToObj(i -> "k" + i).toList();
  }

  static String selectList(String prefix, int keyCount) {
    return keyColumns(keyCount).stream().map(k -> prefix + k).collect(Collectors.joining(","))
        + ","
        + fields(prefix);
  }

  static String fields(String prefix) {
    return FIELD_NAMES.stream().map(f -> prefix + f).collect(Collectors.joining(","));
  }

  /** Stands before the name of who made an edit, in the place of a flag. */
  static final String BY = "by:";

  private static @Nullable String by(@Nullable Object value) {
    return value instanceof String text && text.startsWith(BY) ? text.substring(BY.length()) : null;
  }

  static Remembered rememberedAt(Cells c, int from) {
    String edits = c.text(from + 8);
    Mark mark =
        edits == null
            ? null
            : new Mark(
                edits,
                c.string(from + 9),
                Clock.of(c.number(from + 10)),
                c.flag(from + 11),
                c.flag(from + 12),
                by(c.value(from + 11)));
    return new Remembered(
        c.numberOrNull(from),
        c.bytes(from + 1),
        c.number(from + 2),
        c.text(from + 3),
        c.text(from + 4),
        c.numberOrNull(from + 5),
        c.text(from + 6),
        c.text(from + 7),
        mark);
  }
}
