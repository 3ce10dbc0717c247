package tidemark.catchup;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tidemark.ledger.Lease;

/**
 * Whose turn it is to append. While nobody is in the way nobody asks; who was beaten to it twice
 * stands in line for the append lease, and all who see that somebody has it stand in line too.
 *
 * <p>Guarantee: a slow workstation among many quick ones gets its turn; nothing else rests on it,
 * and after a while in vain one appends without. Threading: one run.
 */
public final class Turn implements AutoCloseable {
  private static final int OFTEN = 2;
  private static final Duration IN_LINE = Duration.ofMinutes(1);

  private final Lease lease;
  private Lease.@Nullable Held held;
  private int beaten;

  public Turn(Lease lease) {
    this.lease = lease;
  }

  /** To be called before an append. */
  public void await() {
    if (held == null && (beaten >= OFTEN || lease.isTaken())) {
      held = lease.acquire(IN_LINE).orElse(null);
    }
  }

  /** Somebody else was first; says how often so far. */
  public int beaten() {
    return ++beaten;
  }

  /** The turn is over, and the next one's. */
  @Override
  public void close() {
    beaten = 0;
    if (held != null) {
      held.close();
      held = null;
    }
  }
}
