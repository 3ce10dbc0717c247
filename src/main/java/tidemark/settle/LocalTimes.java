package tidemark.settle;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Row;
import tidemark.replica.Remembered.Clock;
import tidemark.replica.Remembered.Mark;
import tidemark.replica.Replica;
import tidemark.replica.SyncColumns;

/**
 * Counts the edits of each table that were stamped in local time without a zone, for whoever has to
 * look after the application ({@link Replica#noteLocalTimes}).
 */
final class LocalTimes {
  private final Map<String, Integer> seen = new TreeMap<>();

  void look(String table, Mark mark, @Nullable Row row) {
    if (row != null
        && mark.clock() == Clock.ROW
        && !mark.found()
        && ChangeTime.isLocal(row.get(SyncColumns.UPDATED_AT), mark.momentMillis())) {
      seen.merge(table, 1, Integer::sum);
    }
  }

  void noteIn(Replica replica) {
    seen.forEach(replica::noteLocalTimes);
  }
}
