package tidemark.replica;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Columns;
import tidemark.change.Definition;
import tidemark.change.Failure;
import tidemark.change.Parents;
import tidemark.change.Position;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.change.SqlName;
import tidemark.change.TableRule;
import tidemark.jdbc.Cells;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.replica.Held.Numbered;

/**
 * A snapshot of the ledger, attached to a replica's connection to be compared with it by SQL. What
 * is read from it is no more trusted than an entry.
 */
public final class SnapshotView implements AutoCloseable {
  private final Replica replica;
  private final Sql sql;

  private SnapshotView(Replica replica) {
    this.replica = replica;
    this.sql = replica.sql();
  }

  public static SnapshotView attach(Replica replica, Path snapshot) {
    Recoding.like(replica.sql(), snapshot);
    replica.sql().update("ATTACH DATABASE ? AS snap", snapshot.toString());
    SnapshotView view = new SnapshotView(replica);
    try {
      view.requireComparable();
      return view;
    } catch (RuntimeException e) {
      view.close();
      throw e;
    }
  }

  /** Before anything is taken from it: all its tables have the key they have here. */
  private void requireComparable() {
    for (String name : tables()) {
      SyncedTable table = replica.tables().get(name);
      if (key(name).isEmpty()) {
        throw notAsMade("the ledger's snapshot does not say what the key of " + name + " is");
      }
      if (table != null && key(name).equals(table.shape().key())) {
        requireColumns(name, table.shape().key());
        List<String> remembered =
            new ArrayList<>(ShadowTable.keyColumns(table.shape().key().size()));
        remembered.add("first");
        requireColumns(ShadowTable.name(name), remembered);
      }
    }
  }

  /** Which changes are asked for. */
  public enum What {
    PUTS,
    DELETES
  }

  /** The tables the snapshot has content for. */
  public List<String> tables() {
    return sql.query(
        "SELECT t.name FROM snap.sqlite_master t JOIN snap.sync_tables s ON s.name=t.name COLLATE NOCASE WHERE t.type='table' AND s.position IS NOT NULL"
            + " AND EXISTS(SELECT 1 FROM snap.sqlite_master r WHERE r.type='table' AND r.name='sync_rows_'||t.name COLLATE NOCASE) ORDER BY 1",
        c -> replica.spelling(c.string(1)).orElse(c.string(1)));
  }

  /** Whether the snapshot's history is the one this entry stands in. */
  public boolean knows(Position entry) {
    return sql.exists(
        "SELECT 1 FROM snap.sync_entries WHERE number=? AND hash=?", entry.number(), entry.hash());
  }

  /** Whether it remembers the entry of this number: of those long retired it does of few. */
  public boolean remembers(long entry) {
    return sql.exists("SELECT 1 FROM snap.sync_entries WHERE number=?", entry);
  }

  /** The last entry up to this one that both histories are known to have. */
  public Position lastInCommon(long entry) {
    return sql.first(
            "SELECT number, m.hash FROM main.sync_entries m JOIN snap.sync_entries s USING(number) WHERE m.hash=s.hash AND number<=? ORDER BY number DESC LIMIT 1",
            c -> new Position(c.number(1), c.string(2)),
            entry)
        .orElse(Position.START);
  }

  public Definition definition(String table) {
    List<String> ddl =
        sql.query(
            "SELECT sql FROM snap.sqlite_master WHERE tbl_name=? COLLATE NOCASE AND type IN ('table','index') AND sql IS NOT NULL AND name NOT LIKE 'sync\\_%' ESCAPE '\\' ORDER BY type='table' DESC, name",
            c -> c.string(1), table);
    Definition whole =
        new Definition(table, "", ddl, everyColumn(table), key(table), generation(table))
            .adding(added(table));
    Definition present = Definitions.without(retired(table), whole);
    return since(table) > 0 ? present.rekeyed(keys("known", table)).whole(isWhole(table)) : present;
  }

  private List<String> added(String table) {
    return sql.first(
            "SELECT value FROM snap.sync_state WHERE key=? COLLATE NOCASE",
            c -> List.of(c.string(1).split(" ")),
            AddedColumns.NOTE + table)
        .orElse(List.of());
  }

  private List<String> key(String table) {
    Map<String, String> here = replica.columnSpellings(table);
    return sql.query(
        "SELECT name FROM snap.sync_columns WHERE table_name=? COLLATE NOCASE AND key_place IS NOT NULL ORDER BY key_place",
        c -> spelt(here, SyncColumns.canonical(c.string(1))),
        table);
  }

  private static String spelt(Map<String, String> here, String column) {
    return here.getOrDefault(SqlName.folded(column), column);
  }

  private long since(String table) {
    return keys("since", table);
  }

  private boolean isWhole(String table) {
    return keys("whole", table) != 0;
  }

  /** Snapshots by an older program tell of no changed keys. */
  private long keys(String column, String table) {
    return sql.exists("SELECT 1 FROM snap.sqlite_master WHERE name='sync_keys'")
        ? sql.number(
            "SELECT coalesce(max("
                + column
                + "),0) FROM snap.sync_keys WHERE name=? COLLATE NOCASE",
            table)
        : 0;
  }

  /**
   * As {@link Replica#meetKey}, with the definition as it stands in the snapshot.
   *
   * @return whether the table's rows can be compared
   */
  public boolean meetKey(String table, boolean remake) {
    long at = Math.max(1, since(table));
    Position before =
        sql.first(
                "SELECT number, hash FROM snap.sync_entries WHERE number=?",
                c -> new Position(c.number(1), c.string(2)),
                at - 1)
            .orElse(Position.START);
    return replica.applying(
        () -> replica.meetKey(definition(table), at, before, "", false, remake));
  }

  /**
   * The rows here that the beginner of the table's key knew and did not bring: they were deleted.
   */
  public List<RowKey> restOf(SyncedTable table) {
    boolean whole = isWhole(table.name()) && !replica.keys().isWhole(table.name());
    return whole ? table.shadow().settledBefore(since(table.name())) : List.of();
  }

  /** What the master keeps of a former generation is nobody's business. */
  private List<String> retired(String table) {
    return sql.query(
        "SELECT name FROM snap.sync_columns WHERE table_name=? COLLATE NOCASE AND announced<0 AND name IN (SELECT name FROM pragma_table_xinfo(?, 'snap'))",
        c -> c.string(1),
        table,
        table);
  }

  public int generation(String table) {
    return (int)
        Math.max(
            1,
            sql.number(
                "SELECT generation FROM snap.sync_tables WHERE name=? COLLATE NOCASE", table));
  }

  private List<String> columns(String table) {
    return definition(table).columns();
  }

  private List<String> everyColumn(String table) {
    Map<String, String> here = replica.columnSpellings(table);
    return sql.query(
        "SELECT name FROM pragma_table_xinfo(?, 'snap') WHERE hidden=0",
        c -> spelt(here, SyncColumns.canonical(c.string(1))),
        table);
  }

  /**
   * What the snapshot has settled otherwise than this replica, in the order of the keys.
   *
   * @param after the last key of the page before; null for the first
   */
  public List<Numbered> changes(SyncedTable table, What what, @Nullable RowKey after, int limit) {
    String name = table.name();
    List<String> keys = ShadowTable.keyColumns(table.shape().key().size());
    Columns columns =
        new Columns(columns(name).stream().filter(c -> !c.equals(SyncColumns.SYNCED_AT)).toList());
    String shadow = Sql.name(ShadowTable.name(name));
    List<Kinship> kinships = kinshipsOf(name);
    String select =
        "SELECT "
            + list("r.", keys)
            + ", r.entry, r.at, r.token, r.first, r.birth, s.entry, s.digest, r.digest IS NOT NULL, "
            + columns.names().stream().map(c -> "t." + Sql.name(c)).collect(Collectors.joining(","))
            + kinships.stream()
                .map(kin -> ", " + kin.recordOfParentIn("snap"))
                .collect(Collectors.joining())
            + " FROM snap."
            + shadow
            + " r LEFT JOIN main."
            + shadow
            + " s ON "
            + TableSql.zip(keys, keys, (a, b) -> "s." + a + "=r." + b)
            + " LEFT JOIN snap."
            + Sql.name(name)
            + " t ON "
            + TableSql.zip(keys, table.shape().key(), (k, c) -> "t." + Sql.name(c) + "=r." + k)
            + " WHERE r.entry IS NOT NULL AND (s.entry IS NOT r.entry OR length(s.digest)=0) AND r.digest IS "
            + (what == What.PUTS ? "NOT NULL" : "NULL")
            + (after == null
                ? ""
                : " AND ("
                    + list("r.", keys)
                    + ")>("
                    + keys.stream().map(k -> "?").collect(Collectors.joining(","))
                    + ")")
            + " ORDER BY "
            + list("r.", keys)
            + " LIMIT ?";
    List<@Nullable Object> args = new ArrayList<>();
    if (after != null) {
      args.addAll(List.of(after.parts()));
    }
    args.add(limit);
    List<List<String>> references = kinships.stream().map(k -> k.foreign().reference()).toList();
    return sql.query(
        select, c -> change(name, c, keys.size(), columns, references), args.toArray());
  }

  /** As far as the snapshot has the columns, too. */
  private List<Kinship> kinshipsOf(String table) {
    List<String> there = tables();
    return replica.kinships().stream()
        .filter(kin -> kin.child().name().equals(table) && there.contains(kin.parent().name()))
        .filter(kin -> everyColumn(table).containsAll(kin.foreign().columns()))
        .filter(kin -> everyColumn(kin.parent().name()).containsAll(columnsOfParent(kin)))
        .toList();
  }

  private static List<String> columnsOfParent(Kinship kin) {
    List<String> columns = new ArrayList<>(kin.foreign().parentColumns());
    columns.addAll(kin.parent().shape().key());
    return columns;
  }

  private void requireColumns(String table, List<String> columns) {
    for (String column : columns) {
      if (!sql.exists(
          "SELECT 1 FROM pragma_table_xinfo(?, 'snap') WHERE name=? COLLATE NOCASE",
          table,
          column)) {
        throw notAsMade("the table " + table + " of the ledger's snapshot has no column " + column);
      }
    }
  }

  private static Failure notAsMade(String what) {
    return new Failure(
        Failure.REFUSED,
        what,
        "See with `tidemark doctor` whether all have the same table; else restore the ledger's snapshots from a backup of the share.");
  }

  private static String list(String prefix, List<String> names) {
    return names.stream().map(n -> prefix + n).collect(Collectors.joining(","));
  }

  private static Numbered change(
      String table, Cells c, int width, Columns columns, List<List<String>> references) {
    RowKey key = RowKey.of(c.values(1, width));
    int at = width + 1;
    String token = c.string(at + 2);
    String first = Optional.ofNullable(c.text(at + 3)).orElse(token);
    Long birth = c.numberOrNull(at + 4);
    Long known = c.numberOrNull(at + 5);
    boolean absentHere = known == null || c.bytes(at + 6) == null;
    boolean born = absentHere || (birth != null && known != null && birth > known);
    Row row = c.flag(at + 7) ? new Row(columns, c.values(at + 8, columns.size())) : null;
    String by = row != null && row.get(SyncColumns.UPDATED_BY) instanceof String name ? name : "";
    List<@Nullable String> births = new ArrayList<>();
    for (int i = 0; row != null && i < references.size(); i++) {
      births.add(c.text(at + 8 + columns.size() + i));
    }
    Parents parents = births.isEmpty() ? Parents.UNTOLD : new Parents(references, births);
    return new Numbered(
        c.number(at),
        new Change(table, key, row, c.number(at + 1), by, born, first, token, null, parents));
  }

  /**
   * The chain goes over before any row does: rows are known as of its entries, and a share that
   * loses these is noticed by them, also where the comparing came to no end.
   */
  public void copyChain() {
    copy("sync_entries", "");
  }

  /** Conflicts and held changes go over as they are. */
  public void copyMemory() {
    dropOlderConflicts();
    copy("sync_held", "");
    copy("sync_conflicts", " WHERE entry IS NOT NULL");
    for (String table :
        sql.query(
            "SELECT table_name FROM main.sync_held UNION SELECT table_name FROM main.sync_conflicts",
            c -> c.string(1))) {
      replica
          .spelling(table)
          .filter(here -> !here.equals(table))
          .ifPresent(here -> replica.states().respell(table, here));
    }
  }

  private void copy(String table, String which) {
    String columns =
        sql
            .query(
                "SELECT name FROM pragma_table_info(?) WHERE name IN (SELECT name FROM pragma_table_info(?, 'snap'))",
                c -> Sql.name(c.string(1)),
                table,
                table)
            .stream()
            .collect(Collectors.joining(","));
    sql.update(
        "INSERT OR IGNORE INTO main."
            + table
            + "("
            + columns
            + ") SELECT "
            + columns
            + " FROM snap."
            + table
            + which);
  }

  /** As {@link Conflicts#take}: what was settled meanwhile is settled here too. */
  private void dropOlderConflicts() {
    sql.update(
        """
        DELETE FROM main.sync_conflicts AS c WHERE EXISTS(
          SELECT 1 FROM snap.sync_conflicts s WHERE s.id=c.id AND s.entry IS NOT NULL AND CASE
            WHEN c.entry IS NOT NULL THEN s.entry>c.entry
            ELSE s.resolved>=c.resolved AND s.local_token IS c.local_token
              AND s.remote_entry IS c.remote_entry END)
        """);
  }

  /** Values of columns that are not here (yet) wait for them. */
  public void announce(String table, Position position) {
    if (replica.keys().differ(table) || replica.keys().isUntold(table)) {
      return; // that is of another key than the table here has
    }
    if (since(table) > replica.keys().since(table)) {
      replica.keys().follow(table, since(table), keys("known", table));
    }
    if (generation(table) > replica.states().generation(table)) {
      replica.states().retire(table, columns(table));
    }
    replica.states().generation(table, generation(table));
    tellAdded(table);
    replica.states().announce(table, columns(table), position.number());
  }

  /** Columns that came into the ledger since this replica has read it last. */
  private void tellAdded(String table) {
    if (replica.states().position(table) == null || !replica.states().announced(table, "")) {
      return;
    }
    record Added(String name, String type, @Nullable Object value) {}
    Set<String> known = replica.states().everAnnounced(table);
    List<Added> added = new ArrayList<>();
    Map<String, String> here = replica.columnSpellings(table);
    sql.each(
        "SELECT c.name, c.default_value, x.type FROM snap.sync_columns c JOIN pragma_table_xinfo(?1, 'snap') x ON x.name=c.name WHERE c.table_name=?1 COLLATE NOCASE AND c.announced>=0 AND c.has_default AND c.key_place IS NULL",
        c -> {
          String name = spelt(here, c.string(1));
          if (!known.contains(name) && !SyncColumns.contains(name)) {
            added.add(new Added(name, c.string(3), c.value(2)));
          }
        },
        table);
    added.forEach(
        column ->
            replica
                .declared()
                .tellAdded(
                    table, column.name(), Affinity.of(column.type(), false), column.value()));
  }

  /** One row of a snapshot that is not attached. */
  public static Optional<Row> row(Path snapshot, RowId id, TableRule rule) {
    try (Sql sql = Sql.open(snapshot, OpenMode.READ, Duration.ZERO)) {
      TableShape shape = TableShape.read(sql, id.table(), rule);
      if (shape.key().size() != id.key().size()) {
        return Optional.empty();
      }
      return Optional.ofNullable(SyncedTable.toRead(sql, shape, rule).row(id.key()));
    }
  }

  @Override
  public void close() {
    sql.update("DETACH DATABASE snap");
  }
}
