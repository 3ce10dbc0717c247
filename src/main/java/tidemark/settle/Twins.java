package tidemark.settle;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.replica.Remembered;
import tidemark.replica.SyncedTable;
import tidemark.settle.Settling.Arrival;

/**
 * A record born here that comes in under another number: after a fork everybody who had it posts it
 * again, and whoever was first may have had to move it. An equal first token makes the two one
 * record; ours takes the number the ledger has.
 */
final class Twins {
  private final Settling settling;
  private final Rekey rekey;
  private final Map<String, Map<String, RowKey>> births = new HashMap<>();

  Twins(Settling settling, Decisions decisions) {
    this.settling = settling;
    this.rekey = new Rekey(settling, decisions);
  }

  void reunite() {
    for (Map.Entry<RowId, Arrival> arrival : List.copyOf(settling.arrivals.entrySet())) {
      RowId there = arrival.getKey();
      SyncedTable table = settling.table(there);
      String first = table.shape().autoKey() ? birth(arrival.getValue()) : null;
      RowKey here = first == null ? null : births(table).get(first);
      if (here != null && !here.equals(there.key()) && makeRoom(table, there)) {
        rekey.move(new RowId(table.name(), here), there.key());
        births.remove(table.name());
      }
    }
  }

  private static @Nullable String birth(Arrival arrival) {
    return arrival.changes.stream()
        .map(numbered -> numbered.change())
        .filter(change -> change.born() && !change.isDelete())
        .map(change -> change.first())
        .findFirst()
        .orElse(null);
  }

  /** Where each record stands that was born here and that the ledger does not know. */
  private Map<String, RowKey> births(SyncedTable table) {
    return births.computeIfAbsent(
        table.name(),
        name -> {
          Map<String, RowKey> found = new HashMap<>();
          table
              .edits()
              .eachPending(
                  (key, remembered, row) -> {
                    if (row != null && remembered.absentInLedger() && remembered.mark() != null) {
                      found.put(remembered.mark().first(), key);
                    }
                    return true;
                  });
          return found;
        });
  }

  /** Only another record born here may stand there, and that one moves on. */
  private boolean makeRoom(SyncedTable table, RowId there) {
    Remembered standing = table.shadow().get(there.key());
    if (table.has(there.key())) {
      if (standing == null || !standing.absentInLedger()) {
        return false;
      }
      rekey.moveAway(there);
    } else if (standing != null) {
      table.shadow().forget(there.key());
    }
    return true;
  }
}
