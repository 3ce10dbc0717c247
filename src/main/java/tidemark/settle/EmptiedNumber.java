package tidemark.settle;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.change.Token;
import tidemark.replica.Held.Numbered;
import tidemark.replica.Remembered;
import tidemark.replica.SyncedTable;

/**
 * An AUTOINCREMENT number that others emptied, and that was given to another record by somebody who
 * had never seen the former one. What is pending here is about the former.
 */
public final class EmptiedNumber {
  private EmptiedNumber() {}

  /** Those of these changes of one key that came before another record was born under it. */
  public static List<Numbered> former(SyncedTable table, RowKey key, List<Numbered> changes) {
    Remembered edited = edited(table, key);
    for (int i = 1; edited != null && i < changes.size(); i++) {
      Change change = changes.get(i).change();
      if (changes.get(i - 1).change().isDelete() && isAnother(table, edited, change)) {
        return changes.subList(0, i);
      }
    }
    return changes;
  }

  /**
   * These changes, and the delete before the first one of which no kept entry tells: it was made
   * after what is known here.
   */
  static List<Numbered> whole(SyncedTable table, RowKey key, List<Numbered> changes) {
    Remembered edited = edited(table, key);
    Change first = changes.isEmpty() ? null : changes.get(0).change();
    if (edited == null || first == null || !isAnother(table, edited, first)) {
      return changes;
    }
    List<Numbered> whole = new ArrayList<>(changes);
    whole.add(0, emptied(table, changes));
    return whole;
  }

  /** The delete before the first of these changes, where no kept entry tells of it. */
  static Numbered emptied(SyncedTable table, List<Numbered> changes) {
    RowKey key = changes.get(0).change().key();
    Remembered known = table.shadow().get(key);
    long at = known == null ? 0 : known.at();
    Change delete = new Change(table.name(), key, null, at, "", false, "", Token.fresh());
    return new Numbered(changes.get(0).entry(), delete);
  }

  /** What is remembered of a row of the ledger's that has pending edits. */
  private static @Nullable Remembered edited(SyncedTable table, RowKey key) {
    Remembered remembered = table.shape().autoKey() ? table.shadow().get(key) : null;
    boolean edited =
        remembered != null && remembered.mark() != null && !remembered.absentInLedger();
    return edited ? remembered : null;
  }

  private static boolean isAnother(SyncedTable table, Remembered edited, Change change) {
    String record = edited.first();
    Row row = change.row();
    return record != null
        && row != null
        && change.born()
        && change.from() == null
        && !change.first().equals(record)
        && !isBack(table, change.key(), row, edited);
  }

  /** Somebody made it anew by hand. */
  private static boolean isBack(SyncedTable table, RowKey key, Row row, Remembered edited) {
    Row mine = table.row(key);
    return edited.hasDigest(table.digest(table.overlay(mine, row)))
        || (mine != null && Births.atOneTime(mine, row));
  }
}
