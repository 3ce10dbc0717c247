package tidemark.settle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.ChangeTime;
import tidemark.change.Definition;
import tidemark.change.Parents;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.ledger.Draft;
import tidemark.ledger.EntryFile;
import tidemark.ledger.Weight;
import tidemark.replica.Keys;
import tidemark.replica.Kinship;
import tidemark.replica.Remembered;
import tidemark.replica.Remembered.Clock;
import tidemark.replica.Remembered.Mark;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;
import tidemark.settle.PastRows.Wanted;

/**
 * Says what is to be posted next: one entry's worth of pending edits, parents before their
 * children, deletes last and children first; new definitions; and all conflicts that no entry tells
 * of yet.
 */
final class Posting {
  private final Settling settling;
  private final Family family;
  private final Offered offered;
  private final Set<RowId> waiting = new HashSet<>();
  private final List<Change> puts = new ArrayList<>();
  private final List<List<Change>> deletesByTable = new ArrayList<>();
  private final Stamps stamps = new Stamps();
  private final LocalTimes localTimes = new LocalTimes();
  private final Set<RowId> neverKnown = new HashSet<>();
  private final Set<RowId> unchanged = new HashSet<>();

  /** Of those unchanged: whose stamps are not as the ledger has them, or may not be. */
  private final Set<Wanted> restamped = new HashSet<>();

  private final VacatedNumbers vacated;
  private long bytes;

  Posting(Settling settling, Offered offered) {
    this.settling = settling;
    this.family = settling.family;
    this.offered = offered;
    this.vacated = new VacatedNumbers(settling);
  }

  /**
   * @param selected the tables that take part in this run
   * @param contested keys a push leaves alone
   */
  Draft collect(Set<String> selected, Set<RowId> contested) {
    waiting.addAll(new StayBehind(settling, family).find(contested));
    List<SyncedTable> tables = family.parentsFirst(new TreeSet<>(selected));
    List<Definition> definitions = new ArrayList<>();
    tables.forEach(table -> announce(table, definitions));
    for (SyncedTable table : tables) {
      collect(table);
    }
    drop();
    localTimes.noteIn(settling.replica);
    List<Change> changes = new ArrayList<>(puts);
    for (int i = deletesByTable.size() - 1; i >= 0 && !full(changes.size()); i--) {
      List<Change> deletes = deletesByTable.get(i);
      changes.addAll(deletes.subList(0, Math.min(deletes.size(), Batch.CHANGES - changes.size())));
    }
    tables.forEach(table -> tellWhole(table, definitions, changes));
    return new Draft(definitions, changes, settling.replica.conflicts().unposted());
  }

  private boolean full(int changes) {
    return changes >= EntryFile.ENTRY_ROWS || bytes >= EntryFile.ENTRY_BYTES;
  }

  /** Of a key that began here: with these changes, all rows stand in the ledger. */
  private void tellWhole(SyncedTable table, List<Definition> definitions, List<Change> changes) {
    Keys keys = settling.replica.keys();
    String name = table.name();
    if (!keys.owesRows(name)
        || table.shadow().countMarks()
            > changes.stream().filter(c -> c.table().equals(name)).count()) {
      return;
    }
    Definition definition =
        definitions.stream()
            .filter(d -> d.isTable() && d.table().equals(name))
            .findFirst()
            .orElseGet(() -> settling.replica.definition(table));
    definitions.remove(definition);
    definitions.add(0, definition.whole(true));
  }

  private void announce(SyncedTable table, List<Definition> definitions) {
    Keys keys = settling.replica.keys();
    if (!settling.replica.states().announced(table.name(), "")) {
      Definition definition = settling.replica.definition(table);
      definitions.add(
          keys.isUntold(table.name()) ? definition.rekeyed(keys.known(table.name())) : definition);
      if (settling.replica.states().generation(table.name()) > 1) {
        table.shape().columnNames().stream()
            .filter(c -> !SyncColumns.contains(c) && !table.shape().key().contains(c))
            .forEach(c -> definitions.add(settling.replica.definition(table, c)));
      }
      return;
    }
    for (String column : table.shape().columnNames()) {
      if (!SyncColumns.contains(column)
          && !settling.replica.states().announced(table.name(), column)) {
        definitions.add(settling.replica.definition(table, column));
      }
    }
  }

  private void collect(SyncedTable table) {
    List<Change> deletes = new ArrayList<>();
    deletesByTable.add(deletes);
    if (full(puts.size())) {
      return;
    }
    table
        .edits()
        .eachPending(
            family.parentsOf(table.name()).stream().map(Kinship::toParent).toList(),
            (key, remembered, row, parents) -> {
              RowId id = new RowId(table.name(), key);
              Mark mark = remembered.mark();
              if (mark != null
                  && !waiting.contains(id)
                  && !nothingToPost(id, table, remembered, mark, row)) {
                Change change = change(id, table, remembered, mark, row, parents);
                long weight = Weight.of(change);
                if (weight > EntryFile.MAX_ROW_BYTES) {
                  settling.report.held(
                      table.name(),
                      id.toString(),
                      "the row is too large to be synced (" + weight / 1_000_000 + " MB)");
                } else if (row == null) {
                  deletes.add(change);
                } else {
                  puts.add(change);
                  bytes += weight;
                }
              }
              return !full(puts.size()) && deletes.size() < EntryFile.ENTRY_ROWS;
            });
    family.parentsOf(table.name()).stream()
        .filter(kin -> kin.parent().name().equals(table.name()))
        .findFirst()
        .ifPresent(kin -> parentsFirst(table.name(), kin));
  }

  /** Rows of a table that refers to itself. */
  private void parentsFirst(String table, Kinship itself) {
    List<Change> own = puts.stream().filter(c -> c.table().equals(table)).toList();
    Map<List<@Nullable Object>, Change> byValue = new HashMap<>();
    for (Change change : own) {
      List<@Nullable Object> value =
          Family.valuesOf(rowOf(change), itself.foreign().parentColumns());
      if (!value.contains(null)) {
        byValue.put(itself.comparable(value), change);
      }
    }
    Set<Change> ordered = new LinkedHashSet<>();
    for (Change change : own) {
      Set<Change> chain = new LinkedHashSet<>();
      Change next = change;
      while (next != null && !ordered.contains(next) && chain.add(next)) {
        next =
            byValue.get(
                itself.comparable(Family.valuesOf(rowOf(next), itself.foreign().columns())));
      }
      List<Change> downwards = new ArrayList<>(chain);
      Collections.reverse(downwards);
      ordered.addAll(downwards);
    }
    puts.removeAll(ordered);
    puts.addAll(ordered);
  }

  private static Row rowOf(Change change) {
    Row row = change.row();
    if (row == null) {
      throw new IllegalArgumentException("a delete has no row");
    }
    return row;
  }

  /**
   * A mark that changed nothing beats no real edit: it is dropped, unless an offer of it may still
   * appear.
   */
  private boolean nothingToPost(
      RowId id, SyncedTable table, Remembered remembered, Mark mark, @Nullable Row row) {
    if (offered.mayStillAppear(id)) {
      return false;
    }
    Long entry = remembered.entry();
    if (row == null && remembered.unknownToOthers()) {
      (entry == null ? neverKnown : unchanged).add(id);
      return true;
    }
    if (row != null && !remembered.isMoved() && remembered.hasDigest(table.digest(row))) {
      unchanged.add(id);
      if (entry != null && !asStamped(row, remembered, mark)) {
        restamped.add(new Wanted(id, entry));
      }
      return true;
    }
    return false;
  }

  /** As far as is remembered: the ledger's stamps are not. */
  private static boolean asStamped(Row row, Remembered remembered, Mark mark) {
    Long at = ChangeTime.read(row.get(SyncColumns.UPDATED_AT));
    return mark.clock() == Clock.MOMENT && !mark.byRow() && at != null && at == remembered.at();
  }

  private void drop() {
    settling.past.require(restamped);
    neverKnown.forEach(id -> settling.table(id).shadow().forget(id.key()));
    unchanged.forEach(id -> settling.table(id).shadow().clearMark(id.key()));
    if (!restamped.isEmpty()) {
      settling.replica.quiet();
      restamped.forEach(row -> settling.stampAs(row.id(), settling.past.row(row.id(), row.upTo())));
    }
  }

  private Change change(
      RowId id,
      SyncedTable table,
      Remembered remembered,
      Mark mark,
      @Nullable Row row,
      Parents parents) {
    long at = settling.contest.madeAt(mark, row);
    String by = settling.contest.madeBy(mark, row);
    String came = row != null && remembered.isMoved() ? remembered.came() : null;
    boolean born = row != null && (remembered.absentInLedger() || came != null);
    Row posted =
        row == null ? null : stamps.stamped(table, mark, row, at > 0 ? at : settling.shareNow, by);
    localTimes.look(table.name(), mark, row);
    vacated.notice(id, remembered, mark, row, at);
    return new Change(
        table.name(),
        id.key(),
        posted,
        at,
        by,
        born,
        came != null ? came : mark.first(),
        mark.last(),
        came == null ? null : table.shadow().inLedger(came).orElse(null),
        parents);
  }
}
