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

  /** The sync columns that are missing. */
  void addColumns(TableShape shape) {
    for (String column : SyncColumns.ALL) {
      if (!shape.hasColumn(column)) {
        sql.execute(
            "ALTER TABLE "
                + Sql.name(shape.name())
                + " ADD COLUMN "
                + column
                + " "
                + SyncColumns.type(column, TableShape.isStrict(sql, shape.name())));
      }
    }
  }

  /** The memory of its rows, and an index for each look-up that the application has none for. */
  void addMemory(TableShape shape, TableRule rule) {
    sql.execute(ShadowTable.createTable(shape));
    addCame(ShadowTable.name(shape.name()));
    ShadowTable.createIndexes(shape).forEach(sql::execute);
    boolean here = rule.unique().stream().allMatch(shape::hasColumn);
    setIndexes(
        shape.name(), shape.keyed() ? List.of() : shape.key(), here ? rule.unique() : List.of());
  }

  /** Earlier versions did not remember which record came to a key. */
  private void addCame(String shadow) {
    if (!sql.exists("SELECT 1 FROM pragma_table_info(?) WHERE name='came'", shadow)) {
      sql.execute("ALTER TABLE " + Sql.name(shadow) + " ADD COLUMN came TEXT");
    }
  }

  /** A table that is not synced keeps its memory, and nothing that its application may run into. */
  void removeIndexes(String table) {
    setIndexes(table, List.of(), List.of());
  }

  private void setIndexes(String table, List<String> key, List<String> unique) {
    setIndex("sync_key_", table, key);
    setIndex("sync_unique_", table, unique);
  }

  /**
   * The index stands on just these columns; on none there is none, since the application cannot
   * drop a column that an index names.
   */
  private void setIndex(String prefix, String table, List<String> columns) {
    String name = prefix + table;
    String wanted =
        columns.isEmpty()
            ? ""
            : "CREATE INDEX "
                + Sql.name(name)
                + " ON "
                + Sql.name(table)
                + "("
                + String.join(",", columns.stream().map(Sql::name).toList())
                + ")";
    String standing =
        sql.first(
                "SELECT sql FROM sqlite_master WHERE type='index' AND name=?",
                c -> c.string(1),
                name)
            .orElse("");
    if (!standing.equals(wanted)) {
      sql.execute("DROP INDEX IF EXISTS " + Sql.name(name));
      if (!wanted.isEmpty()) {
        sql.execute(wanted);
      }
    }
  }

  /** The table's triggers, by name, all of them as they should be. */
  void setTriggers(String table, Map<String, String> wanted) {
    wanted.forEach(
        (name, ddl) -> {
          String there =
              sql.first(
                      "SELECT sql FROM sqlite_master WHERE type='trigger' AND name=?",
                      c -> c.string(1),
                      name)
                  .orElse("");
          if (!there.equals(ddl)) {
            sql.execute("DROP TRIGGER IF EXISTS " + Sql.name(name));
            sql.execute(ddl);
            // without it, or with it on another table after a rename, edits went by unseen
            if (!states.rescan(table).comparesRows()) {
              states.rescan(table, Look.UNSEEN_EDITS);
            }
          }
        });
  }

  /** Of our triggers just these stand afterwards. */
  void keepTriggers(Map<String, String> wanted) {
    Map<String, String> standing = new LinkedHashMap<>();
    sql.each(
        "SELECT name, sql FROM sqlite_master WHERE type='trigger' AND name LIKE 'sync\\_%' ESCAPE '\\'",
        c -> standing.put(c.string(1), c.string(2)));
    standing.forEach(
        (name, ddl) -> {
          if (!ddl.equals(wanted.get(name))) {
            sql.execute("DROP TRIGGER " + Sql.name(name));
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
