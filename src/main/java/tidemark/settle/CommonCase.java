package tidemark.settle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.replica.SyncedTable;

/**
 * The common case of what others changed: nothing of it was edited here, or is known already. Then
 * no decision touches another row, and one look tells of all what {@link Merge} would find out row
 * by row.
 */
final class CommonCase {
  private final Settling settling;
  private final Map<String, List<RowKey>> keys = new LinkedHashMap<>();
  private long first = Long.MAX_VALUE;
  private boolean held;

  CommonCase(Settling settling) {
    this.settling = settling;
    settling.arrivals.forEach(this::add);
  }

  private void add(RowId id, Settling.Arrival arrival) {
    keys.computeIfAbsent(id.table(), table -> new ArrayList<>()).add(id.key());
    first = Math.min(first, arrival.changes.get(0).entry());
    held |= arrival.wasHeld;
  }

  /** All that arrived is to be taken as it is. */
  boolean isThis() {
    return !held
        && settling.kept.isEmpty()
        && keys.entrySet().stream()
            .allMatch(e -> knowsNothingNew(settling.replica.table(e.getKey()), e.getValue()));
  }

  private boolean knowsNothingNew(SyncedTable table, List<RowKey> keys) {
    boolean moved = // a row posted anew under another key of the table may have moved here
        settling.replica.keys().since(table.name()) > 0 && table.shadow().anyCame();
    return !moved && table.shadow().knowsNothingNew(keys, first);
  }
}
