package tidemark.replica;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidemark.change.SqlName;
import tidemark.change.TableRule;
import tidemark.jdbc.Sql;
import tidemark.replica.TableStates.Look;

/**
 * What Tidemark adds to the application's tables: the sync columns, the memory of each row, indexes
 * and triggers. Everything happens inside the caller's transaction.
 */
final class Fittings {
  /** As we write it, on a table of the application's. */
  private static final Pattern INDEX =
      Pattern.compile("CREATE INDEX \"sync_(key|unique|index|marks)_");

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

  /**
   * Of our triggers just these stand afterwards, all of them as they should be.
   *
   * @param wanted by table, then by name
   */
  void setTriggers(Map<String, Map<String, String>> wanted) {
    Map<String, String> standing = new LinkedHashMap<>();
    Set<String> others = new HashSet<>();
    sql.each(
        "SELECT name, sql FROM sqlite_master WHERE type='trigger'",
        c -> {
          if (Capture.isOurs(c.string(1), c.string(2))) {
            standing.put(c.string(1), c.string(2));
          } else {
            others.add(SqlName.folded(c.string(1)));
          }
        });
    Map<String, String> tables = new LinkedHashMap<>();
    wanted.forEach(
        (table, triggers) ->
            triggers.forEach((name, ddl) -> tables.put(underFreeName(name, ddl, others), table)));
    standing.forEach(
        (name, ddl) -> {
          if (!tables.containsKey(ddl)) {
            sql.execute("DROP TRIGGER " + Sql.name(name));
          }
        });
    tables.keySet().removeAll(standing.values());
    tables.forEach((ddl, table) -> make(table, ddl));
  }

  /** The application may have a trigger of that name. */
  private static String underFreeName(String name, String ddl, Set<String> others) {
    String free = name;
    while (others.contains(SqlName.folded(free))) {
      free += "_";
    }
    return ddl.replaceFirst(
        Pattern.quote(Sql.name(name)), Matcher.quoteReplacement(Sql.name(free)));
  }

  private void make(String table, String ddl) {
    sql.execute(ddl);
    // without it, or with it on another table after a rename, edits went by unseen
    if (states.rescan(table) == Look.NONE) {
      states.rescan(table, Look.UNSEEN_EDITS);
    }
  }

  /** All that is ours goes; the application's data and the sync columns stay. */
  static void removeAll(Sql sql) {
    for (String kind : List.of("trigger", "index", "table")) {
      sql
          .query(
              "SELECT name, sql FROM sqlite_master WHERE type=? AND name LIKE 'sync\\_%' ESCAPE '\\' AND sql IS NOT NULL",
              c -> new Made(c.string(1), c.string(2)), kind)
          .stream()
          .filter(made -> isOurs(sql, kind, made))
          .forEach(made -> sql.execute("DROP " + kind + " IF EXISTS " + Sql.name(made.name())));
    }
  }

  private record Made(String name, String ddl) {}

  /** Others may use names that begin like ours. */
  private static boolean isOurs(Sql sql, String kind, Made made) {
    return switch (kind) {
      case "trigger" -> Capture.isOurs(made.name(), made.ddl());
      case "index" -> INDEX.matcher(made.ddl()).lookingAt() || OwnTables.hasIndex(made.name());
      default -> OwnTables.isAt(made.name()) || isMemory(sql, made.name());
    };
  }

  private static boolean isMemory(Sql sql, String table) {
    return SqlName.folded(table).startsWith(ShadowTable.name(""))
        && sql.number(
                "SELECT count(*) FROM pragma_table_info(?) WHERE name IN ('digest','edits','own_time')",
                table)
            == 3;
  }
}
