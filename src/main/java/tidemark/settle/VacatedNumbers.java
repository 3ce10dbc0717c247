package tidemark.settle;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.replica.ForeignKey;
import tidemark.replica.Remembered;
import tidemark.replica.Remembered.Clock;
import tidemark.replica.Remembered.Mark;
import tidemark.replica.SyncedTable;

/**
 * Numbers that a record born here had to leave to another ({@link Rekey}). An application that
 * still holds the old number may mean the record that moved: its first edit under it, or new
 * reference to it, is told as a conflict.
 */
final class VacatedNumbers {
  private final Settling settling;
  private final boolean any;

  VacatedNumbers(Settling settling) {
    this.settling = settling;
    this.any = settling.replica.sql().exists("SELECT 1 FROM sync_rekeyed LIMIT 1");
  }

  /** Looks at an edit that is about to be posted; the row is null where it was deleted. */
  void notice(RowId id, Remembered remembered, Mark mark, @Nullable Row row, long at) {
    if (!any || mark.clock() == Clock.SHARE) { // that one was ours, not the application's
      return;
    }
    Long entry = remembered.entry();
    boolean noticed = forget(id.table(), id.key());
    if (row != null && referred(settling.table(id), row)) {
      Row before = entry == null ? null : settling.past.row(id, entry);
      noticed |= newReference(settling.table(id), before, row);
    }
    if (noticed) {
      tell(id, remembered, mark, row, at);
    }
  }

  private void tell(RowId id, Remembered remembered, Mark mark, @Nullable Row row, long at) {
    long entry = remembered.entry() == null ? 0 : remembered.entry();
    Row before = entry == 0 ? null : settling.past.row(id, entry);
    Disputes.Sides sides =
        new Disputes.Sides(
            Disputes.text(row),
            settling.contest.madeBy(mark, row),
            at,
            Disputes.text(before),
            null,
            null);
    // what was deleted is the loser: it can be restored
    settling.disputes.record(
        settling.disputes.conflictId(id, "rekeyed", remembered, entry),
        id,
        "rekeyed",
        sides,
        row == null ? "local" : "both",
        remembered,
        entry);
  }

  private boolean referred(SyncedTable table, Row row) {
    return table.shape().foreignKeys().stream().anyMatch(f -> vacated(f, row));
  }

  /** Every reference to a vacated number that this edit made is noticed once. */
  private boolean newReference(SyncedTable table, @Nullable Row before, Row row) {
    boolean noticed = false;
    for (ForeignKey foreign : table.shape().foreignKeys()) {
      List<@Nullable Object> values = Family.valuesOf(row, foreign.columns());
      boolean old = before != null && Family.valuesOf(before, foreign.columns()).equals(values);
      if (!old && vacated(foreign, row)) {
        noticed |= forget(foreign.parent(), RowKey.of(values.toArray()));
      }
    }
    return noticed;
  }

  private boolean vacated(ForeignKey foreign, Row row) {
    List<@Nullable Object> values = Family.valuesOf(row, foreign.columns());
    return !values.contains(null)
        && settling
            .replica
            .sql()
            .exists(
                "SELECT 1 FROM sync_rekeyed WHERE table_name=? AND row_key=?",
                foreign.parent(),
                Json.keyText(RowKey.of(values.toArray())));
  }

  private boolean forget(String table, RowKey key) {
    return settling
            .replica
            .sql()
            .update(
                "DELETE FROM sync_rekeyed WHERE table_name=? AND row_key=?",
                table,
                Json.keyText(key))
        > 0;
  }
}
