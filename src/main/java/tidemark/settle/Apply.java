package tidemark.settle;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.jdbc.Refusal;
import tidemark.replica.Held.Numbered;
import tidemark.replica.Held.Reason;
import tidemark.replica.Remembered;
import tidemark.replica.SyncedTable;

/**
 * Writes what was decided to take. Rows that wait for one another's UNIQUE values move together;
 * what a constraint refuses is held, and the rest goes through.
 */
final class Apply {
  private final Settling settling;
  private final Decisions decisions;
  private final UniqueFight fight;

  Apply(Settling settling, Decisions decisions) {
    this.settling = settling;
    this.decisions = decisions;
    this.fight = new UniqueFight(settling, decisions);
  }

  /** Takes what was decided; says which rows that refer to others were written. */
  List<RowId> run() {
    decisions.deletes.forEach(this::delete);
    Map<RowId, List<Numbered>> waiting = new LinkedHashMap<>();
    decisions.puts.forEach(
        (id, changes) -> {
          String keeper = keeperOfTheFormer(id, changes);
          settling.records.remember(id);
          if (keeper != null) {
            settling.hold(id, changes, Reason.REFUSED, keeper);
          } else if (!put(id, changes, row(id, changes))) {
            waiting.put(id, changes);
          }
        });
    retry(waiting);
    moveTogether(waiting);
    fight.aftermath();
    return written();
  }

  private Row row(RowId id, List<Numbered> changes) {
    Row merged = decisions.merged.get(id);
    Row row = merged != null ? merged : Settling.last(changes).row();
    if (row == null) {
      throw new IllegalArgumentException("a delete has no row");
    }
    return row;
  }

  /** What keeps a record here whose number others have emptied and given to another one. */
  private @Nullable String keeperOfTheFormer(RowId id, List<Numbered> changes) {
    SyncedTable table = settling.table(id);
    if (settling.family.privateChildrenOf(id.table()).isEmpty() || !isAnother(id, changes)) {
      return null;
    }
    Row row = table.row(id.key());
    return row == null ? null : settling.family.keeper(id, row, List.of());
  }

  /** Another record takes the place of the one that is here: a number was given once more. */
  private boolean isAnother(RowId id, List<Numbered> changes) {
    if (!settling.table(id).shape().autoKey()) {
      return false; // what has the same name is the same
    }
    Change born = Settling.theBirthOf(changes);
    String record = born.born() ? settling.records.at(id) : null;
    return record != null && !record.equals(born.first());
  }

  private void delete(RowId id, List<Numbered> changes) {
    Row row = settling.table(id).row(id.key());
    String keeper = row == null ? null : settling.family.keeper(id, row, List.of());
    if (keeper != null) {
      settling.hold(id, changes, Reason.REFUSED, keeper);
      return;
    }
    settling.records.remember(id);
    Refusal refusal = settling.table(id).attemptDelete(id.key());
    if (refusal == null) {
      done(id, changes, null);
    } else {
      settling.hold(id, changes, Reason.REFUSED, refusal.why());
    }
  }

  private void done(RowId id, List<Numbered> changes, @Nullable Row row) {
    Row merged = decisions.merged.get(id);
    Row theirs = Settling.last(changes).row();
    if (merged != null && theirs != null) {
      settling.rebase(id, changes, settling.table(id).overlay(merged, theirs));
      settling.touch(id);
    } else {
      settling.settle(id, changes, row);
    }
    settling.release(id);
    settling.disputes.close(id, "superseded", "remote");
    settling.report.pulled(id.table());
  }

  /** False where a UNIQUE value is in the way; what another constraint refuses is held. */
  private boolean put(RowId id, List<Numbered> changes, Row row) {
    SyncedTable table = settling.table(id);
    awaitColumns(id, table, row);
    Row former = isAnother(id, changes) ? table.row(id.key()) : null;
    if (former != null) {
      table.delete(id.key()); // what triggers keep of a record goes with it
    }
    Refusal refusal = table.put(row, settling.now);
    if (refusal != null && former != null) {
      table.put(former, settling.now);
    }
    if (refusal == null) {
      done(id, changes, table.isCoveredBy(row.columns()) ? row : table.row(id.key()));
      return true;
    }
    if (refusal.isCollision()) {
      return false;
    }
    settling.hold(id, changes, Reason.REFUSED, refusal.why());
    return true;
  }

  /** Values for columns that the application has yet to make wait for them. */
  private void awaitColumns(RowId id, SyncedTable table, Row row) {
    for (String column : table.unknownOf(row.columns())) {
      if (settling.replica.states().announced(table.name(), column)) {
        Map<String, @Nullable Object> value = new LinkedHashMap<>();
        value.put(column, row.get(column));
        settling
            .replica
            .sql()
            .update(
                "INSERT OR REPLACE INTO sync_waiting(table_name, row_key, name, value) VALUES(?,?,?,?)",
                table.name(),
                Json.keyText(id.key()),
                column,
                Json.rowText(Row.of(value)));
      }
    }
  }

  /** Whoever moves away makes room for others. */
  private void retry(Map<RowId, List<Numbered>> waiting) {
    boolean progress = true;
    while (progress && !waiting.isEmpty()) {
      progress =
          waiting
              .entrySet()
              .removeIf(e -> put(e.getKey(), e.getValue(), row(e.getKey(), e.getValue())));
    }
  }

  /** Swapped values: all step aside, then all step in; only then is a collision a real one. */
  private void moveTogether(Map<RowId, List<Numbered>> waiting) {
    Map<RowId, Row> before = new LinkedHashMap<>();
    for (RowId id : waiting.keySet()) {
      SyncedTable table = settling.table(id);
      Row old = table.row(id.key());
      if (old != null) {
        before.put(id, old);
        table.delete(id.key());
      }
    }
    Map<RowId, List<Numbered>> todo = waiting;
    while (!todo.isEmpty()) {
      Map<RowId, List<Numbered>> now = todo;
      boolean blocked = true;
      while (blocked) { // who has to wait takes its values back, and others then wait for these
        blocked = now.entrySet().removeIf(e -> !isFree(e.getKey(), e.getValue(), before));
      }
      now.forEach(
          (id, changes) -> {
            if (!placed(id, changes, whole(id, changes, before))) {
              stepBack(id, before);
            }
          });
      todo = fight.freed();
    }
  }

  private boolean isFree(RowId id, List<Numbered> changes, Map<RowId, Row> before) {
    UniqueFight.Outcome outcome =
        fight.clear(id, changes, whole(id, changes, before), before.get(id));
    if (outcome == UniqueFight.Outcome.HELD) {
      stepBack(id, before);
    }
    return outcome == UniqueFight.Outcome.FREE;
  }

  private Row whole(RowId id, List<Numbered> changes, Map<RowId, Row> before) {
    return settling.table(id).overlay(before.get(id), row(id, changes));
  }

  private void stepBack(RowId id, Map<RowId, Row> before) {
    Row old = before.get(id);
    if (old != null) {
      // refused again only where its own value is taken by now: the held change is newer anyway
      settling.table(id).put(old, settling.now);
    }
  }

  private boolean placed(RowId id, List<Numbered> changes, Row row) {
    Refusal refusal = settling.table(id).put(row, settling.now);
    if (refusal != null) {
      settling.hold(id, changes, Reason.REFUSED, refusal.why());
      return false;
    }
    done(id, changes, row);
    return true;
  }

  private List<RowId> written() {
    return Stream.concat(decisions.puts.keySet().stream(), decisions.grown.stream())
        .filter(id -> !settling.table(id).shape().foreignKeys().isEmpty())
        .toList();
  }

  static boolean isPending(SyncedTable table, RowKey key) {
    Remembered remembered = table.shadow().get(key);
    return remembered != null && remembered.mark() != null;
  }
}
