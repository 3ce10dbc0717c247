package tidemark.settle;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.replica.Held;
import tidemark.replica.Remembered;
import tidemark.replica.SyncedTable;

/**
 * Rows whose pending edits are not posted for now: those held or contested, their children, whoever
 * took a UNIQUE value that the ledger's row of one of them still has, and who has to wait for a
 * number.
 */
final class StayBehind {
  private final Settling settling;
  private final Family family;
  private final Set<RowId> rows = new HashSet<>();

  StayBehind(Settling settling, Family family) {
    this.settling = settling;
    this.family = family;
  }

  Set<RowId> find(Set<RowId> contested) {
    rows.addAll(contested);
    for (Held.Waiting held : settling.replica.held().all()) {
      RowId id = new RowId(held.table(), held.key());
      rows.add(id);
      held.otherRow().ifPresent(key -> rows.add(new RowId(held.table(), key)));
      if (settling.replica.tables().containsKey(held.table())) {
        whoTookValuesOf(id, held.last().row());
        whoIsToHaveTheNumberOf(held);
      }
    }
    pendingChildren();
    return rows;
  }

  /** Born here, and posted by others under a number that another record has to leave first. */
  private void whoIsToHaveTheNumberOf(Held.Waiting held) {
    SyncedTable table = settling.table(new RowId(held.table(), held.key()));
    if (table.shape().autoKey()) {
      held.changes().stream()
          .skip(1)
          .filter(numbered -> numbered.change().born())
          .flatMap(numbered -> table.shadow().pendingOf(numbered.change().first()).stream())
          .forEach(key -> rows.add(new RowId(held.table(), key)));
    }
  }

  private void whoTookValuesOf(RowId id, @Nullable Row inLedger) {
    if (inLedger == null) {
      return;
    }
    SyncedTable table = settling.table(id);
    for (RowKey key : table.othersWithValuesOf(inLedger, id.key())) {
      Remembered remembered = table.shadow().get(key);
      RowId other = new RowId(table.name(), key);
      if (remembered != null && remembered.mark() != null && rows.add(other)) {
        Long entry = remembered.absentInLedger() ? null : remembered.entry();
        whoTookValuesOf(other, entry == null ? null : settling.past.row(other, entry));
      }
    }
  }

  private void pendingChildren() {
    Deque<RowId> todo = new ArrayDeque<>(rows);
    while (!todo.isEmpty()) {
      RowId parent = todo.remove();
      SyncedTable table = settling.replica.tables().get(parent.table());
      if (table == null || !family.isParent(parent.table())) {
        continue;
      }
      for (Family.Member member : family.descendants(parent, table.row(parent.key()))) {
        if (Apply.isPending(settling.table(member.id()), member.id().key())) {
          rows.add(member.id());
        }
      }
    }
  }
}
