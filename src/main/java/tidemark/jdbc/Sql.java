package tidemark.jdbc;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteLimits;
import org.sqlite.core.CoreStatement;
import tidemark.change.Failure;
import tidemark.change.RawText;

/**
 * One SQLite connection: query, update, inTransaction, with the SQL and the file in every error.
 *
 * <p>Foreign keys are not enforced on it, nothing is created that is not there, and a schema is not
 * trusted. Threading: one thread at a time.
 */
public final class Sql implements AutoCloseable {
  private static final int BATCH = 500;

  /** Some milliseconds' worth of SQLite's own instructions. */
  private static final int STEPS = 20_000;

  /** A tenth of a second's worth; the widest table there can be takes a hundredth of it. */
  private static final int CONFINED_STEPS = 2_000_000;

  private static final int CONFINED_TEXT = 500_000;
  private static final int CONFINED_PROGRAM = 50_000;

  private final String file;
  private final Connection connection;
  private final Statements statements;
  private @Nullable String encoding;
  private boolean inside;
  private BooleanSupplier attended = () -> true;
  private boolean exhausted;

  private Sql(String file, Connection connection) {
    this.file = file;
    this.connection = connection;
    this.statements = new Statements(connection);
  }

  public static Sql open(Path file, OpenMode mode, Duration busy) {
    return connect(file.toString(), mode, busy);
  }

  /** A throw-away database of its own. */
  public static Sql inMemory() {
    return connect(":memory:", OpenMode.CREATE, Duration.ZERO);
  }

  /** The same for what somebody else wrote: statements of moderate length, and so many steps. */
  public static Sql confined() {
    Sql sql = inMemory();
    sql.limit(SQLiteLimits.SQLITE_LIMIT_SQL_LENGTH, CONFINED_TEXT);
    sql.limit(SQLiteLimits.SQLITE_LIMIT_VDBE_OP, CONFINED_PROGRAM);
    return sql.attendedBy(new Steps(sql));
  }

  /** So many more steps; then it is exhausted. */
  private static final class Steps implements BooleanSupplier {
    private final Sql sql;
    private int left = CONFINED_STEPS / STEPS;

    Steps(Sql sql) {
      this.sql = sql;
    }

    @Override
    public boolean getAsBoolean() {
      sql.exhausted = --left < 0;
      return !sql.exhausted;
    }
  }

  /** From here on no value, and no row, is longer than this. */
  public void limitValues(int bytes) {
    limit(SQLiteLimits.SQLITE_LIMIT_LENGTH, bytes);
  }

  private void limit(SQLiteLimits what, int most) {
    try {
      connection.unwrap(SQLiteConnection.class).setLimit(what, most);
    } catch (SQLException e) {
      throw failure(e, "limit");
    }
  }

  /**
   * Has something asked again and again while a statement takes long, whether to go on: for a file
   * on a share, where nobody else can tell work from hanging.
   */
  public Sql attendedBy(BooleanSupplier goOn) {
    attended = goOn;
    try {
      ProgressHandler.setHandler(
          connection,
          STEPS,
          new ProgressHandler() {
            @Override
            protected int progress() {
              return goOn.getAsBoolean() ? 0 : 1;
            }
          });
    } catch (SQLException e) {
      throw failure(e, "progress handler");
    }
    return this;
  }

  private static Sql connect(String file, OpenMode mode, Duration busy) {
    return new Sql(file, Opening.connect(file, mode, busy));
  }

  /** All rows, mapped. */
  public <T> List<T> query(String sql, Function<Cells, T> mapper, @Nullable Object... args) {
    List<T> found = new ArrayList<>();
    each(sql, cells -> found.add(mapper.apply(cells)), args);
    return found;
  }

  /** The first row, mapped; empty where there is none, or nothing in it. */
  public <T> Optional<T> first(String sql, Function<Cells, T> mapper, @Nullable Object... args) {
    List<T> found = query(sql, mapper, args);
    return found.isEmpty() ? Optional.empty() : Optional.ofNullable(found.get(0));
  }

  /** The first value of the first row; 0 where there is none. */
  public long number(String sql, @Nullable Object... args) {
    return first(sql, cells -> cells.number(1), args).orElse(0L);
  }

  public boolean exists(String sql, @Nullable Object... args) {
    return first(sql, cells -> true, args).isPresent();
  }

  /** Hands over row after row without holding them all. */
  public void each(String sql, Consumer<Cells> consumer, @Nullable Object... args) {
    eachWhile(
        sql,
        cells -> {
          consumer.accept(cells);
          return true;
        },
        args);
  }

  /** Hands over row after row for as long as more are wanted. */
  public void eachWhile(String sql, Predicate<Cells> consumer, @Nullable Object... args) {
    using(
        RawTextSql.with(sql, args),
        statement -> {
          bind(statement, args);
          try (ResultSet rows = statement.executeQuery()) {
            Cells cells = new Cells(rows, ((CoreStatement) statement).pointer, this::isInUtf8);
            boolean more = true;
            while (more && rows.next()) {
              more = consumer.test(cells);
            }
          }
          return 0;
        });
  }

  /** Runs a statement with arguments and returns how many rows it changed. */
  public int update(String sql, @Nullable Object... args) {
    return using(
        RawTextSql.with(sql, args),
        statement -> {
          bind(statement, args);
          return statement.executeUpdate();
        });
  }

  /**
   * Runs a statement once for each of these arguments, cheaper than one call each, and returns how
   * many rows each changed.
   */
  public int[] updateEach(String sql, List<@Nullable Object[]> calls) {
    int[] changed = new int[calls.size()];
    int from = 0;
    while (from < calls.size()) {
      String text = RawTextSql.with(sql, calls.get(from));
      int to = from + 1;
      while (to < calls.size()
          && to - from < BATCH
          && RawTextSql.with(sql, calls.get(to)).equals(text)) {
        to++;
      }
      List<@Nullable Object[]> batch = calls.subList(from, to);
      int[] counts =
          using(
              text,
              statement -> {
                for (@Nullable Object[] args : batch) {
                  bind(statement, args);
                  statement.addBatch();
                }
                return statement.executeBatch();
              });
      System.arraycopy(counts, 0, changed, from, counts.length);
      from = to;
    }
    return changed;
  }

  /**
   * How a statement ended that a constraint may refuse.
   *
   * @param refusal null if all went well
   */
  public record Attempt(int changed, @Nullable Refusal refusal) {}

  /** As update, but a constraint that refuses the row is an answer. */
  public Attempt attempt(String text, @Nullable Object... args) {
    String sql = RawTextSql.with(text, args);
    if (!sql.equals(text) && !encoding().equals("UTF-8")) {
      return new Attempt(
          0,
          Refusal.because(
              "it holds text that is not UTF-8, which a database in "
                  + encoding()
                  + " cannot keep"));
    }
    return using(
        sql,
        statement -> {
          try {
            bind(statement, args);
            return new Attempt(statement.executeUpdate(), null);
          } catch (SQLException e) {
            if (SqliteError.refusesOneRow(e)) {
              Refusal refusal = Refusal.of(e);
              requireTransaction(refusal.why());
              return new Attempt(0, refusal);
            }
            throw e;
          }
        });
  }

  /**
   * All that the body does inside the present transaction, or nothing of it.
   *
   * @return SQLite's reason where it does not take one of the statements; null if all went well. A
   *     file that is locked, damaged or full is no such reason, and ends it.
   */
  public @Nullable String attempt(Runnable body) {
    execute("SAVEPOINT attempt");
    String refusal = null;
    boolean well = false;
    try {
      body.run();
      well = true;
    } catch (IllegalStateException | Failure e) {
      refusal = SqliteError.reason(e);
      if (refusal == null) {
        throw e;
      }
    } finally {
      if (!well) {
        execute("ROLLBACK TO attempt");
      }
      execute("RELEASE attempt");
    }
    return refusal;
  }

  /** Whether what failed is that a row was not taken, and not that the file or the disk cannot. */
  public static boolean isOfTheRow(Failure failure) {
    return failure.getCause() instanceof RolledBack
        || (failure.getCause() instanceof SQLException e && SqliteError.leavesOrphans(e));
  }

  /** Has SQLite understand a statement without running it. */
  public void requireUnderstood(String sql) {
    execute("EXPLAIN " + sql);
  }

  /** What refused the row may have ended the transaction, too. */
  private void requireTransaction(String refusal) {
    if (inside && compilesAndRuns("BEGIN")) {
      throw new RolledBack(refusal); // out of a new one, which is rolled back as the other would be
    }
  }

  private boolean compilesAndRuns(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /** Runs a statement without arguments that is not worth keeping prepared. */
  public void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw failure(e, sql);
    }
  }

  /** Whether SQLite takes the statement for one it could run; it is not run. */
  public boolean compiles(String sql) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      return !statement.isClosed();
    } catch (SQLException e) {
      return false;
    }
  }

  /** One short write transaction: all of it or nothing. */
  public <T> T inTransaction(Supplier<T> body) {
    return between("BEGIN IMMEDIATE", body);
  }

  public void inTransaction(Runnable body) {
    inTransaction(
        () -> {
          body.run();
          return true;
        });
  }

  /** Several queries that see one and the same state. */
  public <T> T inReadTransaction(Supplier<T> body) {
    return between("BEGIN", body);
  }

  private <T> T between(String begin, Supplier<T> body) {
    execute(begin);
    inside = true;
    boolean committed = false;
    try {
      T result = body.get();
      execute("COMMIT");
      committed = true;
      return result;
    } finally {
      inside = false;
      if (!committed) {
        rollBack();
      }
    }
  }

  private void rollBack() {
    try (Statement statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      // SQLite has rolled back by itself (disk full, I/O error): the first failure is the one to
      // tell
      if (!String.valueOf(e.getMessage()).contains("no transaction is active")) {
        throw failure(e, "ROLLBACK");
      }
    }
  }

  private void showLife() {
    boolean unused = attended.getAsBoolean(); // the copy ends at the next file operation anyway
  }

  /** A consistent copy, page by page, through SQLite's backup; readers and writers may go on. */
  public void copyTo(Path copy) {
    try {
      int result =
          connection
              .unwrap(SQLiteConnection.class)
              .getDatabase()
              .backup("main", copy.toString(), (left, pages) -> showLife());
      if (result != SQLiteErrorCode.SQLITE_OK.code) {
        throw new Failure(
            result == SQLiteErrorCode.SQLITE_BUSY.code ? Failure.BUSY : Failure.INCOMPLETE,
            file + " could not be copied to " + copy + " (SQLite error " + result + ")",
            "check the space on the disk, and whether another program holds the database");
      }
    } catch (SQLException e) {
      throw failure(e, "backup to " + copy);
    }
  }

  /** An identifier as SQL writes it, whatever it contains. */
  public static String name(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** A text as SQL writes it. */
  public static String literal(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }

  /** How the database keeps text: UTF-8, UTF-16le or UTF-16be. */
  public String encoding() {
    return first("PRAGMA encoding", cells -> cells.string(1)).orElse("");
  }

  private boolean isInUtf8() {
    if (encoding == null) {
      encoding = encoding();
    }
    return encoding.equals("UTF-8");
  }

  public String file() {
    return file;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure(e, "close");
    }
  }

  private interface Use<T> {
    T with(PreparedStatement statement) throws SQLException;
  }

  private <T> T using(String sql, Use<T> use) {
    try {
      PreparedStatement statement = statements.take(sql);
      try {
        return use.with(statement);
      } finally {
        statements.giveBack(sql, statement);
      }
    } catch (SQLException e) {
      throw failure(e, sql);
    } catch (Broken e) {
      throw failure(e.reason, sql);
    }
  }

  private static void bind(PreparedStatement statement, @Nullable Object[] args)
      throws SQLException {
    for (int i = 0; i < args.length; i++) {
      Object arg = args[i];
      // its place is written as CAST(? AS TEXT), which takes the bytes as they are
      statement.setObject(i + 1, arg instanceof RawText raw ? raw.bytes() : arg);
    }
  }

  private RuntimeException failure(SQLException e, String sql) {
    if (exhausted) {
      return new IllegalStateException("it takes too long", e);
    }
    return SqliteError.failure(e, file, sql);
  }

  /** A statement that was refused took the whole transaction with it. */
  public static final class RolledBack extends RuntimeException {
    private static final long serialVersionUID = 1;

    RolledBack(String refusal) {
      super(refusal);
    }

    public String why() {
      return String.valueOf(getMessage());
    }
  }
}
