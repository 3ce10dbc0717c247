package tidemark.sync;

import java.nio.file.Path;
import java.util.Optional;
import tidemark.ledger.Ledger;
import tidemark.replica.DatabaseFile;

/** The ledger's newest snapshot, once it was looked at: it is no more trusted than an entry. */
final class LedgerCopy {
  private LedgerCopy() {}

  /** Empty where the ledger has none; one that no Tidemark made is refused, and not left behind. */
  static Optional<Ledger.Snapshot> bring(Ledger ledger, Path into) {
    Optional<Ledger.Snapshot> snapshot = ledger.snapshot(into);
    boolean good = false;
    try {
      snapshot.ifPresent(
          there ->
              DatabaseFile.requireOurs(into, "the ledger's snapshot " + there.position().number()));
      good = true;
    } finally {
      if (!good) {
        Scratch.delete(into);
      }
    }
    return snapshot;
  }
}
