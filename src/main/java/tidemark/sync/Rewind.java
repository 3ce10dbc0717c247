package tidemark.sync;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.change.SqlName;
import tidemark.ledger.Entry;
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
public final class Rewind {
  private final Replica replica;
  private final LedgerContent.Made then;
  private final LaterChanges later;
  private final Scope scope;
  private final Map<RowId, Wanted> wanted = new LinkedHashMap<>();
  private final Map<RowId, Left> left = new LinkedHashMap<>();
  private final List<Left> leftTables = new ArrayList<>();

  Rewind(Replica replica, LedgerContent.Made then, LaterChanges later, Scope scope) {
    this.replica = replica;
    this.then = then;
    this.later = later;
    this.scope = scope;
  }

  /**
   * What is to become again what it was; null for no limit.
   *
   * @param key as people write it: Q1, (Q1, 3), or the key's JSON
   * @param until only what was changed up to this entry
   * @param by only what this person changed
   * @param workstation only what was changed there
   * @param withChildren rows that refer to one that goes, go along
   */
  public record Scope(
      @Nullable String table,
      @Nullable String key,
      @Nullable Long until,
      @Nullable String by,
      @Nullable String workstation,
      boolean withChildren) {
    static final Scope ALL = new Scope(null, null, null, null, null, false);

    boolean includes(String name, RowKey row) {
      return includes(name)
          && (key == null || key.equals(row.toString()) || key.equals(Json.keyText(row)));
    }

    boolean includes(String name) {
      return table == null || SqlName.same(table, name);
    }

    /** What the key as it was typed may mean; none where none is asked for. */
    List<RowKey> keys() {
      if (key == null) {
        return List.of();
      }
      if (key.startsWith("[")) {
        return List.of(Json.key(key));
      }
      return key.matches("-?\\d{1,18}")
          ? List.of(RowKey.of(Long.parseLong(key)), RowKey.of(key))
          : List.of(RowKey.of(key));
    }

    /** Only a part of what was changed since is taken back. */
    public boolean isPartOfChanges() {
      return until != null || by != null || workstation != null;
    }

    boolean means(Entry entry, Change change) {
      return (until == null || entry.number() <= until)
          && (by == null || by.equals(change.by()))
          && (workstation == null || workstation.equals(entry.author().workstation()));
    }
  }

  /** What becomes of a row. */
  public enum How {
    COMES_BACK,
    GOES,
    CHANGES
  }

  /** A change of a row after the moment. */
  public record Trace(long entry, long at, String by, String workstation) {}

  /**
   * A row and who changed it last.
   *
   * @param last null where the ledger does not tell any more
   */
  public record Example(RowKey key, How how, @Nullable Trace last) {}

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
  public record Left(String table, @Nullable RowKey key, String why) {}

  /**
   * What was, or would be, done.
   *
   * @param people whose changes are taken back: of how many rows
   */
  public record Result(Map<String, Table> tables, List<Left> left, Map<String, Long> people) {
    public long rows() {
      return tables.values().stream().mapToLong(Table::rows).sum();
    }
  }

  /**
   * A row that is to become what it was.
   *
   * @param entry by which it was settled when it was compared
   * @param asChild it goes since its parent does
   */
  record Wanted(RowId id, How how, @Nullable Long entry, boolean asChild) {}

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
      RewindPass pass = new RewindPass(replica, this, List.copyOf(wanted.values()), now);
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
      leftTables.add(new Left(name, null, "there was no such table then"));
    } else if (!SqlName.same(past.shape().key(), table.shape().key())) {
      leftTables.add(new Left(name, null, "its rows had another key then"));
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
        leftTables.add(new Left(name, null, pending + " with edits that could not be posted yet"));
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
      How how = present == null ? How.COMES_BACK : target == null ? How.GOES : How.CHANGES;
      wanted.put(id, wanted(id, how, false));
    }
  }

  /** The row as it was; null where there was none. */
  @Nullable Row target(RowId id) {
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

  /** The token with which the record was born that had this key then, as far as is known. */
  @Nullable String pastBirth(RowId id) {
    SyncedTable past = then.replica().everyTable().get(id.table());
    if (past == null || (scope.isPartOfChanges() && later.before(id).isPresent())) {
      return null;
    }
    Remembered remembered = past.shadow().get(id.key());
    return remembered == null ? null : remembered.record();
  }

  /** The parent as it was then, which had these values. */
  @Nullable RowId pastParent(String table, List<String> columns, List<@Nullable Object> values) {
    SyncedTable past = then.replica().everyTable().get(table);
    List<RowKey> keys = past == null ? List.of() : past.keysWhere(columns, values);
    return keys.isEmpty() ? null : new RowId(table, keys.get(0));
  }

  private void leave(RowId id, String why) {
    wanted.remove(id);
    left.put(id, new Left(id.table(), id.key(), why));
  }

  /** What stood in the way is left out, what is needed comes along; then all is tried again. */
  private void amend(RewindPass pass) {
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
                wanted.put(parent, wanted(parent, How.COMES_BACK, false));
              } else {
                leave(child, "its parent " + parent + " does not come back");
              }
            });
    pass.children()
        .forEach(
            (child, parent) -> {
              if (scope.withChildren() && !left.containsKey(child)) {
                wanted.put(child, wanted(child, How.GOES, true));
              } else {
                leave(parent, "rows that are there refer to it: " + child);
              }
            });
  }

  private Wanted wanted(RowId id, How how, boolean asChild) {
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
    List<Left> stays = new ArrayList<>(leftTables);
    stays.addAll(left.values());
    return new Result(tables, stays, people);
  }

  private final class Count {
    private final List<Example> examples = new ArrayList<>();
    private final Map<How, Long> rows = new EnumMap<>(How.class);

    void add(Wanted row) {
      rows.merge(row.how(), 1L, Long::sum);
      if (examples.size() < Findings.EXAMPLES) {
        examples.add(new Example(row.id().key(), row.how(), later.last(row.id()).orElse(null)));
      }
    }

    Table table() {
      return new Table(
          rows.getOrDefault(How.COMES_BACK, 0L),
          rows.getOrDefault(How.GOES, 0L),
          rows.getOrDefault(How.CHANGES, 0L),
          List.copyOf(examples));
    }
  }
}
