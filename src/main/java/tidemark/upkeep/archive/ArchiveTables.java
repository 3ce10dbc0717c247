package tidemark.upkeep.archive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.Columns;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.jdbc.Sql;
import tidemark.replica.ForeignKey;
import tidemark.replica.SyncedTable;

/**
 * The tables of an archive, which grow with the columns of the rows they get. Threading: that of
 * the archive.
 */
final class ArchiveTables {
  static final int FORMAT = 1;
  static final String NUMBER = "tidemark_row";
  private static final String RUN = "tidemark_run";

  /** The token a row's record was born with; archives that were begun earlier lack the column. */
  private static final String BIRTH = "tidemark_birth";

  private static final int APPLICATION_ID = 0x54646d61;

  private final Sql sql;
  private final Map<String, List<String>> known = new LinkedHashMap<>();

  ArchiveTables(Sql sql) {
    this.sql = sql;
  }

  static void begin(Sql sql, String database) {
    sql.inTransaction(
        () -> {
          sql.execute("PRAGMA application_id=" + APPLICATION_ID);
          sql.execute("CREATE TABLE tidemark_archive(key TEXT PRIMARY KEY, value)");
          sql.execute(
              "CREATE TABLE tidemark_runs(run INTEGER PRIMARY KEY, at TEXT, \"by\" TEXT,"
                  + " workstation TEXT, \"table\" TEXT, date_column TEXT, before TEXT)");
          sql.execute(
              "CREATE TABLE tidemark_tables(name TEXT PRIMARY KEY, key_columns TEXT, definition"
                  + " TEXT)");
          sql.update("INSERT INTO tidemark_archive VALUES('format', ?)", FORMAT);
          sql.update("INSERT INTO tidemark_archive VALUES('database', ?)", database);
        });
  }

  /** Those made in a transaction that failed went with it. */
  void forget() {
    known.clear();
  }

  List<String> columns(String table) {
    List<String> columns = new ArrayList<>(all(table));
    columns.removeAll(List.of(NUMBER, RUN, BIRTH));
    return columns;
  }

  private List<String> all(String table) {
    return sql.query("SELECT name FROM pragma_table_info(?) ORDER BY cid", c -> c.string(1), table);
  }

  private void makeRoomFor(SyncedTable table, List<String> definition) {
    List<String> wanted = new ArrayList<>(table.columns().names());
    wanted.add(BIRTH);
    if (known.getOrDefault(table.name(), List.of()).containsAll(wanted)) {
      return;
    }
    List<String> there = all(table.name());
    String name = Sql.name(table.name());
    if (there.isEmpty()) {
      make(table, name, wanted);
    } else {
      addColumns(name, there, wanted);
    }
    for (ForeignKey foreign : table.shape().foreignKeys()) {
      sql.execute(
          "CREATE INDEX IF NOT EXISTS "
              + Sql.name("tidemark_parent_" + table.name() + foreign.columns())
              + " ON "
              + name
              + "("
              + list(foreign.columns())
              + ")");
    }
    sql.update(
        "INSERT OR REPLACE INTO tidemark_tables VALUES(?,?,?)",
        table.name(),
        String.join("\n", table.shape().key()),
        String.join(";\n", definition));
    known.put(table.name(), wanted);
  }

  private void make(SyncedTable table, String name, List<String> columns) {
    sql.execute(
        "CREATE TABLE "
            + name
            + "("
            + NUMBER
            + " INTEGER PRIMARY KEY,"
            + RUN
            + ","
            + list(columns)
            + ")");
    sql.execute(
        "CREATE INDEX "
            + Sql.name("tidemark_key_" + table.name())
            + " ON "
            + name
            + "("
            + list(table.shape().key())
            + ")");
  }

  private void addColumns(String name, List<String> there, List<String> wanted) {
    List<String> lower = there.stream().map(c -> c.toLowerCase(Locale.ROOT)).toList();
    for (String column : wanted) {
      if (!lower.contains(column.toLowerCase(Locale.ROOT))) {
        sql.execute("ALTER TABLE " + name + " ADD COLUMN " + Sql.name(column));
      }
    }
  }

  void add(long run, ArchivedRow copy) {
    String table = copy.table().name();
    makeRoomFor(copy.table(), copy.definition());
    if (held(table, copy.key()).stream().anyMatch(kept -> ArchivedRow.same(kept, copy.row()))) {
      return;
    }
    List<String> names = copy.row().columns().names();
    List<@Nullable Object> values = new ArrayList<>();
    values.add(run);
    values.add(copy.birth());
    for (Object value : copy.row().values()) {
      values.add(value);
    }
    sql.update(
        "INSERT INTO "
            + Sql.name(table)
            + "("
            + RUN
            + ","
            + BIRTH
            + ","
            + list(names)
            + ") VALUES(?,?"
            + ",?".repeat(names.size())
            + ")",
        values.toArray());
  }

  List<String> keyOf(String table) {
    return List.of(
        sql.first("SELECT key_columns FROM tidemark_tables WHERE name=?", c -> c.string(1), table)
            .orElse("")
            .split("\n"));
  }

  /** The rows under this key. */
  List<Row> held(String table, RowKey key) {
    String where =
        keyOf(table).stream().map(k -> Sql.name(k) + "=?").collect(Collectors.joining(" AND "));
    return columns(table).isEmpty()
        ? List.of()
        : select(table, where, key.parts()).stream().map(Stored::row).toList();
  }

  /**
   * A row as it is kept.
   *
   * @param birth the token its record was born with, where that is known
   */
  record Stored(Row row, @Nullable String birth) {}

  List<Stored> select(String table, String where, @Nullable Object... args) {
    Columns names = new Columns(columns(table));
    String birth = all(table).contains(BIRTH) ? BIRTH : "NULL";
    return sql.query(
        "SELECT "
            + list(names.names())
            + ","
            + birth
            + " FROM "
            + Sql.name(table)
            + " WHERE "
            + where,
        c -> new Stored(new Row(names, c.values(1, names.size())), c.text(names.size() + 1)),
        args);
  }

  static String list(List<String> names) {
    return names.stream().map(Sql::name).collect(Collectors.joining(","));
  }
}
