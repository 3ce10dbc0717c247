package tidemark.upkeep.archive;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.ConflictRule;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.change.SqlName;
import tidemark.jdbc.Refusal;
import tidemark.ledger.Ledger;
import tidemark.replica.ForeignKey;
import tidemark.replica.HandEdit;
import tidemark.replica.Replica;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;
import tidemark.run.Request;
import tidemark.run.Scratch;
import tidemark.sync.DatabaseSync;
import tidemark.upkeep.archive.ArchiveTables.Stored;

/**
 * Brings archived rows back as new edits, with what hung on them.
 *
 * <p>Guarantee: no row that is there is overwritten; what cannot come back is left in the archive,
 * which stays as it is, and named. Commit points: short local transactions, after which it can be
 * done again. Threading: one thread, which has the workstation's lock.
 */
public final class ArchiveReturn {
  private static final int AT_ONCE = 100;

  private final Plan plan;
  private final Ledger ledger;
  private final Clock clock;

  public ArchiveReturn(Plan plan, Ledger ledger, Clock clock) {
    this.plan = plan;
    this.ledger = ledger;
    this.clock = clock;
  }

  /**
   * What is to come back.
   *
   * @param table null: all
   * @param key as people write it, or as JSON; null: all
   */
  public record Order(
      Path from, @Nullable String table, @Nullable String key, ConflictRule conflicts) {}

  /**
   * What came back.
   *
   * @param rows how many of each table
   * @param there rows that are there as they were archived
   */
  public record Result(
      Map<String, Integer> rows,
      int there,
      List<NotArchived> left,
      DatabaseSync.@Nullable Outcome sync) {}

  /** The name of the database whose rows a file holds. */
  public static String databaseOf(Path file, Plan plan) {
    return reading(file, plan, ArchiveFile::database);
  }

  private static <T> T reading(Path file, Plan plan, Function<ArchiveFile, T> work) {
    if (!ArchiveDump.isOne(file)) {
      try (ArchiveFile archive = ArchiveFile.read(file, plan.share())) {
        return work.apply(archive);
      }
    }
    Path loaded = Scratch.file(plan.scratch(), "archive");
    try {
      new ArchiveDump(file, plan.share()).load(loaded);
      try (ArchiveFile archive = ArchiveFile.read(loaded, plan.share())) {
        return work.apply(archive);
      }
    } finally {
      Scratch.delete(loaded);
    }
  }

  /** Syncs, brings back, and syncs. */
  public Result run(Order order) {
    return reading(order.from(), plan, archive -> run(archive, order));
  }

  private Result run(ArchiveFile archive, Order order) {
    if (!archive.database().equals(plan.name())) {
      throw new Failure(
          Failure.USAGE,
          order.from() + " holds rows of the database " + archive.database(),
          "name that one with --db");
    }
    Failure failure = sync(order).failure();
    if (failure != null) {
      throw failure;
    }
    Returned returned = new Returned();
    try (Replica replica = new LocalDatabase(plan).open()) {
      List<Archived> wanted = new ArrayList<>(wanted(archive, replica, order));
      for (int from = 0; from < wanted.size(); from += AT_ONCE) {
        List<Archived> some = wanted.subList(from, Math.min(wanted.size(), from + AT_ONCE));
        Map<Archived, Stored> rows = new LinkedHashMap<>();
        some.forEach(one -> rows.put(one, archive.stored(one.table(), one.number())));
        replica
            .sql()
            .inTransaction(
                () -> {
                  Map<String, RowId> standing = standing(replica, rows);
                  rows.forEach((one, row) -> bringBack(replica, one, row, standing, returned));
                });
      }
    }
    boolean moved = !returned.rows.isEmpty();
    return new Result(returned.rows, returned.there, returned.left, moved ? sync(order) : null);
  }

  private DatabaseSync.Outcome sync(Order order) {
    return new DatabaseSync(plan, ledger, clock, settled -> {})
        .run(Request.byHand(order.conflicts()));
  }

  /** A row in the archive. */
  private record Archived(String table, long number) {}

  private static final class Returned {
    private final Map<String, Integer> rows = new TreeMap<>();
    private final List<NotArchived> left = new ArrayList<>();
    private final Set<RowId> absent = new HashSet<>();
    private int there;

    void leave(RowId id, String why) {
      left.add(new NotArchived(id, why));
      absent.add(id);
    }
  }

  // ---- what is wanted

  /** Parents before their children. */
  private static Set<Archived> wanted(ArchiveFile archive, Replica replica, Order order) {
    List<String> tables = parentsFirst(replica, archive.tables());
    Set<Archived> wanted = new LinkedHashSet<>();
    String named = order.table();
    Predicate<RowKey> meant = meant(order.key());
    boolean known = false;
    for (String table : tables) {
      if (named == null || SqlName.same(named, table)) {
        known = true;
        for (long number : archive.newest(table)) {
          if (order.key() == null || meant.test(keyOf(archive, table, number))) {
            wanted.add(new Archived(table, number));
          }
        }
      }
    }
    if (!known || (order.key() != null && wanted.isEmpty())) {
      throw new Failure(
          Failure.USAGE,
          order.from() + " holds no such rows",
          "it holds rows of " + String.join(", ", archive.tables()));
    }
    if (named != null) {
      addChildren(archive, replica, tables, wanted);
    }
    return wanted;
  }

  private static RowKey keyOf(ArchiveFile archive, String table, long number) {
    Row row = archive.row(table, number);
    return RowKey.of(archive.keyOf(table).stream().map(row::get).toArray());
  }

  private static Predicate<RowKey> meant(@Nullable String key) {
    return found ->
        key == null || found.toString().equals(key) || Json.keyText(found).equals(key.strip());
  }

  private static void addChildren(
      ArchiveFile archive, Replica replica, List<String> tables, Set<Archived> wanted) {
    List<Archived> todo = new ArrayList<>(wanted);
    for (int i = 0; i < todo.size(); i++) {
      Archived parent = todo.get(i);
      Row row = archive.row(parent.table(), parent.number());
      for (String table : tables) {
        for (ForeignKey foreign : foreignKeys(replica, table)) {
          List<@Nullable Object> values = new ArrayList<>();
          foreign.parentColumns().forEach(column -> values.add(row.get(column)));
          if (foreign.parent().equals(parent.table()) && !values.contains(null)) {
            for (long number : archive.newest(table, foreign.columns(), values)) {
              Archived child = new Archived(table, number);
              if (wanted.add(child)) {
                todo.add(child);
              }
            }
          }
        }
      }
    }
  }

  private static List<ForeignKey> foreignKeys(Replica replica, String table) {
    SyncedTable known = replica.tables().get(table);
    return known == null ? List.of() : known.shape().foreignKeys();
  }

  private static List<String> parentsFirst(Replica replica, Set<String> tables) {
    Set<String> ordered = new LinkedHashSet<>();
    tables.forEach(table -> visit(replica, table, ordered, new HashSet<>()));
    return ordered.stream().filter(tables::contains).toList();
  }

  private static void visit(Replica replica, String table, Set<String> ordered, Set<String> above) {
    if (!ordered.contains(table) && above.add(table)) {
      foreignKeys(replica, table).forEach(key -> visit(replica, key.parent(), ordered, above));
      ordered.add(table);
    }
  }

  // ---- bringing back

  /** Where records are that did not go, or are back, by the tokens they were born with. */
  private static Map<String, RowId> standing(Replica replica, Map<Archived, Stored> rows) {
    Map<String, Set<String>> births = new HashMap<>();
    rows.forEach(
        (one, row) -> {
          if (row.birth() != null) {
            births.computeIfAbsent(one.table(), table -> new HashSet<>()).add(row.birth());
          }
        });
    Map<String, RowId> standing = new HashMap<>();
    births.forEach(
        (name, some) -> {
          SyncedTable table = replica.tables().get(name);
          if (table != null) {
            table
                .standing(some)
                .forEach((birth, key) -> standing.put(birth, new RowId(table.name(), key)));
          }
        });
    return standing;
  }

  private void bringBack(
      Replica replica,
      Archived one,
      Stored stored,
      Map<String, RowId> standing,
      Returned returned) {
    SyncedTable table = replica.tables().get(one.table());
    if (table == null) {
      returned.left.add(
          new NotArchived(
              new RowId(one.table(), RowKey.of(one.number())), "its table is not synced here"));
      return;
    }
    Row known = table.withWholeKey(known(table, stored.row()));
    if (table.shape().key().stream().anyMatch(column -> known.get(column) == null)) {
      returned.left.add(
          new NotArchived(
              new RowId(one.table(), RowKey.of(one.number())), "its table has another key now"));
      return;
    }
    RowId id = new RowId(table.name(), table.keyOf(known));
    Row present = table.row(id.key());
    if (present != null && table.same(present, known)) {
      returned.there++;
      return;
    }
    String birth = stored.birth();
    RowId moved = birth == null ? null : standing.get(birth);
    String why =
        present != null
            ? "there is a row of this key again"
            : moved != null ? "it is there as " + moved : obstacle(replica, table, known, returned);
    if (why == null) {
      Refusal refusal = put(replica, table, known);
      why = refusal == null ? null : refusal.why();
    }
    if (why == null && birth != null) {
      table.shadow().bringsBack(id.key(), birth);
    }
    if (why == null) {
      returned.rows.merge(table.name(), 1, Integer::sum);
    } else {
      returned.leave(id, why);
    }
  }

  /** As the table is now: columns that were dropped since are left out, and made ones default. */
  private static Row known(SyncedTable table, Row row) {
    Map<String, @Nullable Object> values = row.asMap();
    values
        .entrySet()
        .removeIf(
            value ->
                !table.columns().has(value.getKey())
                    || (value.getValue() == null
                        && table.shape().column(value.getKey()).notNull()));
    return Row.of(values);
  }

  private static @Nullable String obstacle(
      Replica replica, SyncedTable table, Row row, Returned returned) {
    for (RowKey other : table.othersWithValuesOf(row, table.keyOf(row))) {
      return other + " has its UNIQUE value";
    }
    for (ForeignKey foreign : table.shape().foreignKeys()) {
      SyncedTable parent = replica.everyTable().get(foreign.parent());
      List<@Nullable Object> values = new ArrayList<>();
      foreign.columns().forEach(column -> values.add(row.get(column)));
      if (parent == null || values.contains(null)) {
        continue;
      }
      List<RowKey> found = parent.keysWhere(foreign.parentColumns(), values);
      if (found.isEmpty()) {
        return "its " + foreign.parent() + " " + values + " is not there";
      }
      if (returned.absent.contains(new RowId(parent.name(), found.get(0)))) {
        return "its " + foreign.parent() + " " + found.get(0) + " is another one now";
      }
    }
    return null;
  }

  /** As an edit made now by this person. */
  private @Nullable Refusal put(Replica replica, SyncedTable table, Row row) {
    Object former = row.get(SyncColumns.UPDATED_AT);
    return new HandEdit(replica)
        .put(
            table,
            row.with(SyncColumns.UPDATED_AT, ChangeTime.like(former, clock.millis()))
                .with(SyncColumns.UPDATED_BY, plan.author().user()));
  }
}
