package tidemark.replica;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tidemark.change.Position;
import tidemark.change.SqlName;
import tidemark.jdbc.Sql;

/**
 * What is remembered of each table as a whole: how far it has read the ledger, its shape when it
 * was last looked at, what of it the ledger knows, and whether it must be compared row by row.
 */
public final class TableStates {
  /** The note that counts a table's edits which were stamped in local time. */
  public static final String LOCAL_TIME = "local time ";

  /** So many of the last entries are remembered one by one; whoever kept them puts them back. */
  private static final long NEWEST = 2_000;

  /** Of older ones each so many, once they are retired. */
  private static final int APART = 100;

  /** So many are forgotten in one transaction. */
  private static final int AT_ONCE = 5_000;

  private final Sql sql;

  TableStates(Sql sql) {
    this.sql = sql;
  }

  /** How far the table has read the ledger; null: never. */
  public @Nullable Position position(String table) {
    return sql.first(
            "SELECT position, hash FROM sync_tables WHERE name=? AND position IS NOT NULL",
            c -> new Position(c.number(1), c.string(2)),
            table)
        .orElse(null);
  }

  public Map<String, Position> positions() {
    Map<String, Position> all = new LinkedHashMap<>();
    sql.each(
        "SELECT name, position, hash FROM sync_tables WHERE position IS NOT NULL",
        c -> all.put(c.string(1), new Position(c.number(2), c.string(3))));
    return all;
  }

  public void advance(String table, Position position) {
    sql.update(
        "UPDATE sync_tables SET position=?, hash=? WHERE name=? AND (position IS NOT ? OR hash IS NOT ?)",
        position.number(),
        position.hash(),
        table,
        position.number(),
        position.hash());
  }

  public void forgetPosition(String table) {
    sql.update("UPDATE sync_tables SET position=NULL, hash=NULL WHERE name=?", table);
  }

  public void syncedAt(String table, String time) {
    sql.update("UPDATE sync_tables SET synced_at=? WHERE name=?", time, table);
  }

  public @Nullable String syncedAt(String table) {
    return sql.first("SELECT synced_at FROM sync_tables WHERE name=?", c -> c.text(1), table)
        .orElse(null);
  }

  Optional<String> spelling(String table) {
    return sql.first(
        "SELECT table_name FROM sync_columns WHERE table_name=?1 COLLATE NOCASE UNION SELECT name FROM sync_tables WHERE name=?1 COLLATE NOCASE",
        c -> c.string(1),
        table);
  }

  /** Of its columns, by their folded names. */
  Map<String, String> columnSpellings(String table) {
    Map<String, String> all = new HashMap<>();
    sql.query("SELECT name FROM sync_columns WHERE table_name=?", c -> c.string(1), table)
        .forEach(name -> all.putIfAbsent(SqlName.folded(name), name));
    return all;
  }

  /** The application spells the name of a table otherwise from now on. */
  void respell(String former, String table) {
    sql.update("UPDATE sync_tables SET name=? WHERE name=?", table, former);
    for (String own :
        List.of(
            "sync_columns",
            "sync_declared",
            "sync_held",
            "sync_waiting",
            "sync_rekeyed",
            "sync_conflicts")) {
      sql.update("UPDATE " + own + " SET table_name=? WHERE table_name=?", table, former);
    }
    sql.update("UPDATE sync_keys SET name=? WHERE name=?", table, former);
    for (String note : List.of(LOCAL_TIME, AddedColumns.NOTE)) {
      sql.update("UPDATE OR REPLACE sync_state SET key=? WHERE key=?", note + table, note + former);
    }
  }

  /** The application spells the name of a column otherwise from now on. */
  void respell(String table, String former, String column) {
    for (String own : List.of("sync_columns", "sync_declared", "sync_waiting")) {
      sql.update(
          "UPDATE OR IGNORE " + own + " SET name=? WHERE table_name=? AND name=?",
          column,
          table,
          former);
      sql.update("DELETE FROM " + own + " WHERE table_name=? AND name=?", table, former);
    }
  }

  boolean knows(String table) {
    return sql.exists("SELECT 1 FROM sync_tables WHERE name=?", table);
  }

  /** The ledger's definition of a table was passed by, since the table takes no part here. */
  public void passedBy(String table, boolean passedBy) {
    if (passedBy && !knows(table)) {
      begin(table);
    }
    sql.update("UPDATE sync_tables SET missing=? WHERE name=?", passedBy ? 1 : 0, table);
  }

  public Set<String> passedBy() {
    return new TreeSet<>(
        sql.query("SELECT name FROM sync_tables WHERE missing=1", c -> c.string(1)));
  }

  void begin(String table) {
    sql.update(
        "INSERT INTO sync_tables(name, generation, rescan, missing) VALUES(?, 1, 1, 0)", table);
  }

  /** The table must be compared row by row: edits may have happened unseen. */
  public Set<String> toRescan() {
    return new TreeSet<>(
        sql.query("SELECT name FROM sync_tables WHERE rescan<>0", c -> c.string(1)));
  }

  /** Why, and how, a table is compared row by row. */
  public enum Look {
    /** It need not be. */
    NONE,
    /** Edits may have gone by unseen. */
    UNSEEN_EDITS,
    /** As RESHAPED, and rows that vanished in numbers really were deleted. */
    ACCEPTED,
    /** Its columns are others now: rows differ without having been edited. */
    RESHAPED,
    /** Its shape changed while edits were pending: an index that is gone may have evicted rows. */
    EVICTED;

    boolean comparesRows() {
      return this != NONE && this != EVICTED;
    }
  }

  public void rescan(String table, Look look) {
    sql.update(
        "UPDATE sync_tables SET rescan=? WHERE name=?",
        List.of(Look.values()).indexOf(look),
        table);
  }

  public Look rescan(String table) {
    long stored = sql.number("SELECT rescan FROM sync_tables WHERE name=?", table);
    Look[] all = Look.values();
    return all[(int) Math.max(0, Math.min(all.length - 1, stored))];
  }

  public int generation(String table) {
    return (int) Math.max(1, sql.number("SELECT generation FROM sync_tables WHERE name=?", table));
  }

  // ---- columns

  /** The values that count as nothing in digests, fixed when each column was first seen. */
  Map<String, @Nullable Object> defaults(String table) {
    Map<String, @Nullable Object> defaults = new LinkedHashMap<>();
    sql.each(
        "SELECT name, default_value FROM sync_columns WHERE table_name=? AND has_default AND key_place IS NULL",
        c -> defaults.put(c.string(1), c.value(2)),
        table);
    return defaults;
  }

  Set<String> columns(String table) {
    return new LinkedHashSet<>(
        sql.query(
            "SELECT name FROM sync_columns WHERE table_name=? AND seen", c -> c.string(1), table));
  }

  /** Also those that were only announced. */
  List<String> everyColumn(String table) {
    return sql.query(
        "SELECT name FROM sync_columns WHERE table_name=?1 AND name<>'' UNION SELECT name FROM sync_declared WHERE table_name=?1",
        c -> c.string(1),
        table);
  }

  List<String> key(String table) {
    return sql.query(
        "SELECT name FROM sync_columns WHERE table_name=? AND key_place IS NOT NULL ORDER BY key_place",
        c -> c.string(1),
        table);
  }

  /** Has the ledger been told of the table, and of this column (empty: of the table)? */
  public boolean announced(String table, String column) {
    return sql.exists(
        "SELECT 1 FROM sync_columns WHERE table_name=? AND name=? AND announced IS NOT NULL",
        table,
        column);
  }

  /** Columns the ledger was ever told of, in this generation of the table or a former one. */
  Set<String> everAnnounced(String table) {
    return new TreeSet<>(
        sql.query(
            "SELECT name FROM sync_columns WHERE table_name=? AND announced IS NOT NULL UNION SELECT name FROM sync_declared WHERE table_name=?",
            c -> c.string(1),
            table,
            table));
  }

  /** Tables the ledger has told of, whether they are here or not. */
  Set<String> announcedTables() {
    return new TreeSet<>(
        sql.query(
            "SELECT table_name FROM sync_columns WHERE name='' AND announced IS NOT NULL",
            c -> c.string(1)));
  }

  public void announce(String table, List<String> columns, long entry) {
    List<String> all = new ArrayList<>(columns);
    all.add("");
    for (String column : all) {
      sql.update(
          "INSERT INTO sync_columns(table_name, name, announced, has_default, seen) SELECT ?, ?, ?, 0, 0 WHERE NOT EXISTS(SELECT 1 FROM sync_columns WHERE table_name=? AND name=?)",
          table,
          column,
          entry,
          table,
          column);
      sql.update(
          "UPDATE sync_columns SET announced=? WHERE table_name=? AND name=? AND coalesce(announced,-1)<0",
          entry,
          table,
          column);
    }
  }

  /** What was announced in entries that are no more must be announced again. */
  public void unannounceAfter(long entry) {
    sql.update("UPDATE sync_columns SET announced=NULL WHERE announced>?", entry);
  }

  /**
   * A new generation of the table: what the former one announced counts no more. A column that is
   * not in it is retired: the ledger is not told of it again, and the application may drop it.
   */
  public void retire(String table, List<String> columns) {
    sql.update(
        "UPDATE sync_columns SET announced=CASE WHEN seen AND announced IS NOT NULL AND name<>'' THEN -1 END WHERE table_name=?",
        table);
    for (String column : columns) {
      sql.update(
          "UPDATE sync_columns SET announced=NULL WHERE table_name=? AND name=?", table, column);
    }
  }

  boolean retired(String table, String column) {
    return sql.exists(
        "SELECT 1 FROM sync_columns WHERE table_name=? AND name=? AND announced<0", table, column);
  }

  /** Columns the ledger has values for that this table lacks. */
  public List<String> announcedColumns(String table) {
    return sql.query(
        "SELECT name FROM sync_columns WHERE table_name=? AND announced>=0 AND name<>''",
        c -> c.string(1),
        table);
  }

  void see(
      String table, TableShape.Column column, int keyPlace, Optional<ConstantDefault> constant) {
    @Nullable Object place = keyPlace < 0 ? null : (Object) (long) keyPlace;
    @Nullable Object value = constant.map(ConstantDefault::value).orElse(null);
    sql.update(
        "INSERT INTO sync_columns(table_name, name, key_place, has_default, default_value, seen) VALUES(?,?,?,?,?,1) "
            + "ON CONFLICT(table_name, name) DO UPDATE SET key_place=excluded.key_place, has_default=excluded.has_default, default_value=excluded.default_value, seen=1",
        table,
        column.name(),
        place,
        constant.isPresent() ? 1 : 0,
        value);
  }

  /** The shape as it is now is the one from here on; the ledger is to be told anew. */
  void accept(String table, int generation) {
    sql.update("DELETE FROM sync_columns WHERE table_name=?", table);
    sql.update("UPDATE sync_tables SET generation=? WHERE name=?", generation, table);
  }

  public void generation(String table, int generation) {
    sql.update("UPDATE sync_tables SET generation=? WHERE name=?", generation, table);
  }

  /** Was the column ever in this table, or only in what the ledger announced? */
  boolean seenHere(String table, String column) {
    return sql.exists(
        "SELECT 1 FROM sync_columns WHERE table_name=? AND name=? AND seen", table, column);
  }

  void forgetColumn(String table, String column) {
    sql.update("DELETE FROM sync_columns WHERE table_name=? AND name=?", table, column);
  }

  // ---- entries

  /** The replica keeps number and hash of every entry it applied, or met on a push. */
  public void met(Position entry) {
    sql.update(
        "INSERT OR REPLACE INTO sync_entries(number, hash) VALUES(?,?)",
        entry.number(),
        entry.hash());
  }

  public Optional<String> hashOf(long entry) {
    return sql.first("SELECT hash FROM sync_entries WHERE number=?", c -> c.string(1), entry);
  }

  /** The last entry of the ledger that was met here, even where no table has got so far. */
  public Position lastMet() {
    return sql.first(
            "SELECT number, hash FROM sync_entries ORDER BY number DESC LIMIT 1",
            c -> new Position(c.number(1), c.string(2)))
        .orElse(Position.START);
  }

  public boolean hasMetAny() {
    return lastMet().number() > 0;
  }

  /** The last one met before this entry. */
  public Position metBefore(long entry) {
    return sql.first(
            "SELECT number, hash FROM sync_entries WHERE number<? ORDER BY number DESC LIMIT 1",
            c -> new Position(c.number(1), c.string(2)),
            entry)
        .orElse(Position.START);
  }

  /**
   * Of the entries that the ledger has retired only each hundredth stays remembered, and what is
   * asked for by its number: those right before a table got its key, and these. Whoever finds no
   * other goes by the next one before, which is further back than need be, never too little.
   *
   * @param floor up to which entries are retired
   */
  public void thin(long floor, Set<Long> needed) {
    long below = Math.min(floor, lastMet().number() - NEWEST);
    String which =
        " FROM sync_entries WHERE number<? AND number%"
            + APART
            + "<>0 AND number NOT IN (SELECT since-1 FROM sync_keys) AND number NOT IN (SELECT value FROM json_each(?)) LIMIT ?";
    String numbers = needed.toString();
    while (sql.exists("SELECT 1" + which, below, numbers, 1)) {
      sql.inTransaction(
          () ->
              sql.update(
                  "DELETE FROM sync_entries WHERE number IN (SELECT number" + which + ")",
                  below,
                  numbers,
                  AT_ONCE));
    }
  }

  public void forgetEntriesAfter(long entry) {
    sql.update("DELETE FROM sync_entries WHERE number>?", entry);
  }

  /** A column's default where it is a constant. */
  record ConstantDefault(@Nullable Object value) {
    static Optional<ConstantDefault> of(TableShape.Column column) {
      String text = column.defaultSql();
      if (text.isEmpty() || text.equalsIgnoreCase("NULL")) {
        return Optional.of(new ConstantDefault(null));
      }
      if (text.toUpperCase(java.util.Locale.ROOT).startsWith("CURRENT_") || text.contains("(")) {
        return Optional.empty();
      }
      // let SQLite itself convert it as it will when storing
      try (Sql alone = Sql.inMemory()) {
        alone.execute("CREATE TABLE probe(x, c " + column.affinity() + " DEFAULT " + text + ")");
        alone.execute("INSERT INTO probe(x) VALUES(1)");
        return alone.first("SELECT c FROM probe", c -> new ConstantDefault(c.value(1)));
      } catch (IllegalStateException e) {
        return Optional.empty(); // no constant SQLite can store alone: it never counts as nothing
      }
    }
  }
}
