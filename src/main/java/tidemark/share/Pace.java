package tidemark.share;

import tidemark.change.Failure;

/** Time that only runs forward, and waiting in it: what leases and retries go by. */
public interface Pace {
  /** The machine's own. */
  Pace REAL =
      new Pace() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void pause(long millis) {
          try {
            Thread.sleep(millis);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.BUSY, "stopped while waiting for the share", "", e);
          }
        }
      };

  /** Meaningful only as a difference. */
  long nanos();

  void pause(long millis);
}
