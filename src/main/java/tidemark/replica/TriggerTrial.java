package tidemark.replica;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tidemark.change.Failure;
import tidemark.change.SqlName;
import tidemark.jdbc.Sql;

/**
 * Learns from SQLite itself what a trigger writes: the schema is made once more in memory, tables
 * are barred from being written, and whatever still compiles does not write them. What a trigger
 * sets off in turn is compiled with it.
 *
 * <p>Triggers of synced tables stay out of it, but for the one that is tried: what those of other
 * synced tables do follows from rows that arrive.
 */
final class TriggerTrial implements AutoCloseable {
  private static final String BAR = "tidemark bars ";
  private static final String NOWHERE = "\"tidemark knows no such table\"";
  private static final String ASIDE = "tidemark stands in for it";

  private final Sql db;
  private final Set<String> travelling;
  private final Sql alone = Sql.inMemory();

  /**
   * @param travelling the synced tables, as they are spelt here
   */
  TriggerTrial(Sql db, Set<String> travelling) {
    this.db = db;
    this.travelling = travelling;
    alone.execute("PRAGMA legacy_alter_table=ON"); // renames a table, not what triggers name
    listed("table").forEach(this::makeTable);
    listed("virtual").forEach(this::makeTable);
    listed("view").forEach(this::makeView);
  }

  private List<String> listed(String type) {
    return db.query(
        "SELECT name FROM pragma_table_list WHERE schema='main' AND type=? AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        c -> c.string(1), type);
  }

  /** One that cannot be made here is missed by whoever uses it. */
  private void makeTable(String name) {
    if (accepts(ddl(db, "table", name))) {
      indexes(db, name).forEach(this::accepts);
      if (travelling.stream().noneMatch(t -> SqlName.same(t, name))) {
        makeTriggers(name);
      }
    }
  }

  private void makeView(String name) {
    if (accepts(ddl(db, "view", name))) {
      makeTriggers(name);
    }
  }

  private void makeTriggers(String table) {
    db.query(
            "SELECT sql FROM sqlite_master WHERE type='trigger' AND tbl_name=? COLLATE NOCASE ORDER BY rowid",
            c -> c.string(1),
            table)
        .forEach(this::accepts);
  }

  private static String ddl(Sql sql, String type, String name) {
    return sql.first(
            "SELECT sql FROM sqlite_master WHERE type=? AND name=? COLLATE NOCASE",
            c -> c.string(1),
            type,
            name)
        .orElse("");
  }

  private static List<String> indexes(Sql sql, String table) {
    return sql.query(
        "SELECT sql FROM sqlite_master WHERE type='index' AND sql IS NOT NULL AND tbl_name=? COLLATE NOCASE",
        c -> c.string(1),
        table);
  }

  private boolean accepts(String sql) {
    try {
      alone.execute(sql);
      return true;
    } catch (IllegalStateException | Failure e) {
      return false; // for whatever reason: that is the answer
    }
  }

  @Override
  public void close() {
    alone.close();
  }

  // ---- the questions

  TriggerReach of(ApplicationTrigger trigger) {
    return trial(
        () -> {
          if (!accepts(trigger.ddl()) || !compiles(trigger.table())) {
            return TriggerReach.UNKNOWN;
          }
          standAside(trigger.table());
          boolean itself = writes(Set.of(trigger.table()));
          boolean carried = itself || writes(travelling);
          if (!keeps()) {
            return carried ? TriggerReach.CARRIED : TriggerReach.NOTHING;
          }
          return itself
              ? TriggerReach.BOTH_AND_ITSELF
              : carried ? TriggerReach.BOTH : TriggerReach.KEPT;
        });
  }

  /** It compiles without the columns that are stamped when a row was posted. */
  boolean isDeafToStamps(ApplicationTrigger trigger) {
    return trial(
        () -> {
          dropIndexes(trigger.table());
          for (String column : SyncColumns.ALL) {
            accepts("ALTER TABLE " + Sql.name(trigger.table()) + " DROP COLUMN " + column);
          }
          boolean left =
              alone
                  .query("SELECT name FROM pragma_table_info(?)", c -> c.string(1), trigger.table())
                  .stream()
                  .anyMatch(c -> SyncColumns.contains(SyncColumns.canonical(c)));
          return !left && accepts(trigger.ddl()) && compiles(trigger.table());
        });
  }

  private <T> T trial(Supplier<T> body) {
    alone.execute("SAVEPOINT trial");
    try {
      return body.get();
    } finally {
      alone.execute("ROLLBACK TO trial");
      alone.execute("RELEASE trial");
    }
  }

  /** Under another name, with the trigger on it: what the trigger writes is the new table. */
  private void standAside(String table) {
    String ddl = ddl(alone, "table", table);
    List<String> indexes = indexes(alone, table);
    dropIndexes(table);
    alone.execute("ALTER TABLE " + Sql.name(table) + " RENAME TO " + Sql.name(ASIDE));
    alone.execute(ddl);
    indexes.forEach(alone::execute);
  }

  private void dropIndexes(String table) {
    alone
        .query(
            "SELECT name FROM sqlite_master WHERE type='index' AND sql IS NOT NULL AND tbl_name=? COLLATE NOCASE",
            c -> c.string(1),
            table)
        .forEach(name -> alone.execute("DROP INDEX " + Sql.name(name)));
  }

  private boolean writes(Set<String> tables) {
    return trial(
        () -> {
          tables.forEach(this::bar);
          return !compiles(ASIDE);
        });
  }

  /** Whether it writes anything that is not synced. */
  private boolean keeps() {
    return trial(
        () -> {
          listed("table").stream()
              .filter(name -> travelling.stream().noneMatch(t -> SqlName.same(t, name)))
              .forEach(this::bar);
          listed("virtual").forEach(this::showOnly);
          return !compiles(ASIDE);
        });
  }

  /** A trigger that cannot be compiled fails every statement that fires it; reading is free. */
  private void bar(String table) {
    for (String event : List.of("INSERT", "UPDATE", "DELETE")) {
      accepts(
          "CREATE TRIGGER "
              + Sql.name(BAR + event + " " + table)
              + " BEFORE "
              + event
              + " ON "
              + Sql.name(table)
              + " BEGIN SELECT * FROM "
              + NOWHERE
              + "; END");
    }
  }

  /** A virtual table takes no triggers: a view is there to be read in its place. */
  private void showOnly(String table) {
    List<String> columns =
        alone.query("SELECT name FROM pragma_table_xinfo(?)", c -> c.string(1), table);
    if (!columns.isEmpty() && accepts("DROP TABLE " + Sql.name(table))) {
      String list =
          Stream.concat(columns.stream(), Stream.of("rowid"))
              .distinct()
              .map(c -> "NULL AS " + Sql.name(c))
              .collect(Collectors.joining(","));
      alone.execute("CREATE VIEW " + Sql.name(table) + " AS SELECT " + list);
    }
  }

  /** Whatever may fire a trigger on the table. */
  private boolean compiles(String table) {
    String name = Sql.name(table);
    String columns =
        alone.query("SELECT name FROM pragma_table_info(?)", c -> c.string(1), table).stream()
            .map(c -> Sql.name(c) + "=" + Sql.name(c))
            .collect(Collectors.joining(","));
    return alone.compiles("INSERT INTO " + name + " DEFAULT VALUES")
        && alone.compiles("UPDATE " + name + " SET " + columns)
        && alone.compiles("DELETE FROM " + name);
  }
}
