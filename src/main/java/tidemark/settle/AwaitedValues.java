package tidemark.settle;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.Values;
import tidemark.jdbc.Refusal;
import tidemark.replica.Held.Numbered;
import tidemark.replica.Held.Reason;
import tidemark.replica.Remembered;
import tidemark.replica.Remembered.Mark;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;

/**
 * Values of the ledger that waited for a column: they go in once the application, or a definition,
 * has made it. Where the application has written the column since, that is a conflict like any
 * other; where the table refuses them, the row is held like any other.
 */
final class AwaitedValues {
  private final Settling settling;

  AwaitedValues(Settling settling) {
    this.settling = settling;
  }

  private record Awaited(RowId id, String column, Row value) {}

  void fill() {
    List<Awaited> waiting =
        settling
            .replica
            .sql()
            .query(
                "SELECT table_name, row_key, name, value FROM sync_waiting",
                c ->
                    new Awaited(
                        new RowId(c.string(1), Json.key(c.string(2))),
                        c.string(3),
                        Json.row(c.string(4))));
    Map<RowId, Map<String, @Nullable Object>> ready = new LinkedHashMap<>();
    for (Awaited awaited : waiting) {
      SyncedTable table = settling.replica.tables().get(awaited.id().table());
      if (table != null && table.columns().has(awaited.column())) {
        ready
            .computeIfAbsent(awaited.id(), id -> new LinkedHashMap<>())
            .putAll(awaited.value().asMap());
        forget(awaited);
      }
    }
    ready.forEach(this::fill);
  }

  private void forget(Awaited awaited) {
    settling
        .replica
        .sql()
        .update(
            "DELETE FROM sync_waiting WHERE table_name=? AND row_key=? AND name=?",
            awaited.id().table(),
            Json.keyText(awaited.id().key()),
            awaited.column());
  }

  private void fill(RowId id, Map<String, @Nullable Object> values) {
    SyncedTable table = settling.table(id);
    Row here = table.row(id.key());
    Remembered remembered = table.shadow().get(id.key());
    if (here == null || remembered == null) {
      return;
    }
    settling.disputes.involve(id); // a push would post the row without them
    Change theirs = theirs(id, here.with(values), remembered);
    Mark mark = remembered.mark();
    Set<String> written = mark == null ? Set.of() : written(table, here, values);
    if (mark != null && !written.isEmpty() && mineWins(table, here, theirs, remembered, mark)) {
      values.keySet().removeAll(written);
    }
    if (values.isEmpty()) {
      return;
    }
    settling.replica.quiet();
    Refusal refusal = table.attemptSet(id.key(), values);
    if (refusal != null) {
      settling.hold(
          id, List.of(new Numbered(entry(remembered), theirs)), Reason.REFUSED, refusal.why());
    }
    Row row = table.row(id.key());
    if (mark == null && row != null) { // also without them: that nobody edited it stays known
      table.shadow().settledAs(id.key(), table.digest(row), Settling.base(table, row));
    }
  }

  /** The change that brought them, as far as it is known here. */
  private static Change theirs(RowId id, Row filled, Remembered remembered) {
    String by = filled.get(SyncColumns.UPDATED_BY) instanceof String name ? name : "";
    String token = Objects.requireNonNullElse(remembered.token(), "");
    String first = Objects.requireNonNullElse(remembered.first(), "");
    return new Change(id.table(), id.key(), filled, remembered.at(), by, false, first, token);
  }

  private static long entry(Remembered remembered) {
    Long entry = remembered.entry();
    return entry == null ? 0 : entry;
  }

  /** Those of the columns that the application has given another value since. */
  private static Set<String> written(
      SyncedTable table, Row here, Map<String, @Nullable Object> values) {
    return values.keySet().stream()
        .filter(column -> !table.isDefault(column, here.get(column)))
        .filter(column -> !Values.same(here.get(column), values.get(column)))
        .collect(Collectors.toSet());
  }

  private boolean mineWins(
      SyncedTable table, Row here, Change theirs, Remembered remembered, Mark mark) {
    RowId id = new RowId(table.name(), theirs.key());
    long number = entry(remembered);
    long mineAt = settling.contest.madeAt(mark, here);
    String conflictId = settling.disputes.conflictId(id, "update", remembered, number);
    boolean mineWins =
        settling.contest.mineWins(
            conflictId, () -> settling.contest.mineWins(table, mineAt, theirs));
    settling.disputes.record(
        conflictId,
        id,
        "update",
        settling.disputes.sides(here, remembered, mineAt, theirs),
        mineWins ? "local" : "remote",
        remembered,
        number);
    return mineWins;
  }
}
