package tidemark.testing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import tidemark.share.Pace;

/** Monotonic time that passes when a test says so; nobody really waits. */
public final class SettablePace implements Pace {
  private final AtomicLong passed = new AtomicLong();

  public void pass(Duration time) {
    passed.addAndGet(time.toNanos());
  }

  @Override
  public long nanos() {
    return System.nanoTime() + passed.get();
  }

  @Override
  public void pause(long millis) {
    passed.addAndGet(millis * 1_000_000);
  }
}
