package tidemark.replica;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tidemark.change.TableRule;
import tidemark.jdbc.Sql;
import tidemark.replica.TableStates.Look;

/**
 * What Tidemark adds to the application's tables: the sync columns, the memory of each row, indexes
 * and triggers. Everything happens inside the caller's transaction.
 */
final class Fittings {
  private final Sql sql;
  private final TableStates states;

  Fittings(Sql sql, TableStates states) {
    this.sql = sql;
    this.states = states;
  }

  /** The sync columns that are missing; true where there were any. */
  boolean addColumns(TableShape shape) {
    boolean added = false;
    for (String column : SyncColumns.ALL) {
      if (!shape.hasColumn(column)) {
        sql.execute(
            "ALTER TABLE "
                + Sql.name(shape.name())
                + " ADD COLUMN "
                + column
                + " "
                + SyncColumns.type(column, TableShape.isStrict(sql, shape.name())));
        added = true;
      }
    }
    return added;
  }

  /** The memory of its rows, and an index for each look-up that the application has none for. */
  void addMemory(TableShape shape, TableRule rule) {
    sql.execute(ShadowTable.createTable(shape));
    sql.execute(ShadowTable.createIndex(shape));
    if (!shape.keyed()) {
      addIndex("sync_key_", shape.name(), shape.key());
    }
    List<String> unique = shape.columns().isEmpty() ? List.of() : rule.unique();
    if (!unique.isEmpty() && unique.stream().allMatch(shape::hasColumn)) {
      addIndex("sync_unique_", shape.name(), unique);
    }
  }

  private void addIndex(String prefix, String table, List<String> columns) {
    sql.execute(
        "CREATE INDEX IF NOT EXISTS "
            + Sql.name(prefix + table)
            + " ON "
            + Sql.name(table)
            + "("
            + String.join(",", columns.stream().map(Sql::name).toList())
            + ")");
  }

  /** Of our triggers just these stand afterwards, by name, all of them as they should be. */
  void setTriggers(Map<String, String> wanted) {
    record Standing(String table, String ddl) {}
    Map<String, Standing> standing = new LinkedHashMap<>();
    sql.each(
        "SELECT name, tbl_name, sql FROM sqlite_master WHERE type='trigger' AND name LIKE 'sync\\_%' ESCAPE '\\'",
        c -> standing.put(c.string(1), new Standing(c.string(2), c.string(3))));
    standing.forEach(
        (name, trigger) -> {
          if (!trigger.ddl().equals(wanted.get(name))) {
            sql.execute("DROP TRIGGER " + Sql.name(name));
          }
        });
    wanted.forEach(
        (name, ddl) -> {
          Standing there = standing.get(name);
          if (there == null || !there.ddl().equals(ddl)) {
            sql.execute(ddl);
            // without it, or with it on another table after a rename, edits went by unseen
            String table = name.substring(name.indexOf('_', 5) + 1);
            if (!states.rescan(table).comparesRows()) {
              states.rescan(table, Look.UNSEEN_EDITS);
            }
          }
        });
  }

  /** All that is ours goes; the application's data and the sync columns stay. */
  static void removeAll(Sql sql) {
    for (String kind : List.of("trigger", "index", "table")) {
      List<String> ours =
          sql.query(
              "SELECT name FROM sqlite_master WHERE type=? AND name LIKE 'sync\\_%' ESCAPE '\\' AND name NOT LIKE '%\\_former%' ESCAPE '\\' AND (sql IS NOT NULL)",
              c -> c.string(1), kind);
      ours.forEach(name -> sql.execute("DROP " + kind + " IF EXISTS " + Sql.name(name)));
    }
  }
}
