package tidemark.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tidemark.ledger.Ledger;
import tidemark.replica.DatabaseFile;

/**
 * The ledger's newest snapshot, once it was looked at: it is no more trusted than an entry.
 *
 * @param leftOut what stood in it that no definition announces, and does no more
 */
public record LedgerCopy(Ledger.Snapshot snapshot, List<String> leftOut) {
  /**
   * With nothing in it but what definitions announce.
   *
   * @param atMost of this entry or an earlier one
   */
  public static Optional<LedgerCopy> bring(Ledger ledger, Path into, long atMost) {
    return bring(
        ledger,
        into,
        atMost,
        there -> new LedgerCopy(there, DatabaseFile.keepAnnounced(into, name(there))));
  }

  public static Optional<Ledger.Snapshot> bring(Ledger ledger, Path into) {
    return bring(ledger, into, Long.MAX_VALUE).map(LedgerCopy::snapshot);
  }

  /** As the master was, with what only it has. */
  public static Optional<Ledger.Snapshot> bringWhole(Ledger ledger, Path into) {
    return bring(ledger, into, Long.MAX_VALUE, there -> there);
  }

  /** Empty where the ledger has none; one that no Tidemark made is refused, and not left behind. */
  private static <T> Optional<T> bring(
      Ledger ledger, Path into, long atMost, Function<Ledger.Snapshot, T> work) {
    Optional<Ledger.Snapshot> snapshot = ledger.snapshot(into, atMost);
    boolean good = false;
    try {
      snapshot.ifPresent(there -> DatabaseFile.requireOurs(into, there.position(), name(there)));
      Optional<T> worked = snapshot.map(work);
      good = true;
      return worked;
    } finally {
      if (!good) {
        Scratch.delete(into);
      }
    }
  }

  private static String name(Ledger.Snapshot there) {
    return "the ledger's snapshot " + there.position().number();
  }
}
