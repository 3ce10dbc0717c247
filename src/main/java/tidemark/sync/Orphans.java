package tidemark.sync;

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
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.replica.ForeignKey;
import tidemark.replica.Held.Numbered;
import tidemark.replica.Held.Reason;
import tidemark.replica.Remembered;
import tidemark.replica.SyncedTable;
import tidemark.sync.Settling.Arrival;

/**
 * Looks after the foreign keys of what was touched: a child that lost its parent to a concurrent
 * delete brings it back; where that cannot be, the child waits or is kept in a conflict. Nobody
 * leaves an orphan that was not one before.
 */
final class Orphans {
  private final Settling settling;
  private final Family family;
  private final Map<RowId, Row> former;
  private final Set<String> givenUp = new HashSet<>();
  private final Map<List<@Nullable Object>, Boolean> parentSeen = new HashMap<>();

  Orphans(Settling settling, Family family, Map<RowId, Row> former) {
    this.settling = settling;
    this.family = family;
    this.former = former;
  }

  private record Orphan(
      SyncedTable child,
      RowKey key,
      SyncedTable parent,
      ForeignKey foreign,
      List<@Nullable Object> values) {
    RowId id() {
      return new RowId(child.name(), key);
    }
  }

  void adopt(List<RowId> written) {
    Set<RowId> children = new LinkedHashSet<>(written);
    while (true) {
      List<Orphan> orphans = new ArrayList<>();
      children.forEach(id -> check(id, orphans));
      leftBehind(orphans);
      orphans.removeIf(o -> !givenUp.add(o.id() + " " + o.foreign()));
      if (orphans.isEmpty()) {
        return;
      }
      parentSeen.clear();
      children.clear();
      for (Orphan orphan : orphans) {
        children.addAll(lookAfter(orphan));
      }
    }
  }

  private void check(RowId id, List<Orphan> orphans) {
    SyncedTable child = settling.table(id);
    if (child.shape().foreignKeys().isEmpty()) {
      return;
    }
    Row row = child.row(id.key());
    for (ForeignKey foreign : child.shape().foreignKeys()) {
      SyncedTable parent = settling.replica.tables().get(foreign.parent());
      if (row == null || parent == null) {
        continue;
      }
      List<@Nullable Object> values = Family.valuesOf(row, foreign.columns());
      if (!values.contains(null) && !hasParent(parent, foreign, values)) {
        orphans.add(new Orphan(child, id.key(), parent, foreign, values));
      }
    }
  }

  private boolean hasParent(SyncedTable parent, ForeignKey foreign, List<@Nullable Object> values) {
    List<@Nullable Object> memo = new ArrayList<>(values);
    memo.add(parent.name());
    memo.add(foreign.parentColumns());
    return parentSeen.computeIfAbsent(
        memo, m -> !parent.keysWhere(foreign.parentColumns(), values).isEmpty());
  }

  /** Children of rows that are gone, or whose referenced value is another now. */
  private void leftBehind(List<Orphan> orphans) {
    Map<Family.Tie, Set<List<@Nullable Object>>> lost = new LinkedHashMap<>();
    former.forEach(
        (id, row) -> {
          for (Family.Tie tie : family.tiesTo(id.table())) {
            List<@Nullable Object> values = Family.valuesOf(row, tie.key().parentColumns());
            SyncedTable parent = settling.table(id);
            if (!values.contains(null) && !hasParent(parent, tie.key(), values)) {
              lost.computeIfAbsent(tie, t -> new LinkedHashSet<>())
                  .add(tie.key().comparable(values));
            }
          }
        });
    lost.forEach(
        (tie, gone) ->
            tie.child()
                .eachReferring(
                    tie.key(),
                    gone,
                    (key, values) ->
                        orphans.add(
                            new Orphan(
                                tie.child(),
                                key,
                                settling.replica.table(tie.key().parent()),
                                tie.key(),
                                values))));
  }

  /** Returns who is to be looked at next: the parent that was brought back, or who hung on it. */
  private List<RowId> lookAfter(Orphan orphan) {
    Row child = orphan.child().row(orphan.key());
    if (child == null) {
      return List.of();
    }
    settling.contested.add(orphan.id());
    RowId parentId = parentId(orphan);
    if (parentId != null && !orphan.parent().has(parentId.key())) {
      Row back = contentOf(parentId);
      if (back != null && orphan.parent().put(back, settling.now) == null) {
        broughtBack(parentId, back, orphan);
        return List.of(parentId);
      }
    }
    List<Numbered> incoming = settling.puts.get(orphan.id());
    if (incoming != null) {
      List<Family.Member> descendants = family.descendants(orphan.id(), child);
      waitForParent(orphan, incoming);
      return descendants.stream().map(Family.Member::id).toList();
    }
    if (parentId != null && former.containsKey(parentId) && !onItsWay(parentId)) {
      keepInConflict(orphan, child, parentId);
    }
    return List.of();
  }

  /** It had to leave its place before it could take the new one, and will be back. */
  private boolean onItsWay(RowId parent) {
    return !settling.deletes.containsKey(parent)
        && settling.replica.held().find(parent.table(), parent.key()).isPresent();
  }

  private @Nullable RowId parentId(Orphan orphan) {
    ForeignKey foreign = orphan.foreign();
    List<String> key = orphan.parent().shape().key();
    boolean byKey = Set.copyOf(foreign.parentColumns()).equals(Set.copyOf(key));
    List<@Nullable Object> wanted = foreign.comparable(orphan.values());
    if (byKey && foreign.isBinary()) {
      Object[] parts =
          key.stream().map(k -> wanted.get(foreign.parentColumns().indexOf(k))).toArray();
      return new RowId(orphan.parent().name(), RowKey.of(parts));
    }
    return former.entrySet().stream()
        .filter(e -> e.getKey().table().equals(orphan.parent().name()))
        .filter(
            e ->
                foreign
                    .comparable(Family.valuesOf(e.getValue(), foreign.parentColumns()))
                    .equals(wanted))
        .map(Map.Entry::getKey)
        .findFirst()
        .or(() -> byKey ? remembered(orphan) : Optional.empty())
        .orElse(null);
  }

  /** A parent that is not here any more, under its own spelling. */
  private Optional<RowId> remembered(Orphan orphan) {
    SyncedTable parent = orphan.parent();
    return parent
        .rememberedKey(orphan.foreign(), orphan.values())
        .map(key -> new RowId(parent.name(), key));
  }

  /** The parent as it last was: here, in what just came in, or in the ledger. */
  private @Nullable Row contentOf(RowId parent) {
    Row here = former.get(parent);
    if (here != null) {
      return here;
    }
    Arrival arrival = settling.arrivals.get(parent);
    if (onItsWay(parent)) {
      return null; // it is on its way and has to wait: so does its child
    }
    if (arrival != null) {
      for (int i = arrival.changes.size() - 1; i >= 0; i--) {
        Row row = arrival.changes.get(i).change().row();
        if (row != null) {
          return row;
        }
      }
    }
    Remembered remembered = settling.table(parent).shadow().get(parent.key());
    Long entry = remembered == null ? null : remembered.entry();
    return entry == null ? null : settling.past.row(parent, entry);
  }

  private void broughtBack(RowId parent, Row row, Orphan orphan) {
    SyncedTable table = settling.table(parent);
    List<Numbered> deleted = settling.deletes.get(parent);
    Change theirs = deleted == null ? null : Settling.last(deleted);
    Remembered remembered = table.shadow().get(parent.key());
    long entry = deleted == null ? 0 : Settling.lastEntry(deleted);
    String id =
        Settling.id(
            "parent",
            parent.table(),
            Json.keyText(parent.key()),
            orphan.child().name(),
            Json.keyText(orphan.key()),
            entry,
            Settling.lastToken(remembered));
    // deleted by others: our child keeps it alive; deleted here: theirs does
    Settling.Sides sides =
        theirs != null
            ? new Settling.Sides(
                Json.rowText(row),
                settling.terms.author().user(),
                settling.shareNow,
                null,
                theirs.by(),
                theirs.at())
            : new Settling.Sides(
                null,
                settling.terms.author().user(),
                settling.shareNow,
                Json.rowText(row),
                null,
                null);
    settling.conflict(
        id, parent, "foreign key", sides, theirs != null ? "local" : "remote", remembered, entry);
    settling.mark(parent);
    settling.stillTheSame(parent);
  }

  private void waitForParent(Orphan orphan, List<Numbered> incoming) {
    settling.hold(
        orphan.id(),
        incoming,
        Reason.PARENT,
        "its parent in " + orphan.parent().name() + " is not here");
    Row before = former.get(orphan.id());
    orphan.child().delete(orphan.key());
    if (before != null) {
      orphan.child().put(before, settling.now);
    }
    orphan
        .child()
        .shadow()
        .settledAs(
            orphan.key(),
            before == null ? null : orphan.child().digest(before),
            Settling.base(orphan.child(), before));
  }

  /**
   * The parent cannot come back, its UNIQUE value is taken: the child is the loser, with its own.
   */
  private void keepInConflict(Orphan orphan, Row child, @Nullable RowId parentId) {
    List<Family.Member> descendants = family.descendants(orphan.id(), child);
    Remembered remembered = orphan.child().shadow().get(orphan.key());
    List<Numbered> deleted = parentId == null ? null : settling.deletes.get(parentId);
    Change theirs = deleted == null ? null : Settling.last(deleted);
    Settling.Sides sides =
        new Settling.Sides(
            Family.withDescendants(child, descendants),
            settling.madeBy(remembered == null ? null : remembered.mark(), child),
            settling.shareNow,
            null,
            theirs == null ? null : theirs.by(),
            theirs == null ? null : theirs.at());
    String id =
        Settling.id(
            "orphan",
            orphan.child().name(),
            Json.keyText(orphan.key()),
            settledBy(remembered),
            Settling.lastToken(remembered));
    settling.conflict(
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
