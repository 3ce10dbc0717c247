package tidemark.replica;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.Columns;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.jdbc.Refusal;
import tidemark.jdbc.Sql;
import tidemark.jdbc.Sql.Attempt;

/** Writes rows that have one set of columns into one table. */
final class RowWriter {
  private final Sql sql;
  private final TableShape shape;
  private final TableSql text;
  private final List<Integer> places = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();

  /** The places in names of those an update sets. */
  private final List<Integer> changes = new ArrayList<>();

  private final boolean whole;
  private final String insert;
  private final String update;

  RowWriter(Sql sql, TableShape shape, TableSql text, Columns columns, Columns incoming) {
    this.sql = sql;
    this.shape = shape;
    this.text = text;
    for (int i = 0; i < incoming.size(); i++) {
      String name = incoming.names().get(i);
      if (!columns.has(name)) {
        unknown.add(name);
      } else if (!name.equals(SyncColumns.SYNCED_AT)) {
        places.add(i);
        names.add(name);
      }
    }
    this.whole = columns.names().stream().allMatch(c -> SyncColumns.contains(c) || incoming.has(c));
    names.add(SyncColumns.SYNCED_AT);
    this.insert =
        "INSERT"
            + text.orAbort()
            + " INTO "
            + text.name()
            + "("
            + names.stream().map(Sql::name).collect(Collectors.joining(","))
            + ") VALUES("
            + String.join(",", Collections.nCopies(names.size(), "?"))
            + ")";
    // a key column that cannot differ from what it is found by is not set: its index stays as it is
    List<String> changing = names.stream().filter(name -> !isFixed(name)).toList();
    changing.forEach(name -> changes.add(names.indexOf(name)));
    this.update =
        "UPDATE"
            + text.orAbort()
            + " "
            + text.name()
            + " SET "
            + changing.stream().map(name -> Sql.name(name) + "=?").collect(Collectors.joining(","))
            + " WHERE "
            + text.whereKey();
  }

  /** Equal to SQLite is the same to the bit, except among numbers of a column without a type. */
  private boolean isFixed(String column) {
    return shape.key().contains(column) && shape.column(column).affinity() != Affinity.BLOB;
  }

  boolean whole() {
    return whole;
  }

  List<String> unknown() {
    return unknown;
  }

  /** The reason if a constraint refuses the row, else null. */
  @Nullable Refusal put(Row row, String syncedAt) {
    for (String column : shape.key()) {
      if (row.get(column) == null) {
        return Refusal.because("the row has no value for its key's column " + column);
      }
    }
    @Nullable Object[] args = new @Nullable Object[names.size()];
    for (int i = 0; i < places.size(); i++) {
      args[i] = row.values()[places.get(i)];
    }
    args[places.size()] = syncedAt;
    Attempt updated = sql.attempt(update, updateArgs(args, shape.keyOf(row)));
    if (updated.refusal() != null || updated.changed() > 0) {
      return updated.refusal();
    }
    return sql.attempt(insert, args).refusal();
  }

  private @Nullable Object[] updateArgs(@Nullable Object[] args, RowKey key) {
    @Nullable Object[] keys = text.keyArgs(key);
    @Nullable Object[] all = new @Nullable Object[changes.size() + keys.length];
    for (int i = 0; i < changes.size(); i++) {
      all[i] = args[changes.get(i)];
    }
    System.arraycopy(keys, 0, all, changes.size(), keys.length);
    return all;
  }
}
