package tidemark.sync;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Conflict;
import tidemark.change.ConflictRule;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.Values;
import tidemark.replica.Conflicts;
import tidemark.replica.Held.Numbered;
import tidemark.replica.Held.Reason;
import tidemark.replica.Remembered;
import tidemark.replica.Remembered.Mark;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;

/**
 * Decides, key by key, what becomes of a change that others made (or we ourselves, on the way
 * round) when it meets what is pending here. Nothing is written to the application's rows but what
 * we ourselves had posted; taking a change is left to {@link Apply}.
 */
final class Merge {
  private final Settling settling;
  private final Rekey rekey;
  private final boolean ownOnly;
  private final Offered offered;

  /**
   * @param ownOnly only recognise our own changes, decide nothing (a push)
   */
  Merge(Settling settling, Offered offered, boolean ownOnly) {
    this.settling = settling;
    this.rekey = new Rekey(settling);
    this.offered = offered;
    this.ownOnly = ownOnly;
  }

  /** Everything about one key while it is decided. */
  private final class Case {
    final RowId id;
    final SyncedTable table;
    final Remembered remembered;
    final Mark mark;
    final List<Numbered> changes;
    final Change theirs;
    final @Nullable Row mine;

    Case(RowId id, Remembered remembered, Mark mark, List<Numbered> changes) {
      this.id = id;
      this.table = settling.table(id);
      this.remembered = remembered;
      this.mark = mark;
      this.changes = changes;
      this.theirs = Settling.last(changes);
      this.mine = table.row(id.key());
    }

    long entry() {
      return Settling.lastEntry(changes);
    }

    long mineAt() {
      return settling.madeAt(mark, mine);
    }

    String kind() {
      return mine != null && theirs.row() != null ? "update" : "delete";
    }

    Row theirsHere() {
      Row row = theirs.row();
      return table.overlay(mine, row == null ? Row.of(Map.of()) : row);
    }

    boolean equal() {
      return theirs.row() == null ? mine == null : mine != null && table.same(mine, theirs.row());
    }
  }

  void decide(RowId id, Settling.Arrival arrival) {
    SyncedTable table = settling.table(id);
    Remembered remembered = table.shadow().get(id.key());
    List<Numbered> changes = unread(arrival, remembered);
    if (remembered != null && remembered.mark() != null) {
      changes = meetOwn(id, changes, remembered);
      remembered = table.shadow().get(id.key());
    }
    if (changes.isEmpty() || ownOnly) {
      return;
    }
    if (remembered == null || remembered.mark() == null) {
      take(id, changes);
    } else {
      decide(new Case(id, remembered, remembered.mark(), changes));
    }
  }

  /** What an earlier run has settled is known, unless it was held back from the row. */
  private static List<Numbered> unread(Settling.Arrival arrival, @Nullable Remembered remembered) {
    Long settled = remembered == null ? null : remembered.entry();
    if (settled == null || arrival.wasHeld) {
      return arrival.changes;
    }
    return arrival.changes.stream().filter(c -> c.entry() > settled).toList();
  }

  /** A change whose token is in my list is my own: later edits are based on it. */
  private List<Numbered> meetOwn(RowId id, List<Numbered> changes, Remembered remembered) {
    Mark mark = remembered.mark();
    if (mark == null) {
      return changes;
    }
    for (int i = changes.size() - 1; i >= 0; i--) {
      Change own = changes.get(i).change();
      if (mark.has(own.token())) {
        SyncedTable table = settling.table(id);
        settling.rebase(
            id,
            changes.subList(0, i + 1),
            own.row() == null ? null : table.overlay(table.row(id.key()), own.row()));
        settling.release(id);
        String later = mark.after(own.token());
        if (later.isEmpty()) {
          posted(id, own);
        } else {
          table.shadow().setEdits(id.key(), later);
        }
        return changes.subList(i + 1, changes.size());
      }
    }
    return changes;
  }

  private void posted(RowId id, Change own) {
    SyncedTable table = settling.table(id);
    table.shadow().clearMark(id.key());
    Row row = own.row();
    if (row != null) {
      table.stamp(
          id.key(), row.get(SyncColumns.UPDATED_AT), row.get(SyncColumns.UPDATED_BY), settling.now);
    }
  }

  private void decide(Case c) {
    SyncedTable table = c.table;
    settling.contested.add(c.id); // also where columns are merged without a conflict
    boolean mayStillAppear = offered.mayStillAppear(c.id);
    if (!mayStillAppear && c.mine != null && c.remembered.hasDigest(table.digest(c.mine))) {
      take(c.id, c.changes); // marked, but nothing was changed
    } else if (!mayStillAppear && c.mine == null && c.remembered.absentInLedger()) {
      take(c.id, c.changes); // born and deleted here: it never was
    } else if (twoBirths(c)) {
      rekey.moveAway(c.id);
      take(c.id, c.changes);
    } else if (c.equal()) {
      settling.close(c.id, "equal", null);
      take(c.id, c.changes);
    } else if (newUnderAnEmptiedKey(c)) {
      settling.rebase(c.id, c.changes, null);
      settling.release(c.id);
    } else if (table.rule().mergeColumns()
        && c.mine != null
        && c.theirs.row() != null
        && c.remembered.base() != null) {
      mergeColumns(c, c.mine, Json.row(c.remembered.base()));
    } else {
      conflict(c);
    }
  }

  private void take(RowId id, List<Numbered> changes) {
    (Settling.last(changes).isDelete() ? settling.deletes : settling.puts).put(id, changes);
  }

  /** Under an AUTOINCREMENT key an equal number does not mean the same record. */
  private boolean twoBirths(Case c) {
    Row theirs = c.theirs.row();
    if (!c.table.shape().autoKey()
        || !c.remembered.absentInLedger()
        || c.mine == null
        || theirs == null) {
      return false;
    }
    boolean theyBear = c.changes.stream().anyMatch(n -> n.change().born());
    boolean sameRecord =
        c.changes.stream().anyMatch(n -> n.change().first().equals(c.mark.first()));
    if (!theyBear || sameRecord) {
      return false;
    }
    return !(c.mark.found() && (c.equal() || Births.atOneTime(c.mine, theirs)));
  }

  /**
   * What was found at first contact may be the very record that others deleted; under an
   * AUTOINCREMENT key only what is known of that record can tell.
   */
  private static boolean newUnderAnEmptiedKey(Case c) {
    if (!c.theirs.isDelete() || !c.remembered.absentInLedger()) {
      return false;
    }
    if (!c.mark.found() || c.mine == null) {
      return true;
    }
    return c.table.shape().autoKey() && c.changes.stream().noneMatch(n -> sameRecord(c, n));
  }

  private static boolean sameRecord(Case c, Numbered before) {
    Row then = before.change().row();
    return c.mine != null
        && then != null
        && (c.table.same(c.mine, then) || Births.atOneTime(c.mine, then));
  }

  private void conflict(Case c) {
    if (settling.rule(c.table) == ConflictRule.MANUAL) {
      waitForPerson(c);
      return;
    }
    long mineAt = c.mineAt();
    boolean mineWins = mineWins(c, mineAt);
    settling.conflict(
        settling.conflictId(c.id, c.kind(), c.remembered, c.entry()),
        c.id,
        c.kind(),
        settling.sides(c.mine, c.remembered, mineAt, c.theirs),
        mineWins ? "local" : "remote",
        c.remembered,
        c.entry());
    if (mineWins) {
      keepMine(c);
    } else {
      take(c.id, c.changes);
    }
  }

  private void keepMine(Case c) {
    settling.rebase(c.id, c.changes, c.theirs.row() == null ? null : c.theirsHere());
    settling.release(c.id);
    if (c.theirs.row() == null) {
      settling.stillTheSame(c.id);
    }
  }

  /** A fresh installation's seeds are young, but an edit, however old, is somebody's work. */
  private boolean mineWins(Case c, long mineAt) {
    Row theirs = c.theirs.row();
    boolean seedsCount = c.mark.found() && settling.rule(c.table) == ConflictRule.NEWEST;
    if (seedsCount && c.mine != null && Births.neverEdited(c.mine)) {
      return false;
    }
    if (seedsCount
        && c.mine != null
        && theirs != null
        && c.theirs.born()
        && Births.neverEdited(theirs)) {
      return true;
    }
    return settling.mineWins(c.table, mineAt, c.theirs);
  }

  /** Both versions wait in sync_conflicts; the row is held back, its children with it. */
  private void waitForPerson(Case c) {
    String conflictId =
        Settling.id("manual", c.id.table(), Json.keyText(c.id.key()), c.mark.first());
    Conflict known = known(conflictId);
    while (known != null && known.resolved()) {
      if (known.localToken().equals(c.mark.last()) && known.remoteEntry() == c.entry()) {
        settling.contested.add(c.id);
        if ("local".equals(known.winner())) {
          keepMine(c);
        } else {
          take(c.id, c.changes);
        }
        return;
      }
      // chosen between other versions than these: that settles nothing, and is asked anew
      conflictId = Settling.id(conflictId, known.localToken(), known.remoteEntry());
      known = known(conflictId);
    }
    settling.hold(c.id, c.changes, Reason.MANUAL, "");
    settling.conflict(
        conflictId,
        c.id,
        c.kind(),
        settling.sides(c.mine, c.remembered, c.mineAt(), c.theirs),
        null,
        c.remembered,
        c.entry());
  }

  private @Nullable Conflict known(String conflictId) {
    return settling.replica.conflicts().find(conflictId).map(Conflicts.Kept::conflict).orElse(null);
  }

  /** Three-way against the row as last synced; only columns changed on both sides conflict. */
  private void mergeColumns(Case c, Row mine, Row base) {
    Row theirs = c.theirsHere();
    Set<String> ours = new HashSet<>();
    Set<String> both = new HashSet<>();
    Map<String, @Nullable Object> merged = new LinkedHashMap<>();
    boolean mineDiffers = false;
    for (String column : c.table.shape().columnNames()) {
      if (SyncColumns.contains(column)) {
        continue;
      }
      boolean mineChanged = !Values.same(mine.get(column), base.get(column));
      boolean theirsChanged = !Values.same(theirs.get(column), base.get(column));
      if (mineChanged) {
        ours.add(column);
      }
      if (mineChanged && theirsChanged && !Values.same(mine.get(column), theirs.get(column))) {
        both.add(column);
      }
    }
    boolean mineWins = true;
    if (!both.isEmpty()) {
      if (settling.rule(c.table) == ConflictRule.MANUAL) {
        waitForPerson(c);
        return;
      }
      long mineAt = c.mineAt();
      mineWins = settling.mineWins(c.table, mineAt, c.theirs);
      settling.conflict(
          settling.conflictId(c.id, c.kind(), c.remembered, c.entry()),
          c.id,
          c.kind(),
          settling.sides(mine, c.remembered, mineAt, c.theirs),
          mineWins ? "local" : "remote",
          c.remembered,
          c.entry());
    }
    for (String column : c.table.shape().columnNames()) {
      boolean keep = ours.contains(column) && (mineWins || !both.contains(column));
      if (!SyncColumns.contains(column)) {
        merged.put(column, keep ? mine.get(column) : theirs.get(column));
        mineDiffers |= !Values.same(merged.get(column), theirs.get(column));
      }
    }
    settleMerged(c, mine, merged, theirs, mineDiffers);
  }

  private void settleMerged(
      Case c, Row mine, Map<String, @Nullable Object> merged, Row theirs, boolean mineDiffers) {
    if (!mineDiffers) {
      take(c.id, c.changes);
      return;
    }
    Row asMerged = mine.with(merged);
    settling.rebase(c.id, c.changes, theirs);
    settling.release(c.id);
    if (!c.table.same(asMerged, mine)) {
      c.table.set(c.id.key(), merged);
      // the content changed under the mark: what was offered before is not what is here now
      c.table.shadow().setEdits(c.id.key(), c.mark.edits() + Settling.newToken());
      settling.report.pulled(c.id.table());
    }
  }
}
