package tidemark.sync;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Entry;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;

/**
 * The ledger's entries for reading back: from this workstation's own disk where it kept them, else
 * from the share. Threading: one thread.
 */
public final class KnownEntries implements AutoCloseable {
  private final Ledger ledger;
  private final @Nullable Replica replica;

  public KnownEntries(Plan plan, Ledger ledger) {
    this.ledger = ledger;
    Optional<Replica> local =
        DatabaseSync.isMissingOrEmpty(plan.local())
            ? Optional.empty()
            : Replica.look(plan.local(), DatabaseSync.LOCAL_BUSY, plan.rules(), plan.selection());
    this.replica = local.orElse(null);
  }

  /** The number of the ledger's last entry. */
  public long head() {
    Optional<Ledger.Info> info = ledger.info();
    if (info.isEmpty()) {
      throw new Failure(
          Failure.OFFLINE, "there is no ledger on the share", "sync once to begin one");
    }
    long applied =
        replica == null
            ? 0
            : replica.states().positions().values().stream()
                .mapToLong(Position::number)
                .max()
                .orElse(0);
    return head(ledger, Math.max(info.get().floor(), applied));
  }

  /** Entries have no gaps: the last one is found by leaps and halving, without reading any. */
  static long head(Ledger ledger, long known) {
    long low = known;
    long leap = 1;
    while (ledger.writtenAt(low + leap) != null) {
      low += leap;
      leap *= 2;
    }
    long high = low + leap;
    while (low + 1 < high) {
      long middle = low + (high - low) / 2;
      if (ledger.writtenAt(middle) != null) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  public @Nullable Entry read(long number) {
    Entry kept =
        replica == null
            ? null
            : replica
                .states()
                .hashOf(number)
                .map(hash -> ledger.kept(new Position(number, hash)))
                .orElse(null);
    return kept != null ? kept : ledger.read(number);
  }

  @Override
  public void close() {
    if (replica != null) {
      replica.close();
    }
  }
}
