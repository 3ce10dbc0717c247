package tidemark.replica;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.Columns;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.change.TableRule;
import tidemark.change.Values;
import tidemark.jdbc.Cells;
import tidemark.jdbc.Sql;
import tidemark.replica.TableShape.Affinity;
import tidemark.replica.TableShape.Column;
import tidemark.replica.TableShape.Unique;

/**
 * One of the application's tables: its rows by key, and what is remembered of each ({@link
 * #shadow}). Whoever writes here keeps the triggers quiet ({@link Replica#applying}).
 */
public final class SyncedTable {
  /**
   * Above this many values one pass over the table is cheaper than as many look-ups without an
   * index.
   */
  private static final int FEW = 4;

  private static final long MILLISECONDS = 1_000_000_000_000L;

  private final Sql sql;
  private final TableShape shape;
  private final TableRule rule;
  private final Columns columns;
  private final Map<String, @Nullable Object> defaults;
  private final Digest digest;
  private final Shadow shadow;
  private final String quoted;
  private final String keyList;
  private final String whereKey;
  private final String selectRow;
  private final String stamp;
  private final Map<Columns, RowWriter> writers = new HashMap<>();

  SyncedTable(Sql sql, TableShape shape, TableRule rule, Map<String, @Nullable Object> defaults) {
    this.sql = sql;
    this.shape = shape;
    this.rule = rule;
    this.columns = new Columns(shape.columnNames());
    this.defaults = defaults;
    this.digest = new Digest(defaults);
    this.shadow = new Shadow(sql, shape);
    this.quoted = Sql.name(shape.name());
    this.keyList = names("", shape.key());
    this.whereKey = conditionOnKey();
    this.selectRow = "SELECT " + names("", columns.names()) + " FROM " + quoted;
    this.stamp =
        "UPDATE " + quoted + " SET updated_at=?, updated_by=?, synced_at=? WHERE " + whereKey;
  }

  private static String names(String prefix, List<String> columns) {
    return columns.stream().map(c -> prefix + Sql.name(c)).collect(Collectors.joining(","));
  }

  /**
   * By the index where there is one, and then to the bit: 'a' is not 'A', whatever the collation.
   */
  private String conditionOnKey() {
    return shape.key().stream()
        .map(Sql::name)
        .map(k -> shape.keyed() ? k + "=?" : k + "=? AND " + k + "=? COLLATE BINARY")
        .collect(Collectors.joining(" AND "));
  }

  @Nullable Object[] keyArgs(RowKey key) {
    if (shape.keyed()) {
      return key.parts();
    }
    @Nullable Object[] twice = new @Nullable Object[key.size() * 2];
    for (int i = 0; i < twice.length; i++) {
      twice[i] = key.part(i / 2);
    }
    return twice;
  }

  public TableShape shape() {
    return shape;
  }

  public String name() {
    return shape.name();
  }

  public TableRule rule() {
    return rule;
  }

  public Shadow shadow() {
    return shadow;
  }

  public Columns columns() {
    return columns;
  }

  public @Nullable Row row(RowKey key) {
    return sql.first(selectRow + " WHERE " + whereKey, this::rowAt, keyArgs(key)).orElse(null);
  }

  public boolean has(RowKey key) {
    return sql.exists("SELECT 1 FROM " + quoted + " WHERE " + whereKey, keyArgs(key));
  }

  private Row rowAt(Cells cells) {
    return new Row(columns, cells.values(1, columns.size()));
  }

  public RowKey keyOf(Row row) {
    return RowKey.of(shape.key().stream().map(row::get).toArray());
  }

  /** All rows, one after the other; rows without a whole key are left out. */
  public void eachRow(BiConsumer<RowKey, Row> consumer) {
    String keyed =
        shape.key().stream()
            .map(k -> Sql.name(k) + " IS NOT NULL")
            .collect(Collectors.joining(" AND "));
    sql.each(
        selectRow + " WHERE " + keyed,
        cells -> {
          Row row = rowAt(cells);
          consumer.accept(keyOf(row), row);
        });
  }

  /** Edited rows, for as long as more are wanted: what is remembered, and the row as it is now. */
  public void eachPending(PendingRow consumer) {
    String join = zip(shadow.keyColumns(), shape.key(), (k, c) -> "t." + Sql.name(c) + "=s." + k);
    String select =
        "SELECT "
            + Shadow.selectList("s.", shadow.keyColumns().size())
            + ", t."
            + Sql.name(shape.key().get(0))
            + " IS NOT NULL, "
            + names("t.", columns.names())
            + " FROM "
            + shadow.quoted()
            + " s LEFT JOIN "
            + quoted
            + " t ON "
            + join
            + (shape.keyed()
                ? ""
                : " AND "
                    + zip(
                        shadow.keyColumns(),
                        shape.key(),
                        (k, c) -> "t." + Sql.name(c) + "=s." + k + " COLLATE BINARY"))
            + " WHERE s.edits IS NOT NULL";
    int width = shadow.keyColumns().size();
    sql.eachWhile(
        select,
        cells -> {
          Remembered remembered = Shadow.rememberedAt(cells, width + 1);
          int at = width + Shadow.FIELDS + 1;
          Row row = cells.flag(at) ? new Row(columns, cells.values(at + 1, columns.size())) : null;
          return consumer.accept(RowKey.of(cells.values(1, width)), remembered, row);
        });
  }

  /** What eachPending hands over; false ends it. The row is null where it was deleted. */
  public interface PendingRow {
    boolean accept(RowKey key, Remembered remembered, @Nullable Row row);
  }

  static String zip(
      List<String> one, List<String> other, java.util.function.BinaryOperator<String> join) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < one.size(); i++) {
      parts.add(join.apply(one.get(i), other.get(i)));
    }
    return String.join(" AND ", parts);
  }

  public List<RowKey> keysWhere(List<String> where, List<? extends @Nullable Object> values) {
    String condition =
        where.stream().map(c -> Sql.name(c) + " IS ?").collect(Collectors.joining(" AND "));
    return sql.query(
        "SELECT " + keyList + " FROM " + quoted + " WHERE " + condition + notNull(shape.key()),
        c -> RowKey.of(c.values(1, shape.key().size())),
        values.toArray());
  }

  /** The rows that refer to these values. */
  public List<RowKey> keysReferring(ForeignKey foreign, List<? extends @Nullable Object> values) {
    return sql.query(
        "SELECT " + keyList + " FROM " + quoted + " WHERE " + referring(foreign),
        c -> RowKey.of(c.values(1, shape.key().size())),
        values.toArray());
  }

  private String referring(ForeignKey foreign) {
    return zip(
            foreign.columns(),
            foreign.collations(),
            (c, collation) -> Sql.name(c) + " IS ? COLLATE " + Sql.name(collation))
        + notNull(shape.key());
  }

  /** The key of a row that is remembered, here or gone, and that these values refer to. */
  public Optional<RowKey> rememberedKey(
      ForeignKey foreign, List<? extends @Nullable Object> values) {
    String same =
        zip(
            foreign.parentColumns(),
            foreign.collations(),
            (c, collation) ->
                shadow.keyColumns().get(shape.key().indexOf(c))
                    + "=? COLLATE "
                    + Sql.name(collation));
    return sql.first(
        "SELECT "
            + String.join(",", shadow.keyColumns())
            + " FROM "
            + shadow.quoted()
            + " WHERE "
            + same
            + " ORDER BY edits IS NULL, entry DESC LIMIT 1",
        c -> RowKey.of(c.values(1, shape.key().size())),
        values.toArray());
  }

  /**
   * The rows that refer to any of these values, found in one pass however many there are.
   *
   * @param wanted in the form in which they can be compared
   */
  public void eachReferring(
      ForeignKey foreign,
      Set<List<@Nullable Object>> wanted,
      BiConsumer<RowKey, List<@Nullable Object>> consumer) {
    int width = foreign.columns().size();
    String select =
        "SELECT " + names("", foreign.columns()) + "," + keyList + " FROM " + quoted + " WHERE ";
    List<List<@Nullable Object>> found = new ArrayList<>();
    java.util.function.Consumer<Cells> collect =
        cells ->
            found.add(
                new ArrayList<>(
                    java.util.Arrays.asList(cells.values(1, width + shape.key().size()))));
    if (wanted.size() <= FEW) {
      wanted.forEach(values -> sql.each(select + referring(foreign), collect, values.toArray()));
    } else {
      sql.each(
          select
              + foreign.columns().stream()
                  .map(c -> Sql.name(c) + " IS NOT NULL")
                  .collect(Collectors.joining(" AND "))
              + notNull(shape.key()),
          collect);
      found.removeIf(row -> !wanted.contains(foreign.comparable(row.subList(0, width))));
    }
    for (List<@Nullable Object> row : found) {
      consumer.accept(RowKey.of(row.subList(width, row.size()).toArray()), row.subList(0, width));
    }
  }

  private static String notNull(List<String> columns) {
    return columns.stream()
        .map(c -> " AND " + Sql.name(c) + " IS NOT NULL")
        .collect(Collectors.joining());
  }

  /** The other rows that hold a value which must be unique and which this row holds too. */
  public Set<RowKey> othersWithValuesOf(Row row, RowKey except) {
    Set<RowKey> found = new LinkedHashSet<>();
    for (Unique unique : shape.uniques()) {
      List<@Nullable Object> values = new ArrayList<>();
      unique.columns().forEach(c -> values.add(row.get(c)));
      if (values.contains(null)) {
        continue; // NULLs collide with nothing
      }
      String same =
          zip(
              unique.columns(),
              unique.collations(),
              (c, coll) -> Sql.name(c) + "=? COLLATE " + Sql.name(coll));
      sql.each(
          "SELECT " + keyList + " FROM " + quoted + " WHERE " + same + notNull(shape.key()),
          c -> found.add(RowKey.of(c.values(1, shape.key().size()))),
          values.toArray());
    }
    if (shape.opaqueUnique()) {
      found.clear();
      found.addAll(new Eviction(sql, this).of(row));
    }
    found.remove(except);
    return found;
  }

  public void delete(RowKey key) {
    sql.update("DELETE FROM " + quoted + " WHERE " + whereKey, keyArgs(key));
  }

  /** Inserts or updates the row under its key; the reason if a constraint refuses it, else null. */
  public @Nullable String put(Row row, String syncedAt) {
    return writer(row.columns()).put(row, syncedAt);
  }

  private RowWriter writer(Columns incoming) {
    return writers.computeIfAbsent(incoming, i -> new RowWriter(sql, this, i));
  }

  /** Rows with these columns bring all that digests look at. */
  public boolean isCoveredBy(Columns incoming) {
    return writer(incoming).whole();
  }

  /** Which of these columns this table does not have. */
  public List<String> unknownOf(Columns incoming) {
    return writer(incoming).unknown();
  }

  String quoted() {
    return quoted;
  }

  String keyList() {
    return keyList;
  }

  String whereKey() {
    return whereKey;
  }

  /** Overwrites some values of a row that is there. */
  public void set(RowKey key, Map<String, ? extends @Nullable Object> values) {
    sql.update(setStatement(values), setArgs(key, values));
  }

  /** The same; the reason if a constraint refuses it, else null. */
  public @Nullable String attemptSet(RowKey key, Map<String, ? extends @Nullable Object> values) {
    return sql.attempt(setStatement(values), setArgs(key, values));
  }

  private String setStatement(Map<String, ? extends @Nullable Object> values) {
    String set =
        values.keySet().stream()
            .map(column -> Sql.name(column) + "=?")
            .collect(Collectors.joining(","));
    return "UPDATE OR ABORT " + quoted + " SET " + set + " WHERE " + whereKey;
  }

  private @Nullable Object[] setArgs(RowKey key, Map<String, ? extends @Nullable Object> values) {
    List<@Nullable Object> args = new ArrayList<>(values.values());
    args.addAll(java.util.Arrays.asList(keyArgs(key)));
    return args.toArray();
  }

  /** The bookkeeping of a row that has been posted. */
  public record Stamp(RowKey key, @Nullable Object updatedAt, @Nullable Object updatedBy) {}

  public void stamp(List<Stamp> posted, String syncedAt) {
    List<@Nullable Object[]> calls = new ArrayList<>(posted.size());
    for (Stamp one : posted) {
      @Nullable Object[] keys = keyArgs(one.key());
      @Nullable Object[] args = new @Nullable Object[3 + keys.length];
      args[0] = one.updatedAt();
      args[1] = one.updatedBy();
      args[2] = syncedAt;
      System.arraycopy(keys, 0, args, 3, keys.length);
      calls.add(args);
    }
    sql.updateEach(stamp, calls);
  }

  /** The column holds what it holds where nobody wrote it. */
  public boolean isDefault(String column, @Nullable Object value) {
    return Values.same(value, defaults.get(column));
  }

  /** False for a column declared for numbers: epoch times, or numbers of users. */
  public boolean takesText(String column) {
    Affinity affinity = shape.column(column).affinity();
    return affinity != Affinity.INTEGER && affinity != Affinity.REAL;
  }

  /** What a time looks like in such a column: one that is there, or any in milliseconds. */
  public Object timeAsNumber(String column) {
    String name = Sql.name(column);
    return sql.first(
            "SELECT "
                + name
                + " FROM "
                + quoted
                + " WHERE "
                + name
                + " BETWEEN 1e8 AND 1e13 LIMIT 1",
            c -> c.number(1))
        .orElse(MILLISECONDS);
  }

  public byte[] digest(Row row) {
    return digest.of(row);
  }

  /** Equal content, whatever the sync columns say; columns that only one side has do not count. */
  public boolean same(@Nullable Row one, @Nullable Row other) {
    if (one == null || other == null) {
      return one == other;
    }
    for (Column column : shape.columns()) {
      String name = column.name();
      if (SyncColumns.contains(name) || !one.has(name) || !other.has(name)) {
        continue;
      }
      if (!Values.same(one.get(name), other.get(name))) {
        return false;
      }
    }
    return true;
  }

  /**
   * The incoming row as it will be here: columns it lacks keep what is here, those unknown here go.
   */
  public Row overlay(@Nullable Row here, Row incoming) {
    if (incoming.columns().equals(columns)) {
      return incoming;
    }
    Map<String, @Nullable Object> merged =
        here == null ? new java.util.LinkedHashMap<>() : here.asMap();
    for (int i = 0; i < incoming.columns().size(); i++) {
      String name = incoming.columns().names().get(i);
      if (columns.has(name)) {
        merged.put(name, incoming.values()[i]);
      }
    }
    return Row.of(merged);
  }

  /** At first contact every row is one that others may not know yet. */
  public void markAllFound(String now) {
    sql.update(
        "INSERT INTO "
            + shadow.quoted()
            + "("
            + String.join(",", shadow.keyColumns())
            + ",edits,moment,own_time,own_user,found) SELECT "
            + keyList
            + ",lower(hex(randomblob(8))),?,1,1,1 FROM "
            + quoted
            + " WHERE true"
            + notNull(shape.key()),
        now);
  }

  /**
   * What later entries settled is pending again, with its tokens and its time: those entries are no
   * more. A record born in them is a new one again; of an older one the content is not known any
   * more.
   */
  public void unsettleAfter(long entry) {
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
            + " WHERE entry>?1",
        entry);
  }

  /** Keys whose row was there when it was settled, was not marked since, and is not there now. */
  public List<RowKey> vanished() {
    String same = zip(shadow.keyColumns(), shape.key(), (k, c) -> "t." + Sql.name(c) + "=s." + k);
    return sql.query(
        "SELECT "
            + shadow.keyColumns().stream().map(k -> "s." + k).collect(Collectors.joining(","))
            + " FROM "
            + shadow.quoted()
            + " s WHERE s.digest IS NOT NULL AND s.edits IS NULL AND NOT EXISTS(SELECT 1 FROM "
            + quoted
            + " t WHERE "
            + same
            + ")",
        c -> RowKey.of(c.values(1, shape.key().size())));
  }

  public long count() {
    return sql.number("SELECT count(*) FROM " + quoted);
  }

  /** The first free number above all this table has ever used. */
  public long highestNumber() {
    String key = Sql.name(shape.key().get(0));
    long used =
        sql.number(
            "SELECT max(" + key + ") FROM " + quoted + " WHERE typeof(" + key + ")='integer'");
    long remembered = shadow.highestNumber();
    long sequence =
        hasSequences() ? sql.number("SELECT seq FROM sqlite_sequence WHERE name=?", name()) : 0;
    return Math.max(0, Math.max(sequence, Math.max(used, remembered)));
  }

  /** SQLite counts up only when a row is inserted, not when it is moved to a number. */
  public void neverGiveAgain(RowKey number) {
    if (hasSequences()) {
      sql.update("UPDATE sqlite_sequence SET seq=max(seq,?) WHERE name=?", number.part(0), name());
    }
  }

  private boolean hasSequences() {
    return sql.exists("SELECT 1 FROM sqlite_master WHERE name='sqlite_sequence'");
  }

  /** SQLite lets the columns of a primary key be NULL unless told otherwise. */
  public long rowsWithoutKey() {
    String nulls =
        shape.nullableKey().stream()
            .map(k -> Sql.name(k) + " IS NULL")
            .collect(Collectors.joining(" OR "));
    return nulls.isEmpty() ? 0 : sql.number("SELECT count(*) FROM " + quoted + " WHERE " + nulls);
  }

  /** What stands in the way of every row: a key that is not unique or has NULLs. */
  public Optional<String> keyTrouble() {
    long without = rowsWithoutKey();
    if (without > 0) {
      return Optional.of(without + " row" + (without == 1 ? "" : "s") + " with NULL in the key");
    }
    if (!shape.keyed()
        && sql.exists(
            "SELECT 1 FROM " + quoted + " GROUP BY " + binaryKey() + " HAVING count(*)>1")) {
      return Optional.of("several rows with the same " + String.join(", ", shape.key()));
    }
    return Optional.empty();
  }

  private String binaryKey() {
    return shape.key().stream()
        .map(k -> Sql.name(k) + " COLLATE BINARY")
        .collect(Collectors.joining(","));
  }
}
