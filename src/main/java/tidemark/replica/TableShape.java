package tidemark.replica;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.change.SqlName;
import tidemark.change.TableRule;
import tidemark.jdbc.Sql;

/**
 * What SQLite says of one table: its columns, its key, what must be unique, whom it refers to.
 *
 * @param columns those that can be written; generated ones are left out
 * @param keyed a unique index or primary key with binary collation stands on exactly the key
 * @param autoKey new rows get their number from SQLite, so equal numbers do not mean equal records
 * @param expressionIndex a UNIQUE index on expressions, which is in none of the uniques
 * @param opaqueUnique a UNIQUE index on expressions, generated columns or a part of the rows: only
 *     SQLite can say who collides
 */
public record TableShape(
    String name,
    String ddl,
    List<Column> columns,
    List<String> key,
    boolean keyed,
    boolean autoKey,
    List<Unique> uniques,
    boolean expressionIndex,
    boolean opaqueUnique,
    List<ForeignKey> foreignKeys) {

  public record Column(
      String name, Affinity affinity, String type, boolean notNull, String defaultSql) {}

  /** Columns whose values must be unique together, each under its collation. */
  public record Unique(List<String> columns, List<String> collations) {}

  public List<String> columnNames() {
    return columns.stream().map(Column::name).toList();
  }

  public boolean hasColumn(String column) {
    return columns.stream().anyMatch(c -> SqlName.same(c.name(), column));
  }

  public boolean isKey(String column) {
    return SqlName.among(key, column).isPresent();
  }

  /** How many other rows one row can push out at once, with OR REPLACE and no trigger firing. */
  int evicts() {
    return uniques.size() + (expressionIndex ? 1 : 0);
  }

  RowKey keyOf(Row row) {
    return RowKey.of(key.stream().map(row::get).toArray());
  }

  /** Key columns that may hold NULL; a rowid's alias never does. */
  List<String> nullableKey() {
    boolean alias = key.size() == 1 && column(key.get(0)).type().equalsIgnoreCase("INTEGER");
    return keyed && alias ? List.of() : key.stream().filter(k -> !column(k).notNull()).toList();
  }

  public Column column(String name) {
    return columns.stream().filter(c -> SqlName.same(c.name(), name)).findFirst().orElseThrow();
  }

  static TableShape read(Sql sql, String table, TableRule rule) {
    String ddl =
        sql.first(
                "SELECT sql FROM sqlite_master WHERE type='table' AND name=? COLLATE NOCASE",
                c -> c.string(1),
                table)
            .orElse("");
    boolean strict = Affinity.isStrict(sql, table);
    List<Column> columns = new ArrayList<>();
    Map<Long, String> primary = new TreeMap<>();
    sql.each(
        "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?) ORDER BY cid",
        c -> {
          if (c.number(6) != 0) {
            return; // generated or hidden: SQLite computes it
          }
          String type = c.string(2);
          columns.add(
              new Column(
                  SyncColumns.canonical(c.string(1)),
                  Affinity.of(type, strict),
                  type,
                  c.flag(3),
                  c.string(4)));
          if (c.number(5) > 0) {
            primary.put(c.number(5), c.string(1));
          }
        },
        table);
    List<String> primaryKey = List.copyOf(primary.values());
    List<String> key = rule.key().isEmpty() ? primaryKey : rule.key();
    boolean auto =
        primaryKey.size() == 1
            && key.equals(primaryKey)
            && (rule.autoKey() || hasWord(ddl, "AUTOINCREMENT"));
    Indexes indexes = Indexes.read(sql, table, key, primaryKey, columns);
    return new TableShape(
        table,
        ddl,
        List.copyOf(columns),
        key,
        indexes.keyed(),
        auto,
        indexes.uniques(),
        indexes.expression(),
        indexes.opaque(),
        ForeignKey.read(sql, table));
  }

  /** A constraint may say what becomes of a row that breaks it. */
  boolean hasConflictClause() {
    return hasWord(ddl, "CONFLICT");
  }

  private static boolean hasWord(String ddl, String word) {
    return ddl.toUpperCase(Locale.ROOT).matches("(?s).*\\b" + word + "\\b.*");
  }

  /** What the table's unique indexes mean for its rows. */
  private record Indexes(boolean keyed, List<Unique> uniques, boolean expression, boolean opaque) {
    static Indexes read(
        Sql sql, String table, List<String> key, List<String> primaryKey, List<Column> columns) {
      // a rowid's alias has no index of its own, yet is unique
      boolean alias =
          primaryKey.size() == 1
              && columns.stream()
                  .anyMatch(
                      c ->
                          c.name().equals(primaryKey.get(0))
                              && c.type().equalsIgnoreCase("INTEGER"));
      boolean keyed = alias && key.equals(primaryKey);
      List<Unique> uniques = new ArrayList<>();
      Set<String> writable = new HashSet<>(columns.stream().map(Column::name).toList());
      boolean expression = false;
      boolean opaque = false;
      if (alias && !keyed) {
        uniques.add(new Unique(primaryKey, List.of("BINARY")));
      }
      record Index(String name, boolean partial) {}
      List<Index> all =
          sql.query(
              "SELECT name, partial FROM pragma_index_list(?) WHERE \"unique\"",
              c -> new Index(c.string(1), c.flag(2)),
              table);
      for (Index index : all) {
        List<String> names = new ArrayList<>();
        List<String> collations = new ArrayList<>();
        sql.each(
            "SELECT name, coll FROM pragma_index_xinfo(?) WHERE key ORDER BY seqno",
            c -> {
              names.add(c.string(1));
              collations.add(c.string(2));
            },
            index.name());
        opaque |= index.partial() || !writable.containsAll(names);
        if (names.contains("")) {
          expression = true;
        } else if (Set.copyOf(names).equals(Set.copyOf(key))
            && !index.partial()
            && collations.stream().allMatch("BINARY"::equalsIgnoreCase)) {
          keyed = true;
        } else {
          uniques.add(new Unique(List.copyOf(names), List.copyOf(collations)));
        }
      }
      uniques.sort(Comparator.comparing(u -> u.columns().toString()));
      return new Indexes(keyed, List.copyOf(uniques), expression, opaque);
    }
  }
}
