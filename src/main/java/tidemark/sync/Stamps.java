package tidemark.sync;

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
  private final Map<String, Columns> posted = new HashMap<>();
  private final Map<String, Object> numbers = new HashMap<>();

  /**
   * The row as it is posted.
   *
   * @param at when the edit was made
   * @param by who made it
   */
  Row stamped(SyncedTable table, Mark mark, Row row, long at, String by) {
    Columns columns =
        posted.computeIfAbsent(
            table.name(),
            name ->
                new Columns(
                    table.columns().names().stream()
                        .filter(c -> !c.equals(SyncColumns.SYNCED_AT))
                        .toList()));
    @Nullable Object[] values = new @Nullable Object[columns.size()];
    int next = 0;
    for (int i = 0; i < table.columns().size(); i++) {
      String name = table.columns().names().get(i);
      if (name.equals(SyncColumns.SYNCED_AT)) {
        continue;
      }
      Object value = row.values()[i];
      if (name.equals(SyncColumns.UPDATED_AT)
          && (mark.clock() != Clock.ROW || ChangeTime.read(value) == null)) {
        value = ChangeTime.like(formOf(table, value), at);
      } else if (name.equals(SyncColumns.UPDATED_BY) && table.takesText(name)) {
        value = by;
      }
      values[next++] = value;
    }
    return new Row(columns, values);
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
