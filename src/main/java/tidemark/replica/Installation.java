package tidemark.replica;

import java.util.HashSet;
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
final class Installation {
  /** As we write it, on a table of the application's. */
  private static final Pattern INDEX =
      Pattern.compile("CREATE INDEX \"sync_(key|unique|index|marks|came|arrived)_");

  private final Sql sql;
  private final TableStates states;

  /** The application's triggers that have names like ours, folded. */
  private final Set<String> others = new HashSet<>();

  Installation(Sql sql, TableStates states) {
    this.sql = sql;
    this.states = states;
  }

  /** The sync columns that are missing. */
  void addColumns(TableShape shape) {
    List<String> missing =
        SyncColumns.ALL.stream().filter(column -> !shape.hasColumn(column)).toList();
    for (String column : missing) {
      sql.execute(
          "ALTER TABLE "
              + Sql.name(shape.name())
              + " ADD COLUMN "
              + column
              + " "
              + SyncColumns.type(column, Affinity.isStrict(sql, shape.name())));
    }
    new AddedColumns(sql).note(shape.name(), missing);
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
                "SELECT sql FROM sqlite_master WHERE type='index' AND name=? COLLATE NOCASE",
                c -> c.string(1),
                name)
            .orElse("");
    boolean notOurs = !standing.isEmpty() && !INDEX.matcher(standing).lookingAt();
    if (!standing.equals(wanted) && !notOurs) {
      sql.execute("DROP INDEX IF EXISTS " + Sql.name(name));
      if (!wanted.isEmpty()) {
        sql.execute(wanted);
      }
    }
  }

  /** Before tables get their triggers, one after the other: under which names they cannot. */
  void noteOthers() {
    others.clear();
    triggersNamedLikeOurs().stream()
        .filter(made -> !Capture.isOurs(made.name(), made.ddl()))
        .forEach(made -> others.add(SqlName.folded(made.name())));
  }

  private List<Made> triggersNamedLikeOurs() {
    return sql.query(
        "SELECT name, sql FROM sqlite_master WHERE type='trigger' AND name LIKE 'sync\\_%' ESCAPE '\\'",
        c -> new Made(c.string(1), c.string(2)));
  }

  /** The table's triggers, by name, all of them as they should be. */
  void setTriggers(String table, Map<String, String> wanted) {
    wanted.forEach(
        (name, ddl) -> {
          Made made = underFreeName(name, ddl);
          String there =
              sql.first(
                      "SELECT sql FROM sqlite_master WHERE type='trigger' AND name=?",
                      c -> c.string(1),
                      made.name())
                  .orElse("");
          if (!there.equals(made.ddl())) {
            sql.execute("DROP TRIGGER IF EXISTS " + Sql.name(made.name()));
            sql.execute(made.ddl());
            // without it, or with it on another table after a rename, edits went by unseen
            if (!states.rescan(table).comparesRows()) {
              states.rescan(table, Look.UNSEEN_EDITS);
            }
          }
        });
  }

  /**
   * The application may have a trigger of that name; no table's is named like the one that is free.
   */
  private Made underFreeName(String name, String ddl) {
    String free = name;
    while (others.contains(SqlName.folded(free))) {
      free = "sync_" + free;
    }
    return new Made(
        free,
        ddl.replaceFirst(Pattern.quote(Sql.name(name)), Matcher.quoteReplacement(Sql.name(free))));
  }

  /** Of our triggers just these stand afterwards. */
  void keepTriggers(Map<String, String> wanted) {
    Set<String> kept = new HashSet<>();
    wanted.forEach((name, ddl) -> kept.add(underFreeName(name, ddl).ddl()));
    triggersNamedLikeOurs().stream()
        .filter(made -> Capture.isOurs(made.name(), made.ddl()) && !kept.contains(made.ddl()))
        .forEach(made -> sql.execute("DROP TRIGGER " + Sql.name(made.name())));
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
        && !OwnTables.likeShadows(sql).contains(table);
  }
}
