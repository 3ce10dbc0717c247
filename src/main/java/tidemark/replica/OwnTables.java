package tidemark.replica;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tidemark.change.Failure;
import tidemark.jdbc.Sql;

/**
 * The tables Tidemark keeps in a database, all beginning with sync_. A table of that name and
 * another shape, from a former sync or somebody else, is extended where that is possible and
 * renamed where it is not; it is never dropped.
 */
final class OwnTables {
  static final int FORMAT = 1;

  private static final Map<String, List<String>> TABLES = new LinkedHashMap<>();

  static {
    TABLES.put("sync_state", List.of("key TEXT PRIMARY KEY", "value"));
    TABLES.put(
        "sync_tables",
        List.of(
            "name TEXT PRIMARY KEY",
            "position INTEGER",
            "hash TEXT",
            "generation INTEGER",
            "rescan INTEGER",
            "missing INTEGER",
            "synced_at TEXT"));
    TABLES.put(
        "sync_columns",
        List.of(
            "table_name TEXT",
            "name TEXT",
            "key_place INTEGER",
            "has_default INTEGER",
            "default_value",
            "announced INTEGER",
            "seen INTEGER",
            "PRIMARY KEY(table_name, name)"));
    TABLES.put("sync_entries", List.of("number INTEGER PRIMARY KEY", "hash TEXT"));
    TABLES.put(
        "sync_held",
        List.of(
            "table_name TEXT",
            "row_key TEXT",
            "entry INTEGER",
            "row_data TEXT",
            "at INTEGER",
            "by TEXT",
            "born INTEGER",
            "first TEXT",
            "token TEXT",
            "reason TEXT",
            "detail TEXT",
            "since TEXT",
            "PRIMARY KEY(table_name, row_key, entry)"));
    TABLES.put(
        "sync_waiting",
        List.of(
            "table_name TEXT",
            "row_key TEXT",
            "name TEXT",
            "value TEXT",
            "PRIMARY KEY(table_name, row_key, name)"));
    TABLES.put(
        "sync_rekeyed",
        List.of(
            "table_name TEXT", "row_key TEXT", "new_key TEXT", "PRIMARY KEY(table_name, row_key)"));
    TABLES.put(
        "sync_log",
        List.of(
            "id INTEGER PRIMARY KEY AUTOINCREMENT",
            "timestamp DATETIME",
            "direction TEXT",
            "status TEXT",
            "records_pulled INTEGER",
            "records_pushed INTEGER",
            "conflicts INTEGER",
            "error_message TEXT",
            "duration_ms INTEGER",
            "workstation TEXT",
            "username TEXT",
            "trigger TEXT",
            "details TEXT",
            "run_id TEXT"));
    TABLES.put(
        "sync_conflicts",
        List.of(
            "id TEXT PRIMARY KEY",
            "timestamp DATETIME",
            "entry INTEGER",
            "table_name TEXT",
            "row_key TEXT",
            "kind TEXT",
            "local_data TEXT",
            "remote_data TEXT",
            "local_by TEXT",
            "remote_by TEXT",
            "local_at DATETIME",
            "remote_at DATETIME",
            "winner TEXT",
            "workstation TEXT",
            "resolved INTEGER",
            "resolution TEXT",
            "resolved_by TEXT",
            "resolved_at DATETIME",
            "local_token TEXT",
            "remote_entry INTEGER"));
  }

  private static final List<String> INDEXES =
      List.of(
          "CREATE INDEX IF NOT EXISTS sync_log_runs ON sync_log(run_id)",
          "CREATE INDEX IF NOT EXISTS sync_conflicts_rows ON sync_conflicts(table_name, row_key)",
          "CREATE INDEX IF NOT EXISTS sync_conflicts_unposted ON sync_conflicts(id) WHERE entry IS NULL",
          "CREATE INDEX IF NOT EXISTS sync_conflicts_open ON sync_conflicts(table_name) WHERE resolved=0");

  private OwnTables() {}

  /** One of ours, or one that was set aside by us. */
  static boolean own(String table) {
    return TABLES.containsKey(table.replaceFirst("_former\\d+$", ""));
  }

  static boolean areIn(Sql sql) {
    return sql.exists("SELECT 1 FROM pragma_table_info('sync_state') WHERE name='value'");
  }

  /** Inside a transaction. */
  static void make(Sql sql) {
    refuseNewerFormat(sql);
    for (Map.Entry<String, List<String>> table : TABLES.entrySet()) {
      setAsideForeign(sql, table.getKey(), table.getValue());
      sql.execute(
          "CREATE TABLE IF NOT EXISTS "
              + table.getKey()
              + "("
              + String.join(", ", table.getValue().stream().map(OwnTables::quoted).toList())
              + ")");
    }
    INDEXES.forEach(sql::execute);
    sql.update("INSERT OR IGNORE INTO sync_state VALUES('format', ?)", FORMAT);
  }

  /** "trigger" and "by" are words of SQL. */
  private static String quoted(String column) {
    int space = column.indexOf(' ');
    String name = space < 0 ? column : column.substring(0, space);
    return name.equals("PRIMARY")
        ? column
        : Sql.name(name) + (space < 0 ? "" : column.substring(space));
  }

  static void refuseNewerFormat(Sql sql) {
    if (areIn(sql) && columnsOf(sql, "sync_state").containsAll(Set.of("key", "value"))) {
      long format = sql.number("SELECT value FROM sync_state WHERE key='format'");
      if (format > FORMAT) {
        throw new Failure(
            Failure.REFUSED,
            sql.file()
                + " was synced by a newer Tidemark (format "
                + format
                + ", this one knows "
                + FORMAT
                + ")",
            "install the newest Tidemark on this workstation; nothing was changed");
      }
    }
  }

  private static Set<String> columnsOf(Sql sql, String table) {
    return Set.copyOf(sql.query("SELECT name FROM pragma_table_info(?)", c -> c.string(1), table));
  }

  private static void setAsideForeign(Sql sql, String table, List<String> wanted) {
    Set<String> have = columnsOf(sql, table);
    if (have.isEmpty()) {
      return;
    }
    List<String> names =
        wanted.stream().map(w -> w.split(" ", 2)[0]).filter(n -> !n.equals("PRIMARY")).toList();
    List<String> missing = names.stream().filter(n -> !have.contains(n)).toList();
    boolean extendable = table.equals("sync_log") || table.equals("sync_conflicts");
    if ((missing.isEmpty() || extendable) && fits(sql, table, names)) {
      for (String column : missing) {
        String definition =
            wanted.stream().filter(w -> w.startsWith(column + " ")).findFirst().orElse(column);
        sql.execute("ALTER TABLE " + table + " ADD COLUMN " + quoted(definition));
      }
    } else {
      int n = 1;
      while (!columnsOf(sql, table + "_former" + n).isEmpty()) {
        n++;
      }
      sql.execute("ALTER TABLE " + table + " RENAME TO " + table + "_former" + n);
      dropOurIndexes(sql, table + "_former" + n);
    }
  }

  /** Its first column is the key as we need it, and none that we do not know insists on a value. */
  private static boolean fits(Sql sql, String table, List<String> names) {
    String first = names.get(0);
    boolean number = table.equals("sync_log");
    boolean keyed =
        (names.contains("table_name") && !first.equals("id"))
            || sql.exists(
                "SELECT 1 FROM pragma_table_info(?) WHERE name=? AND pk=1 AND (upper(type)='INTEGER')=?",
                table,
                first,
                number || table.equals("sync_entries") ? 1 : 0);
    String known = names.stream().map(Sql::literal).collect(Collectors.joining(","));
    return keyed
        && !sql.exists(
            "SELECT 1 FROM pragma_table_info(?) WHERE \"notnull\" AND dflt_value IS NULL AND pk=0 AND name NOT IN ("
                + known
                + ")",
            table);
  }

  private static void dropOurIndexes(Sql sql, String table) {
    for (String index :
        sql.query(
            "SELECT name FROM sqlite_master WHERE type='index' AND tbl_name=? AND name LIKE 'sync\\_%' ESCAPE '\\' AND sql IS NOT NULL",
            c -> c.string(1), table)) {
      sql.execute("DROP INDEX " + Sql.name(index));
    }
  }
}
