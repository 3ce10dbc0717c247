package tidemark.replica;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.Columns;
import tidemark.change.RawText;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.jdbc.Sql;

/** Writes rows that have one set of columns into one table. */
final class RowWriter {
  private final Sql sql;
  private final SyncedTable table;
  private final List<Integer> places = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();
  private final boolean whole;
  private final String upsert;

  RowWriter(Sql sql, SyncedTable table, Columns incoming) {
    this.sql = sql;
    this.table = table;
    for (int i = 0; i < incoming.size(); i++) {
      String name = incoming.names().get(i);
      if (!table.columns().has(name)) {
        unknown.add(name);
      } else if (!name.equals(SyncColumns.SYNCED_AT)) {
        places.add(i);
        names.add(name);
      }
    }
    this.whole =
        table.columns().names().stream().allMatch(c -> SyncColumns.contains(c) || incoming.has(c));
    names.add(SyncColumns.SYNCED_AT);
    this.upsert = insert(Collections.nCopies(names.size(), "?")) + orUpdate();
  }

  boolean whole() {
    return whole;
  }

  List<String> unknown() {
    return unknown;
  }

  /** The reason if a constraint refuses the row, else null. */
  @Nullable String put(Row row, String syncedAt) {
    @Nullable Object[] args = new @Nullable Object[names.size()];
    boolean raw = false;
    for (int i = 0; i < places.size(); i++) {
      args[i] = row.values()[places.get(i)];
      raw |= args[i] instanceof RawText;
    }
    args[places.size()] = syncedAt;
    if (table.shape().keyed()) {
      return sql.attempt(raw ? insert(marks(args)) + orUpdate() : upsert, args);
    }
    RowKey key = table.keyOf(row);
    return table.has(key) ? update(key, args) : sql.attempt(insert(marks(args)), args);
  }

  /** OR ABORT overrides an ON CONFLICT REPLACE in the table's own constraints. */
  private String insert(List<String> marks) {
    String columns = names.stream().map(Sql::name).collect(Collectors.joining(","));
    return "INSERT OR ABORT INTO "
        + table.quoted()
        + "("
        + columns
        + ") VALUES("
        + String.join(",", marks)
        + ")";
  }

  private String orUpdate() {
    return " ON CONFLICT("
        + table.keyList()
        + ") DO UPDATE SET "
        + names.stream()
            .map(n -> Sql.name(n) + "=excluded." + Sql.name(n))
            .collect(Collectors.joining(","));
  }

  private @Nullable String update(RowKey key, @Nullable Object[] args) {
    List<String> marks = marks(args);
    List<String> set = new ArrayList<>();
    for (int i = 0; i < args.length; i++) {
      set.add(Sql.name(names.get(i)) + "=" + marks.get(i));
    }
    @Nullable Object[] keys = table.keyArgs(key);
    @Nullable Object[] all = Arrays.copyOf(args, args.length + keys.length);
    System.arraycopy(keys, 0, all, args.length, keys.length);
    String columns = String.join(",", set);
    return sql.attempt(
        "UPDATE OR ABORT " + table.quoted() + " SET " + columns + " WHERE " + table.whereKey(),
        all);
  }

  private static List<String> marks(@Nullable Object[] args) {
    return Arrays.stream(args).map(a -> a instanceof RawText ? "CAST(? AS TEXT)" : "?").toList();
  }
}
