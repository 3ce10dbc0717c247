package tidemark.sync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.change.RowKey;
import tidemark.ledger.Ledger;
import tidemark.replica.Held.Numbered;
import tidemark.replica.Replica;
import tidemark.replica.SnapshotView;
import tidemark.replica.SyncedTable;

/**
 * Brings tables that cannot go on by entries alone to the position of the newest snapshot: at first
 * contact, and after an absence longer than the ledger keeps its entries. What the snapshot has
 * settled otherwise comes in like any other change; what is only here stays pending.
 */
final class Reconcile {
  private final Replica replica;
  private final Ledger ledger;
  private final Path folder;

  /**
   * @param folder for the snapshot while it is looked at
   */
  Reconcile(Replica replica, Ledger ledger, Path folder) {
    this.replica = replica;
    this.ledger = ledger;
    this.folder = folder;
  }

  void run(Ledger.Info info, Set<String> selected, Consumer<Batch> settle) {
    if (!needed(info, selected)) {
      return;
    }
    Path file = folder.resolve("snapshot-" + Settling.newToken() + ".db");
    try {
      Files.createDirectories(folder);
      Optional<Ledger.Snapshot> snapshot = ledger.snapshot(file);
      if (snapshot.isPresent()) {
        compare(snapshot.get(), selected, settle);
      } else if (info.floor() > 0) {
        throw new Failure(
            Failure.REFUSED,
            "the ledger keeps entries only from "
                + (info.floor() + 1)
                + " on, and none of its snapshots is whole",
            "let a workstation that is up to date sync, so that a new snapshot is made; or restore the ledger's snapshots folder from a backup");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Scratch.delete(file);
    }
  }

  private boolean needed(Ledger.Info info, Set<String> selected) {
    boolean behind = false;
    boolean fresh = replica.states().positions().isEmpty();
    for (String name : selected) {
      Position position = replica.states().position(name);
      fresh |= position == null;
      behind |= position != null && position.number() < info.floor();
    }
    return behind || (fresh && (info.floor() > 0 || !ledger.snapshots().isEmpty()));
  }

  private void compare(Ledger.Snapshot snapshot, Set<String> selected, Consumer<Batch> settle) {
    try (SnapshotView view = SnapshotView.attach(replica, snapshot.file())) {
      forgetOtherChains(view, snapshot.position());
      makeTables(view);
      Set<String> waiting = new LinkedHashSet<>();
      for (String name : replica.tables().keySet()) {
        Position position = replica.states().position(name);
        boolean asked = selected.contains(name) || selected.isEmpty();
        if (asked && (position == null || position.number() < snapshot.position().number())) {
          waiting.add(name);
        }
      }
      Set<String> there = new LinkedHashSet<>(view.tables());
      for (SyncedTable table : new Family(replica).parentsFirst(waiting)) {
        if (there.contains(table.name())) { // else it came later, and entries tell of it
          compare(view, table.name(), settle);
        }
      }
      replica
          .sql()
          .inTransaction(
              () -> {
                view.copyMemory();
                waiting.forEach(name -> view.advance(name, snapshot.position()));
              });
    }
  }

  /**
   * An entry applied here that the snapshot's history does not hold: the chains parted before it.
   */
  private void forgetOtherChains(SnapshotView view, Position at) {
    for (Position position : replica.states().positions().values()) {
      if (position.number() > 0 && position.number() < at.number() && !view.knows(position)) {
        replica.applying(
            () -> {
              replica.unsettleAfter(Position.START);
              return true;
            });
        return;
      }
    }
  }

  private void makeTables(SnapshotView view) {
    for (String name : view.tables()) {
      if (!replica.hasTable(name) && replica.selects(name)) {
        replica.applying(
            () -> {
              replica.make(view.definition(name));
              return true;
            });
      }
    }
  }

  private void compare(SnapshotView view, String name, Consumer<Batch> settle) {
    @Nullable RowKey after = null;
    while (true) {
      List<Numbered> page = view.changes(replica.table(name), after, Batch.CHANGES);
      if (page.isEmpty()) {
        return;
      }
      after = page.get(page.size() - 1).change().key();
      settle.accept(Batch.compared(page));
    }
  }
}
