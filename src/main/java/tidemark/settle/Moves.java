package tidemark.settle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.change.Token;
import tidemark.jdbc.Refusal;
import tidemark.replica.Remembered;
import tidemark.replica.Remembered.Clock;
import tidemark.replica.Shadow;
import tidemark.replica.SyncedTable;

/**
 * Gives rows other values of columns that others refer to. Whoever refers to them goes along,
 * through all levels, and what is remembered of a row goes with it to another key. That is
 * bookkeeping, not an edit: it is posted, and beats no edit that was made later than the row's own.
 */
final class Moves {
  private final Settling settling;
  private final Decisions decisions;
  private final Family family;

  Moves(Settling settling, Decisions decisions) {
    this.settling = settling;
    this.decisions = decisions;
    this.family = settling.family;
  }

  private record Step(RowId child, Map<String, @Nullable Object> values) {}

  /** The reason where the row, or one that has to go along, is refused; else null. */
  @Nullable Refusal set(RowId id, Map<String, ? extends @Nullable Object> values) {
    SyncedTable table = settling.table(id);
    Row row = table.row(id.key());
    if (row == null || Family.sameValues(row, row.with(values), List.copyOf(values.keySet()))) {
      return null;
    }
    Row next = row.with(values);
    RowId there = new RowId(id.table(), table.keyOf(next));
    settling.replica.quiet();
    List<Step> steps = whoGoesAlong(id, row, next, there);
    Refusal refusal = table.attemptSet(id.key(), values);
    if (refusal != null) {
      return refusal;
    }
    settling.disputes.involve(id);
    settling.disputes.involve(there);
    takeMemoryAlong(table, id, there);
    for (Step step : steps) {
      Refusal other = set(step.child(), step.values());
      if (other != null) {
        return other;
      }
    }
    return null;
  }

  private List<Step> whoGoesAlong(RowId id, Row row, Row next, RowId there) {
    String record = settling.records.at(id);
    List<Step> steps = new ArrayList<>();
    family.eachFollower(
        id.table(),
        row,
        next,
        (kin, key, values) -> {
          RowId childId = new RowId(kin.child().name(), key);
          if (decisions.means(kin, childId, record)) {
            steps.add(new Step(childId.equals(id) ? there : childId, values));
          }
        });
    return steps;
  }

  private void takeMemoryAlong(SyncedTable table, RowId from, RowId to) {
    Shadow shadow = table.shadow();
    Remembered remembered = shadow.get(from.key());
    if (from.equals(to)) {
      noted(table, to.key(), remembered);
      return;
    }
    boolean marked = remembered != null && remembered.mark() != null;
    if (marked) {
      shadow.moveMark(from.key(), to.key());
      settling.touch(to);
    } else {
      noted(table, to.key(), remembered);
      shadow.setCame(to.key(), remembered == null ? null : remembered.record());
    }
    leave(table, from.key(), remembered);
  }

  private void leave(SyncedTable table, RowKey key, @Nullable Remembered remembered) {
    if (remembered == null || remembered.entry() == null) {
      table.shadow().forget(key);
      return;
    }
    table.shadow().clearMark(key);
    if (!remembered.absentInLedger()) {
      noted(table, key, remembered);
    }
  }

  /** To be posted, as of when the row was last edited. */
  private void noted(SyncedTable table, RowKey key, @Nullable Remembered remembered) {
    if (remembered != null && remembered.mark() != null && table.has(key)) {
      settling.touch(new RowId(table.name(), key));
      return;
    }
    long at =
        remembered == null || remembered.entry() == null ? settling.shareNow : remembered.at();
    table.shadow().mark(key, Token.fresh(), at, Clock.SHARE, true, false);
  }
}
