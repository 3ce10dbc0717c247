package tidemark.replica;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.change.SqlName;
import tidemark.change.TableRule;
import tidemark.jdbc.Sql;

/**
 * The application spells columns otherwise than before: what is remembered under their names
 * follows, so that no row counts as edited for it. Inside the caller's transaction.
 */
final class Respelling {
  private final Sql sql;
  private final TableStates states;
  private final SleepingTriggers triggers;

  Respelling(Sql sql, TableStates states, SleepingTriggers triggers) {
    this.sql = sql;
    this.states = states;
    this.triggers = triggers;
  }

  void follow(TableShape shape, TableRule rule) {
    String name = shape.name();
    Map<String, String> present = new LinkedHashMap<>();
    for (String known : states.everyColumn(name)) {
      SqlName.among(shape.columnNames(), known)
          .filter(column -> !column.equals(known))
          .ifPresent(column -> present.put(known, column));
    }
    if (present.isEmpty()) {
      return;
    }
    Set<String> columns = states.columns(name);
    Digest before = new Digest(states.defaults(name));
    present.forEach((former, column) -> states.respell(name, former, column));
    SyncedTable table = new SyncedTable(sql, shape, rule, states.defaults(name), triggers);
    digestAnew(table, before, columns, present);
  }

  /**
   * A row that was not edited since still counts as unedited, though its digest is another.
   *
   * @param known the columns that were in the former digests
   * @param present the columns of today by the names they had in those
   */
  static void digestAnew(
      SyncedTable table, Digest before, Set<String> known, Map<String, String> present) {
    record Same(RowKey key, byte[] digest, @Nullable String base) {}
    List<Same> same = new ArrayList<>();
    table.eachRow(
        (key, row) -> {
          Remembered remembered = table.shadow().get(key);
          if (remembered != null
              && remembered.hasDigest(before.of(formerly(row, known, present)))) {
            String base = remembered.base() == null ? null : Json.rowText(row);
            same.add(new Same(key, table.digest(row), base));
          }
        });
    same.forEach(row -> table.shadow().settledAs(row.key(), row.digest(), row.base()));
  }

  private static Row formerly(Row row, Set<String> known, Map<String, String> present) {
    Map<String, @Nullable Object> values = row.asMap();
    present.forEach(
        (before, now) -> {
          if (!before.equals(now)) {
            values.put(before, values.remove(now));
          }
        });
    values.keySet().removeIf(column -> !known.contains(column));
    return Row.of(values);
  }
}
