package tidemark.upkeep.archive;

import static tidemark.upkeep.archive.ArchiveTables.NUMBER;
import static tidemark.upkeep.archive.ArchiveTables.list;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.share.ShareFiles;
import tidemark.upkeep.archive.ArchiveTables.Stored;

/**
 * An archive: an ordinary SQLite database that holds rows under the names of the tables they were
 * in, each value as it was stored; `tidemark_runs` says who archived when, `tidemark_tables` how
 * the tables were defined.
 *
 * <p>Guarantee: nothing is ever taken out of it, and no row is in it twice with the same content; a
 * file that is no archive of this database is refused and left as it is. A share that hangs is not
 * waited for without end. Commit point: the transaction of {@link #keep}. Threading: one thread.
 */
final class ArchiveFile implements AutoCloseable {
  private static final Duration BUSY = Duration.ofSeconds(10);

  private final Path file;
  private final ShareFiles share;
  private final Sql sql;
  private final ArchiveTables tables;

  private ArchiveFile(Path file, ShareFiles share, Sql sql) {
    this.file = file;
    this.share = share;
    this.sql = sql;
    this.tables = new ArchiveTables(sql);
  }

  /** Opens one to add to it, or begins one where there is no file. */
  static ArchiveFile append(Path file, String database, ShareFiles share) {
    return share.reach(
        "open the archive",
        file,
        () -> {
          boolean fresh = isMissing(file, share);
          OpenMode mode = fresh ? OpenMode.CREATE : OpenMode.WRITE;
          return open(file, mode, share, sql -> appending(file, database, share, sql, fresh));
        });
  }

  static ArchiveFile read(Path file, ShareFiles share) {
    return share.reach(
        "open the archive",
        file,
        () -> {
          if (isMissing(file, share)) {
            throw missing(file);
          }
          return open(file, OpenMode.READ, share, sql -> checked(file, share, sql));
        });
  }

  private static ArchiveFile open(
      Path file, OpenMode mode, ShareFiles share, Function<Sql, ArchiveFile> check) {
    Sql sql = Sql.open(file, mode, BUSY).attendedBy(share::isWaitedFor);
    boolean wanted = false;
    try {
      ArchiveFile archive = check.apply(sql);
      wanted = share.isWaitedFor();
      return archive;
    } finally {
      if (!wanted) {
        sql.close();
      }
    }
  }

  private static ArchiveFile appending(
      Path file, String database, ShareFiles share, Sql sql, boolean fresh) {
    if (fresh) {
      ArchiveTables.begin(sql, database);
    }
    ArchiveFile archive = checked(file, share, sql);
    if (!archive.database().equals(database)) {
      throw new Failure(
          Failure.USAGE,
          file + " is an archive of the database " + archive.database() + ", not of " + database,
          "name another file; nothing was changed");
    }
    sql.execute("PRAGMA synchronous=EXTRA");
    return archive;
  }

  private static boolean isMissing(Path file, ShareFiles share) throws IOException {
    try {
      return share.stat(file).size() == 0;
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  static Failure missing(Path file) {
    return new Failure(Failure.USAGE, "there is no archive " + file, "see how it is spelt");
  }

  private static ArchiveFile checked(Path file, ShareFiles share, Sql sql) {
    long format;
    try {
      boolean ours =
          sql.exists("SELECT 1 FROM sqlite_master WHERE type='table' AND name='tidemark_archive'");
      format = ours ? sql.number("SELECT value FROM tidemark_archive WHERE key='format'") : 0;
    } catch (Failure e) {
      if (!e.isDamage()) {
        throw e;
      }
      format = 0;
    }
    if (format != ArchiveTables.FORMAT) {
      throw foreign(
          file,
          format > ArchiveTables.FORMAT
              ? "was written by a newer Tidemark"
              : "is no archive of Tidemark's");
    }
    return new ArchiveFile(file, share, sql);
  }

  static Failure foreign(Path file, String why) {
    return new Failure(
        Failure.REFUSED, file + " " + why, "name another file; this one was left as it is");
  }

  /** Whoever comes back from a share that hung, and is waited for no more, leaves nothing open. */
  private <T> T reach(String doing, Supplier<T> work) {
    return share.reach(
        doing,
        file,
        () -> {
          try {
            return work.get();
          } finally {
            if (!share.isWaitedFor()) {
              sql.close();
            }
          }
        });
  }

  private <T> T reading(Supplier<T> work) {
    return reach("read the archive", work);
  }

  String database() {
    return reading(
        () ->
            sql.first("SELECT value FROM tidemark_archive WHERE key='database'", c -> c.string(1))
                .orElse(""));
  }

  /** For an archive on this machine's own disk. */
  Sql sql() {
    return sql;
  }

  /** The tables it holds rows of. */
  Set<String> tables() {
    return reading(
        () -> new TreeSet<>(sql.query("SELECT name FROM tidemark_tables", c -> c.string(1))));
  }

  List<String> keyOf(String table) {
    return reading(() -> tables.keyOf(table));
  }

  // ---- adding

  /** Who archives what; returns the number its rows get. */
  long run(
      String at, String by, String workstation, String table, String dateColumn, String before) {
    return reach(
        "write the archive",
        () -> {
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
        });
  }

  /** Adds what it does not hold yet, in one transaction. */
  void keep(long run, List<ArchivedRow> copies) {
    boolean unused =
        reach(
            "write the archive",
            () -> {
              try {
                sql.inTransaction(() -> copies.forEach(copy -> tables.add(run, copy)));
                return true;
              } finally {
                tables.forget();
              }
            });
  }

  // ---- reading

  /** The rows it holds under these keys. */
  Map<RowId, List<Row>> rows(Set<RowId> wanted) {
    return reading(
        () -> {
          Map<RowId, List<Row>> found = new HashMap<>();
          wanted.forEach(id -> found.put(id, tables.held(id.table(), id.key())));
          return found;
        });
  }

  /** The numbers of the rows, of each key the one archived last. */
  List<Long> newest(String table) {
    return newest(table, List.of(), List.of());
  }

  /** The numbers of the rows with these values, of each key the one archived last. */
  List<Long> newest(String table, List<String> where, List<? extends @Nullable Object> values) {
    return reading(
        () -> {
          if (!tables.columns(table).containsAll(where)) {
            return List.of();
          }
          String condition =
              where.stream()
                  .map(c -> " AND " + Sql.name(c) + " IS ?")
                  .collect(Collectors.joining());
          return sql.query(
              "SELECT max("
                  + NUMBER
                  + ") FROM "
                  + Sql.name(table)
                  + " WHERE 1"
                  + condition
                  + " GROUP BY "
                  + list(tables.keyOf(table))
                  + " ORDER BY 1",
              c -> c.number(1),
              values.toArray());
        });
  }

  Row row(String table, long number) {
    return stored(table, number).row();
  }

  Stored stored(String table, long number) {
    return reading(() -> tables.select(table, NUMBER + "=?", number).get(0));
  }

  @Override
  public void close() {
    boolean unused =
        reach(
            "close the archive",
            () -> {
              sql.close();
              return true;
            });
  }
}
