package tidemark.jdbc;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.BusyHandler;

/**
 * Waits for a lock by asking often. SQLite's own handler sleeps up to 100 ms between two tries,
 * which hardly ever meets the gap a program leaves that writes all the time.
 */
final class ShortWaits extends BusyHandler {
  private static final long PAUSE = 1_000_000;

  private final long patience;
  private long since;

  ShortWaits(Duration patience) {
    this.patience = patience.toNanos();
  }

  @Override
  protected int callback(int earlierTries) {
    long now = System.nanoTime();
    if (earlierTries == 0) {
      since = now;
    }
    if (now - since >= patience) {
      return 0;
    }
    LockSupport.parkNanos(PAUSE);
    return 1;
  }
}
