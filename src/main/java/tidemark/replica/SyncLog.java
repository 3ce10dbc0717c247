package tidemark.replica;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tidemark.change.Slice;
import tidemark.jdbc.Cells;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;

/** sync_log: one row for each run, in the database it was about; in the master everybody's. */
public final class SyncLog {
  private static final String COLUMNS =
      "timestamp, direction, status, records_pulled, records_pushed, conflicts, error_message, duration_ms, workstation, username, \"trigger\", details, run_id";

  private final Sql sql;

  public SyncLog(Sql sql) {
    this.sql = sql;
  }

  /** One run; its moment as it stands in the table, its details as JSON. */
  public record Run(
      String timestamp,
      String direction,
      String status,
      long pulled,
      long pushed,
      long conflicts,
      @Nullable String error,
      long durationMs,
      String workstation,
      String user,
      String trigger,
      @Nullable String details,
      String runId) {}

  /** A run as it stands under its number; 0 where it stands in no log here. */
  public record Row(long id, Run run) {}

  /**
   * Which runs are meant; null for no limit.
   *
   * @param since as it stands in the table
   * @param until the first moment that is too late
   * @param text part of the error, the details, or of who and where
   */
  public record Filter(
      @Nullable String since,
      @Nullable String until,
      @Nullable String status,
      @Nullable String workstation,
      @Nullable String trigger,
      @Nullable String text) {
    public Filter(@Nullable String since, @Nullable String status) {
      this(since, null, status, null, null, null);
    }
  }

  /** What a database holds, newest first, without changing anything in it. */
  public static List<Row> read(
      Path file, Duration busy, int limit, @Nullable String since, @Nullable String status) {
    return read(file, busy, List.of(), log -> log.last(limit, since, status));
  }

  /** So many of those that are meant, newest first, after leaving out some. */
  public static Slice<Row> read(Path file, Duration busy, Filter filter, int limit, int offset) {
    return read(file, busy, new Slice<>(List.of(), 0), log -> log.page(filter, limit, offset));
  }

  /** So many of these runs that are meant, newest first. */
  public static Slice<Row> among(List<Run> runs, Filter filter, int limit) {
    try (Sql sql = Sql.inMemory()) {
      sql.inTransaction(() -> OwnTables.make(sql));
      SyncLog log = new SyncLog(sql);
      runs.forEach(log::writeOnce);
      Slice<Row> found = log.page(filter, limit, 0);
      List<Row> rows = found.items().stream().map(row -> new Row(0, row.run())).toList();
      return new Slice<>(rows, found.total());
    }
  }

  /** What is asked of a database's log without changing anything in it, where it has one. */
  public static <T> T read(Path file, Duration busy, T none, Function<SyncLog, T> work) {
    try (Sql sql = Sql.open(file, OpenMode.READ, busy)) {
      return sql.exists("SELECT 1 FROM pragma_table_info('sync_log') WHERE name='run_id'")
          ? work.apply(new SyncLog(sql))
          : none;
    }
  }

  /**
   * Hands over every run since then without holding them all; none where there is no such table.
   */
  public static void each(Sql sql, String since, Consumer<Run> consumer) {
    if (sql.exists("SELECT 1 FROM pragma_table_info('sync_log') WHERE name='run_id'")) {
      sql.each(
          "SELECT id, " + COLUMNS + " FROM sync_log WHERE timestamp>=?",
          cells -> consumer.accept(row(cells).run()),
          since);
    }
  }

  public void write(Run r) {
    sql.update(
        "INSERT INTO sync_log(" + COLUMNS + ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)",
        r.timestamp(),
        r.direction(),
        r.status(),
        r.pulled(),
        r.pushed(),
        r.conflicts(),
        r.error(),
        r.durationMs(),
        r.workstation(),
        r.user(),
        r.trigger(),
        r.details(),
        r.runId());
  }

  /** Each run stands in the master once, however often it is offered. */
  public void writeOnce(Run run) {
    if (!has(run.runId())) {
      write(run);
    }
  }

  public boolean has(String runId) {
    return sql.exists("SELECT 1 FROM sync_log WHERE run_id=?", runId);
  }

  /**
   * So many of those that are meant, newest first, after leaving out some; and how many there are.
   */
  public Slice<Row> page(Filter filter, int limit, int offset) {
    return new Slice<>(find(filter, limit, offset), count(filter));
  }

  /** Newest first. */
  public List<Row> last(int limit, @Nullable String since, @Nullable String status) {
    return find(new Filter(since, status), limit, 0);
  }

  /** Those that were written after the one of this number, oldest first. */
  public List<Row> after(long id) {
    return sql.query(
        "SELECT id, " + COLUMNS + " FROM sync_log WHERE id>? ORDER BY id", SyncLog::row, id);
  }

  private List<Row> find(Filter filter, int limit, int offset) {
    List<@Nullable Object> args = new ArrayList<>();
    String where = where(filter, args);
    args.add(limit);
    args.add(offset);
    return sql.query(
        "SELECT id, "
            + COLUMNS
            + " FROM sync_log"
            + where
            + " ORDER BY timestamp DESC, id DESC LIMIT ? OFFSET ?",
        SyncLog::row,
        args.toArray());
  }

  private long count(Filter filter) {
    List<@Nullable Object> args = new ArrayList<>();
    String where = where(filter, args);
    return sql.number("SELECT count(*) FROM sync_log" + where, args.toArray());
  }

  private static String where(Filter filter, List<@Nullable Object> args) {
    StringBuilder where = new StringBuilder(" WHERE true");
    and(where, " AND timestamp>=?", filter.since(), args);
    and(where, " AND timestamp<?", filter.until(), args);
    and(where, " AND status=?", filter.status(), args);
    and(where, " AND workstation=?", filter.workstation(), args);
    and(where, " AND \"trigger\"=?", filter.trigger(), args);
    and(
        where,
        " AND instr(lower(concat_ws(' ', error_message, details, workstation, username)), lower(?))>0",
        filter.text(),
        args);
    return where.toString();
  }

  private static void and(
      StringBuilder where, String condition, @Nullable String value, List<@Nullable Object> args) {
    if (value != null) {
      where.append(condition);
      args.add(value);
    }
  }

  private static Row row(Cells c) {
    return new Row(
        c.number(1),
        new Run(
            c.string(2),
            c.string(3),
            c.string(4),
            c.number(5),
            c.number(6),
            c.number(7),
            c.text(8),
            c.number(9),
            c.string(10),
            c.string(11),
            c.string(12),
            c.text(13),
            c.string(14)));
  }

  /** Old rows go, and all but so many of the newest; says how many. */
  public int prune(String before, int keepRows) {
    return sql.update(
        "DELETE FROM sync_log WHERE timestamp<? OR id<=(SELECT max(id) FROM sync_log)-?",
        before,
        keepRows);
  }
}
