package tidemark.replica;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.jdbc.Sql;

/**
 * The order in which the ledger's changes came to this database, and when: each settled row has a
 * number, and the last one to arrive has the highest. The numbers of entries would not do, since a
 * row may wait for its parent while later entries are taken.
 *
 * <p>Guarantee: who has seen all up to a number, and asks for what came after it, misses nothing.
 * Only a database that answers programs has these numbers. Threading: as its {@link Replica}.
 */
public final class Arrivals {
  private final Replica replica;
  private final Sql sql;
  private final ArrivalNotes notes;

  public Arrivals(Replica replica) {
    this.replica = replica;
    this.sql = replica.sql();
    this.notes = new ArrivalNotes(sql);
  }

  // ---- numbering

  /** Whether each row that is settled gets a number. */
  public boolean areCounted() {
    return OwnTables.areForProgramsIn(sql)
        && replica.tables().values().stream().allMatch(table -> isCounted(table.shape()));
  }

  private boolean isCounted(TableShape shape) {
    return sql.exists(
        "SELECT 1 FROM sqlite_master WHERE type='trigger' AND name=? AND tbl_name=? COLLATE NOCASE",
        trigger("u", shape),
        ShadowTable.name(shape.name()));
  }

  /** From here on they do; those that are there already have arrived now. */
  public void count() {
    sql.inTransaction(
        () -> {
          OwnTables.makeForPrograms(sql);
          sql.update("INSERT OR IGNORE INTO sync_state VALUES(?, 0)", ArrivalNotes.COUNTER);
          notes.begin();
          for (SyncedTable table : replica.tables().values()) {
            if (!isCounted(table.shape())) {
              count(table.shape());
            }
          }
        });
  }

  private void count(TableShape shape) {
    String shadow = Sql.name(ShadowTable.name(shape.name()));
    boolean column =
        sql.exists(
            "SELECT 1 FROM pragma_table_info(?) WHERE name='arrived'",
            ShadowTable.name(shape.name()));
    if (!column) {
      sql.execute("ALTER TABLE " + shadow + " ADD COLUMN arrived INTEGER");
    }
    sql.execute(
        "CREATE INDEX IF NOT EXISTS "
            + Sql.name("sync_arrived_" + shape.name())
            + " ON "
            + shadow
            + "(arrived)");
    long last = last();
    String keys = String.join(",", ShadowTable.keyColumns(shape.key().size()));
    int settled =
        sql.update(
            "UPDATE "
                + shadow
                + " SET arrived=?+n.number FROM (SELECT "
                + keys
                + ", row_number() OVER () AS number FROM "
                + shadow
                + " WHERE entry IS NOT NULL) n WHERE "
                + same(shape, shadow + ".", "n."),
            last);
    sql.update("UPDATE sync_state SET value=? WHERE key=?", last + settled, ArrivalNotes.COUNTER);
    for (String kind : List.of("i", "u")) {
      sql.execute("DROP TRIGGER IF EXISTS " + Sql.name(trigger(kind, shape)));
      sql.execute(
          "CREATE TRIGGER "
              + Sql.name(trigger(kind, shape))
              + when(kind, shadow)
              + " BEGIN UPDATE sync_state SET value=value+1 WHERE key='"
              + ArrivalNotes.COUNTER
              + "'; UPDATE "
              + shadow
              + " SET arrived=(SELECT value FROM sync_state WHERE key='"
              + ArrivalNotes.COUNTER
              + "') WHERE "
              + same(shape, "", "NEW.")
              + "; END");
    }
  }

  private static String trigger(String kind, TableShape shape) {
    return "sync_arrived_" + kind + "_" + shape.name();
  }

  private static String when(String kind, String shadow) {
    return kind.equals("i")
        ? " AFTER INSERT ON " + shadow + " WHEN NEW.entry IS NOT NULL"
        : " AFTER UPDATE OF entry, token, digest ON "
            + shadow
            + " WHEN NEW.entry IS NOT NULL AND (NEW.entry IS NOT OLD.entry"
            + " OR NEW.token IS NOT OLD.token OR NEW.digest IS NOT OLD.digest)";
  }

  private static String same(TableShape shape, String one, String other) {
    return ShadowTable.keyColumns(shape.key().size()).stream()
        .map(k -> one + k + "=" + other + k)
        .collect(Collectors.joining(" AND "));
  }

  /** The number of the one that came last. */
  public long last() {
    return notes.last();
  }

  /** When it all came. */
  public ArrivalNotes notes() {
    return notes;
  }

  // ---- rows

  /**
   * A row as the ledger has it, or that it has none.
   *
   * @param arrived its number
   * @param row null where it was deleted
   */
  public record Arrived(
      SyncedTable table, RowKey key, Remembered remembered, long arrived, @Nullable Row row) {}

  /** Is handed one after the other; false ends it. */
  public interface Taker {
    boolean take(Arrived row);
  }

  /** Of the row under this key; beyond all numbers where it has not arrived yet. */
  public long numberOf(SyncedTable table, RowKey key) {
    return sql.first(
            "SELECT arrived FROM "
                + table.shadow().quoted()
                + " WHERE "
                + ShadowTable.keyColumns(key.size()).stream()
                    .map(k -> k + "=?")
                    .collect(Collectors.joining(" AND ")),
            c -> c.numberOrNull(1),
            (Object[]) key.parts())
        .orElse(Long.MAX_VALUE);
  }

  /** A table's rows by their keys, those of them that are there. */
  public void eachByKey(SyncedTable table, @Nullable RowKey after, Taker taker) {
    List<String> columns = ShadowTable.keyColumns(table.shape().key().size());
    String place = columns.stream().map(k -> "s." + k).collect(Collectors.joining(","));
    String beyond =
        after == null
            ? ""
            : " AND ("
                + place
                + ")>("
                + columns.stream().map(k -> "?").collect(Collectors.joining(","))
                + ")";
    each(
        table,
        " WHERE t."
            + Sql.name(table.shape().key().get(0))
            + " IS NOT NULL"
            + beyond
            + " ORDER BY "
            + place,
        taker,
        after == null ? new @Nullable Object[0] : after.parts());
  }

  /** What came to a table after this number and up to that one, in the order in which it came. */
  public void eachBetween(SyncedTable table, long after, long upTo, Taker taker) {
    each(table, " WHERE s.arrived>? AND s.arrived<=? ORDER BY s.arrived", taker, after, upTo);
  }

  /** How many rows {@link #eachByKey} gives. */
  public long count(SyncedTable table) {
    return sql.number(
        "SELECT count(*) FROM " + table.text().name() + " WHERE " + table.text().hasKey());
  }

  /** The numbers of what did, so many of them at most. */
  public List<Long> numbersAfter(SyncedTable table, long after, int most) {
    return sql.query(
        "SELECT arrived FROM "
            + table.shadow().quoted()
            + " WHERE arrived>? ORDER BY arrived LIMIT ?",
        c -> c.number(1),
        after,
        most);
  }

  /** The last entry of which a row had arrived by this number; 0 where there was none. */
  public long lastEntryUpTo(SyncedTable table, long number) {
    return sql.number(
        "SELECT max(entry) FROM " + table.shadow().quoted() + " WHERE arrived<=?", number);
  }

  /**
   * The lowest number among the rows that entries after this one have left; null: there are none.
   */
  public @Nullable Long firstAfterEntry(SyncedTable table, long entry) {
    return sql.first(
            "SELECT min(arrived) FROM " + table.shadow().quoted() + " WHERE entry>?",
            c -> c.numberOrNull(1),
            entry)
        .orElse(null);
  }

  private void each(SyncedTable table, String where, Taker taker, @Nullable Object... args) {
    TableShape shape = table.shape();
    int width = shape.key().size();
    int at = width + ShadowTable.FIELDS + 1;
    String same =
        table
            .text()
            .sameKey("t.", ShadowTable.keyColumns(width).stream().map(k -> "s." + k).toList());
    sql.eachWhile(
        "SELECT "
            + ShadowTable.selectList("s.", width)
            + ", s.arrived, t."
            + Sql.name(shape.key().get(0))
            + " IS NOT NULL, "
            + TableSql.names("t.", table.columns().names())
            + " FROM "
            + table.shadow().quoted()
            + " s LEFT JOIN "
            + table.text().name()
            + " t ON "
            + same
            + where,
        c ->
            taker.take(
                new Arrived(
                    table,
                    RowKey.of(c.values(1, width)),
                    ShadowTable.rememberedAt(c, width + 1),
                    c.number(at),
                    c.flag(at + 1)
                        ? new Row(table.columns(), c.values(at + 2, table.columns().size()))
                        : null)),
        args);
  }
}
