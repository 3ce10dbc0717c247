package tidemark.settle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tidemark.change.Change;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.ledger.Entry;
import tidemark.replica.Held.Numbered;
import tidemark.replica.Shadow.Settled;
import tidemark.replica.Stamp;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;

/**
 * The common case of meeting what we posted: nothing was edited since, and nobody else has a say.
 * These rows are settled in bulk; all others are left to {@link Merge}.
 */
final class OwnEntries {
  private final Settling settling;

  OwnEntries(Settling settling) {
    this.settling = settling;
  }

  /** Settles what can be settled so, and takes it off the arrivals. */
  void settle(Batch batch) {
    Set<Long> own = new HashSet<>();
    for (Entry entry : batch.entries()) {
      if (entry.author().replica().equals(settling.terms.author().replica())) {
        own.add(entry.number());
      }
    }
    if (own.isEmpty()) {
      return;
    }
    Map<String, List<Numbered>> byTable = new LinkedHashMap<>();
    settling.arrivals.forEach(
        (id, arrival) -> {
          Numbered only = arrival.changes.get(0);
          if (arrival.changes.size() == 1 && own.contains(only.entry()) && isKnown(only.change())) {
            byTable.computeIfAbsent(id.table(), table -> new ArrayList<>()).add(only);
          }
        });
    byTable.forEach((table, changes) -> settle(settling.replica.table(table), changes));
  }

  private boolean isKnown(Change change) {
    Row row = change.row();
    return row == null || settling.replica.table(change.table()).unknownOf(row.columns()).isEmpty();
  }

  private static Settled settled(SyncedTable table, Numbered numbered) {
    Row row = numbered.change().row();
    return new Settled(
        numbered.change(),
        numbered.entry(),
        row == null ? null : table.digest(row),
        Settling.base(table, row));
  }

  private void settle(SyncedTable table, List<Numbered> own) {
    List<Settled> changes = own.stream().map(change -> settled(table, change)).toList();
    boolean[] settled = table.shadow().settleOwn(changes);
    List<Stamp> stamps = new ArrayList<>(settled.length);
    for (int i = 0; i < settled.length; i++) {
      if (settled[i]) {
        Change change = changes.get(i).change();
        settling.arrivals.remove(new RowId(table.name(), change.key()));
        Row row = change.row();
        if (row != null) {
          stamps.add(
              new Stamp(
                  change.key(), row.get(SyncColumns.UPDATED_AT), row.get(SyncColumns.UPDATED_BY)));
        }
      }
    }
    table.stamp(stamps, settling.now);
  }
}
