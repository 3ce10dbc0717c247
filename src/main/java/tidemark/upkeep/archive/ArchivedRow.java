package tidemark.upkeep.archive;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.change.Values;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;

/**
 * A row to be kept, and how its table is defined.
 *
 * @param birth the token its record was born with
 */
record ArchivedRow(
    SyncedTable table, List<String> definition, RowKey key, Row row, @Nullable String birth) {
  /** All values are the same; that a row was posted in between does not make it another one. */
  static boolean same(Row kept, Row row) {
    return row.columns().names().stream()
        .filter(column -> !column.equals(SyncColumns.SYNCED_AT))
        .allMatch(column -> Values.same(kept.get(column), row.get(column)));
  }
}
