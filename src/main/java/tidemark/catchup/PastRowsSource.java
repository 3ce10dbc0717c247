package tidemark.catchup;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tidemark.change.Change;
import tidemark.change.Definition;
import tidemark.change.Parents;
import tidemark.change.RowId;
import tidemark.ledger.Entry;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;
import tidemark.replica.SnapshotView;
import tidemark.run.LedgerCopy;
import tidemark.run.Scratch;
import tidemark.settle.PastRows.Past;
import tidemark.settle.PastRows.Wanted;
import tidemark.settle.Spelling;

/**
 * Finds former rows in the ledger: in the entry they were settled by, before it, or in a snapshot.
 * However many are wanted, each entry is read once.
 */
final class PastRowsSource {
  private final Replica replica;
  private final Spelling spelling;
  private final Ledger ledger;
  private final Path scratch;

  PastRowsSource(Replica replica, Ledger ledger, Path scratch) {
    this.replica = replica;
    this.spelling = new Spelling(replica);
    this.ledger = ledger;
    this.scratch = scratch;
  }

  /** Those that were not found are not in it. */
  Map<Wanted, Past> find(Set<Wanted> all) {
    Map<Wanted, Past> found = new HashMap<>();
    Set<Wanted> open = new HashSet<>(all);
    long number = highest(open);
    while (number > 0) {
      Entry entry = ledger.read(number);
      if (entry == null) {
        lookInSnapshot(open, found); // below what the ledger keeps
        return found;
      }
      Entry spelt = spelling.here(entry);
      look(spelt, open, found);
      forgetFormerKeys(spelt, open);
      number = Math.min(number - 1, highest(open));
    }
    return found;
  }

  /** Before it, the keys of the table are those of other rows. */
  private static void forgetFormerKeys(Entry entry, Set<Wanted> open) {
    for (Definition definition : entry.definitions()) {
      if (definition.isRekeyed()) {
        open.removeIf(wanted -> wanted.id().table().equals(definition.table()));
      }
    }
  }

  private static long highest(Set<Wanted> open) {
    return open.stream().mapToLong(Wanted::upTo).max().orElse(0);
  }

  private static void look(Entry entry, Set<Wanted> open, Map<Wanted, Past> found) {
    Map<RowId, Past> puts = new HashMap<>();
    for (Change change : entry.changes()) {
      if (change.row() != null) {
        puts.put(new RowId(change.table(), change.key()), new Past(change.row(), change.parents()));
      }
    }
    for (Wanted wanted : Set.copyOf(open)) {
      Past past = wanted.upTo() < entry.number() ? null : puts.get(wanted.id());
      if (past != null) {
        found.put(wanted, past);
        open.remove(wanted);
      }
    }
  }

  private void lookInSnapshot(Set<Wanted> open, Map<Wanted, Past> found) {
    Path file = Scratch.file(scratch, "past");
    try {
      if (LedgerCopy.bring(ledger, file).isPresent()) {
        for (Wanted wanted : open) {
          SnapshotView.row(file, wanted.id(), replica.rules().apply(wanted.id().table()))
              .map(row -> spelling.here(wanted.id().table(), row))
              .ifPresent(row -> found.put(wanted, new Past(row, Parents.UNTOLD)));
        }
      }
    } finally {
      Scratch.delete(file);
    }
  }
}
