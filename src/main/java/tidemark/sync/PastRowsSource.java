package tidemark.sync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tidemark.change.Change;
import tidemark.change.Row;
import tidemark.ledger.Entry;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;
import tidemark.replica.SnapshotView;
import tidemark.sync.PastRows.Wanted;

/**
 * Finds former rows in the ledger: in the entry they were settled by, before it, or in a snapshot.
 */
final class PastRowsSource {
  private final Replica replica;
  private final Ledger ledger;
  private final Path scratch;

  PastRowsSource(Replica replica, Ledger ledger, Path scratch) {
    this.replica = replica;
    this.ledger = ledger;
    this.scratch = scratch;
  }

  Optional<Row> find(Wanted wanted) {
    for (long number = wanted.upTo(); number > 0; number--) {
      Entry entry = ledger.read(number);
      if (entry == null) {
        return inSnapshot(wanted); // below what the ledger keeps
      }
      for (int i = entry.changes().size() - 1; i >= 0; i--) {
        Change change = entry.changes().get(i);
        if (change.table().equals(wanted.id().table())
            && change.key().equals(wanted.id().key())
            && change.row() != null) {
          return Optional.of(change.row());
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Row> inSnapshot(Wanted wanted) {
    Path file = scratch.resolve("past-" + Settling.newToken() + ".db");
    try {
      Files.createDirectories(scratch);
      Optional<Ledger.Snapshot> snapshot = ledger.snapshot(file);
      if (snapshot.isEmpty()) {
        return Optional.empty();
      }
      return SnapshotView.row(file, wanted.id(), replica.rules().apply(wanted.id().table()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Scratch.delete(file);
    }
  }
}
