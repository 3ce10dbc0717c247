package tidemark.settle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.ConflictRule;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.change.Token;
import tidemark.change.Values;
import tidemark.replica.Held.Numbered;
import tidemark.replica.Held.Reason;
import tidemark.replica.Kinship;
import tidemark.replica.Remembered;
import tidemark.replica.Remembered.Mark;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;
import tidemark.settle.Disputes.Sides;

/**
 * An incoming row whose UNIQUE value a row pending here claims too: the rule decides, and the loser
 * is kept in the conflict with its children.
 */
public final class UniqueFight {
  enum Outcome {
    /** Nothing stands in the way any more. */
    FREE,
    /** The incoming row waits. */
    HELD,
    /** The local row stays; what the ledger has is to be taken back. */
    LOST
  }

  private final Settling settling;
  private final Decisions decisions;
  private final Family family;
  private final List<Lost> lost = new ArrayList<>();

  /** An incoming row that lost against a local one. */
  private record Lost(
      RowId id, List<Numbered> changes, Row row, @Nullable Row before, Rival rival) {}

  /** The local row that claims the same value. */
  private record Rival(
      RowId id, Row row, Remembered remembered, Mark mark, long at, ChosenVersions.Choice choice) {
    String conflictId() {
      return choice.conflictId();
    }
  }

  UniqueFight(Settling settling, Decisions decisions) {
    this.settling = settling;
    this.decisions = decisions;
    this.family = settling.family;
  }

  /** What hangs on a row here; rows that came in may refer to the same value and mean another. */
  private List<Family.Member> descendants(RowId id, Row row) {
    return family.descendants(id, row, this::means);
  }

  private boolean means(Kinship kin, RowId parent, RowId child) {
    return decisions.means(kin, child, settling.records.at(parent));
  }

  Outcome clear(RowId id, List<Numbered> changes, Row row, @Nullable Row before) {
    SyncedTable table = settling.table(id);
    for (RowKey key : table.othersWithValuesOf(row, id.key())) {
      RowId other = new RowId(table.name(), key);
      settling.disputes.involve(other);
      settling.disputes.involve(id);
      Rival rival = rival(id, changes, other);
      if (rival == null) {
        settling.hold(id, changes, Reason.UNIQUE, "its UNIQUE value is still taken by " + key);
        return Outcome.HELD;
      }
      if (!rival.choice().made()) {
        waitForPerson(id, changes, rival);
        return Outcome.HELD;
      }
      if (rival.choice().local()) {
        lost.add(new Lost(id, changes, row, before, rival));
        return Outcome.LOST;
      }
      List<Family.Member> descendants = descendants(rival.id(), rival.row());
      String keeper = keeper(rival, row, descendants);
      if (keeper != null) {
        settling.hold(id, changes, Reason.REFUSED, "its UNIQUE value is still taken: " + keeper);
        return Outcome.HELD;
      }
      makeRoom(changes, row, rival, descendants);
    }
    return Outcome.FREE;
  }

  /** What keeps the local row from making room, if it is not sure that it only steps back. */
  private @Nullable String keeper(Rival rival, Row wanted, List<Family.Member> descendants) {
    SyncedTable table = settling.table(rival.id());
    Row back = formerOf(rival);
    if (back != null
        && !collide(table, back, wanted)
        && table.othersWithValuesOf(back, rival.id().key()).isEmpty()) {
      return null;
    }
    return family.keeper(rival.id(), rival.row(), descendants);
  }

  /** Only a pending local row fights; one that is as the ledger has it has yet to move. */
  private @Nullable Rival rival(RowId id, List<Numbered> changes, RowId other) {
    SyncedTable table = settling.table(other);
    Remembered remembered = table.shadow().get(other.key());
    Row row = table.row(other.key());
    if (decisions.puts.containsKey(other)
        || remembered == null
        || remembered.mark() == null
        || row == null) {
      return null;
    }
    Mark mark = remembered.mark();
    long at = settling.contest.madeAt(mark, row);
    return new Rival(other, row, remembered, mark, at, choice(id, changes, other, mark, at));
  }

  /** Made by the rule, or by a person. */
  private ChosenVersions.Choice choice(
      RowId id, List<Numbered> changes, RowId other, Mark mark, long mineAt) {
    SyncedTable table = settling.table(id);
    String keys = Json.keyText(id.key()) + Json.keyText(other.key());
    long entry = Settling.lastEntry(changes);
    if (settling.contest.rule(table) == ConflictRule.MANUAL) {
      return new ChosenVersions(settling.replica.conflicts())
          .about(Token.of("manual unique", id.table(), keys, mark.first()), mark.last(), entry);
    }
    String conflictId = Token.of("unique", id.table(), keys, mark.last(), entry);
    boolean mineWins =
        settling.contest.mineWins(
            conflictId, () -> settling.contest.mineWins(table, mineAt, Settling.last(changes)));
    return new ChosenVersions.Choice(conflictId, mineWins ? "local" : "remote");
  }

  private void waitForPerson(RowId id, List<Numbered> changes, Rival rival) {
    settling.hold(id, changes, Reason.MANUAL_UNIQUE, Json.keyText(rival.id().key()));
    List<Family.Member> descendants = descendants(rival.id(), rival.row());
    record(rival, Settling.last(changes), descendants, null, Settling.lastEntry(changes));
  }

  private void record(
      Rival rival,
      Change theirs,
      List<Family.Member> descendants,
      @Nullable String winner,
      long entry) {
    Sides sides =
        new Sides(
            Family.withDescendants(rival.row(), descendants),
            settling.contest.madeBy(rival.mark(), rival.row()),
            rival.at(),
            Disputes.text(theirs.row()),
            theirs.by(),
            theirs.at());
    tell(rival, rival.id(), sides, winner, entry);
  }

  private void tell(Rival rival, RowId id, Sides sides, @Nullable String winner, long entry) {
    settling.disputes.record(
        rival.conflictId(), id, "unique", sides, winner, rival.remembered(), entry);
  }

  private void makeRoom(
      List<Numbered> changes, Row row, Rival rival, List<Family.Member> descendants) {
    record(rival, Settling.last(changes), descendants, "remote", Settling.lastEntry(changes));
    stepBack(rival, row, descendants);
  }

  /** The local row makes room: one that was synced goes back to its ledger row, a new one goes. */
  private void stepBack(Rival rival, Row wanted, List<Family.Member> descendants) {
    SyncedTable table = settling.table(rival.id());
    Row back = formerOf(rival);
    settling.records.remember(rival.id());
    table.delete(rival.id().key());
    if (back != null && !collide(table, back, wanted) && freeAgain(table, rival, back)) {
      table.put(back, settling.now);
      table.shadow().clearMark(rival.id().key());
      return;
    }
    gone(rival.id(), rival.remembered());
    for (Family.Member member : descendants) {
      SyncedTable child = settling.table(member.id());
      child.delete(member.id().key());
      gone(member.id(), child.shadow().get(member.id().key()));
    }
  }

  /** Whoever moved here to the value that one gave up steps back too, link by link. */
  private boolean freeAgain(SyncedTable table, Rival rival, Row back) {
    List<Rival> next = new ArrayList<>();
    Change theirs = asInLedger(rival, back);
    long entry = rival.remembered().entry() == null ? 0 : rival.remembered().entry();
    for (RowKey key : table.othersWithValuesOf(back, rival.id().key())) {
      Rival follower =
          rival(rival.id(), List.of(new Numbered(entry, theirs)), new RowId(table.name(), key));
      if (follower == null
          || keeper(follower, back, descendants(follower.id(), follower.row())) != null) {
        return false;
      }
      next.add(follower);
    }
    for (Rival follower : next) {
      settling.disputes.involve(follower.id());
      List<Family.Member> descendants = descendants(follower.id(), follower.row());
      record(follower, theirs, descendants, "remote", entry);
      stepBack(follower, back, descendants);
    }
    return true;
  }

  private static Change asInLedger(Rival rival, Row back) {
    Object by = back.get(SyncColumns.UPDATED_BY);
    return new Change(
        rival.id().table(),
        rival.id().key(),
        back,
        rival.remembered().at(),
        by == null ? "" : by.toString(),
        false,
        "",
        "");
  }

  private @Nullable Row formerOf(Rival rival) {
    Long entry = rival.remembered().entry();
    if (rival.remembered().absentInLedger() || entry == null) {
      return null;
    }
    String base = rival.remembered().base();
    return base != null ? Json.row(base) : settling.past.row(rival.id(), entry);
  }

  public static boolean collide(SyncedTable table, Row one, Row other) {
    return table.shape().uniques().stream()
        .map(u -> u.columns())
        .anyMatch(
            columns ->
                columns.stream()
                    .allMatch(c -> one.get(c) != null && Values.same(one.get(c), other.get(c))));
  }

  /** A row that was never synced is only in the conflict now; of another everybody is to learn. */
  private void gone(RowId id, @Nullable Remembered remembered) {
    if (remembered == null || remembered.entry() == null) {
      settling.table(id).shadow().forget(id.key());
    } else {
      settling.mark(id);
    }
  }

  /** What came in with a row that lost; what was here belongs to the one that won. */
  private List<Family.Member> broughtAlong(Lost loss) {
    return family.descendants(
        loss.id(),
        loss.row(),
        (kin, parent, child) ->
            (!parent.equals(loss.id()) || decisions.puts.containsKey(child))
                && means(kin, parent, child));
  }

  /** Who lost to a row that has since gone along with another loser has not lost. */
  Map<RowId, List<Numbered>> freed() {
    Map<RowId, List<Numbered>> freed = new LinkedHashMap<>();
    for (Lost loss : lost) {
      RowKey rival = loss.rival().id().key();
      SyncedTable table = settling.table(loss.id());
      if (!table.othersWithValuesOf(loss.row(), loss.id().key()).contains(rival)) {
        freed.put(loss.id(), loss.changes());
      }
    }
    lost.removeIf(loss -> freed.containsKey(loss.id()));
    return freed;
  }

  private void mayGo(Lost loss, List<Family.Member> descendants) {
    List<Family.Member> going = new ArrayList<>(descendants);
    if (loss.before() != null) {
      going.add(new Family.Member(loss.id(), loss.before()));
    }
    String keeper = family.keeper(going);
    if (keeper != null) {
      throw new Kept(loss.id(), keeper);
    }
  }

  /** What lost against local rows: back to what was here, or gone, and the ledger is told so. */
  void aftermath() {
    for (Lost loss : lost) {
      SyncedTable table = settling.table(loss.id());
      List<Family.Member> descendants = List.of();
      settling.settle(loss.id(), loss.changes(), loss.row());
      settling.release(loss.id());
      Row before = loss.before();
      if (before != null && table.othersWithValuesOf(before, loss.id().key()).isEmpty()) {
        table.put(before, settling.now);
      } else {
        descendants = broughtAlong(loss);
        mayGo(loss, descendants);
        for (Family.Member member : descendants) {
          settling.table(member.id()).delete(member.id().key());
          settling.mark(member.id());
        }
      }
      Change theirs = Settling.last(loss.changes());
      Rival rival = loss.rival();
      Sides sides =
          new Sides(
              Json.rowText(rival.row()),
              settling.contest.madeBy(rival.mark(), rival.row()),
              rival.at(),
              Family.withDescendants(loss.row(), descendants),
              theirs.by(),
              theirs.at());
      tell(rival, loss.id(), sides, "local", Settling.lastEntry(loss.changes()));
      settling.mark(loss.id());
    }
    lost.clear();
  }
}
