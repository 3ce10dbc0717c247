package tidemark.replica;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Definition;
import tidemark.change.Failure;
import tidemark.change.SqlName;
import tidemark.change.TableRule;
import tidemark.jdbc.Sql;

/**
 * Definitions of tables and columns, taken from a database and made in one. What comes from the
 * share is tried alone in an empty in-memory database first; only if it yields exactly the
 * announced table is it made, from the text SQLite itself understood.
 */
final class Definitions {
  /** The rows as they were, while a table is made anew under another key. */
  static final String FORMER_ROWS = "sync_former_rows";

  /** SQLite writes the words before a table's or an index's name anew. */
  private static final int NAME_AT = "CREATE UNIQUE INDEX ".length();

  private Definitions() {}

  /** The table with its indexes, as the application made it. */
  static Definition of(Sql sql, TableShape shape, int generation) {
    List<String> ddl = new ArrayList<>();
    ddl.add(shape.ddl());
    ddl.addAll(
        sql.query(
            "SELECT sql FROM sqlite_master WHERE type='index' AND tbl_name=? AND sql IS NOT NULL AND name NOT LIKE 'sync\\_%' ESCAPE '\\' ORDER BY name",
            c -> c.string(1), shape.name()));
    return new Definition(shape.name(), "", ddl, shape.columnNames(), shape.key(), generation)
        .adding(new AddedColumns(sql).of(shape.name()));
  }

  static Definition of(TableShape shape, TableShape.Column column, int generation) {
    boolean constant = !column.defaultSql().isEmpty() && !isExpression(column.defaultSql());
    String ddl =
        Sql.name(column.name())
            + (column.type().isEmpty() ? "" : " " + column.type())
            + (constant ? " DEFAULT " + column.defaultSql() : "")
            + (constant && column.notNull() ? " NOT NULL" : "");
    return new Definition(
        shape.name(), column.name(), List.of(ddl), List.of(column.name()), shape.key(), generation);
  }

  /** ADD COLUMN takes constants only. */
  private static boolean isExpression(String defaultSql) {
    String upper = defaultSql.toUpperCase(Locale.ROOT);
    return upper.startsWith("CURRENT_") || upper.contains("(");
  }

  /** The table without these columns; as it is where it cannot be without them. */
  static Definition without(List<String> columns, Definition table) {
    if (columns.isEmpty()) {
      return table;
    }
    try (Sql alone = Sql.confined()) {
      table.ddl().forEach(ddl -> attempt(alone, table, ddl));
      for (String column : columns) {
        attempt(
            alone,
            table,
            "ALTER TABLE " + Sql.name(table.table()) + " DROP COLUMN " + Sql.name(column));
      }
      List<String> left = new ArrayList<>(table.columns());
      left.removeAll(columns);
      return new Definition(table.table(), "", kept(alone), left, table.key(), table.generation())
          .adding(table.added());
    } catch (Failure e) {
      return table; // such as one that an index or a CHECK names
    }
  }

  private static List<String> kept(Sql alone) {
    return alone.query(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type='table' DESC, rowid",
        c -> c.string(1));
  }

  /**
   * @param cheap an application waits while rows are written: what they make SQLite compute has to
   *     be done soon
   */
  static void make(Sql sql, Definition definition, boolean cheap) {
    try {
      if (definition.isTable()) {
        makeTable(sql, definition, cheap);
      } else {
        makeColumn(sql, definition);
      }
    } catch (IllegalStateException e) {
      throw suspicious(definition, "it does not fit what is here: " + e.getMessage());
    }
  }

  private static void makeTable(Sql sql, Definition definition, boolean cheap) {
    try (Sql alone = Sql.confined()) {
      List<String> understood = tried(alone, definition);
      if (sql.exists(
          "SELECT 1 FROM sqlite_master WHERE type='table' AND name=? COLLATE NOCASE",
          definition.table())) {
        makeMissingColumns(sql, TableShape.read(alone, definition.table(), TableRule.DEFAULT));
      } else {
        if (cheap) {
          requireCheap(alone, definition);
        }
        understood.forEach(sql::execute);
        new AddedColumns(sql).note(definition.table(), definition.added());
      }
    }
  }

  /** Why such a table would not be made where an application works; null where it would be. */
  static @Nullable String refusal(Definition definition) {
    try (Sql alone = Sql.confined()) {
      tried(alone, definition);
      requireCheap(alone, definition);
      return null;
    } catch (Failure e) {
      return e.whatFailed();
    }
  }

  private static void requireCheap(Sql alone, Definition definition) {
    String objection = new Computing(alone, definition.table()).objection();
    if (objection != null) {
      throw suspicious(definition, objection);
    }
  }

  /**
   * Makes a table anew as it is announced, with the rows that fit, whole or not at all. The rows as
   * they were are at hand meanwhile, under the name {@link #FORMER_ROWS}.
   */
  static void remake(Sql sql, Definition definition, boolean cheap, Runnable follow) {
    String name = definition.table();
    List<String> ddl;
    try (Sql alone = Sql.confined()) {
      ddl = tried(alone, definition);
      if (SqlName.same(primaryKey(alone, name), primaryKey(sql, name))) {
        return; // the key is one that the config says
      }
      if (cheap) {
        requireCheap(alone, definition);
      }
    }
    List<String> triggers =
        sql
            .query(
                "SELECT name, sql FROM sqlite_master WHERE type='trigger' AND tbl_name=? COLLATE NOCASE",
                c -> new String[] {c.string(1), c.string(2)},
                name)
            .stream()
            .filter(trigger -> !Capture.isOurs(trigger[0], trigger[1]))
            .map(trigger -> trigger[1])
            .toList();
    sql.execute("CREATE TABLE " + FORMER_ROWS + " AS SELECT * FROM " + Sql.name(name));
    sql.execute("DROP TABLE " + Sql.name(name));
    ddl.forEach(sql::execute);
    triggers.forEach(sql::execute);
    TableShape made = TableShape.read(sql, name, TableRule.DEFAULT.withKey(definition.key()));
    Set<String> former =
        Set.copyOf(
            sql.query("SELECT name FROM pragma_table_info(?)", c -> c.string(1), FORMER_ROWS));
    String columns =
        TableSql.names(
            "",
            made.columnNames().stream()
                .filter(column -> SqlName.among(former, column).isPresent())
                .toList());
    sql.update(TableSql.copyWhatFits(FORMER_ROWS, name, columns));
    for (String key : made.key()) {
      sql.update("DELETE FROM " + Sql.name(name) + " WHERE " + Sql.name(key) + " IS NULL");
    }
    follow.run();
    sql.execute("DROP TABLE " + FORMER_ROWS);
  }

  /** The columns a definition declares, as SQLite understands them. */
  static List<TableShape.Column> columnsOf(Sql alone, Definition definition) {
    if (definition.isTable()) {
      tried(alone, definition);
      return TableShape.read(alone, definition.table(), TableRule.DEFAULT).columns();
    }
    alone.execute("CREATE TABLE probe(\"a column that is not there\")");
    attempt(alone, definition, "ALTER TABLE probe ADD COLUMN " + definition.ddl().get(0));
    return TableShape.read(alone, "probe", TableRule.DEFAULT).columns().stream()
        .filter(column -> SqlName.same(column.name(), definition.column()))
        .toList();
  }

  private static List<String> primaryKey(Sql sql, String table) {
    return sql.query(
        "SELECT name FROM pragma_table_info(?) WHERE pk>0 ORDER BY pk", c -> c.string(1), table);
  }

  /** What SQLite makes of it in an empty database. */
  private static List<String> tried(Sql alone, Definition definition) {
    requireStart(definition, definition.ddl().get(0), "CREATE TABLE");
    attempt(alone, definition, definition.ddl().get(0));
    for (String index : definition.ddl().subList(1, definition.ddl().size())) {
      requireStart(definition, index, "CREATE INDEX", "CREATE UNIQUE INDEX");
      attempt(alone, definition, index);
    }
    return understood(alone, definition);
  }

  /** A table that is here already gets what it lacks. */
  private static void makeMissingColumns(Sql sql, TableShape announced) {
    TableShape here = TableShape.read(sql, announced.name(), TableRule.DEFAULT);
    announced.columns().stream()
        .filter(column -> !here.hasColumn(column.name()))
        .filter(column -> !SyncColumns.contains(column.name()))
        .forEach(column -> makeColumn(sql, of(announced, column, 0)));
  }

  private static List<String> understood(Sql alone, Definition definition) {
    List<String> ddl = kept(alone);
    boolean exact =
        alone.number(
                    "SELECT count(*) FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
                == 1
            && alone.exists(
                "SELECT 1 FROM sqlite_master WHERE type='table' AND name=?", definition.table())
            && !alone.exists(
                "SELECT 1 FROM sqlite_master WHERE tbl_name<>? AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
                definition.table())
            && !alone.exists(
                "SELECT 1 FROM sqlite_master WHERE type='index' AND name LIKE 'sync\\_%' ESCAPE '\\'")
            && !alone.exists("SELECT 1 FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'");
    Set<String> columns =
        new HashSet<>(
            alone.query(
                "SELECT name FROM pragma_table_xinfo(?) WHERE hidden=0",
                c -> SyncColumns.canonical(c.string(1)),
                definition.table()));
    Set<String> announced = new HashSet<>(definition.columns());
    columns.removeAll(SyncColumns.ALL);
    announced.removeAll(SyncColumns.ALL);
    if (!exact || !columns.equals(announced) || !isWhole(definition.ddl(), ddl)) {
      throw suspicious(definition, "it does not yield exactly the table announced");
    }
    return ddl;
  }

  /** What SQLite kept is all there was: no second statement, nothing computed. */
  private static boolean isWhole(List<String> given, List<String> kept) {
    return kept.size() == given.size()
        && given.stream()
            .map(text -> text.strip().replaceFirst("\\s*;$", ""))
            .allMatch(text -> kept.stream().anyMatch(k -> text.endsWith(k.substring(NAME_AT))));
  }

  private static void requireStart(Definition definition, String ddl, String... starts) {
    String upper = ddl.strip().replaceAll("\\s+", " ").toUpperCase(Locale.ROOT);
    for (String start : starts) {
      if (upper.startsWith(start + " ")) {
        return;
      }
    }
    throw suspicious(definition, "it is no " + starts[0]);
  }

  private static void attempt(Sql alone, Definition definition, String ddl) {
    try {
      alone.update(
          ddl); // a prepared statement is one statement: what follows a semicolon is not run
    } catch (IllegalStateException e) {
      throw suspicious(definition, "SQLite refuses it: " + e.getMessage());
    }
  }

  private static void makeColumn(Sql sql, Definition definition) {
    try (Sql alone = Sql.confined()) {
      alone.execute("CREATE TABLE probe(\"a column that is not there\")");
      alone.execute("INSERT INTO probe VALUES(1)"); // so that the default has to be a constant
      attempt(alone, definition, "ALTER TABLE probe ADD COLUMN " + definition.ddl().get(0));
      record Made(String name, String type, boolean notNull, String defaultSql) {}
      List<Made> made =
          alone.query(
              "SELECT name, type, \"notnull\", dflt_value FROM pragma_table_xinfo('probe') WHERE cid>0",
              c -> new Made(c.string(1), c.string(2), c.flag(3), c.string(4)));
      if (made.size() != 1 || !SqlName.same(made.get(0).name(), definition.column())) {
        throw suspicious(definition, "it does not yield exactly the column announced");
      }
      Made column = made.get(0);
      sql.update(
          "ALTER TABLE "
              + Sql.name(definition.table())
              + " ADD COLUMN "
              + Sql.name(column.name())
              + (column.type().isEmpty() ? "" : " " + plainType(definition, column.type()))
              + (column.defaultSql().isEmpty() ? "" : " DEFAULT " + column.defaultSql())
              + (column.notNull() ? " NOT NULL" : ""));
    }
  }

  private static String plainType(Definition definition, String type) {
    if (!type.matches("[\\p{L}\\p{N}_ (),.+-]*")) {
      throw suspicious(definition, "its type is " + type);
    }
    return type;
  }

  private static Failure suspicious(Definition definition, String why) {
    String what =
        definition.isTable()
            ? "table " + definition.table()
            : "column " + definition.column() + " of " + definition.table();
    return new Failure(
        Failure.REFUSED,
        "the ledger's definition of " + what + " is refused: " + why,
        "make the table by hand as the application does; the other tables go on");
  }
}
