package tidemark.settle;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.replica.Held.Numbered;
import tidemark.replica.Remembered;
import tidemark.replica.SyncedTable;
import tidemark.settle.Settling.Arrival;

/**
 * A record born here that comes in under another number: after a fork everybody who had it posts it
 * again, as does who works on a copy of this database, and whoever was first may have had to move
 * it. An equal first token makes the two one record; ours takes the number the ledger has.
 */
final class Twins {
  private final Settling settling;
  private final Rekey rekey;
  private final Map<String, Map<String, RowKey>> births = new HashMap<>();

  Twins(Settling settling, Decisions decisions) {
    this.settling = settling;
    this.rekey = new Rekey(settling, decisions);
  }

  /**
   * Cuts off what came in about a number's next record, where that or a later one is a twin: it is
   * to come in once the former one is dealt with, which may have to leave yet, or may come back.
   */
  Map<RowId, Arrival> cut() {
    Map<RowId, Arrival> later = new LinkedHashMap<>();
    for (Map.Entry<RowId, Arrival> arrival : settling.arrivals.entrySet()) {
      RowId there = arrival.getKey();
      SyncedTable table = settling.table(there);
      if (!table.shape().autoKey() || twins(table, there, arrival.getValue().changes).isEmpty()) {
        continue;
      }
      List<Numbered> changes = Merge.unread(arrival.getValue(), table.shadow().get(there.key()));
      int next = nextRecord(table, there, changes);
      List<Numbered> others = changes.subList(next, changes.size());
      List<RowKey> twins = twins(table, there, others);
      if (!twins.isEmpty()) {
        List<Numbered> former =
            next > 0 ? changes.subList(0, next) : List.of(EmptiedNumber.emptied(table, changes));
        arrival.setValue(new Arrival(former, arrival.getValue().wasHeld));
        later.put(there, new Arrival(others, true));
        twins.forEach(here -> settling.disputes.involve(new RowId(table.name(), here)));
      }
    }
    return later;
  }

  /** Where others gave the number to another record than the one that has it here, or had it. */
  private static int nextRecord(SyncedTable table, RowId there, List<Numbered> changes) {
    Remembered standing = table.shadow().get(there.key());
    String record = standing == null || standing.absentInLedger() ? null : standing.first();
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i).change();
      boolean emptied = i == 0 || changes.get(i - 1).change().isDelete();
      if (change.born()) {
        if (emptied && change.from() == null && record != null && !change.first().equals(record)) {
          return i;
        }
        record = change.first();
      }
    }
    return changes.size();
  }

  /** Where those stand here that were born in these changes. */
  private List<RowKey> twins(SyncedTable table, RowId there, List<Numbered> changes) {
    return changes.stream()
        .map(numbered -> numbered.change())
        .filter(change -> change.born() && !change.isDelete())
        .flatMap(change -> Stream.ofNullable(births(table).get(change.first())))
        .filter(here -> !here.equals(there.key()))
        .toList();
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
