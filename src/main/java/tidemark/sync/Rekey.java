package tidemark.sync;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.replica.ForeignKey;
import tidemark.replica.SyncedTable;

/**
 * Moves a record born here off a number that another record has taken: to a free one, above all
 * this table ever used, with its children.
 */
final class Rekey {
  private final Settling settling;
  private final Family family;
  private final Map<String, Long> highest = new HashMap<>();

  Rekey(Settling settling) {
    this.settling = settling;
    this.family = new Family(settling.replica);
  }

  void moveAway(RowId id) {
    move(id, RowKey.of(nextFree(settling.table(id))));
  }

  /** To a number that nobody holds here. */
  void move(RowId id, RowKey free) {
    SyncedTable table = settling.table(id);
    String keyColumn = table.shape().key().get(0);
    settling.replica.quiet();
    List<Reference> references = references(table, id.key(), keyColumn);
    table.set(id.key(), values(keyColumn, free.part(0)));
    table.numbers().neverGiveAgain(free);
    moveMemory(table, id.key(), free);
    for (Reference reference : references) {
      follow(reference, table, id.key(), free);
    }
    settling
        .replica
        .sql()
        .update(
            "INSERT OR REPLACE INTO sync_rekeyed(table_name, row_key, new_key) VALUES(?,?,?)",
            table.name(),
            Json.keyText(id.key()),
            Json.keyText(free));
    settling.contested.add(id);
    settling.contested.add(new RowId(table.name(), free));
    settling.report.note(
        table.name()
            + " "
            + id.key()
            + " was taken by another record; the one made here is now "
            + free);
  }

  private long nextFree(SyncedTable table) {
    long used =
        highest.computeIfAbsent(
            table.name(),
            name -> {
              long top = table.numbers().highest();
              for (RowId incoming : settling.arrivals.keySet()) {
                if (incoming.table().equals(name)
                    && incoming.key().part(0) instanceof Long number) {
                  top = Math.max(top, number);
                }
              }
              return top;
            });
    highest.put(table.name(), used + 1);
    return used + 1;
  }

  private void moveMemory(SyncedTable table, RowKey from, RowKey to) {
    table.shadow().move(from, to);
    table.shadow().unsettle(to);
    settling.touch(new RowId(table.name(), to));
  }

  private record Reference(SyncedTable child, RowKey key, String column) {}

  private List<Reference> references(SyncedTable table, RowKey key, String keyColumn) {
    List<Reference> found = new ArrayList<>();
    for (Family.Tie tie : family.tiesTo(table.name())) {
      ForeignKey foreign = tie.key();
      if (foreign.columns().size() == 1 && foreign.parentColumns().get(0).equals(keyColumn)) {
        for (RowKey child : tie.child().keysWhere(foreign.columns(), List.of(key.part(0)))) {
          found.add(new Reference(tie.child(), child, foreign.columns().get(0)));
        }
      }
    }
    return found;
  }

  private void follow(Reference reference, SyncedTable parent, RowKey from, RowKey to) {
    SyncedTable child = reference.child();
    boolean itself = child == parent && reference.key().equals(from);
    RowKey key = itself ? to : reference.key();
    Row row = child.row(key);
    if (row == null) {
      return;
    }
    child.set(key, values(reference.column(), to.part(0)));
    RowKey moved = child.keyOf(row.with(reference.column(), to.part(0)));
    if (!moved.equals(key)) {
      settling.mark(new RowId(child.name(), key));
    }
    settling.touch(new RowId(child.name(), moved));
  }

  private static Map<String, @Nullable Object> values(String column, @Nullable Object value) {
    Map<String, @Nullable Object> one = new LinkedHashMap<>();
    one.put(column, value);
    return one;
  }
}
