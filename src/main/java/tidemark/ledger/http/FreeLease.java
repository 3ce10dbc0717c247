package tidemark.ledger.http;

import java.time.Duration;
import java.util.Optional;
import tidemark.ledger.Lease;

/**
 * Where a server sees to the order of things nobody has to be let in first: whoever asks has it.
 * Threading: no state.
 */
final class FreeLease implements Lease {
  private static final class Free implements Held {
    @Override
    public boolean stillMine() {
      return true;
    }

    @Override
    public Held beating() {
      return this;
    }

    @Override
    public boolean beat() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Override
  public Optional<Held> tryAcquire() {
    return Optional.of(new Free());
  }

  @Override
  public Optional<Held> takeOver() {
    return tryAcquire();
  }

  @Override
  public Optional<Held> acquire(Duration wait) {
    return tryAcquire();
  }

  @Override
  public boolean isTaken() {
    return false;
  }

  @Override
  public Optional<Owner> breakIt() {
    return Optional.empty();
  }

  @Override
  public Optional<Owner> owner() {
    return Optional.empty();
  }

  @Override
  public Optional<Long> lastSign() {
    return Optional.empty();
  }
}
