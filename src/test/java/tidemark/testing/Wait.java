package tidemark.testing;

import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import tidemark.share.Pace;

/**
 * The one way to wait for what others have to do first. The limit is for what hangs, and says
 * nothing of speed.
 */
public final class Wait {
  private static final long LIMIT_SECONDS = 90;
  private static final int LOOK_EVERY_MILLIS = 10;

  private Wait() {}

  /** Ends as soon as it is so, and fails where it never is. */
  public static void until(String what, Callable<Boolean> so) {
    long end = Pace.REAL.nanos() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!holds(so)) {
      if (Pace.REAL.nanos() > end) {
        throw new AssertionError("waited in vain for " + what);
      }
      Pace.REAL.pause(LOOK_EVERY_MILLIS);
    }
  }

  /** What a process has to do, whose end is the end of waiting for it. */
  public static void until(Process process, String what, Callable<Boolean> so) {
    until(
        what,
        () -> {
          boolean runs = process.isAlive();
          boolean holds = so.call(); // asked last, so that its last deed counts
          if (!runs && !holds) {
            throw new AssertionError(what + " never came: it ended with " + process.exitValue());
          }
          return holds;
        });
  }

  private static boolean holds(Callable<Boolean> so) {
    try {
      return so.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** So that two edits bear different milliseconds. */
  public static void aMoment() {
    Instant later = Instant.now().plusMillis(3);
    until("the next moment", () -> Instant.now().isAfter(later));
  }
}
