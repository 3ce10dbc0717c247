package tidemark.past;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.change.SqlName;
import tidemark.master.LedgerContent;
import tidemark.past.RewindTry.Wanted;
import tidemark.replica.Comparison;
import tidemark.replica.Remembered;
import tidemark.replica.Replica;
import tidemark.replica.SyncedTable;

/**
 * Rows of a replica become again what they were, as edits made now, to be posted like any others.
 *
 * <p>Guarantee: one local transaction writes all of it or nothing. A row that was edited since it
 * was compared, that a constraint refuses, or whose change would part children from their parent is
 * left as it is and named; parents that came to be missing come along. Threading: one thread.
 */
public final class Rewind implements RewindTry.Then {
  private final Replica replica;
  private final LedgerContent.Made then;
  private final LaterChanges later;
  private final RewindScope scope;
  private final Map<RowId, Wanted> wanted = new LinkedHashMap<>();
  private final Map<RowId, AsItIs> left = new LinkedHashMap<>();
  private final List<AsItIs> leftTables = new ArrayList<>();

  Rewind(Replica replica, LedgerContent.Made then, LaterChanges later, RewindScope scope) {
    this.replica = replica;
    this.then = then;
    this.later = later;
    this.scope = scope;
  }

  /**
   * A row and who changed it last.
   *
   * @param last null where the ledger does not tell any more
   */
  public record Example(RowKey key, Fate how, @Nullable Trace last) {}

  /** One table: how many rows, and the first few of them. */
  public record Table(long comeBack, long go, long change, List<Example> examples) {
    public long rows() {
      return comeBack + go + change;
    }
  }

  /**
   * What stays as it is, and why.
   *
   * @param key null where it is about the table
   */
  public record AsItIs(String table, @Nullable RowKey key, String why) {}

  /**
   * What was, or would be, done.
   *
   * @param people whose changes are taken back: of how many rows
   */
  public record Result(Map<String, Table> tables, List<AsItIs> left, Map<String, Long> people) {
    public long rows() {
      return tables.values().stream().mapToLong(Table::rows).sum();
    }
  }

  /**
   * @param now on this machine's clock
   */
  Result run(long now) {
    requireTable();
    try (Comparison comparison = new Comparison(replica, then.file())) {
      replica
          .sql()
          .inReadTransaction(
              () -> {
                replica.tables().values().forEach(table -> compare(comparison, table));
                return true;
              });
    }
    while (!wanted.isEmpty()) {
      RewindTry pass = new RewindTry(replica, this, List.copyOf(wanted.values()), now);
      if (pass.run()) {
        break;
      }
      amend(pass);
    }
    return result();
  }

  // ---- what is to be done

  private void requireTable() {
    if (replica.tables().keySet().stream().noneMatch(scope::includes)) {
      throw new Failure(
          Failure.USAGE,
          "there is no table " + scope.table(),
          "the tables are: " + String.join(", ", replica.tables().keySet()));
    }
  }

  private void compare(Comparison comparison, SyncedTable table) {
    String name = table.name();
    if (!scope.includes(name)) {
      return;
    }
    SyncedTable past = then.replica().everyTable().get(name);
    if (past == null) {
      leftTables.add(new AsItIs(name, null, "there was no such table then"));
    } else if (!SqlName.same(past.shape().key(), table.shape().key())) {
      leftTables.add(new AsItIs(name, null, "its rows had another key then"));
    } else if (scope.isPartOfChanges()) {
      later.eachMeant(name, key -> want(table, key));
    } else {
      comparison.each(
          table,
          (key, kind, edited) -> {
            if (!edited) {
              want(table, key);
            }
          });
      long pending = scope.key() == null ? table.shadow().countMarks() : 0;
      if (pending > 0) {
        leftTables.add(
            new AsItIs(name, null, pending + " with edits that could not be posted yet"));
      }
    }
  }

  private void want(SyncedTable table, RowKey key) {
    RowId id = new RowId(table.name(), key);
    if (!scope.includes(table.name(), key)) {
      return;
    }
    Row present = table.row(key);
    Row target = target(id);
    if (table.same(present, target)) {
      return;
    }
    Optional<Trace> onTop = scope.isPartOfChanges() ? later.onTop(id) : Optional.empty();
    if (onTop.isPresent()) {
      leave(id, "changed again by " + onTop.get().by() + " in entry " + onTop.get().entry());
    } else {
      Fate how = present == null ? Fate.COMES_BACK : target == null ? Fate.GOES : Fate.CHANGES;
      wanted.put(id, wanted(id, how, false));
    }
  }

  @Override
  public @Nullable Row target(RowId id) {
    Wanted known = wanted.get(id);
    if (known != null && known.asChild()) {
      return null;
    }
    var before = scope.isPartOfChanges() ? later.before(id) : Optional.<LaterChanges.Before>empty();
    if (before.isPresent()) {
      return before.get().row();
    }
    SyncedTable past = then.replica().everyTable().get(id.table());
    return past == null ? null : past.row(id.key());
  }

  @Override
  public @Nullable String pastBirth(RowId id) {
    SyncedTable past = then.replica().everyTable().get(id.table());
    if (past == null || (scope.isPartOfChanges() && later.before(id).isPresent())) {
      return null;
    }
    Remembered remembered = past.shadow().get(id.key());
    return remembered == null ? null : remembered.record();
  }

  @Override
  public @Nullable RowId pastParent(
      String table, List<String> columns, List<@Nullable Object> values) {
    SyncedTable past = then.replica().everyTable().get(table);
    List<RowKey> keys = past == null ? List.of() : past.keysWhere(columns, values);
    return keys.isEmpty() ? null : new RowId(table, keys.get(0));
  }

  private void leave(RowId id, String why) {
    wanted.remove(id);
    left.put(id, new AsItIs(id.table(), id.key(), why));
  }

  /** What stood in the way is left out, what is needed comes along; then all is tried again. */
  private void amend(RewindTry pass) {
    pass.refused().forEach(this::leave);
    pass.parents()
        .forEach(
            (parent, child) -> {
              boolean possible =
                  !wanted.containsKey(parent)
                      && !left.containsKey(parent)
                      && target(parent) != null
                      && replica.tables().containsKey(parent.table());
              if (possible) {
                wanted.put(parent, wanted(parent, Fate.COMES_BACK, false));
              } else {
                leave(child, "its parent " + parent + " does not come back");
              }
            });
    pass.children()
        .forEach(
            (child, parent) -> {
              if (scope.withChildren() && !left.containsKey(child)) {
                wanted.put(child, wanted(child, Fate.GOES, true));
              } else {
                leave(parent, "rows that are there refer to it: " + child);
              }
            });
  }

  private Wanted wanted(RowId id, Fate how, boolean asChild) {
    Remembered remembered = replica.table(id.table()).shadow().get(id.key());
    return new Wanted(id, how, remembered == null ? null : remembered.entry(), asChild);
  }

  // ---- what was done

  private Result result() {
    Map<String, Count> counts = new TreeMap<>();
    Map<String, Long> people = new TreeMap<>();
    for (Wanted row : wanted.values()) {
      counts.computeIfAbsent(row.id().table(), name -> new Count()).add(row);
      later.people(row.id()).forEach(who -> people.merge(who, 1L, Long::sum));
    }
    Map<String, Table> tables = new TreeMap<>();
    counts.forEach((name, count) -> tables.put(name, count.table()));
    List<AsItIs> stays = new ArrayList<>(leftTables);
    stays.addAll(left.values());
    return new Result(tables, stays, people);
  }

  private final class Count {
    private final List<Example> examples = new ArrayList<>();
    private final Map<Fate, Long> rows = new EnumMap<>(Fate.class);

    void add(Wanted row) {
      rows.merge(row.how(), 1L, Long::sum);
      if (examples.size() < Differences.EXAMPLES) {
        examples.add(new Example(row.id().key(), row.how(), later.last(row.id()).orElse(null)));
      }
    }

    Table table() {
      return new Table(
          rows.getOrDefault(Fate.COMES_BACK, 0L),
          rows.getOrDefault(Fate.GOES, 0L),
          rows.getOrDefault(Fate.CHANGES, 0L),
          List.copyOf(examples));
    }
  }
}
