package tidemark.upkeep.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.Columns;
import tidemark.change.Failure;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.change.Values;
import tidemark.jdbc.Sql;
import tidemark.replica.ForeignKey;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;

/**
 * An archive: an ordinary SQLite database that holds rows under the names of the tables they were
 * in, each value as it was stored; `tidemark_runs` says who archived when, `tidemark_tables` how
 * the tables were defined.
 *
 * <p>Guarantee: nothing is ever taken out of it, and no row is in it twice with the same content; a
 * file that is no archive of this database is refused and left as it is. Commit point: the
 * transaction of {@link #keep}. Threading: one thread.
 */
final class ArchiveFile implements AutoCloseable {
  private static final int APPLICATION_ID = 0x54646d61;
  private static final int FORMAT = 1;
  private static final Duration BUSY = Duration.ofSeconds(10);
  private static final String NUMBER = "tidemark_row";
  private static final String RUN = "tidemark_run";

  private final Sql sql;
  private final Map<String, List<String>> columns = new LinkedHashMap<>();

  private ArchiveFile(Sql sql) {
    this.sql = sql;
  }

  /** Opens one to add to it, or begins one where there is no file. */
  static ArchiveFile append(Path file, String database) {
    boolean fresh = isMissing(file);
    Sql sql = Sql.open(file, fresh ? Sql.Mode.CREATE : Sql.Mode.WRITE, BUSY);
    try {
      if (fresh) {
        begin(sql, database);
      }
      ArchiveFile archive = checked(sql, file);
      if (!archive.database().equals(database)) {
        throw new Failure(
            Failure.USAGE,
            file + " is an archive of the database " + archive.database() + ", not of " + database,
            "name another file; nothing was changed");
      }
      sql.execute("PRAGMA synchronous=EXTRA");
      return archive;
    } catch (RuntimeException e) {
      sql.close();
      throw e;
    }
  }

  static ArchiveFile read(Path file) {
    if (isMissing(file)) {
      throw new Failure(Failure.USAGE, "there is no archive " + file, "see how it is spelt");
    }
    Sql sql = Sql.open(file, Sql.Mode.READ, BUSY);
    try {
      return checked(sql, file);
    } catch (RuntimeException e) {
      sql.close();
      throw e;
    }
  }

  private static boolean isMissing(Path file) {
    try {
      return Files.size(file) == 0;
    } catch (IOException e) {
      return true;
    }
  }

  private static void begin(Sql sql, String database) {
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

  private static ArchiveFile checked(Sql sql, Path file) {
    long format;
    try {
      boolean ours =
          sql.exists("SELECT 1 FROM sqlite_master WHERE type='table' AND name='tidemark_archive'");
      format = ours ? sql.number("SELECT value FROM tidemark_archive WHERE key='format'") : 0;
    } catch (Failure e) {
      if (!Sql.isDamage(e)) {
        throw e;
      }
      format = 0;
    }
    if (format != FORMAT) {
      throw foreign(
          file,
          format > FORMAT ? "was written by a newer Tidemark" : "is no archive of Tidemark's");
    }
    return new ArchiveFile(sql);
  }

  static Failure foreign(Path file, String why) {
    return new Failure(
        Failure.REFUSED, file + " " + why, "name another file; this one was left as it is");
  }

  String database() {
    return sql.first("SELECT value FROM tidemark_archive WHERE key='database'", c -> c.string(1))
        .orElse("");
  }

  Sql sql() {
    return sql;
  }

  /** The tables it holds rows of. */
  Set<String> tables() {
    return new TreeSet<>(sql.query("SELECT name FROM tidemark_tables", c -> c.string(1)));
  }

  List<String> keyOf(String table) {
    return List.of(
        sql.first("SELECT key_columns FROM tidemark_tables WHERE name=?", c -> c.string(1), table)
            .orElse("")
            .split("\n"));
  }

  // ---- adding

  /** Who archives what; returns the number its rows get. */
  long run(
      String at, String by, String workstation, String table, String dateColumn, String before) {
    sql.update(
        "INSERT INTO tidemark_runs(at, \"by\", workstation, \"table\", date_column, before)"
            + " VALUES(?,?,?,?,?,?)",
        at,
        by,
        workstation,
        table,
        dateColumn,
        before);
    return sql.number("SELECT last_insert_rowid()");
  }

  /** Adds what it does not hold yet, in one transaction. */
  void keep(Runnable adding) {
    try {
      sql.inTransaction(adding);
    } finally {
      columns.clear(); // columns made in a transaction that failed went with it
    }
  }

  void add(long run, SyncedTable table, List<String> definition, RowKey key, Row row) {
    makeRoomFor(table, definition);
    if (holds(table.name(), key, row)) {
      return;
    }
    List<String> names = row.columns().names();
    List<@Nullable Object> values = new ArrayList<>();
    values.add(run);
    for (Object value : row.values()) {
      values.add(value);
    }
    sql.update(
        "INSERT INTO "
            + Sql.name(table.name())
            + "("
            + RUN
            + ","
            + list(names)
            + ") VALUES(?"
            + ",?".repeat(names.size())
            + ")",
        values.toArray());
  }

  private static String list(List<String> names) {
    return names.stream().map(Sql::name).collect(Collectors.joining(","));
  }

  private void makeRoomFor(SyncedTable table, List<String> definition) {
    List<String> wanted = table.columns().names();
    if (columns.getOrDefault(table.name(), List.of()).containsAll(wanted)) {
      return;
    }
    List<String> there = columns(table.name());
    String name = Sql.name(table.name());
    if (there.isEmpty()) {
      sql.execute(
          "CREATE TABLE "
              + name
              + "("
              + NUMBER
              + " INTEGER PRIMARY KEY,"
              + RUN
              + ","
              + list(wanted)
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
    List<String> lower = there.stream().map(c -> c.toLowerCase(Locale.ROOT)).toList();
    for (String column : there.isEmpty() ? List.<String>of() : wanted) {
      if (!lower.contains(column.toLowerCase(Locale.ROOT))) {
        sql.execute("ALTER TABLE " + name + " ADD COLUMN " + Sql.name(column));
      }
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
    columns.put(table.name(), wanted);
  }

  // ---- reading

  private List<String> columns(String table) {
    return sql.query(
        "SELECT name FROM pragma_table_info(?) WHERE name NOT IN ('tidemark_row','tidemark_run')"
            + " ORDER BY cid",
        c -> c.string(1),
        table);
  }

  /** Whether it holds this very row. */
  boolean holds(String table, RowKey key, Row row) {
    return rows(table, key).stream().anyMatch(kept -> same(kept, row));
  }

  /** All values are the same; that a row was posted in between does not make it another one. */
  static boolean same(Row kept, Row row) {
    return row.columns().names().stream()
        .filter(column -> !column.equals(SyncColumns.SYNCED_AT))
        .allMatch(column -> Values.same(kept.get(column), row.get(column)));
  }

  /** The rows it holds under this key. */
  List<Row> rows(String table, RowKey key) {
    String where =
        keyOf(table).stream().map(k -> Sql.name(k) + "=?").collect(Collectors.joining(" AND "));
    return columns(table).isEmpty() ? List.of() : select(table, where, key.parts());
  }

  private List<Row> select(String table, String where, @Nullable Object... args) {
    Columns names = new Columns(columns(table));
    return sql.query(
        "SELECT " + list(names.names()) + " FROM " + Sql.name(table) + " WHERE " + where,
        c -> new Row(names, c.values(1, names.size())),
        args);
  }

  /** The numbers of the rows, of each key the one archived last. */
  List<Long> newest(String table) {
    return sql.query(
        "SELECT max("
            + NUMBER
            + ") FROM "
            + Sql.name(table)
            + " GROUP BY "
            + list(keyOf(table))
            + " ORDER BY 1",
        c -> c.number(1));
  }

  /** The numbers of the rows with these values, of each key the one archived last. */
  List<Long> newest(String table, List<String> where, List<? extends @Nullable Object> values) {
    if (!columns(table).containsAll(where)) {
      return List.of();
    }
    String condition =
        where.stream().map(c -> Sql.name(c) + " IS ?").collect(Collectors.joining(" AND "));
    return sql.query(
        "SELECT max("
            + NUMBER
            + ") FROM "
            + Sql.name(table)
            + " WHERE "
            + condition
            + " GROUP BY "
            + list(keyOf(table))
            + " ORDER BY 1",
        c -> c.number(1),
        values.toArray());
  }

  Row row(String table, long number) {
    return select(table, NUMBER + "=?", number).get(0);
  }

  @Override
  public void close() {
    sql.close();
  }
}
