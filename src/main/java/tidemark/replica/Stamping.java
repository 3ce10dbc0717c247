package tidemark.replica;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tidemark.jdbc.Sql;
import tidemark.replica.SyncedTable.Stamp;

/** Writes the bookkeeping of rows that have been posted, many of them with one statement. */
final class Stamping {
  /** Rows are written in powers of two, so that few statements serve any number of them. */
  private static final int MOST = 512;

  private final Sql sql;
  private final TableShape shape;
  private final TableSql text;
  private final Map<Integer, String> updates = new HashMap<>();

  Stamping(Sql sql, TableShape shape, TableSql text) {
    this.sql = sql;
    this.shape = shape;
    this.text = text;
  }

  void write(List<Stamp> stamps, String syncedAt) {
    int from = 0;
    while (from < stamps.size()) {
      int count = Math.min(MOST, Integer.highestOneBit(stamps.size() - from));
      List<@Nullable Object> args = new ArrayList<>();
      args.add(syncedAt);
      for (Stamp stamp : stamps.subList(from, from + count)) {
        args.add(stamp.updatedAt());
        args.add(stamp.updatedBy());
        args.addAll(List.of(stamp.key().parts()));
      }
      sql.update(updates.computeIfAbsent(count, this::update), args.toArray());
      from += count;
    }
  }

  private String update(int rows) {
    String row = "(?,?" + ",?".repeat(shape.key().size()) + ")";
    List<String> given =
        IntStream.range(0, shape.key().size()).mapToObj(i -> "v.column" + (i + 3)).toList();
    return "UPDATE "
        + text.name()
        + " AS t SET synced_at=?, updated_at=v.column1, updated_by=v.column2 FROM (VALUES "
        + IntStream.range(0, rows).mapToObj(i -> row).collect(Collectors.joining(","))
        + ") AS v WHERE "
        + text.sameKey("t.", given);
  }
}
