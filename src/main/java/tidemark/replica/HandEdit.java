package tidemark.replica;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.RawText;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.jdbc.Refusal;
import tidemark.jdbc.Sql;

/**
 * Edits rows the way the application does: the triggers see it, and it is posted like any other
 * edit. What a constraint refuses is an answer, not a failure. Call it within a transaction.
 */
public final class HandEdit {
  private final Sql sql;

  public HandEdit(Replica replica) {
    this.sql = replica.sql();
  }

  /** Updates the row under its key, or inserts it; the reason where that is refused, else null. */
  public @Nullable Refusal put(SyncedTable table, Row row) {
    RowKey key = table.keyOf(row);
    boolean there = table.has(key);
    List<String> names = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < row.columns().size(); i++) {
      String name = row.columns().names().get(i);
      boolean keyStays = there && table.shape().isKey(name);
      if (table.columns().has(name) && !keyStays && !name.equals(SyncColumns.SYNCED_AT)) {
        names.add(name);
        values.add(row.values()[i]);
      }
    }
    return there ? update(table, key, names, values) : insert(table, names, values);
  }

  /** Gives these columns other values, those of the key too. */
  public @Nullable Refusal set(
      SyncedTable table, RowKey key, Map<String, ? extends @Nullable Object> values) {
    return update(table, key, List.copyOf(values.keySet()), new ArrayList<>(values.values()));
  }

  /** A new row of these values; the reason where it is refused, else null. */
  public @Nullable Refusal insert(
      SyncedTable table, Map<String, ? extends @Nullable Object> values) {
    return insert(table, List.copyOf(values.keySet()), new ArrayList<>(values.values()));
  }

  /** The key that SQLite gave to the row that was inserted last; null where it has no number. */
  public @Nullable RowKey lastInserted(SyncedTable table) {
    return sql.first(
            "SELECT "
                + table.shape().key().stream().map(Sql::name).collect(Collectors.joining(","))
                + " FROM "
                + Sql.name(table.name())
                + " WHERE rowid=last_insert_rowid()",
            c -> {
              @Nullable Object[] parts = c.values(1, table.shape().key().size());
              return Arrays.asList(parts).contains(null) ? null : RowKey.of(parts);
            })
        .orElse(null);
  }

  private @Nullable Refusal update(
      SyncedTable table, RowKey key, List<String> names, List<@Nullable Object> values) {
    List<String> set = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      set.add(Sql.name(names.get(i)) + "=" + place(values.get(i)));
    }
    List<@Nullable Object> args = new ArrayList<>(values);
    args.addAll(List.of(key.parts()));
    return attempt(
        table,
        "UPDATE OR ABORT "
            + Sql.name(table.name())
            + " SET "
            + String.join(",", set)
            + whereKey(table),
        args.toArray());
  }

  private @Nullable Refusal insert(
      SyncedTable table, List<String> names, List<@Nullable Object> values) {
    return attempt(
        table,
        "INSERT OR ABORT INTO "
            + Sql.name(table.name())
            + "("
            + names.stream().map(Sql::name).collect(Collectors.joining(","))
            + ") VALUES("
            + values.stream().map(HandEdit::place).collect(Collectors.joining(","))
            + ")",
        values.toArray());
  }

  private @Nullable Refusal attempt(SyncedTable table, String text, @Nullable Object... args) {
    if (!sql.compiles(text)) {
      return Refusal.because(
          "a trigger of " + table.name() + " needs something that the application alone has");
    }
    try {
      return sql.attempt(text, args).refusal();
    } catch (Sql.RolledBack e) {
      throw new Failure(
          Failure.INCOMPLETE,
          "a trigger of " + table.name() + " took everything back: " + e.why(),
          "put right in the application what it complains of; nothing was changed",
          e);
    }
  }

  private static String place(@Nullable Object value) {
    return value instanceof RawText ? "CAST(? AS TEXT)" : "?";
  }

  private static String whereKey(SyncedTable table) {
    return " WHERE "
        + table.shape().key().stream()
            .map(k -> Sql.name(k) + "=?")
            .collect(Collectors.joining(" AND "));
  }

  /** Deletes the row; the reason where that is refused, else null. */
  public @Nullable Refusal delete(SyncedTable table, RowKey key) {
    return attempt(
        table, "DELETE FROM " + Sql.name(table.name()) + whereKey(table), (Object[]) key.parts());
  }

  /**
   * Deletes take along what is declared ON DELETE CASCADE, and are refused where rows still refer
   * to the row, as in the application. To be called outside a transaction.
   */
  public void enforceForeignKeys() {
    sql.execute("PRAGMA foreign_keys=ON");
  }

  /** As it is for what comes from the ledger. To be called outside a transaction. */
  public void leaveForeignKeys() {
    sql.execute("PRAGMA foreign_keys=OFF");
  }
}
