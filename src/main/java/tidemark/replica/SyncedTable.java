package tidemark.replica;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.Columns;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.change.TableRule;
import tidemark.change.Values;
import tidemark.jdbc.Cells;
import tidemark.jdbc.Refusal;
import tidemark.jdbc.Sql;
import tidemark.replica.TableShape.Column;
import tidemark.replica.TableStates.ConstantDefault;

/**
 * One of the application's tables: its rows by key, and what is remembered of each ({@link
 * #shadow}). Whoever writes here keeps the triggers quiet ({@link Replica#applying}).
 */
public final class SyncedTable {
  private static final long MILLISECONDS = 1_000_000_000_000L;

  /** Records that are looked for in one pass over what is remembered. */
  private static final int MANY = 1_000;

  private final Sql sql;
  private final TableShape shape;
  private final TableRule rule;
  private final Columns columns;
  private final Map<String, @Nullable Object> defaults;
  private final Digest digest;
  private final Shadow shadow;
  private final TableSql text;
  private final PendingEdits edits;
  private final KeyCheck keyCheck;
  private final RowNumbers numbers;
  private final String selectRows;
  private final String selectRow;
  private final String delete;
  private final Stamping stamping;
  private final Storage storage;
  private final Map<Columns, RowWriter> writers = new HashMap<>();
  private final SleepingTriggers triggers;
  private final Map<String, Optional<ConstantDefault>> ownDefaults = new HashMap<>();

  SyncedTable(
      Sql sql,
      TableShape shape,
      TableRule rule,
      Map<String, @Nullable Object> defaults,
      SleepingTriggers triggers) {
    this.sql = sql;
    this.triggers = triggers;
    this.shape = shape;
    this.rule = rule;
    this.columns = new Columns(shape.columnNames());
    this.defaults = defaults;
    this.digest = new Digest(defaults);
    this.shadow = new Shadow(sql, shape);
    this.text = new TableSql(shape);
    this.keyCheck = new KeyCheck(sql, shape, text);
    this.edits = new PendingEdits(sql, shape, text, columns, shadow, keyCheck);
    this.numbers = new RowNumbers(sql, shape, shadow);
    this.selectRows =
        "SELECT " + TableSql.names("", columns.names()) + " FROM " + text.name() + " WHERE ";
    this.selectRow = selectRows + text.whereKey();
    this.delete = "DELETE FROM " + text.name() + " WHERE " + text.whereKey();
    this.stamping = new Stamping(sql, shape, text);
    this.storage = new Storage(sql, shape, text);
  }

  /** A table that is only read. */
  static SyncedTable toRead(Sql sql, TableShape shape, TableRule rule) {
    ApplicationTriggers none = new ApplicationTriggers(sql, table -> rule, new SyncState(sql));
    return new SyncedTable(sql, shape, rule, Map.of(), new SleepingTriggers(sql, none));
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

  /** Its rows beside what is remembered of them. */
  public PendingEdits edits() {
    return edits;
  }

  public KeyCheck keyCheck() {
    return keyCheck;
  }

  public RowNumbers numbers() {
    return numbers;
  }

  TableSql text() {
    return text;
  }

  public Columns columns() {
    return columns;
  }

  public @Nullable Row row(RowKey key) {
    return sql.first(selectRow, this::rowAt, text.keyArgs(key)).orElse(null);
  }

  /** Where records stand, by the tokens they were born with; those that do not are left out. */
  public Map<String, RowKey> standing(Collection<String> records) {
    Map<String, RowKey> standing = new HashMap<>();
    List<String> all = List.copyOf(records);
    for (int from = 0; from < all.size(); from += MANY) {
      List<String> some = all.subList(from, Math.min(all.size(), from + MANY));
      shadow
          .keysOf(some)
          .forEach(
              (key, record) -> {
                if (has(key)) {
                  standing.putIfAbsent(record, key);
                }
              });
    }
    return standing;
  }

  public boolean has(RowKey key) {
    return sql.exists(
        "SELECT 1 FROM " + text.name() + " WHERE " + text.whereKey(), text.keyArgs(key));
  }

  private Row rowAt(Cells cells) {
    return new Row(columns, cells.values(1, columns.size()));
  }

  public RowKey keyOf(Row row) {
    return shape.keyOf(row);
  }

  /** All rows, one after the other; rows without a whole key are left out. */
  public void eachRow(BiConsumer<RowKey, Row> consumer) {
    sql.each(
        selectRows + text.hasKey(),
        cells -> {
          Row row = rowAt(cells);
          consumer.accept(keyOf(row), row);
        });
  }

  public List<RowKey> keysWhere(List<String> where, List<? extends @Nullable Object> values) {
    String condition =
        where.stream().map(c -> Sql.name(c) + " IS ?").collect(Collectors.joining(" AND "));
    return sql.query(
        "SELECT "
            + text.keyList()
            + " FROM "
            + text.name()
            + " WHERE "
            + condition
            + " AND "
            + text.hasKey(),
        c -> RowKey.of(c.values(1, shape.key().size())),
        values.toArray());
  }

  /** The key of a row that is remembered, here or gone, and that these values refer to. */
  public Optional<RowKey> rememberedKey(
      ForeignKey foreign, List<? extends @Nullable Object> values) {
    String same =
        TableSql.zip(
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

  /** The other rows that hold a value which must be unique and which this row holds too. */
  public Set<RowKey> othersWithValuesOf(Row row, RowKey except) {
    Set<RowKey> found = new UniqueValues(sql, shape, text).holdersOfThoseOf(row);
    found.remove(except);
    return found;
  }

  public void delete(RowKey key) {
    mustBeDone(attemptDelete(key));
  }

  /** The same; the reason if a trigger refuses it, else null. */
  public @Nullable Refusal attemptDelete(RowKey key) {
    return attempt(delete, text.keyArgs(key));
  }

  private @Nullable Refusal attempt(String statement, @Nullable Object... args) {
    return write(() -> sql.attempt(statement, args).refusal());
  }

  /** With those triggers awake that keep what no row carries. */
  private @Nullable Refusal write(Supplier<@Nullable Refusal> write) {
    triggers.beforeRows(name());
    try {
      return triggers.time().of(name(), write);
    } catch (Sql.RolledBack e) {
      throw new RefusedByTrigger(name(), e.why());
    }
  }

  private void mustBeDone(@Nullable Refusal refusal) {
    if (refusal != null) {
      throw new RefusedByTrigger(name(), refusal.why());
    }
  }

  /** Inserts or updates the row under its key; the reason if a constraint refuses it, else null. */
  public @Nullable Refusal put(Row row, String syncedAt) {
    boolean whole = shape.key().stream().noneMatch(column -> row.get(column) == null);
    Supplier<@Nullable Refusal> put = () -> writer(row.columns()).put(row, syncedAt);
    return write(whole ? () -> storage.keeping(row, keyOf(row), put) : put);
  }

  private RowWriter writer(Columns incoming) {
    return writers.computeIfAbsent(incoming, i -> new RowWriter(sql, shape, text, columns, i));
  }

  /** Rows with these columns bring all that digests look at. */
  public boolean isCoveredBy(Columns incoming) {
    return writer(incoming).whole();
  }

  /** Which of these columns this table does not have. */
  public List<String> unknownOf(Columns incoming) {
    return writer(incoming).unknown();
  }

  /** Overwrites some values of a row that is there. */
  public void set(RowKey key, Map<String, ? extends @Nullable Object> values) {
    mustBeDone(attemptSet(key, values));
  }

  /** The same; the reason if a constraint refuses it, else null. */
  public @Nullable Refusal attemptSet(RowKey key, Map<String, ? extends @Nullable Object> values) {
    return write(
        () ->
            storage.keeping(
                Row.of(values),
                key,
                () -> sql.attempt(setStatement(values), setArgs(key, values)).refusal()));
  }

  private String setStatement(Map<String, ? extends @Nullable Object> values) {
    String set =
        values.keySet().stream()
            .map(column -> Sql.name(column) + "=?")
            .collect(Collectors.joining(","));
    return "UPDATE"
        + text.orAbort()
        + " "
        + text.name()
        + " SET "
        + set
        + " WHERE "
        + text.whereKey();
  }

  private @Nullable Object[] setArgs(RowKey key, Map<String, ? extends @Nullable Object> values) {
    List<@Nullable Object> args = new ArrayList<>(values.values());
    args.addAll(Arrays.asList(text.keyArgs(key)));
    return args.toArray();
  }

  public void stamp(List<Stamp> posted, String syncedAt) {
    triggers.beforeStamps(name());
    mustBeDone(triggers.time().of(name(), () -> stamping.write(posted, syncedAt)));
  }

  /** The column holds what it holds where nobody wrote it. */
  public boolean isDefault(String column, @Nullable Object value) {
    return Values.same(value, defaults.get(column)) || Values.same(value, defaultOf(column));
  }

  /**
   * Rows without pending edits that hold the column's own default get another value; where the
   * table refuses that, their own value is posted, as old as they are.
   */
  void replaceDefault(String column, @Nullable Object value, Runnable quiet) {
    Optional<ConstantDefault> own = ownDefault(column);
    if (own.isEmpty() || Values.same(own.get().value(), value)) {
      return; // what an expression gave is found by comparing, and posted
    }
    quiet.run();
    String name = Sql.name(column);
    String theirs =
        " WHERE "
            + name
            + " IS ? COLLATE BINARY AND typeof("
            + name
            + ")=typeof(?) AND NOT EXISTS(SELECT 1 FROM "
            + shadow.quoted()
            + " s WHERE s.edits IS NOT NULL AND "
            + text.sameKey(
                text.name() + ".", shadow.keyColumns().stream().map(k -> "s." + k).toList())
            + ")";
    Object from = own.get().value();
    Refusal refusal =
        attempt(
            "UPDATE OR ABORT " + text.name() + " SET " + name + "=?" + theirs, value, from, from);
    if (refusal != null) {
      edits.markAsOld(theirs, from, from);
    }
  }

  /** What the column holds where nobody wrote it, if that is a constant; else null. */
  public @Nullable Object defaultOf(String column) {
    return ownDefault(column).map(ConstantDefault::value).orElse(null);
  }

  /** A row from before a column belonged to the key holds there what the column's default says. */
  public Row withWholeKey(Row row) {
    Row whole = row;
    for (String column : shape.key()) {
      if (whole.get(column) == null && defaultOf(column) != null) {
        whole = whole.with(column, defaultOf(column));
      }
    }
    return whole;
  }

  private Optional<ConstantDefault> ownDefault(String column) {
    return ownDefaults.computeIfAbsent(column, c -> ConstantDefault.of(shape.column(c)));
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
                + text.name()
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
    Map<String, @Nullable Object> merged = here == null ? new LinkedHashMap<>() : here.asMap();
    for (int i = 0; i < incoming.columns().size(); i++) {
      int place = columns.place(incoming.columns().names().get(i));
      if (place >= 0) {
        merged.put(columns.names().get(place), incoming.values()[i]);
      }
    }
    return Row.of(merged);
  }

  public long count() {
    return sql.number("SELECT count(*) FROM " + text.name());
  }
}
