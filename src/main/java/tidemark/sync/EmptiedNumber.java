package tidemark.sync;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.replica.Held.Numbered;
import tidemark.replica.Remembered;
import tidemark.replica.SyncedTable;

/**
 * An AUTOINCREMENT number that others emptied, and that was given to another record by somebody who
 * had never seen the former one. What is pending here is about the former.
 */
final class EmptiedNumber {
  private EmptiedNumber() {}

  /** Those of these changes of one key that came before another record was born under it. */
  static List<Numbered> former(SyncedTable table, RowKey key, List<Numbered> changes) {
    Remembered remembered = table.shape().autoKey() ? table.shadow().get(key) : null;
    boolean edited = remembered != null && remembered.mark() != null;
    return edited ? changes.subList(0, end(table, key, remembered, changes)) : changes;
  }

  private static int end(
      SyncedTable table, RowKey key, Remembered remembered, List<Numbered> changes) {
    String record = remembered.first();
    for (int i = 1; i < changes.size(); i++) {
      Change change = changes.get(i).change();
      Row row = change.row();
      boolean born = row != null && change.born() && changes.get(i - 1).change().isDelete();
      if (born && record != null && change.from() == null && !change.first().equals(record)) {
        return isBack(table, table.row(key), row, remembered) ? changes.size() : i;
      }
    }
    return changes.size();
  }

  /** Somebody made it anew by hand. */
  private static boolean isBack(
      SyncedTable table, @Nullable Row mine, Row row, Remembered remembered) {
    return remembered.hasDigest(table.digest(table.overlay(mine, row)))
        || (mine != null && Births.atOneTime(mine, row));
  }
}
