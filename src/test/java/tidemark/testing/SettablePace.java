package tidemark.testing;

import java.time.Duration;
import tidemark.ledger.Pace;

/** Monotonic time that passes when a test says so; nobody really waits. */
public final class SettablePace implements Pace {
  private long passed;

  public void pass(Duration time) {
    passed += time.toNanos();
  }

  @Override
  public long nanos() {
    return System.nanoTime() + passed;
  }

  @Override
  public void pause(long millis) {
    passed += millis * 1_000_000;
  }
}
