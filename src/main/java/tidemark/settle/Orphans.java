package tidemark.settle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Json;
import tidemark.change.Parents;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.change.Token;
import tidemark.replica.Held.Numbered;
import tidemark.replica.Held.Reason;
import tidemark.replica.Kinship;
import tidemark.replica.Kinship.Parent;
import tidemark.replica.Remembered;
import tidemark.replica.SyncedTable;
import tidemark.settle.PastRows.Past;
import tidemark.settle.Settling.Arrival;

/**
 * Looks after the foreign keys of what was touched. What a row refers to is a record: the columns
 * take whatever values that record has by now. A child that lost its parent to a concurrent delete
 * brings it back; where that cannot be, the child waits or is kept in a conflict. Nobody leaves an
 * orphan that was not one before: what was one at its author's is one everywhere.
 */
final class Orphans {
  private final Settling settling;
  private final Decisions decisions;
  private final Family family;
  private final Records records;
  private final Moves moves;
  private final Departures departures;
  private final Set<String> givenUp = new HashSet<>();

  /** Whose followers have been found: once, since others may have such a value later. */
  private final Set<RowId> left = new HashSet<>();

  /** Parents that were brought back, as they were then. */
  private final Map<RowId, Past> back = new HashMap<>();

  private final Map<Kinship, Map<List<@Nullable Object>, Optional<Parent>>> seen = new HashMap<>();

  Orphans(Settling settling, Decisions decisions) {
    this.settling = settling;
    this.decisions = decisions;
    this.family = settling.family;
    this.records = settling.records;
    this.moves = new Moves(settling, decisions);
    this.departures = new Departures(settling);
  }

  /**
   * A row whose parent is not there.
   *
   * @param record the one it means, as far as is known
   * @param parent where that stood last, as far as is known
   */
  private record Orphan(
      Kinship kin,
      RowKey key,
      List<@Nullable Object> values,
      @Nullable String record,
      @Nullable RowId parent) {
    RowId id() {
      return new RowId(kin.child().name(), key);
    }
  }

  void adopt(List<RowId> written) {
    Set<RowId> children = new LinkedHashSet<>(written);
    while (true) {
      List<Orphan> orphans = new ArrayList<>();
      leftBehind(orphans);
      seen.clear(); // some have moved
      children.forEach(id -> check(id, orphans));
      orphans.removeIf(o -> !givenUp.add(o.id() + " " + o.kin().foreign()));
      if (orphans.isEmpty()) {
        return;
      }
      seen.clear();
      children.clear();
      List<RowId> held = new ArrayList<>();
      for (Orphan orphan : orphans) {
        children.addAll(lookAfter(orphan, held));
      }
      children.addAll(whoWaitsWith(held));
    }
  }

  // ---- who refers to what

  private void check(RowId id, List<Orphan> orphans) {
    for (Kinship kin : family.parentsOf(id.table())) {
      Row row = kin.child().row(id.key());
      if (row == null) {
        return;
      }
      List<@Nullable Object> values = Family.valuesOf(row, kin.foreign().columns());
      if (values.contains(null)) {
        continue;
      }
      Optional<Parent> there = parentOf(kin, values);
      String told = told(kin, id, row, values).orElse(null);
      boolean itsOwn =
          there.isPresent()
              && (told == null
                  || there.get().record() == null
                  || told.equals(there.get().record()));
      if (!itsOwn && !(there.isEmpty() && decisions.toldOrphan(kin, id, row))) {
        Optional<RowId> now = told == null ? Optional.empty() : standing(kin.parent(), told);
        if (now.isEmpty() ? !leftOnPurpose(kin, id, told) : !turned(kin, id, now.get())) {
          orphans.add(new Orphan(kin, id.key(), values, told, null));
        }
      }
    }
  }

  private Optional<RowId> standing(SyncedTable parent, String record) {
    return records.find(parent, record).or(() -> records.oneWith(parent, record));
  }

  /** Who was brought back means whom it meant when it was there. */
  private Optional<String> told(Kinship kin, RowId id, Row row, List<@Nullable Object> values) {
    Past past = back.get(id);
    if (past == null || !Family.valuesOf(past.row(), kin.foreign().columns()).equals(values)) {
      return decisions.told(kin, id, row);
    }
    String birth = past.parents().birth(kin.foreign().reference());
    return birth == null ? records.meant(kin, values) : Optional.of(birth);
  }

  /** Its parent went after it had come in: whoever took that away has left it so, here as there. */
  private boolean leftOnPurpose(Kinship kin, RowId child, @Nullable String told) {
    List<Numbered> incoming = decisions.puts.get(child);
    return told != null
        && incoming != null
        && !decisions.merged.containsKey(child)
        && departures.isGoneSince(kin.parent().name(), told, Settling.lastEntry(incoming));
  }

  private Optional<Parent> parentOf(Kinship kin, List<@Nullable Object> values) {
    return seen.computeIfAbsent(kin, k -> new HashMap<>()).computeIfAbsent(values, kin::parentOf);
  }

  /** False where the table refuses what its parent's values are now. */
  private boolean turned(Kinship kin, RowId child, RowId parent) {
    Row row = kin.parent().row(parent.key());
    List<@Nullable Object> values =
        row == null ? List.of() : Family.valuesOf(row, kin.foreign().parentColumns());
    if (values.isEmpty() || values.contains(null)) {
      return false;
    }
    return moves.set(child, kin.referring(values)) == null;
  }

  /** What was referred to by a value that its record does not have any more. */
  private record LeftReference(List<@Nullable Object> values, RowId was, Optional<RowId> now) {}

  /**
   * Rows edited here whose parent is gone, or has other values now. Of others the ledger tells, but
   * for those that nobody else would take along.
   */
  private void leftBehind(List<Orphan> orphans) {
    Map<RowId, Records.Was> looked = new LinkedHashMap<>(records.former());
    looked.keySet().removeIf(id -> childrenOf(id).isEmpty() || !left.add(id));
    Map<RowId, Records.Was> moved = new LinkedHashMap<>(looked);
    moved.keySet().removeIf(id -> settling.table(id).has(id.key()) && !decisions.mayBeAnother(id));
    Map<RowId, RowId> now = records.now(moved);
    Map<Kinship, List<LeftReference>> all = new LinkedHashMap<>();
    looked.forEach(
        (id, was) ->
            left(id, was, Optional.ofNullable(moved.containsKey(id) ? now.get(id) : id), all));
    all.forEach((kin, left) -> leave(kin, left, orphans));
  }

  private List<Kinship> childrenOf(RowId id) {
    List<Kinship> kinds = new ArrayList<>(family.childrenOf(id.table()));
    kinds.addAll(family.privateChildrenOf(id.table()));
    return kinds;
  }

  private void left(
      RowId id, Records.Was was, Optional<RowId> now, Map<Kinship, List<LeftReference>> all) {
    Row here = now.map(at -> settling.table(at).row(at.key())).orElse(null);
    for (Kinship kin : childrenOf(id)) {
      List<String> columns = kin.foreign().parentColumns();
      List<@Nullable Object> old = Family.valuesOf(was.row(), columns);
      if (!old.contains(null) && (here == null || !Family.valuesOf(here, columns).equals(old))) {
        all.computeIfAbsent(kin, k -> new ArrayList<>()).add(new LeftReference(old, id, now));
      }
    }
  }

  private void leave(Kinship kin, List<LeftReference> left, List<Orphan> orphans) {
    boolean synced = settling.replica.tables().containsKey(kin.child().name());
    List<LeftReference> deserted = left.stream().filter(l -> isDeserted(kin, l)).toList();
    List<LeftReference> others = left.stream().filter(l -> !deserted.contains(l)).toList();
    List<Follower> followers = followers(kin, deserted, false);
    followers.addAll(followers(kin, others, synced)); // before the first has taken such a value
    followers.forEach(follower -> follow(kin, follower, orphans));
  }

  /**
   * The parent is there, and nobody has its former value: who gave it another one may not sync its
   * children, or not yet, and then the ledger tells nothing of them.
   */
  private static boolean isDeserted(Kinship kin, LeftReference left) {
    return left.now().isPresent() && kin.parentOf(left.values()).isEmpty();
  }

  /** A child, and where its parent was. */
  private record Follower(RowId id, Row row, LeftReference from) {}

  private List<Follower> followers(Kinship kin, List<LeftReference> left, boolean pending) {
    List<List<@Nullable Object>> values = left.stream().map(LeftReference::values).toList();
    List<Follower> followers = new ArrayList<>();
    for (Kinship.Child child : kin.childrenOf(values, pending)) {
      RowId id = new RowId(kin.child().name(), child.key());
      Row row = kin.child().row(child.key());
      if (row != null && !decisions.puts.containsKey(id)) { // what came in says what it means
        followers.add(new Follower(id, row, left.get(child.of())));
      }
    }
    return followers;
  }

  private void follow(Kinship kin, Follower child, List<Orphan> orphans) {
    RowId id = child.id();
    Optional<RowId> now = child.from().now();
    boolean edited = Apply.isPending(kin.child(), id.key());
    if ((now.isEmpty() || !turned(kin, id, now.get())) && edited) {
      List<@Nullable Object> values = Family.valuesOf(child.row(), kin.foreign().columns());
      orphans.add(new Orphan(kin, id.key(), values, null, child.from().was()));
    }
  }

  // ---- what becomes of an orphan

  /** Returns who is to be looked at next: the parent that was brought back. */
  private List<RowId> lookAfter(Orphan orphan, List<RowId> held) {
    SyncedTable table = orphan.kin().child();
    Row child = table.row(orphan.key());
    if (child == null || !settling.replica.tables().containsKey(table.name())) {
      return List.of();
    }
    settling.disputes.involve(orphan.id());
    RowId parent = parent(orphan);
    if (parent != null && back.containsKey(parent)) {
      return List.of(orphan.id()); // by another of its columns
    }
    if (parent != null && !orphan.kin().parent().has(parent.key())) {
      Past content = contentOf(parent);
      if (content != null && orphan.kin().parent().put(content.row(), settling.now) == null) {
        broughtBack(parent, content.row(), orphan);
        back.put(parent, content);
        return List.of(parent, orphan.id());
      }
    }
    List<Numbered> incoming = decisions.puts.get(orphan.id());
    RowId gone = parent != null && isGone(parent) ? parent : null;
    if (incoming != null && (gone == null || onItsWay(gone))) {
      waitForParent(orphan, incoming);
      held.add(orphan.id());
    } else if (gone != null && !onItsWay(gone)) {
      List<Family.Member> descendants = family.descendants(orphan.id(), child);
      String keeper = family.keeper(orphan.id(), child, descendants);
      if (keeper == null) {
        keepInConflict(orphan, child, descendants, gone);
      } else if (incoming != null) {
        hold(orphan.id(), incoming, Reason.REFUSED, keeper);
        held.add(orphan.id());
      } else {
        keepWithParent(orphan, gone, keeper);
      }
    }
    return List.of();
  }

  /** Its delete is known here: it was in its place before this settling, or is remembered. */
  private boolean isGone(RowId parent) {
    return records.former().containsKey(parent)
        || settling.table(parent).shadow().get(parent.key()) != null;
  }

  /** It had to leave its place before it could take the new one, and will be back. */
  private boolean onItsWay(RowId parent) {
    return !decisions.deletes.containsKey(parent)
        && settling.replica.held().find(parent.table(), parent.key()).isPresent();
  }

  private @Nullable RowId parent(Orphan orphan) {
    if (orphan.parent() != null) {
      return orphan.parent();
    }
    SyncedTable parent = orphan.kin().parent();
    if (orphan.record() != null) {
      return records.last(parent, orphan.record()).orElse(null);
    }
    List<String> referred = orphan.kin().foreign().parentColumns();
    if (Set.copyOf(referred).equals(Set.copyOf(parent.shape().key()))) {
      return parent
          .rememberedKey(orphan.kin().foreign(), orphan.values())
          .map(key -> new RowId(parent.name(), key))
          .orElse(null);
    }
    List<@Nullable Object> wanted = orphan.kin().comparable(orphan.values());
    return records.former().entrySet().stream()
        .filter(e -> e.getKey().table().equals(parent.name()))
        .filter(
            e ->
                orphan
                    .kin()
                    .comparable(Family.valuesOf(e.getValue().row(), referred))
                    .equals(wanted))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  /** The parent as it last was: here, in what just came in, or in the ledger. */
  private @Nullable Past contentOf(RowId parent) {
    Row here = records.formerRow(parent);
    if (here != null) {
      return new Past(here, Parents.UNTOLD);
    }
    Arrival arrival = settling.arrivals.get(parent);
    if (onItsWay(parent)) {
      return null; // it is on its way and has to wait: so does its child
    }
    if (arrival != null) {
      for (int i = arrival.changes.size() - 1; i >= 0; i--) {
        Change change = arrival.changes.get(i).change();
        if (change.row() != null) {
          return new Past(change.row(), change.parents());
        }
      }
    }
    Remembered remembered = settling.table(parent).shadow().get(parent.key());
    Long entry = remembered == null ? null : remembered.entry();
    return entry == null ? null : settling.past.at(parent, entry);
  }

  private void broughtBack(RowId parent, Row row, Orphan orphan) {
    SyncedTable table = settling.table(parent);
    List<Numbered> deleted = decisions.deletes.get(parent);
    Change theirs = deleted == null ? null : Settling.last(deleted);
    Remembered remembered = table.shadow().get(parent.key());
    long entry = deleted == null ? 0 : Settling.lastEntry(deleted);
    String id =
        Token.of(
            "parent",
            parent.table(),
            Json.keyText(parent.key()),
            orphan.kin().child().name(),
            Json.keyText(orphan.key()),
            entry,
            Disputes.lastToken(remembered));
    // deleted by others: our child keeps it alive; deleted here: theirs does
    Disputes.Sides sides =
        theirs != null
            ? new Disputes.Sides(
                Json.rowText(row),
                settling.terms.author().user(),
                settling.shareNow,
                null,
                theirs.by(),
                theirs.at())
            : new Disputes.Sides(
                null,
                settling.terms.author().user(),
                settling.shareNow,
                Json.rowText(row),
                null,
                null);
    settling.disputes.record(
        id, parent, "foreign key", sides, theirs != null ? "local" : "remote", remembered, entry);
    settling.mark(parent);
    table.shadow().stillTheSame(parent.key()); // that is no birth, whoever else may do it too
  }

  private void waitForParent(Orphan orphan, List<Numbered> incoming) {
    String why = "its parent in " + orphan.kin().parent().name() + " is not here";
    hold(orphan.id(), incoming, Reason.PARENT, why);
  }

  private void hold(RowId id, List<Numbered> incoming, Reason reason, String why) {
    SyncedTable table = settling.table(id);
    settling.hold(id, incoming, reason, why);
    Row before = records.formerRow(id);
    table.delete(id.key());
    if (before != null) {
      table.put(before, settling.now);
    }
    table
        .shadow()
        .settledAs(
            id.key(), before == null ? null : table.digest(before), Settling.base(table, before));
  }

  /**
   * New rows that came in under one that has to wait do so too, each once however long their chains
   * are. Returns those that are to be looked at, since what they refer to may be gone.
   */
  private List<RowId> whoWaitsWith(List<RowId> held) {
    List<Family.Member> gone = new ArrayList<>();
    for (RowId id : held) {
      Change change = records.former().containsKey(id) ? null : decisions.taken(id);
      Row row = change == null ? null : change.row();
      if (row != null) {
        gone.add(new Family.Member(id, row));
      }
    }
    List<RowId> others = new ArrayList<>();
    for (Family.Member member : family.descendants(gone, (kin, parent, child) -> true)) {
      List<Numbered> incoming = decisions.puts.get(member.id());
      if (incoming != null && !records.former().containsKey(member.id())) {
        hold(member.id(), incoming, Reason.PARENT, "what it belongs to is not here");
      } else {
        others.add(member.id());
      }
    }
    return others;
  }

  /** Nor may the child go: what took its parent away waits, or what brought it there. */
  private void keepWithParent(Orphan orphan, RowId parent, String keeper) {
    for (RowId arrived : List.of(parent, orphan.id())) {
      if (settling.arrivals.containsKey(arrived) && !settling.kept.containsKey(arrived)) {
        throw new Kept(arrived, keeper);
      }
    }
    settling.report.held(orphan.kin().child().name(), orphan.id().toString(), keeper);
  }

  /**
   * The parent cannot come back, its UNIQUE value is taken: the child is the loser, with its own.
   */
  private void keepInConflict(
      Orphan orphan, Row child, List<Family.Member> descendants, RowId parentId) {
    Remembered remembered = orphan.kin().child().shadow().get(orphan.key());
    List<Numbered> deleted = decisions.deletes.get(parentId);
    Change theirs = deleted == null ? null : Settling.last(deleted);
    Disputes.Sides sides =
        new Disputes.Sides(
            Family.withDescendants(child, descendants),
            settling.contest.madeBy(remembered == null ? null : remembered.mark(), child),
            settling.shareNow,
            null,
            theirs == null ? null : theirs.by(),
            theirs == null ? null : theirs.at());
    String id =
        Token.of(
            "orphan",
            orphan.kin().child().name(),
            Json.keyText(orphan.key()),
            settledBy(remembered),
            Disputes.lastToken(remembered));
    settling.disputes.record(
        id,
        orphan.id(),
        "foreign key",
        sides,
        "remote",
        remembered,
        deleted == null ? 0 : Settling.lastEntry(deleted));
    remove(orphan.id());
    descendants.forEach(member -> remove(member.id()));
  }

  private static long settledBy(@Nullable Remembered remembered) {
    Long entry = remembered == null ? null : remembered.entry();
    return entry == null ? 0 : entry;
  }

  private void remove(RowId id) {
    SyncedTable table = settling.table(id);
    table.delete(id.key());
    Remembered remembered = table.shadow().get(id.key());
    if (remembered == null || remembered.entry() == null) {
      table.shadow().forget(id.key());
    } else {
      settling.mark(id);
    }
  }
}
