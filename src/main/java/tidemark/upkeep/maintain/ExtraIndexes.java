package tidemark.upkeep.maintain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidemark.change.Failure;
import tidemark.change.SqlName;
import tidemark.jdbc.Sql;
import tidemark.replica.ForeignKey;
import tidemark.replica.Replica;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;

/**
 * Indexes that the config wants on the application's tables for the application's own look-ups.
 * They are this workstation's alone: named as everything of ours, never part of a table's
 * definition, and taken out again by `detach` or when they are wanted no more.
 */
final class ExtraIndexes {
  static final String RECOMMENDED = "recommended";
  private static final String PREFIX = "sync_index_";
  private static final Pattern WISH = Pattern.compile("\\s*(.+?)\\s*\\((.+)\\)\\s*");

  private final Replica replica;
  private final Sql sql;

  ExtraIndexes(Replica replica) {
    this.replica = replica;
    this.sql = replica.sql();
  }

  /** An index that is wanted; its columns as the table spells them. */
  private record Wanted(String table, List<String> columns) {
    String name() {
      return PREFIX + table + "(" + String.join(",", columns) + ")";
    }
  }

  /**
   * Just these stand afterwards, where the application has none that serves as well.
   *
   * @param wishes `recommended`, or each as `table(column, column)`; empty for none
   */
  List<CareStep> make(List<String> wishes) {
    List<CareStep> steps = new ArrayList<>();
    Map<String, Wanted> wanted = new LinkedHashMap<>();
    for (String wish : wishes) {
      try {
        understood(wish).forEach(index -> wanted.put(index.name(), index));
      } catch (Failure unknown) {
        steps.add(CareStep.refused("indexes", unknown));
      }
    }
    steps.add(0, sql.inTransaction(() -> makeJust(wanted)));
    return steps;
  }

  private CareStep makeJust(Map<String, Wanted> wanted) {
    Set<String> standing =
        new TreeSet<>(
            sql.query(
                "SELECT name FROM sqlite_master WHERE type='index' AND name LIKE 'sync\\_index\\_%' ESCAPE '\\'",
                c -> c.string(1)));
    int dropped = 0;
    for (String name : standing) {
      if (!wanted.containsKey(name)) {
        sql.execute("DROP INDEX " + Sql.name(name));
        dropped++;
      }
    }
    List<String> made = new ArrayList<>();
    for (Wanted index : wanted.values()) {
      if (!standing.contains(index.name()) && !isServed(index)) {
        sql.execute(
            "CREATE INDEX "
                + Sql.name(index.name())
                + " ON "
                + Sql.name(index.table())
                + "("
                + String.join(",", index.columns().stream().map(Sql::name).toList())
                + ")");
        made.add(index.table() + "(" + String.join(", ", index.columns()) + ")");
      }
    }
    String did = made.isEmpty() ? "none to make" : "made " + String.join(", ", made);
    String gone = dropped == 0 ? "" : "; " + dropped + " removed that the config wants no more";
    return new CareStep("indexes", did + gone, dropped, 0, null);
  }

  private Set<Wanted> understood(String wish) {
    if (wish.equals(RECOMMENDED)) {
      return recommended();
    }
    Matcher matcher = WISH.matcher(wish);
    if (!matcher.matches()) {
      throw unknown(wish, "is no index");
    }
    SyncedTable table =
        replica.everyTable().values().stream()
            .filter(t -> SqlName.same(t.name(), matcher.group(1)))
            .findFirst()
            .orElseThrow(() -> unknown(wish, "names no table of this database"));
    List<String> columns = new ArrayList<>();
    for (String word : matcher.group(2).split(",", -1)) {
      columns.add(
          table.columns().names().stream()
              .filter(column -> SqlName.same(column, word.strip()))
              .findFirst()
              .orElseThrow(() -> unknown(wish, "names no column " + word.strip() + " there")));
    }
    return Set.of(new Wanted(table.name(), columns));
  }

  private static Failure unknown(String wish, String why) {
    return new Failure(
        Failure.INCOMPLETE,
        "'" + wish + "' under maintenance.indexes " + why,
        "write it as quotes(updated_at), with a table and columns that exist");
  }

  /** What the application looks up most: rows changed since, and children by their parent. */
  private Set<Wanted> recommended() {
    Set<Wanted> all = new LinkedHashSet<>();
    for (SyncedTable table : replica.tables().values()) {
      if (table.shape().hasColumn(SyncColumns.UPDATED_AT)) {
        all.add(new Wanted(table.name(), List.of(SyncColumns.UPDATED_AT)));
      }
      for (ForeignKey foreign : table.shape().foreignKeys()) {
        if (table.columns().names().containsAll(foreign.columns())) {
          all.add(new Wanted(table.name(), foreign.columns()));
        }
      }
    }
    return all;
  }

  /** The key, or another index over all rows, begins with these columns. */
  private boolean isServed(Wanted index) {
    List<String> wanted = lower(index.columns());
    List<String> key = lower(replica.table(index.table()).shape().key());
    if (beginsWith(key, wanted)) {
      return true;
    }
    return sql
        .query(
            "SELECT name FROM pragma_index_list(?) WHERE NOT partial",
            c -> c.string(1),
            index.table())
        .stream()
        .map(
            name ->
                lower(
                    sql.query(
                        "SELECT name FROM pragma_index_info(?) ORDER BY seqno",
                        c -> c.string(1),
                        name)))
        .anyMatch(columns -> beginsWith(columns, wanted));
  }

  private static boolean beginsWith(List<String> columns, List<String> wanted) {
    return columns.size() >= wanted.size() && columns.subList(0, wanted.size()).equals(wanted);
  }

  private static List<String> lower(List<String> names) {
    return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }
}
