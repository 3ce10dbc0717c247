package tidemark.settle;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.jdbc.Refusal;
import tidemark.jdbc.Sql;
import tidemark.replica.SyncedTable;

/**
 * Moves a record born here off a number that another record has taken: to a free one, above all
 * this table ever used, with its children.
 */
final class Rekey {
  private final Settling settling;
  private final Decisions decisions;
  private final Map<String, Long> highest = new HashMap<>();

  Rekey(Settling settling, Decisions decisions) {
    this.settling = settling;
    this.decisions = decisions;
  }

  void moveAway(RowId id) {
    move(id, RowKey.of(nextFree(settling.table(id))));
  }

  /** To a number that nobody holds here. */
  void move(RowId id, RowKey free) {
    SyncedTable table = settling.table(id);
    Map<String, @Nullable Object> number = new LinkedHashMap<>();
    number.put(table.shape().key().get(0), free.part(0));
    Refusal refusal = new Moves(settling, decisions).set(id, number);
    if (refusal != null) {
      throw new Failure(
          Failure.INCOMPLETE,
          id + " cannot take the free number " + free.part(0) + ": " + refusal,
          "another record has its number; change what refuses the new one, and sync again");
    }
    table.numbers().neverGiveAgain(free);
    noteVacated(table.name(), Json.keyText(id.key()), Json.keyText(free));
    settling.disputes.involve(id);
    settling.disputes.involve(new RowId(table.name(), free));
    settling.report.note(
        table.name()
            + " "
            + id.key()
            + " was taken by another record; the one made here is now "
            + free);
  }

  /** Whoever is back under the number it had to leave is who is meant by it. */
  private void noteVacated(String table, String key, String free) {
    Sql sql = settling.replica.sql();
    sql.update(
        "DELETE FROM sync_rekeyed WHERE table_name=? AND row_key=? AND new_key=?",
        table,
        free,
        key);
    sql.update(
        "INSERT OR REPLACE INTO sync_rekeyed(table_name, row_key, new_key) VALUES(?,?,?)",
        table,
        key,
        free);
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
}
