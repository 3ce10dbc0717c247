package tidemark.catchup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tidemark.change.Definition;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.change.RowKey;
import tidemark.ledger.Ledger;
import tidemark.replica.Held.Numbered;
import tidemark.replica.Replica;
import tidemark.replica.SnapshotView;
import tidemark.replica.SyncedTable;
import tidemark.run.LedgerCopy;
import tidemark.run.Scratch;
import tidemark.settle.Batch;
import tidemark.settle.Family;
import tidemark.settle.FormerKeys;
import tidemark.settle.Terms;

/**
 * Brings tables that cannot go on by entries alone to the position of the newest snapshot: at first
 * contact, and after an absence longer than the ledger keeps its entries. What the snapshot has
 * settled otherwise comes in like any other change; what is only here stays pending.
 */
final class Reconcile {
  private final Replica replica;
  private final Ledger ledger;
  private final Terms terms;
  private final Path folder;

  /**
   * @param folder for the snapshot while it is looked at
   */
  Reconcile(Replica replica, Ledger ledger, Terms terms, Path folder) {
    this.replica = replica;
    this.ledger = ledger;
    this.terms = terms;
    this.folder = folder;
  }

  /**
   * @param selected the tables of this run; asked again once tables were made
   */
  void run(Ledger.Info info, Supplier<Set<String>> selected, Consumer<Batch> settle) {
    withSnapshot(
        info,
        selected.get(),
        snapshot -> {
          compare(snapshot, selected, settle);
          return true;
        });
  }

  /** What the snapshot has settled otherwise, up to where it stands. */
  record Difference(Position position, List<Numbered> changes) {}

  /** For a push, which takes nothing in but has to know what it would run into. */
  Optional<Difference> difference(Ledger.Info info, Set<String> selected) {
    return withSnapshot(
        info,
        selected,
        snapshot -> {
          try (SnapshotView view = SnapshotView.attach(replica, snapshot.file())) {
            List<Numbered> changes = new ArrayList<>();
            for (SyncedTable table : waiting(snapshot.position(), selected)) {
              if (view.tables().contains(table.name())
                  && view.definition(table.name()).key().equals(table.shape().key())) {
                for (SnapshotView.What what : SnapshotView.What.values()) {
                  compare(view, table.name(), what, batch -> changes.addAll(batch.compared()));
                }
              }
            }
            return new Difference(snapshot.position(), changes);
          }
        });
  }

  private <T> Optional<T> withSnapshot(
      Ledger.Info info, Set<String> selected, Function<Ledger.Snapshot, T> use) {
    if (!needed(info, selected)) {
      return Optional.empty();
    }
    Path file = Scratch.file(folder, "snapshot");
    try {
      Optional<Ledger.Snapshot> snapshot = LedgerCopy.bring(ledger, file);
      if (info.floor() > 0 && snapshot.filter(s -> reaches(s, info.floor())).isEmpty()) {
        throw new Failure(
            Failure.REFUSED,
            "the ledger keeps entries only from "
                + (info.floor() + 1)
                + " on, and no whole snapshot reaches up to there",
            "let a workstation that is up to date sync, so that a new snapshot is made; or restore the ledger's snapshots folder from a backup");
      }
      return snapshot.map(use);
    } finally {
      Scratch.delete(file);
    }
  }

  /** An older one, of a backup maybe, will do where the archive has what came after it. */
  private boolean reaches(Ledger.Snapshot snapshot, long floor) {
    long number = snapshot.position().number();
    return number >= floor || ledger.read(number + 1) != null;
  }

  private boolean needed(Ledger.Info info, Set<String> selected) {
    boolean behind = false;
    boolean fresh =
        replica.states().positions().isEmpty()
            || replica.states().passedBy().stream().anyMatch(replica::selects);
    for (String name : selected) {
      Position position = replica.states().position(name);
      fresh |= position == null;
      behind |= position != null && position.number() < info.floor();
    }
    return behind || (fresh && (info.floor() > 0 || !ledger.snapshots().isEmpty()));
  }

  private void compare(
      Ledger.Snapshot snapshot, Supplier<Set<String>> selected, Consumer<Batch> settle) {
    try (SnapshotView view = SnapshotView.attach(replica, snapshot.file())) {
      forgetOtherChains(view, snapshot.position());
      replica.sql().inTransaction(view::copyChain);
      makeTables(view);
      List<SyncedTable> all = waiting(snapshot.position(), selected.get());
      List<SyncedTable> waiting = new ArrayList<>(all);
      Set<String> there = new LinkedHashSet<>(view.tables());
      waiting.removeIf(table -> !there.contains(table.name())); // entries tell of those
      waiting.removeIf(
          table -> replica.keys().isUntold(table.name())); // all else is of another key
      replica // of those not chosen too: else they would count as new to the ledger once they are
          .sql()
          .inTransaction(() -> there.forEach(name -> view.announce(name, snapshot.position())));
      // rows before what is deleted, else a child yet to go, or to be turned, saves its parent
      for (SyncedTable table : waiting) {
        compare(view, table.name(), SnapshotView.What.PUTS, settle);
      }
      Collections.reverse(waiting);
      for (SyncedTable table : waiting) {
        compare(view, table.name(), SnapshotView.What.DELETES, settle);
      }
      waiting.forEach(table -> deleteRest(view, table.name(), snapshot.position(), settle));
      replica
          .sql()
          .inTransaction(
              () -> {
                view.copyMemory();
                // of a table that is only here nothing is announced: an entry is to bring it
                all.forEach(table -> replica.states().advance(table.name(), snapshot.position()));
                passedBySince(there)
                    .forEach(name -> replica.states().advance(name, snapshot.position()));
              });
    }
  }

  /** Chosen by now, and not in the snapshot: what defined them is among the entries after it. */
  private Stream<String> passedBySince(Set<String> there) {
    return replica.states().passedBy().stream()
        .filter(name -> replica.selects(name) && !there.contains(name));
  }

  private void deleteRest(SnapshotView view, String name, Position at, Consumer<Batch> settle) {
    List<Numbered> rest =
        FormerKeys.deletes(replica.table(name), view.restOf(replica.table(name)), at.number(), "");
    for (int i = 0; i < rest.size(); i += Batch.CHANGES) {
      settle.accept(Batch.compared(rest.subList(i, Math.min(rest.size(), i + Batch.CHANGES))));
    }
    if (view.definition(name).whole()) {
      replica.sql().inTransaction(() -> replica.keys().whole(name));
    }
  }

  /** The tables that have read less than the snapshot holds, parents first. */
  private List<SyncedTable> waiting(Position at, Set<String> selected) {
    Set<String> waiting = new LinkedHashSet<>();
    for (String name : selected) {
      Position position = replica.states().position(name);
      if (position == null || position.number() < at.number()) {
        waiting.add(name);
      }
    }
    return new Family(replica).parentsFirst(waiting);
  }

  /**
   * An entry applied here that the snapshot's history does not hold: the chains parted before it.
   */
  private void forgetOtherChains(SnapshotView view, Position at) {
    List<Position> met = new ArrayList<>(replica.states().positions().values());
    met.add(replica.states().lastMet()); // by a comparison that came to no end
    for (Position position : met) {
      if (position.number() > 0 && position.number() < at.number() && !isHeld(view, position)) {
        Position common = common(view, position);
        replica.applying(
            () -> {
              replica.unsettleAfter(common);
              return true;
            });
        return;
      }
    }
  }

  /** Of an entry that the snapshot remembers no more, the archive tells. */
  private boolean isHeld(SnapshotView view, Position met) {
    return view.knows(met) || (!view.remembers(met.number()) && ledger.holds(met));
  }

  /** Where nobody can tell, what was settled since the last entry both know is compared anew. */
  private static Position common(SnapshotView view, Position met) {
    return view.remembers(met.number()) ? Position.START : view.lastInCommon(met.number());
  }

  /** What cannot be made here is named, and the other tables go on. */
  private void makeTables(SnapshotView view) {
    Map<String, String> refused = new TreeMap<>();
    for (String name : view.tables()) {
      Definition definition = view.definition(name);
      if (terms.master()) {
        replica.sql().inTransaction(() -> replica.follow(name));
      }
      boolean chosen = replica.selects(name);
      if (!view.meetKey(name, terms.master())) {
        continue; // it is named as long as it has another key
      }
      if (terms.addShape() && chosen && replica.lacks(definition)) {
        try {
          make(definition);
        } catch (Failure e) {
          if (!Replica.refusesDefinition(e)) {
            throw e;
          }
          refused.put(name, e.whatFailed());
        }
      }
      boolean missing = !replica.hasTable(name);
      replica.sql().inTransaction(() -> replica.states().passedBy(name, missing && !chosen));
      if (missing && chosen && !terms.addShape()) {
        replica.await(name);
      }
    }
    refused.forEach(replica::refuse);
  }

  private void make(Definition definition) {
    boolean made = !terms.master() && !replica.hasTable(definition.table());
    replica.applying(
        () -> {
          replica.make(definition);
          if (made) {
            replica.keys().fresh(definition.table(), true);
          }
          return true;
        });
  }

  private void compare(
      SnapshotView view, String name, SnapshotView.What what, Consumer<Batch> settle) {
    @Nullable RowKey after = null;
    while (true) {
      List<Numbered> page = view.changes(replica.table(name), what, after, Batch.CHANGES);
      if (page.isEmpty()) {
        return;
      }
      after = page.get(page.size() - 1).change().key();
      settle.accept(Batch.compared(page));
    }
  }
}
