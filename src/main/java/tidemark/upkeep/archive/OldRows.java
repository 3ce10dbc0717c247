package tidemark.upkeep.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.RowKey;
import tidemark.change.SqlName;
import tidemark.jdbc.Sql;
import tidemark.replica.Replica;
import tidemark.replica.SyncedTable;

/**
 * The rows of a table that are old.
 *
 * @param undated how many have a date that means nothing
 */
record OldRows(SyncedTable table, String dateColumn, List<RowKey> keys, int undated) {
  private static final int AT_ONCE = 100;
  private static final List<String> DATES = List.of("created_at", "updated_at");

  static OldRows find(Replica replica, ArchiveOrder order) {
    SyncedTable table =
        replica.tables().values().stream()
            .filter(t -> SqlName.same(t.name(), order.table()))
            .findFirst()
            .orElseThrow(() -> unknown(replica, order.table()));
    String column = dateColumn(table, order);
    List<String> key = table.shape().key();
    String keys = key.stream().map(Sql::name).collect(Collectors.joining(","));
    String whole =
        key.stream().map(k -> Sql.name(k) + " IS NOT NULL").collect(Collectors.joining(" AND "));
    List<RowKey> found = new ArrayList<>();
    int[] undated = {0};
    replica
        .sql()
        .each(
            "SELECT "
                + keys
                + ","
                + Sql.name(column)
                + " FROM "
                + Sql.name(table.name())
                + " WHERE "
                + whole,
            c -> {
              Long at = ChangeTime.read(c.value(key.size() + 1));
              if (at == null) {
                undated[0]++;
              } else if (at < order.before()) {
                found.add(RowKey.of(c.values(1, key.size())));
              }
            });
    return new OldRows(table, column, found, undated[0]);
  }

  private static Failure unknown(Replica replica, String table) {
    return new Failure(
        Failure.USAGE,
        "there is no table " + table + " that is synced here",
        "accepted: " + String.join(", ", replica.tables().keySet()));
  }

  private static String dateColumn(SyncedTable table, ArchiveOrder order) {
    List<String> accepted = order.dateColumn() == null ? DATES : List.of(order.dateColumn());
    for (String wanted : accepted) {
      for (String column : table.columns().names()) {
        if (SqlName.same(column, wanted)) {
          return column;
        }
      }
    }
    throw new Failure(
        Failure.USAGE,
        table.name() + " has no column " + String.join(" or ", accepted) + " to tell what is old",
        "name one with --date-column: " + String.join(", ", table.columns().names()));
  }

  /** So many at a time as the application can wait for. */
  static List<List<RowKey>> parts(List<RowKey> all) {
    List<List<RowKey>> parts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      parts.add(all.subList(from, Math.min(all.size(), from + AT_ONCE)));
    }
    return parts;
  }
}
