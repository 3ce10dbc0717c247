package tidemark.settle;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.ConflictRule;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.change.Token;
import tidemark.replica.Held.Numbered;
import tidemark.replica.Held.Reason;
import tidemark.replica.Remembered;
import tidemark.replica.Remembered.Mark;
import tidemark.replica.SyncedTable;

/**
 * A record that others changed under one key while pending edits have it under another: somebody
 * gave it another key. The two are versions of one record, of which the rule keeps one; under the
 * other key nothing is left.
 */
final class OtherKeys {
  private final Settling settling;
  private final Decisions decisions;
  private final Set<RowId> decided = new HashSet<>();
  private final Map<String, Boolean> anyCame = new HashMap<>();
  private @Nullable Set<String> alive;

  OtherKeys(Settling settling, Decisions decisions) {
    this.settling = settling;
    this.decisions = decisions;
  }

  /** The same record here and in what came in. */
  private record Pair(
      RowId mine,
      Remembered remembered,
      Mark mark,
      @Nullable Row row,
      RowId there,
      Change theirs,
      long entry) {
    String kind() {
      return row != null && theirs.row() != null ? "update" : "delete";
    }
  }

  /** True where this arrival needs no further decision. */
  boolean decide(RowId there, List<Numbered> changes) {
    if (decided.contains(there)) {
      return true;
    }
    String record = recordOf(there, changes);
    if (record == null || wentOn(changes, record)) {
      return false;
    }
    Pair pair = pair(there, changes, record);
    if (pair == null || isExchanged(pair, record)) {
      return false;
    }
    settling.disputes.involve(pair.mine());
    settling.disputes.involve(there);
    decided.add(pair.mine());
    decided.add(there);
    return settle(pair, changes, record);
  }

  /** Only of records that somebody has moved is there anything to decide. */
  private @Nullable String recordOf(RowId there, List<Numbered> changes) {
    SyncedTable table = settling.table(there);
    boolean moved = anyCame.computeIfAbsent(there.table(), t -> table.shadow().anyCame());
    for (int i = changes.size() - 1; i >= 0; i--) {
      Change change = changes.get(i).change();
      if (change.from() != null) {
        return change.first();
      }
      if (change.born()) {
        return moved && isPostedAnew(there) ? change.first() : null;
      }
    }
    Remembered here = moved ? table.shadow().get(there.key()) : null;
    return here == null || here.mark() == null ? null : here.first();
  }

  /** It stood there only for a while: it is to be decided where it went, maybe where it was. */
  private boolean wentOn(List<Numbered> changes, String record) {
    if (!Settling.last(changes).isDelete()) {
      return false;
    }
    if (alive == null) {
      alive = new HashSet<>();
      for (Settling.Arrival arrival : settling.arrivals.values()) {
        String came = cameHere(arrival.changes);
        if (came != null && !Settling.last(arrival.changes).isDelete()) {
          alive.add(came);
        }
      }
    }
    return alive.contains(record);
  }

  private static @Nullable String cameHere(List<Numbered> changes) {
    for (int i = changes.size() - 1; i >= 0; i--) {
      Change change = changes.get(i).change();
      if (change.from() != null || change.born()) {
        return change.from() == null ? null : change.first();
      }
    }
    return null;
  }

  /** Under another key of the table: a record that was there before, with the birth it had. */
  private boolean isPostedAnew(RowId there) {
    return settling.replica.keys().since(there.table()) > 0;
  }

  private @Nullable Pair pair(RowId there, List<Numbered> changes, String record) {
    SyncedTable table = settling.table(there);
    List<RowKey> keys = table.shadow().pendingOf(record);
    // where it stands, rather than where it was taken away from
    RowKey key =
        keys.stream()
            .filter(k -> !k.equals(there.key()) && table.has(k))
            .findFirst()
            .or(() -> keys.stream().filter(k -> !k.equals(there.key())).findFirst())
            .orElse(null);
    Remembered remembered = key == null ? null : table.shadow().get(key);
    if (key == null || remembered == null || remembered.mark() == null) {
      return null;
    }
    return new Pair(
        new RowId(there.table(), key),
        remembered,
        remembered.mark(),
        table.row(key),
        there,
        Settling.last(changes),
        Settling.lastEntry(changes));
  }

  /**
   * Others gave another record the key under which this one was edited. There is no place for both
   * as they were: who edited what has this key meets whatever has it now.
   */
  private boolean isExchanged(Pair pair, String record) {
    return !pair.remembered().isMoved() && another(arrivedUnder(pair.mine()), record) != null;
  }

  /** The last of these changes, if it is one of another record than this. */
  private static @Nullable Change another(List<Numbered> under, String record) {
    for (int i = under.size() - 1; i >= 0 && !Settling.last(under).isDelete(); i--) {
      Change change = under.get(i).change();
      if (change.born()) {
        return change.first().equals(record) ? null : Settling.last(under);
      }
    }
    return null;
  }

  /**
   * False where theirs is to be taken, unless another record that was edited here is in its way.
   */
  private boolean settle(Pair pair, List<Numbered> changes, String record) {
    SyncedTable table = settling.table(pair.mine());
    boolean moved = pair.remembered().isMoved();
    boolean untouched =
        pair.row() != null && !moved && pair.remembered().hasDigest(table.digest(pair.row()));
    if (untouched || (pair.row() == null && pair.theirs().isDelete())) {
      return takeTheirs(pair, changes);
    }
    long mineAt = settling.contest.madeAt(pair.mark(), pair.row());
    if (settling.contest.rule(table) == ConflictRule.MANUAL) {
      return letAPersonChoose(pair, changes, record, mineAt);
    }
    String id =
        settling.disputes.conflictId(pair.mine(), pair.kind(), pair.remembered(), pair.entry());
    boolean mineWins =
        settling.contest.mineWins(
            id, () -> settling.contest.mineWins(table, mineAt, pair.theirs()));
    tell(pair, id, mineAt, mineWins ? "local" : "remote");
    if (mineWins) {
      keepMine(pair, changes, record, mineAt);
      return true;
    }
    return takeTheirs(pair, changes);
  }

  private void tell(Pair pair, String id, long mineAt, @Nullable String winner) {
    settling.disputes.record(
        id,
        pair.mine(),
        pair.kind(),
        settling.disputes.sides(pair.row(), pair.remembered(), mineAt, pair.theirs()),
        winner,
        pair.remembered(),
        pair.entry());
  }

  /** Another record of others had got the key that mine keeps: from now on the two are one. */
  private void tellOf(Change others, long entry, Pair pair, long mineAt) {
    String id = settling.disputes.conflictId(pair.mine(), "same key", pair.remembered(), entry);
    settling.disputes.record(
        id,
        pair.mine(),
        pair.row() == null ? "delete" : "update",
        settling.disputes.sides(pair.row(), pair.remembered(), mineAt, others),
        "local",
        pair.remembered(),
        entry);
  }

  private boolean letAPersonChoose(Pair pair, List<Numbered> changes, String record, long mineAt) {
    String first =
        Token.of( // under its own key it may have another to meet, and another choice
            "manual moved",
            pair.mine().table(),
            Json.keyText(pair.mine().key()),
            Json.keyText(pair.there().key()),
            pair.mark().first());
    ChosenVersions.Choice choice =
        new ChosenVersions(settling.replica.conflicts())
            .about(first, pair.mark().last(), pair.entry());
    if (choice.made()) {
      if (choice.local()) {
        keepMine(pair, changes, record, mineAt);
        return true;
      }
      return takeTheirs(pair, changes);
    }
    settling.hold(pair.there(), changes, Reason.MANUAL, Json.keyText(pair.mine().key()));
    List<Numbered> under = arrivedUnder(pair.mine());
    if (!under.isEmpty()) {
      settling.hold(
          pair.mine(), under, Reason.PARENT, "it waits for what is chosen for " + pair.there());
    }
    tell(pair, choice.conflictId(), mineAt, null);
    return true;
  }

  private List<Numbered> arrivedUnder(RowId id) {
    Settling.Arrival arrival = settling.arrivals.get(id);
    return arrival == null ? List.of() : arrival.changes;
  }

  /** True where nothing stands in the way of it; else that is decided as for any other row. */
  private boolean takeTheirs(Pair pair, List<Numbered> changes) {
    giveUpMine(pair);
    if (settling.table(pair.there()).has(pair.there().key())) {
      return false;
    }
    decisions.take(pair.there(), changes);
    return true;
  }

  /** Nothing of the record is left under the key that only pending edits had given it. */
  private void giveUpMine(Pair pair) {
    List<Numbered> under = arrivedUnder(pair.mine());
    if (!under.isEmpty()) {
      decisions.take(pair.mine(), under);
      return;
    }
    SyncedTable table = settling.table(pair.mine());
    settling.replica.quiet();
    settling.records.remember(pair.mine());
    table.delete(pair.mine().key());
    if (pair.remembered().entry() == null) {
      table.shadow().forget(pair.mine().key());
    } else if (pair.remembered().absentInLedger()) {
      table.shadow().clearMark(pair.mine().key());
    } else {
      table.shadow().setCame(pair.mine().key(), null); // another one that was here gave way to it
    }
  }

  private void keepMine(Pair pair, List<Numbered> changes, String record, long mineAt) {
    SyncedTable table = settling.table(pair.mine());
    knowOf(pair.there(), changes, pair);
    List<Numbered> under = arrivedUnder(pair.mine());
    Change others = another(under, record);
    if (others != null) {
      tellOf(others, Settling.lastEntry(under), pair, mineAt);
    }
    if (!under.isEmpty()) {
      Row row = Settling.last(under).row();
      settling.rebase(pair.mine(), under, row == null ? null : table.overlay(pair.row(), row));
      settling.release(pair.mine());
      settling.disputes.close(pair.mine(), "superseded", "local");
    }
    if (pair.row() != null) {
      table.shadow().setCame(pair.mine().key(), record);
    }
  }

  /** What the ledger has under the other key goes again. */
  private void knowOf(RowId there, List<Numbered> changes, Pair pair) {
    SyncedTable table = settling.table(there);
    Remembered here = table.shadow().get(there.key());
    Row theirs = pair.theirs().row();
    if (here != null && here.mark() != null) {
      String own = table.has(there.key()) ? here.record() : null;
      settling.rebase(
          there, changes, theirs == null ? null : table.overlay(table.row(there.key()), theirs));
      table.shadow().setCame(there.key(), own);
    } else {
      settling.settle(there, changes, theirs == null ? null : table.overlay(null, theirs));
      settling.replica.quiet();
      settling.records.remember(there);
      table.delete(there.key());
      if (theirs != null) {
        settling.mark(there);
      }
    }
    settling.release(there);
    settling.disputes.close(there, "superseded", "local");
  }
}
