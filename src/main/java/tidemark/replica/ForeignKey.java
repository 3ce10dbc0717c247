package tidemark.replica;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tidemark.change.SqlName;
import tidemark.jdbc.Sql;

/**
 * Whom a table's rows refer to. SQLite compares both sides under the parent's collations, whatever
 * the child's columns are declared with: so does everything here.
 *
 * @param affinities of the parent's columns: what a child holds is converted by them
 * @param alike the child's columns convert what they store in the same way
 * @param onDelete what the application wants done when the parent goes, in SQL's words
 */
public record ForeignKey(
    String parent,
    List<String> columns,
    List<String> parentColumns,
    List<String> collations,
    List<Affinity> affinities,
    boolean alike,
    String onDelete) {

  /** The rows live on without the parent, or keep it from being deleted: they are no part of it. */
  public boolean outlivesParent() {
    return !onDelete.equals("CASCADE") && !onDelete.equals("NO ACTION");
  }

  /** How entries name it: the parent's table, then the columns. */
  public List<String> reference() {
    List<String> named = new ArrayList<>(columns);
    named.add(0, parent);
    return List.copyOf(named);
  }

  /**
   * Those that SQLite can follow: what they refer to is there, and is the parent's primary key or
   * otherwise unique. To SQLite all others are errors as soon as it enforces them.
   */
  static List<ForeignKey> read(Sql sql, String table) {
    record Part(long id, String parent, String column, String parentColumn, String onDelete) {}
    Map<Long, List<Part>> byId = new LinkedHashMap<>();
    sql.each(
        "SELECT id, \"table\", \"from\", \"to\", on_delete FROM pragma_foreign_key_list(?) ORDER BY"
            + " id, seq",
        c -> {
          Part part = new Part(c.number(1), c.string(2), c.string(3), c.string(4), c.string(5));
          byId.computeIfAbsent(part.id(), id -> new ArrayList<>()).add(part);
        },
        table);
    List<ForeignKey> found = new ArrayList<>();
    for (List<Part> parts : byId.values()) {
      Part first = parts.get(0);
      new Ends(sql, table, parts.stream().map(Part::column).toList(), first.parent())
          .meet(parts.stream().map(Part::parentColumn).toList(), first.onDelete())
          .ifPresent(found::add);
    }
    return List.copyOf(found);
  }

  /** Both ends of a foreign key while it is read. */
  private record Ends(Sql sql, String child, List<String> columns, String parent) {
    private record Column(String name, Affinity affinity, long primary) {}

    Optional<ForeignKey> meet(List<String> declared, String onDelete) {
      String exact =
          sql.first(
                  "SELECT name FROM sqlite_master WHERE type='table' AND name=? COLLATE NOCASE",
                  c -> c.string(1),
                  parent)
              .orElse(null);
      if (exact == null) {
        return Optional.empty();
      }
      List<Column> all = columnsOf(exact);
      List<Column> to =
          declared.contains("") ? primaryKey(all) : declared.stream().map(n -> in(all, n)).toList();
      if (to.size() != columns.size() || to.contains(MISSING)) {
        return Optional.empty();
      }
      List<String> collations = collations(exact, all, to);
      if (collations.isEmpty()) {
        return Optional.empty();
      }
      List<Column> own = columnsOf(child);
      List<Column> from = columns.stream().map(name -> in(own, name)).toList();
      List<Affinity> affinities = to.stream().map(Column::affinity).toList();
      return Optional.of(
          new ForeignKey(
              exact,
              from.stream().map(Column::name).toList(),
              to.stream().map(Column::name).toList(),
              collations,
              affinities,
              from.stream().map(Column::affinity).toList().equals(affinities),
              onDelete));
    }

    private static final Column MISSING = new Column("", Affinity.BLOB, 0);

    /** Names may be spelled otherwise where they are referred to. */
    private static Column in(List<Column> columns, String name) {
      return columns.stream().filter(c -> SqlName.same(c.name(), name)).findFirst().orElse(MISSING);
    }

    private List<Column> columnsOf(String table) {
      boolean strict = Affinity.isStrict(sql, table);
      return sql.query(
          "SELECT name, type, pk FROM pragma_table_xinfo(?) WHERE hidden<>1",
          c -> new Column(c.string(1), Affinity.of(c.string(2), strict), c.number(3)),
          table);
    }

    private static List<Column> primaryKey(List<Column> columns) {
      return columns.stream()
          .filter(c -> c.primary() > 0)
          .sorted(Comparator.comparingLong(Column::primary))
          .toList();
    }

    /** Those of the unique index in which SQLite looks the parent up; none where it has none. */
    private List<String> collations(String table, List<Column> all, List<Column> to) {
      Set<String> wanted = to.stream().map(Column::name).collect(Collectors.toSet());
      Map<String, Map<String, String>> indexes = new LinkedHashMap<>();
      sql.each(
          "SELECT l.name, x.name, x.coll FROM pragma_index_list(?) l, pragma_index_xinfo(l.name) x"
              + " WHERE l.\"unique\" AND NOT l.partial AND x.key ORDER BY l.origin='c', l.seq",
          c ->
              indexes
                  .computeIfAbsent(c.string(1), index -> new HashMap<>())
                  .put(c.string(2), c.string(3)),
          table);
      for (Map<String, String> index : indexes.values()) {
        if (index.keySet().equals(wanted)) {
          return to.stream().map(column -> index.getOrDefault(column.name(), "BINARY")).toList();
        }
      }
      boolean rowid = primaryKey(all).equals(to) && to.size() == 1; // it has no index of its own
      return rowid ? List.of("BINARY") : List.of();
    }
  }
}
