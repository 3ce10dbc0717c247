package tidemark.replica;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tidemark.jdbc.Sql;

/**
 * One of the tables Tidemark keeps, and what becomes of a table of that name and another shape.
 *
 * @param definitions its columns as they are declared; a key of several columns comes last
 * @param extendable others write it too, so columns they lack are added
 */
record OwnTable(String name, List<String> definitions, boolean extendable) {
  private static final String KEY = "PRIMARY KEY(";

  /** A column of the key; whether it holds numbers decides what SQLite makes of it. */
  private record KeyPart(String column, boolean number) {}

  /**
   * Inside a transaction.
   *
   * @param ours the names of indexes that will be wanted
   */
  void make(Sql sql, Predicate<String> ours) {
    if (isThere(sql, name)) {
      if (fits(sql)) {
        missing(sql)
            .forEach(
                column -> sql.execute("ALTER TABLE " + name + " ADD COLUMN " + declared(column)));
      } else {
        setAside(sql, ours);
      }
    }
    sql.execute(statement());
  }

  String statement() {
    return "CREATE TABLE IF NOT EXISTS "
        + name
        + "("
        + definitions.stream().map(OwnTable::quoted).collect(Collectors.joining(", "))
        + ")";
  }

  /**
   * @param later columns that may be missing
   */
  boolean isAsMade(Sql sql, List<String> later) {
    return sql.exists("SELECT 1 FROM sqlite_master WHERE type='table' AND name=?", name)
        && later.containsAll(missing(sql))
        && fits(sql);
  }

  boolean isThere(Sql sql) {
    return isThere(sql, name);
  }

  private boolean fits(Sql sql) {
    return (extendable || missing(sql).isEmpty())
        && keyIn(sql).equals(key())
        && !insistsOnValuesOfOthers(sql);
  }

  private static boolean isThere(Sql sql, String table) {
    return sql.exists("SELECT 1 FROM pragma_table_info(?)", table);
  }

  private List<String> missing(Sql sql) {
    Set<String> have =
        Set.copyOf(sql.query("SELECT name FROM pragma_table_info(?)", c -> c.string(1), name));
    return columns().stream().filter(column -> !have.contains(column)).toList();
  }

  private List<KeyPart> keyIn(Sql sql) {
    return sql.query(
        "SELECT name, upper(type)='INTEGER' FROM pragma_table_info(?) WHERE pk>0 ORDER BY pk",
        c -> new KeyPart(c.string(1), c.flag(2)),
        name);
  }

  /** A column we do not know, that must be given a value. */
  private boolean insistsOnValuesOfOthers(Sql sql) {
    String ours = columns().stream().map(Sql::literal).collect(Collectors.joining(","));
    return sql.exists(
        "SELECT 1 FROM pragma_table_info(?) WHERE \"notnull\" AND dflt_value IS NULL AND pk=0 AND name NOT IN ("
            + ours
            + ")",
        name);
  }

  private void setAside(Sql sql, Predicate<String> ours) {
    int n = 1;
    while (isThere(sql, name + "_former" + n)) {
      n++;
    }
    String former = name + "_former" + n;
    sql.execute("ALTER TABLE " + name + " RENAME TO " + former);
    for (String index :
        sql.query(
            "SELECT name FROM sqlite_master WHERE type='index' AND tbl_name=? AND name LIKE 'sync\\_%' ESCAPE '\\' AND sql IS NOT NULL",
            c -> c.string(1), former)) {
      if (ours.test(index)) {
        sql.execute("DROP INDEX " + Sql.name(index)); // its name is wanted for our own
      }
    }
  }

  // ---- as declared

  private List<String> columns() {
    return definitions.stream()
        .filter(definition -> !definition.startsWith(KEY))
        .map(OwnTable::columnOf)
        .toList();
  }

  private static String columnOf(String definition) {
    return definition.split(" ", 2)[0];
  }

  private String definition(String column) {
    return definitions.stream()
        .filter(definition -> columnOf(definition).equals(column))
        .findFirst()
        .orElseThrow();
  }

  private String declared(String column) {
    return quoted(definition(column));
  }

  private List<KeyPart> key() {
    String last = definitions.get(definitions.size() - 1);
    List<String> key =
        last.startsWith(KEY)
            ? List.of(last.substring(KEY.length(), last.length() - 1).split(", "))
            : columns().stream().filter(c -> definition(c).contains(" PRIMARY KEY")).toList();
    return key.stream().map(c -> new KeyPart(c, definition(c).contains(" INTEGER"))).toList();
  }

  /** "trigger" and "by" are words of SQL. */
  private static String quoted(String definition) {
    String column = columnOf(definition);
    return definition.startsWith(KEY)
        ? definition
        : Sql.name(column) + definition.substring(column.length());
  }
}
