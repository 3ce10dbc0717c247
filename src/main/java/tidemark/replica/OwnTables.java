package tidemark.replica;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tidemark.change.Failure;
import tidemark.change.SqlName;
import tidemark.jdbc.Sql;

/**
 * The tables Tidemark keeps in a database, all beginning with sync_. A table of that name and
 * another shape, from a former sync or somebody else, is extended where that is possible and
 * renamed where it is not; it is never dropped.
 */
final class OwnTables {
  static final int FORMAT = 1;

  private static final List<OwnTable> TABLES =
      List.of(
          table("sync_state", "key TEXT PRIMARY KEY", "value"),
          table(
              "sync_tables",
              "name TEXT PRIMARY KEY",
              "position INTEGER",
              "hash TEXT",
              "generation INTEGER",
              "rescan INTEGER",
              "missing INTEGER",
              "synced_at TEXT"),
          table(
              "sync_columns",
              "table_name TEXT",
              "name TEXT",
              "key_place INTEGER",
              "has_default INTEGER",
              "default_value",
              "announced INTEGER",
              "seen INTEGER",
              "PRIMARY KEY(table_name, name)"),
          table(
              "sync_keys",
              "name TEXT PRIMARY KEY",
              "since INTEGER",
              "known INTEGER",
              "whole INTEGER",
              "opener INTEGER",
              "fresh INTEGER",
              "other_key TEXT",
              "generation INTEGER",
              "entry INTEGER",
              "before TEXT",
              "other_known INTEGER",
              "who TEXT"),
          table(
              "sync_declared",
              "table_name TEXT",
              "name TEXT",
              "affinity TEXT",
              "has_default INTEGER",
              "default_value",
              "spread INTEGER",
              "PRIMARY KEY(table_name, name)"),
          table("sync_entries", "number INTEGER PRIMARY KEY", "hash TEXT"),
          shared(
              "sync_held",
              "table_name TEXT",
              "row_key TEXT",
              "entry INTEGER",
              "row_data TEXT",
              "at INTEGER",
              "by TEXT",
              "born INTEGER",
              "first TEXT",
              "token TEXT",
              "moved_from TEXT",
              "parents TEXT",
              "reason TEXT",
              "detail TEXT",
              "since TEXT",
              "PRIMARY KEY(table_name, row_key, entry)"),
          table(
              "sync_waiting",
              "table_name TEXT",
              "row_key TEXT",
              "name TEXT",
              "value TEXT",
              "PRIMARY KEY(table_name, row_key, name)"),
          table(
              "sync_rekeyed",
              "table_name TEXT",
              "row_key TEXT",
              "new_key TEXT",
              "PRIMARY KEY(table_name, row_key)"),
          shared(
              "sync_log",
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
              "run_id TEXT"),
          shared(
              "sync_conflicts",
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
              "remote_entry INTEGER",
              "given_data TEXT"));

  /** Only in the database of a server that answers programs: what each was given, and wrote. */
  private static final List<OwnTable> FOR_PROGRAMS =
      List.of(
          table("sync_arrivals", "number INTEGER PRIMARY KEY", "moment INTEGER", "mark TEXT"),
          table(
              "sync_reads",
              "who TEXT",
              "table_name TEXT",
              "asked INTEGER",
              "since INTEGER",
              "upto INTEGER",
              "PRIMARY KEY(who, table_name)"),
          table(
              "sync_writes",
              "who TEXT",
              "table_name TEXT",
              "row_key TEXT",
              "stands_at TEXT",
              "arrived INTEGER",
              "PRIMARY KEY(who, table_name, row_key)"),
          table(
              "sync_replies",
              "who TEXT",
              "request TEXT",
              "place INTEGER",
              "asked TEXT",
              "told TEXT",
              "moment INTEGER",
              "PRIMARY KEY(who, request, place)"));

  private static final List<String> INDEXES =
      List.of(
          "CREATE INDEX IF NOT EXISTS sync_log_runs ON sync_log(run_id)",
          "CREATE INDEX IF NOT EXISTS sync_conflicts_rows ON sync_conflicts(table_name, row_key)",
          "CREATE INDEX IF NOT EXISTS sync_conflicts_unposted ON sync_conflicts(id) WHERE entry IS NULL",
          "CREATE INDEX IF NOT EXISTS sync_conflicts_open ON sync_conflicts(table_name) WHERE resolved=0");

  /** Called like a memory of rows, and without what each has, whatever its table's key. */
  private static final String NO_SHADOW =
      """
      SELECT name FROM sqlite_master m WHERE type='table' AND name LIKE 'sync\\_rows\\_%' ESCAPE '\\'
        AND EXISTS(SELECT column1 FROM (VALUES('k0'),('entry'),('digest'),('at'),('token'),('first'),
            ('birth'),('base'),('edits'),('moment'),('own_time'),('own_user'),('found'))
          EXCEPT SELECT name FROM pragma_table_info(m.name))
      """;

  private static final String LACKING_SHADOW =
      NO_SHADOW
          + " AND EXISTS(SELECT 1 FROM sync_tables s WHERE m.name='sync_rows_'||s.name COLLATE NOCASE)";

  /**
   * What 0.1.0 did not make yet: columns of two tables, two tables, and one column of each shadow.
   */
  private static final Map<String, List<String>> LATER =
      Map.of(
          "sync_held", List.of("moved_from", "parents"), "sync_conflicts", List.of("given_data"));

  private static final List<String> LATER_TABLES = List.of("sync_keys", "sync_declared");

  private static final String LATER_IN_SHADOWS = "came";

  private OwnTables() {}

  private static OwnTable table(String name, String... definitions) {
    return new OwnTable(name, List.of(definitions), false);
  }

  /** What others, or earlier versions of ours, made with fewer columns gets those it lacks. */
  private static OwnTable shared(String name, String... definitions) {
    return new OwnTable(name, List.of(definitions), true);
  }

  /** One of ours, or one that was set aside by us. */
  static boolean own(String table) {
    String name = table.replaceFirst("_former\\d+$", "");
    return isAt(name);
  }

  /** Tables of others that are called like the memory of a table's rows. */
  static List<String> likeShadows(Sql sql) {
    return sql.query(NO_SHADOW, c -> c.string(1));
  }

  /** One of ours, in use. */
  static boolean isAt(String table) {
    return Stream.concat(TABLES.stream(), FOR_PROGRAMS.stream())
        .anyMatch(own -> SqlName.same(own.name(), table));
  }

  static boolean areForProgramsIn(Sql sql) {
    return FOR_PROGRAMS.stream().allMatch(table -> table.isThere(sql));
  }

  /** Inside a transaction. */
  static void makeForPrograms(Sql sql) {
    FOR_PROGRAMS.forEach(table -> table.make(sql, OwnTables::hasIndex));
    sql.execute(
        "CREATE INDEX IF NOT EXISTS sync_writes_rows ON sync_writes(who, table_name, stands_at)");
  }

  static boolean hasIndex(String name) {
    return INDEXES.stream().anyMatch(ddl -> ddl.contains(" " + name + " ON "));
  }

  /** As it stands in the schema. */
  static boolean isIndex(String ddl) {
    return INDEXES.contains(ddl.replaceFirst("CREATE INDEX ", "CREATE INDEX IF NOT EXISTS "));
  }

  /** The statement that makes each, by its name. */
  static Map<String, String> statements() {
    return TABLES.stream().collect(Collectors.toMap(OwnTable::name, OwnTable::statement));
  }

  static boolean areIn(Sql sql) {
    return sql.exists("SELECT 1 FROM pragma_table_info('sync_state') WHERE name='value'");
  }

  /**
   * Nothing may be added to a file that is only looked at: what an earlier version did not make in
   * it yet is read as empty.
   */
  static void readAsMade(Sql sql) {
    sql.query(
            "SELECT name FROM sqlite_master m WHERE type='table' AND (name IN ('sync_held','sync_conflicts') OR name LIKE 'sync\\_rows\\_%' ESCAPE '\\')"
                + " AND NOT EXISTS(SELECT 1 FROM pragma_table_info(m.name) c WHERE c.name IN ('parents','given_data','came'))",
            c -> c.string(1))
        .forEach(
            table -> readWith(sql, table, LATER.getOrDefault(table, List.of(LATER_IN_SHADOWS))));
  }

  /** Goes before the table of that name, in this connection. */
  private static void readWith(Sql sql, String table, List<String> later) {
    String empty = later.stream().map(c -> "NULL AS " + c).collect(Collectors.joining(", "));
    String name = Sql.name(table);
    sql.execute("CREATE TEMP VIEW " + name + " AS SELECT *, " + empty + " FROM main." + name);
  }

  /** What among our own tables is not as we, or an earlier version, make it. */
  static Optional<String> foreign(Sql sql) {
    refuseNewerFormat(sql);
    for (OwnTable table : TABLES) {
      boolean later = LATER_TABLES.contains(table.name()) && !table.isThere(sql);
      if (!later && !table.isAsMade(sql, LATER.getOrDefault(table.name(), List.of()))) {
        return Optional.of("its table " + table.name());
      }
    }
    return sql.first(LACKING_SHADOW, c -> "its table " + c.string(1)).or(() -> hanger(sql));
  }

  /** Something of others' that hangs on our tables, or has a name of theirs. */
  private static Optional<String> hanger(Sql sql) {
    return sql.first(
        "SELECT 'its '||type||' '||name FROM sqlite_master WHERE type IN ('trigger','view') AND lower(tbl_name) LIKE 'sync\\_%' ESCAPE '\\'",
        c -> c.string(1));
  }

  /** Inside a transaction. */
  static void make(Sql sql) {
    refuseNewerFormat(sql);
    TABLES.forEach(table -> table.make(sql, OwnTables::hasIndex));
    INDEXES.forEach(sql::execute);
    sql.update("INSERT OR IGNORE INTO sync_state VALUES('format', ?)", FORMAT);
  }

  static void refuseNewerFormat(Sql sql) {
    if (areIn(sql)
        && sql.exists("SELECT 1 FROM pragma_table_info('sync_state') WHERE name='key'")) {
      long format = sql.number("SELECT value FROM sync_state WHERE key='format'");
      if (format > FORMAT) {
        throw Failure.ofOthers(
            Failure.REFUSED,
            sql.file(),
            " was synced by a newer Tidemark (format "
                + format
                + ", this one knows "
                + FORMAT
                + ")",
            "install the newest Tidemark on this workstation; nothing was changed",
            null);
      }
    }
  }
}
