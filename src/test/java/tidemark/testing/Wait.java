package tidemark.testing;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waiting for what a process of another program has to do first. */
public final class Wait {
  private static final int LOOK_EVERY_MILLIS = 20;

  private Wait() {}

  /** Ends as soon as it is so; with an exception where the process ends first or time is over. */
  public static void until(Process process, long millis, String what, BooleanSupplier so)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!so.getAsBoolean()) {
      if (process.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new IOException("not reached: " + what + "; it ended with " + process.exitValue());
      }
      if (System.nanoTime() > end) {
        throw new IOException("not reached within " + millis + " ms: " + what);
      }
    }
  }
}
