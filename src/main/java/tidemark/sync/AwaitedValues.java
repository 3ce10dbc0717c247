package tidemark.sync;

import java.util.List;
import tidemark.change.Change;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.replica.Remembered;
import tidemark.replica.Remembered.Mark;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;

/**
 * Values of the ledger that waited for a column: they go in once the application, or a definition,
 * has made it. Where the application has written the column since, that is a conflict like any
 * other.
 */
final class AwaitedValues {
  private final Settling settling;

  AwaitedValues(Settling settling) {
    this.settling = settling;
  }

  private record Awaited(String table, String key, String column, String value) {}

  void fill() {
    List<Awaited> waiting =
        settling
            .replica
            .sql()
            .query(
                "SELECT table_name, row_key, name, value FROM sync_waiting",
                c -> new Awaited(c.string(1), c.string(2), c.string(3), c.string(4)));
    for (Awaited awaited : waiting) {
      SyncedTable table = settling.replica.tables().get(awaited.table());
      if (table != null && table.columns().has(awaited.column())) {
        fill(table, Json.key(awaited.key()), awaited);
        settling
            .replica
            .sql()
            .update(
                "DELETE FROM sync_waiting WHERE table_name=? AND row_key=? AND name=?",
                awaited.table(),
                awaited.key(),
                awaited.column());
      }
    }
  }

  private void fill(SyncedTable table, RowKey key, Awaited awaited) {
    Row here = table.row(key);
    if (here == null) {
      return;
    }
    Row value = Json.row(awaited.value());
    Row filled = here.with(value.asMap());
    Remembered remembered = table.shadow().get(key);
    Mark mark = remembered == null ? null : remembered.mark();
    boolean written =
        mark != null
            && !table.isDefault(awaited.column(), here.get(awaited.column()))
            && !table.same(here, filled);
    if (remembered != null && mark != null && written && mineWins(table, key, here, filled, mark)) {
      return;
    }
    settling.replica.quiet();
    table.set(key, value.asMap());
    Row row = table.row(key);
    if (mark == null && row != null) {
      table.shadow().settledAs(key, table.digest(row), Settling.base(table, row));
    }
  }

  private boolean mineWins(SyncedTable table, RowKey key, Row here, Row filled, Mark mark) {
    RowId id = new RowId(table.name(), key);
    Remembered remembered = table.shadow().get(key);
    Long entry = remembered == null ? null : remembered.entry();
    long number = entry == null ? 0 : entry;
    long theirsAt = remembered == null ? 0 : remembered.at();
    String by = filled.get(SyncColumns.UPDATED_BY) instanceof String name ? name : "";
    Change theirs = new Change(table.name(), key, filled, theirsAt, by, false, "", "");
    long mineAt = settling.madeAt(mark, here);
    boolean mineWins = settling.mineWins(table, mineAt, theirs);
    settling.conflict(
        settling.conflictId(id, "update", remembered, number),
        id,
        "update",
        settling.sides(here, remembered, mineAt, theirs),
        mineWins ? "local" : "remote",
        remembered,
        number);
    return mineWins;
  }
}
