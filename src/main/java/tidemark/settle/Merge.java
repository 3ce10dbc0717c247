package tidemark.settle;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.ConflictRule;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.Token;
import tidemark.jdbc.Refusal;
import tidemark.replica.Held;
import tidemark.replica.Held.Numbered;
import tidemark.replica.Held.Reason;
import tidemark.replica.Kinship;
import tidemark.replica.Remembered;
import tidemark.replica.Remembered.Mark;
import tidemark.replica.SyncedTable;

/**
 * Decides, key by key, what becomes of a change that others made (or we ourselves, on the way
 * round) when it meets what is pending here. Nothing is written to the application's rows but what
 * we ourselves had posted; taking a change is left to {@link Apply}.
 */
final class Merge {
  private final Settling settling;
  private final Decisions decisions;
  private final Rekey rekey;
  private final OtherKeys otherKeys;
  private final boolean ownOnly;
  private final Offered offered;

  /**
   * @param ownOnly only recognise our own changes, decide nothing (a push)
   */
  Merge(Settling settling, Decisions decisions, Offered offered, boolean ownOnly) {
    this.settling = settling;
    this.decisions = decisions;
    this.rekey = new Rekey(settling, decisions);
    this.otherKeys = new OtherKeys(settling, decisions);
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

    String conflictId() {
      return settling.disputes.conflictId(id, kind(), remembered, entry());
    }

    long mineAt() {
      return settling.contest.madeAt(mark, mine);
    }

    String kind() {
      return mine != null && theirs.row() != null ? "update" : "delete";
    }

    Row theirsHere() {
      Row row = theirs.row();
      return table.overlay(mine, row == null ? Row.of(Map.of()) : row);
    }

    boolean equal() {
      return theirs.row() == null
          ? mine == null
          : mine != null
              && (table.same(mine, theirs.row()) || table.same(mine, withMyValues(theirs.row())));
    }

    /** Where both refer to one record, it makes no difference which values it had then. */
    Row withMyValues(Row row) {
      Row own = mine;
      if (own == null) {
        return row;
      }
      Row alike = row;
      for (Kinship kin : settling.family.parentsOf(id.table())) {
        List<String> columns = kin.foreign().columns();
        String record = theirs.parents().birth(kin.foreign().reference());
        List<@Nullable Object> values = Family.valuesOf(own, columns);
        if (record != null
            && !values.contains(null)
            && settling.records.meant(kin, values).filter(record::equals).isPresent()) {
          alike = alike.with(Family.together(columns, values));
        }
      }
      return alike;
    }
  }

  /**
   * Decides all that arrived, in the order in which it came; but where a record went before where
   * it was, since the two are one matter.
   */
  void decide() {
    if (!ownOnly && new CommonCase(settling).isThis()) {
      settling.arrivals.forEach((id, arrival) -> decisions.take(id, arrival.changes));
      return;
    }
    Map<RowId, Settling.Arrival> others = new LinkedHashMap<>();
    settling.arrivals.forEach(
        (id, arrival) -> {
          if (arrival.changes.stream().anyMatch(c -> c.change().from() != null)) {
            decide(id, arrival);
          } else {
            others.put(id, arrival);
          }
        });
    others.forEach(this::decide);
  }

  private void decide(RowId id, Settling.Arrival arrival) {
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
    String keeper = settling.kept.get(id);
    if (keeper != null) {
      settling.hold(id, changes, Reason.REFUSED, keeper);
      return;
    }
    if (remembered == null || remembered.mark() == null) {
      if (!otherKeys.decide(id, changes)) {
        decisions.take(id, changes);
      }
      return;
    }
    changes = EmptiedNumber.whole(table, id.key(), changes);
    List<Numbered> former = EmptiedNumber.former(table, id.key(), changes);
    if (!otherKeys.decide(id, former)) {
      decide(id, former);
    }
    if (former.size() < changes.size()) {
      decideAboutTheOther(id, changes, former.size());
    }
  }

  private void decide(RowId id, List<Numbered> changes) {
    Remembered remembered = settling.table(id).shadow().get(id.key());
    if (remembered == null || remembered.mark() == null) {
      decisions.take(id, changes);
    } else {
      decide(new Case(id, remembered, remembered.mark(), changes));
    }
  }

  /** As if it had come in after the changes of the former one, about which is decided by now. */
  private void decideAboutTheOther(RowId id, List<Numbered> changes, int birth) {
    Optional<Held.Waiting> waiting = settling.replica.held().find(id.table(), id.key());
    if (decisions.deletes.remove(id) != null) {
      decisions.take(id, changes);
    } else if (waiting.isPresent()) {
      settling.hold(id, changes, waiting.get().reason(), waiting.get().detail());
    } else {
      decide(id, changes.subList(birth, changes.size()));
    }
  }

  /** What an earlier run has settled is known, unless it was held back from the row. */
  static List<Numbered> unread(Settling.Arrival arrival, @Nullable Remembered remembered) {
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
          table.shadow().clearMark(id.key());
        } else {
          table.shadow().setEdits(id.key(), later);
        }
        if (later.isEmpty() || table.same(table.row(id.key()), own.row())) {
          settling.stampAs(id, own.row()); // later edits that changed nothing will not be posted
        }
        return changes.subList(i + 1, changes.size());
      }
    }
    return changes;
  }

  private void decide(Case c) {
    SyncedTable table = c.table;
    settling.disputes.involve(c.id); // also where columns are merged without a conflict
    boolean mayStillAppear = offered.mayStillAppear(c.id);
    if (!mayStillAppear
        && c.mine != null
        && !c.remembered.isMoved()
        && c.remembered.hasDigest(table.digest(c.mine))) {
      decisions.take(c.id, c.changes); // marked, but nothing was changed
    } else if (!mayStillAppear && deletedBeforeAnyoneKnew(c)) {
      decisions.take(c.id, c.changes);
    } else if (twoBirths(c)) {
      rekey.moveAway(c.id);
      decisions.take(c.id, c.changes);
    } else if (isMyBase(c)) {
      keepMine(c);
    } else if (c.equal()) {
      settling.disputes.close(c.id, "equal", null);
      decisions.take(c.id, c.changes);
    } else if (newUnderAnEmptiedKey(c)) {
      keepMine(c, null);
    } else if (table.rule().mergeColumns()
        && c.mine != null
        && c.theirs.row() != null
        && c.remembered.base() != null) {
      mergeColumns(c, c.mine, Json.row(c.remembered.base()));
    } else {
      conflict(c);
    }
  }

  /** Posted anew under another key of the table, it is the version that was edited here. */
  private boolean isMyBase(Case c) {
    Long settled = c.remembered.entry();
    return settled != null
        && settled < settling.replica.keys().since(c.table.name())
        && c.theirs.token().equals(c.remembered.token());
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
    if (!theyBear || sameBirth(c)) {
      return false;
    }
    return !(c.mark.found() && (c.equal() || Births.atOneTime(c.mine, theirs)));
  }

  /**
   * What was found at first contact may be the very record that others deleted; under an
   * AUTOINCREMENT key only what is known of that record can tell.
   */
  private static boolean newUnderAnEmptiedKey(Case c) {
    if (!c.theirs.isDelete() || !c.remembered.absentInLedger() || sameBirth(c)) {
      return false;
    }
    if (!c.mark.found() || c.mine == null) {
      return true;
    }
    return c.table.shape().autoKey() && c.changes.stream().noneMatch(n -> sameRecord(c, n));
  }

  /** Born and deleted here: it never was. */
  private static boolean deletedBeforeAnyoneKnew(Case c) {
    return c.mine == null
        && c.remembered.absentInLedger()
        && (c.remembered.unknownToOthers() || !sameBirth(c));
  }

  /** Where a ledger was lost, records are pending again under the token they were born with. */
  private static boolean sameBirth(Case c) {
    return c.changes.stream().anyMatch(n -> n.change().first().equals(c.mark.first()));
  }

  private static boolean sameRecord(Case c, Numbered before) {
    Row then = before.change().row();
    return c.mine != null
        && then != null
        && (c.table.same(c.mine, then) || Births.atOneTime(c.mine, then));
  }

  private void conflict(Case c) {
    if (settling.contest.rule(c.table) == ConflictRule.MANUAL) {
      waitForPerson(c);
      return;
    }
    boolean mineWins = settling.contest.mineWins(c.conflictId(), () -> mineWins(c));
    tell(c, mineWins);
    if (mineWins) {
      keepMine(c);
    } else {
      decisions.take(c.id, c.changes);
    }
  }

  private void tell(Case c, boolean mineWins) {
    settling.disputes.record(
        c.conflictId(),
        c.id,
        c.kind(),
        settling.disputes.sides(c.mine, c.remembered, c.mineAt(), c.theirs),
        mineWins ? "local" : "remote",
        c.remembered,
        c.entry());
  }

  private void keepMine(Case c) {
    keepMine(c, c.theirs.row() == null ? null : c.theirsHere());
    if (c.theirs.row() == null) {
      c.table.shadow().stillTheSame(c.id.key()); // that is no birth, whoever else may keep it
    }
  }

  private void keepMine(Case c, @Nullable Row theirs) {
    settling.rebase(c.id, c.changes, theirs);
    String came = c.remembered.came();
    if (theirs != null && came != null && c.table.shadow().inLedger(came).isEmpty()) {
      c.table.shadow().setCame(c.id.key(), null); // new here, it is one with the record of theirs
    }
    settling.release(c.id);
    settling.disputes.close(c.id, "superseded", "local");
  }

  /** A fresh installation's seeds are young, but an edit, however old, is somebody's work. */
  private boolean mineWins(Case c) {
    Row theirs = c.theirs.row();
    boolean seedsCount = c.mark.found() && settling.contest.rule(c.table) == ConflictRule.NEWEST;
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
    return settling.contest.mineWins(c.table, c.mineAt(), c.theirs);
  }

  /** Both versions wait in sync_conflicts; the row is held back, its children with it. */
  private void waitForPerson(Case c) {
    String first = Token.of("manual", c.id.table(), Json.keyText(c.id.key()), c.mark.first());
    ChosenVersions.Choice choice =
        new ChosenVersions(settling.replica.conflicts()).about(first, c.mark.last(), c.entry());
    if (choice.made()) {
      settling.disputes.involve(c.id);
      if (choice.local()) {
        keepMine(c);
      } else {
        decisions.take(c.id, c.changes);
      }
      return;
    }
    settling.hold(c.id, c.changes, Reason.MANUAL, "");
    settling.disputes.record(
        choice.conflictId(),
        c.id,
        c.kind(),
        settling.disputes.sides(c.mine, c.remembered, c.mineAt(), c.theirs),
        null,
        c.remembered,
        c.entry());
  }

  /** Only columns changed on both sides conflict. */
  private void mergeColumns(Case c, Row mine, Row base) {
    Row theirs = c.withMyValues(c.theirsHere());
    ThreeWay columns = new ThreeWay(c.table, base, mine, theirs);
    if (columns.overlaps() && settling.contest.rule(c.table) == ConflictRule.MANUAL) {
      waitForPerson(c);
      return;
    }
    boolean mineWins =
        !columns.overlaps()
            || settling.contest.mineWins(
                c.conflictId(), () -> settling.contest.mineWins(c.table, c.mineAt(), c.theirs));
    Map<String, @Nullable Object> values = columns.merged(mineWins);
    Row merged = mine.with(values);
    boolean changed = !c.table.same(merged, mine);
    boolean takesTheirs = c.table.same(merged, theirs);
    settling.records.remember(c.id);
    Refusal refusal = changed && !takesTheirs ? c.table.attemptSet(c.id.key(), values) : null;
    if (refusal != null && !refusal.isCollision()) {
      conflict(c); // the parts do not fit together: one row or the other
      return;
    }
    if (columns.overlaps()) {
      tell(c, mineWins);
    }
    if (refusal != null) {
      decisions.merged.put(c.id, merged); // it may fit once others have moved
    }
    if (takesTheirs || refusal != null) {
      decisions.take(c.id, c.changes);
      return;
    }
    keepMine(c, theirs);
    if (changed) {
      decisions.grown.add(c.id);
      settling.touch(c.id);
      settling.report.pulled(c.id.table());
    }
  }
}
