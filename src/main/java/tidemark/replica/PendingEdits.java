package tidemark.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.Columns;
import tidemark.change.Parents;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.jdbc.Cells;
import tidemark.jdbc.Sql;

/** A table's rows beside what is remembered of them: where they differ, somebody edited. */
public final class PendingEdits {
  private static final String BY_TRIGGER = "found=0 AND own_time<>2";

  private final Sql sql;
  private final TableShape shape;
  private final TableSql text;
  private final Columns columns;
  private final Shadow shadow;
  private final KeyCheck keyCheck;

  PendingEdits(
      Sql sql, TableShape shape, TableSql text, Columns columns, Shadow shadow, KeyCheck keyCheck) {
    this.sql = sql;
    this.shape = shape;
    this.text = text;
    this.columns = columns;
    this.shadow = shadow;
    this.keyCheck = keyCheck;
  }

  /** Edited rows, for as long as more are wanted: what is remembered, and the row as it is now. */
  public void eachPending(PendingRow consumer) {
    eachPending(
        List.of(), (key, remembered, row, parents) -> consumer.accept(key, remembered, row));
  }

  /**
   * What rows of the table refer to.
   *
   * @param recordOfParent the SELECT of the record that a row refers to
   */
  public record ToParent(List<String> reference, String recordOfParent) {}

  /** The same, with the records that the rows refer to by these foreign keys of this table. */
  public void eachPending(List<ToParent> parentsOf, PendingChild consumer) {
    List<List<String>> references = parentsOf.stream().map(ToParent::reference).toList();
    int width = shadow.keyColumns().size();
    sql.eachWhile(
        selectPending(parentsOf.stream().map(ToParent::recordOfParent).toList()),
        cells -> {
          Remembered remembered = ShadowTable.rememberedAt(cells, width + 1);
          int at = width + ShadowTable.FIELDS + 1;
          Row row = cells.flag(at) ? new Row(columns, cells.values(at + 1, columns.size())) : null;
          int after = at + 1 + columns.size();
          Parents parents =
              row == null || references.isEmpty()
                  ? Parents.UNTOLD
                  : new Parents(references, records(cells, after, references.size()));
          return consumer.accept(RowKey.of(cells.values(1, width)), remembered, row, parents);
        });
  }

  private static List<@Nullable String> records(Cells cells, int from, int count) {
    List<@Nullable String> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      records.add(cells.text(from + i));
    }
    return records;
  }

  /** As {@link PendingRow}, with what the row refers to. */
  public interface PendingChild {
    boolean accept(RowKey key, Remembered remembered, @Nullable Row row, Parents parents);
  }

  /**
   * The widest of our statements: what SQLite does not take of it, it takes of no run.
   *
   * @param more what is asked of each row besides
   */
  String selectPending(List<String> more) {
    return "SELECT "
        + ShadowTable.selectList("s.", shadow.keyColumns().size())
        + ", t."
        + Sql.name(shape.key().get(0))
        + " IS NOT NULL, "
        + TableSql.names("t.", columns.names())
        + more.stream().map(expression -> ", " + expression).collect(Collectors.joining())
        + " FROM "
        + shadow.quoted()
        + " s LEFT JOIN "
        + text.name()
        + " t ON "
        + sameKey()
        + " WHERE s.edits IS NOT NULL";
  }

  private String sameKey() {
    return text.sameKey("t.", shadow.keyColumns().stream().map(k -> "s." + k).toList());
  }

  /** What eachPending hands over; false ends it. The row is null where it was deleted. */
  public interface PendingRow {
    boolean accept(RowKey key, Remembered remembered, @Nullable Row row);
  }

  /** Keys whose row was there when it was settled, was not marked since, and is not there now. */
  public List<RowKey> vanished() {
    return sql.query(
        "SELECT "
            + shadow.keyColumns().stream().map(k -> "s." + k).collect(Collectors.joining(","))
            + " FROM "
            + shadow.quoted()
            + " s WHERE s.digest IS NOT NULL AND s.edits IS NULL AND NOT EXISTS(SELECT 1 FROM "
            + text.name()
            + " t WHERE "
            + sameKey()
            + ")",
        c -> RowKey.of(c.values(1, shape.key().size())));
  }

  /**
   * Keys of rows that others pushed out. INSERT OR REPLACE and UPDATE OR REPLACE fire no trigger
   * for those, but one for the row that took their place: they are looked for only where something
   * is pending, and one by one only where there are fewer rows than is remembered.
   */
  public List<RowKey> evicted() {
    boolean possible = shape.evicts() > 0 && (shadow.hasMarks() || keyCheck.rowsWithoutKey() > 0);
    return possible ? missing() : List.of();
  }

  /** As vanished, at the cost of counting where nothing is missing. */
  public List<RowKey> missing() {
    return count() == countRemembered() ? List.of() : vanished();
  }

  private long count() {
    return sql.number("SELECT count(*) FROM " + text.name()) - keyCheck.rowsWithoutKey();
  }

  private long countRemembered() {
    String marked =
        "SELECT count(*) FROM "
            + shadow.quoted()
            + " s WHERE s.edits IS NOT NULL AND EXISTS(SELECT 1 FROM "
            + text.name()
            + " t WHERE "
            + sameKey()
            + ")";
    String settled =
        "SELECT count(*) FROM " + shadow.quoted() + " WHERE digest IS NOT NULL AND edits IS NULL";
    return sql.number(settled) + sql.number(marked);
  }

  /** So many rows at most can the edits pending here have pushed out. */
  public long evictedAtMost() {
    int each = shape.evicts();
    return each == 0
        ? 0
        : each
            * sql.number(
                "SELECT sum(length(edits))/16 FROM "
                    + shadow.quoted()
                    + " WHERE edits IS NOT NULL AND "
                    + BY_TRIGGER);
  }

  /**
   * These rows were pushed out by an edit, and nobody knows by which: it was not later than the
   * last that was captured here.
   */
  public void markEvicted(List<RowKey> keys) {
    String last =
        sql.first(
                "SELECT coalesce(max(moment),strftime('%Y-%m-%d %H:%M:%f','now')) FROM "
                    + shadow.quoted()
                    + " WHERE edits IS NOT NULL AND "
                    + BY_TRIGGER,
                c -> c.string(1))
            .orElse("");
    keys.forEach(key -> shadow.markDeleted(key, last));
  }

  /** Rows nobody has looked at yet, as at first contact. */
  public long countUnseen() {
    return sql.number(
        "SELECT count(*) FROM "
            + text.name()
            + " t WHERE NOT EXISTS(SELECT 1 FROM "
            + shadow.quoted()
            + " s WHERE "
            + sameKey()
            + ")");
  }

  /** At first contact every row is one that others may not know yet. */
  public void markAllFound(String now) {
    sql.update(
        "INSERT INTO "
            + shadow.quoted()
            + "("
            + String.join(",", shadow.keyColumns())
            + ",edits,moment,own_time,own_user,found) SELECT "
            + text.keyList()
            + ",lower(hex(randomblob(8))),?,1,1,1 FROM "
            + text.name()
            + " WHERE "
            + text.hasKey(),
        now);
  }

  /** These rows are to be posted, as old as the change that settled them. */
  void markAsOld(String where, @Nullable Object... args) {
    sql.update(
        "UPDATE "
            + shadow.quoted()
            + " SET edits=lower(hex(randomblob(8))), moment=strftime('%Y-%m-%d %H:%M:%f', coalesce(at,0)/1000.0, 'unixepoch'), own_time=2, own_user=1, found=0 WHERE ("
            + String.join(",", shadow.keyColumns())
            + ") IN (SELECT "
            + text.keyList()
            + " FROM "
            + text.name()
            + where
            + ")",
        args);
  }

  /**
   * What later entries settled is pending again, with its tokens and its time: those entries are no
   * more. A record born in them is a new one again; of an older one the content is not known any
   * more.
   */
  void unsettleAfter(long entry) {
    unsettle(entry, Long.MAX_VALUE);
  }

  /** The same of what was settled after an entry and before another one. */
  public void unsettle(long after, long before) {
    sql.update(
        "UPDATE "
            + shadow.quoted()
            + " SET"
            + " edits=coalesce(CASE WHEN first IS NOT NULL AND first IS NOT token THEN first END,'')||coalesce(token,'')||coalesce(edits,''),"
            + " moment=CASE WHEN edits IS NULL THEN strftime('%Y-%m-%d %H:%M:%f', coalesce(at,0)/1000.0, 'unixepoch') ELSE moment END,"
            + " own_time=CASE WHEN edits IS NULL THEN 2 ELSE own_time END,"
            + " own_user=CASE WHEN edits IS NULL THEN 1 ELSE own_user END,"
            + " found=0,"
            + " entry=CASE WHEN birth>?1 AND digest IS NOT NULL THEN NULL ELSE ?1 END,"
            + " digest=CASE WHEN birth>?1 AND digest IS NOT NULL THEN NULL ELSE x'' END,"
            + " base=NULL"
            + " WHERE entry>?1 AND entry<?2",
        after,
        before);
  }
}
