package tidemark.settle;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.RowId;
import tidemark.replica.Held.Numbered;
import tidemark.replica.Remembered;
import tidemark.settle.Settling.Arrival;

/** Records that are gone by what came in, and which entry took each away. */
final class Departures {
  private final Settling settling;
  private final Map<String, Map<String, Long>> byTable = new HashMap<>();

  Departures(Settling settling) {
    this.settling = settling;
  }

  /** Whoever took the record away knew all that this entry and those before it tell. */
  boolean isGoneSince(String table, String record, long entry) {
    Long gone = byTable.computeIfAbsent(table, this::look).get(record);
    return gone != null && gone > entry;
  }

  private Map<String, Long> look(String table) {
    Map<String, Long> gone = new HashMap<>();
    Set<String> there = new HashSet<>();
    settling.arrivals.forEach(
        (id, arrival) -> {
          if (id.table().equals(table)) {
            look(before(id), arrival, gone, there);
          }
        });
    gone.keySet().removeAll(there); // under another key
    return gone;
  }

  private static void look(
      @Nullable String before, Arrival arrival, Map<String, Long> gone, Set<String> there) {
    String record = before;
    for (Numbered numbered : arrival.changes) {
      Change change = numbered.change();
      String now = change.born() ? change.first() : record;
      if (record != null && (change.isDelete() || !record.equals(now))) {
        gone.merge(record, numbered.entry(), Math::max);
      }
      record = now;
    }
    if (record != null && !Settling.last(arrival.changes).isDelete()) {
      there.add(record);
    }
  }

  private @Nullable String before(RowId id) {
    Records.Was was = settling.records.former().get(id);
    if (was != null) {
      return was.record();
    }
    Remembered remembered = settling.table(id).shadow().get(id.key());
    return remembered == null ? null : remembered.first();
  }
}
