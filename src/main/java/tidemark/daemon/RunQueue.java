package tidemark.daemon;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;

/**
 * One run after the other, in the order in which they were asked for, until the end.
 *
 * <p>Threading: may be called from anywhere; a run is done on the thread that asks for it.
 */
final class RunQueue {
  private final ReentrantLock turn = new ReentrantLock(true);
  private volatile @Nullable Thread runner;
  private volatile boolean ending;

  /** Asked between two transactions: throws when the run is to end there. */
  interface Stop {
    void check();
  }

  <T> T next(Function<Stop, T> run) {
    turn.lock();
    try {
      check();
      runner = Thread.currentThread();
      return run.apply(this::check);
    } finally {
      runner = null;
      turn.unlock();
    }
  }

  private void check() {
    if (ending) {
      throw new Failure(
          Failure.BUSY,
          "stopped before it was through, since the daemon ends",
          "what is left follows with the next run; nothing is lost");
    }
  }

  boolean areUnderWay() {
    return turn.isLocked();
  }

  /**
   * No run begins any more; the one under way ends at its next step, or where it waits for a share
   * for longer than this, without it.
   */
  void end(Duration patience) {
    ending = true;
    try {
      if (ended(patience)) {
        return;
      }
      Thread stuck = runner;
      if (stuck != null) {
        stuck.interrupt();
      }
      ended(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean ended(Duration patience) throws InterruptedException {
    boolean free = turn.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (free) {
      turn.unlock();
    }
    return free;
  }
}
