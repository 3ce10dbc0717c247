package tidemark.replica;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.Columns;
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
  private final String insert;
  private final String upsert;
  private final String update;

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
    TableSql text = table.text();
    // OR ABORT overrides an ON CONFLICT REPLACE in the table's own constraints
    this.insert =
        "INSERT OR ABORT INTO "
            + text.name()
            + "("
            + names.stream().map(Sql::name).collect(Collectors.joining(","))
            + ") VALUES("
            + String.join(",", Collections.nCopies(names.size(), "?"))
            + ")";
    this.upsert =
        insert
            + " ON CONFLICT("
            + text.keyList()
            + ") DO UPDATE SET "
            + set(name -> "excluded." + name);
    this.update =
        "UPDATE OR ABORT " + text.name() + " SET " + set(name -> "?") + " WHERE " + text.whereKey();
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
    for (int i = 0; i < places.size(); i++) {
      args[i] = row.values()[places.get(i)];
    }
    args[places.size()] = syncedAt;
    if (table.shape().keyed()) {
      return sql.attempt(upsert, args);
    }
    RowKey key = table.keyOf(row);
    if (!table.has(key)) {
      return sql.attempt(insert, args);
    }
    @Nullable Object[] keys = table.text().keyArgs(key);
    @Nullable Object[] all = Arrays.copyOf(args, args.length + keys.length);
    System.arraycopy(keys, 0, all, args.length, keys.length);
    return sql.attempt(update, all);
  }

  private String set(UnaryOperator<String> value) {
    return names.stream()
        .map(Sql::name)
        .map(name -> name + "=" + value.apply(name))
        .collect(Collectors.joining(","));
  }
}
