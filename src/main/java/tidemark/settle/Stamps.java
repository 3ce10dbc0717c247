package tidemark.settle;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Columns;
import tidemark.change.Row;
import tidemark.replica.Remembered.Clock;
import tidemark.replica.Remembered.Mark;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;

/** What an edit did not set itself, we set; the former editor's name never goes out again. */
final class Stamps {
  private final Map<String, Posted> posted = new HashMap<>();
  private final Map<String, Object> numbers = new HashMap<>();

  /**
   * What is posted of a table's rows.
   *
   * @param places of the columns in the table's rows
   * @param updatedAt which of them it is, or -1
   * @param updatedBy which of them it is, or -1 where it cannot be written
   */
  private record Posted(Columns columns, int[] places, int updatedAt, int updatedBy) {
    static Posted of(SyncedTable table) {
      Columns all = table.columns();
      Columns columns =
          new Columns(all.names().stream().filter(c -> !c.equals(SyncColumns.SYNCED_AT)).toList());
      int by = columns.place(SyncColumns.UPDATED_BY);
      return new Posted(
          columns,
          columns.names().stream().mapToInt(all::place).toArray(),
          columns.place(SyncColumns.UPDATED_AT),
          by >= 0 && table.takesText(SyncColumns.UPDATED_BY) ? by : -1);
    }
  }

  /**
   * The row as it is posted.
   *
   * @param at when the edit was made
   * @param by who made it
   */
  Row stamped(SyncedTable table, Mark mark, Row row, long at, String by) {
    Posted as = posted.computeIfAbsent(table.name(), name -> Posted.of(table));
    @Nullable Object[] values = new @Nullable Object[as.places().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.values()[as.places()[i]];
    }
    if (as.updatedAt() >= 0) {
      Object value = values[as.updatedAt()];
      if (mark.clock() != Clock.ROW || ChangeTime.read(value) == null) {
        values[as.updatedAt()] = ChangeTime.like(formOf(table, value), at);
      }
    }
    if (as.updatedBy() >= 0) {
      values[as.updatedBy()] = by;
    }
    return new Row(as.columns(), values);
  }

  /**
   * Where the column is declared for numbers, a row without a time takes the form of the others.
   */
  private @Nullable Object formOf(SyncedTable table, @Nullable Object value) {
    if (ChangeTime.read(value) != null || table.takesText(SyncColumns.UPDATED_AT)) {
      return value;
    }
    return numbers.computeIfAbsent(
        table.name(), name -> table.timeAsNumber(SyncColumns.UPDATED_AT));
  }
}
