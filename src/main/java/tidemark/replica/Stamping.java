package tidemark.replica;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.jdbc.Refusal;
import tidemark.jdbc.Sql;

/** Writes the bookkeeping of rows that have been posted. */
final class Stamping {
  private final Sql sql;
  private final TableShape shape;
  private final TableSql text;
  private final Map<Integer, String> updates = new HashMap<>();

  Stamping(Sql sql, TableShape shape, TableSql text) {
    this.sql = sql;
    this.shape = shape;
    this.text = text;
  }

  /** The reason if a trigger refuses it, else null. */
  @Nullable Refusal write(List<Stamp> stamps, String syncedAt) {
    List<Refusal> refusals = new ArrayList<>();
    BatchStatements.each(
        stamps,
        (part, count) -> {
          List<@Nullable Object> args = new ArrayList<>();
          args.add(syncedAt);
          for (Stamp stamp : part) {
            args.add(stamp.updatedAt());
            args.add(stamp.updatedBy());
            args.addAll(List.of(stamp.key().parts()));
          }
          Refusal refusal =
              sql.attempt(updates.computeIfAbsent(count, this::update), args.toArray()).refusal();
          if (refusal != null) {
            refusals.add(refusal);
          }
        });
    return refusals.isEmpty() ? null : refusals.get(0);
  }

  private String update(int rows) {
    int keys = shape.key().size();
    return "UPDATE "
        + text.name()
        + " AS t SET synced_at=?, updated_at=v.column1, updated_by=v.column2 FROM "
        + BatchStatements.values(rows, 2 + keys)
        + " WHERE "
        + text.sameKey("t.", BatchStatements.columns(3, keys));
  }
}
