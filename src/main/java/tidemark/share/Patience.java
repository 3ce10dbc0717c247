package tidemark.share;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;

/**
 * How long one waits for a share that hangs: what touches it is done on a thread of its own, and
 * whoever asked for it goes on without it once the share has shown no sign of life for so long.
 *
 * <p>Guarantee: work that was given up ends at its next operation on the share, should the present
 * one ever return; its result is dropped. While the share hangs, what is asked of it is refused at
 * once. Threading: may be shared.
 */
public final class Patience {
  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);

  /** Waits as long as it takes, on the thread that asks. */
  public static final Patience ENDLESS = new Patience(Duration.ZERO, Pace.REAL);

  /** Threads that may hang at a time; nobody can end them but the share. */
  private static final int HANGING = 8;

  /** How often whoever waits looks at the clock, in milliseconds. */
  private static final long LOOK_EVERY = 20;

  private final String who;
  private final Duration limit;
  private final Pace pace;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "share");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<Thread, Errand<?>> present = new ConcurrentHashMap<>();
  private final AtomicInteger hanging = new AtomicInteger();
  private volatile long gaveUpAt;

  public Patience(Duration limit, Pace pace) {
    this(limit, pace, "the share");
  }

  /**
   * For what hangs.
   *
   * @param who in messages
   */
  public Patience(Duration limit, Pace pace, String who) {
    this.who = who;
    this.limit = limit;
    this.pace = pace;
  }

  /** Does this and waits for it; as part of other such work it is done where that is done. */
  public <T extends @Nullable Object> T await(ShareWork<T> work) throws IOException {
    if (limit.isZero()) {
      return work.run();
    }
    Errand<?> whole = present.get(Thread.currentThread());
    if (whole != null) {
      whole.showLife();
      T result = work.run();
      whole.showLife();
      return result;
    }
    long since = pace.nanos() - gaveUpAt;
    if (hanging.get() > 0 && (since < limit.toNanos() || hanging.get() >= HANGING)) {
      throw new IOException(who + " does not answer");
    }
    Errand<T> errand = new Errand<>(work);
    threads.execute(errand);
    return errand.result();
  }

  /** Whether something that was given up has not returned yet. */
  public boolean hangs() {
    return hanging.get() > 0;
  }

  /** To be told of signs of life which the work now being done shows elsewhere. */
  LifeSigns present() {
    Errand<?> errand = present.get(Thread.currentThread());
    return errand == null ? () -> {} : errand::showLife;
  }

  /** Takes signs of life; throws once nobody waits for that work any more. */
  public interface LifeSigns {
    void show() throws IOException;
  }

  private final class Errand<T extends @Nullable Object> implements Runnable {
    private final ShareWork<T> work;
    private long lastSign = pace.nanos();
    private boolean givenUp;
    private boolean hung;
    private boolean done;
    private @Nullable T result;
    private @Nullable Throwable thrown;

    Errand(ShareWork<T> work) {
      this.work = work;
    }

    @Override
    public void run() {
      present.put(Thread.currentThread(), this);
      try {
        end(work.run(), null);
      } catch (Throwable e) { // whatever it is, it is the caller's
        end(null, e);
      } finally {
        present.remove(Thread.currentThread());
      }
    }

    private synchronized void end(@Nullable T value, @Nullable Throwable failure) {
      done = true;
      result = value;
      thrown = failure;
      notifyAll();
      if (hung) {
        hanging.decrementAndGet();
      }
      if (givenUp) {
        drop(value);
      }
    }

    private void drop(@Nullable T late) {
      if (late instanceof Closeable open) {
        try {
          open.close();
        } catch (IOException e) {
          LOG.debug("what came late from the share cannot be closed", e);
        }
      }
    }

    synchronized void showLife() throws IOException {
      if (givenUp) {
        throw new IOException("nobody waits for this any more: the share was silent for too long");
      }
      lastSign = pace.nanos();
    }

    synchronized T result() throws IOException {
      try {
        while (!done) {
          long left = limit.toNanos() - (pace.nanos() - lastSign);
          if (left <= 0) {
            givenUp = true;
            hung = true;
            hanging.incrementAndGet();
            gaveUpAt = pace.nanos();
            throw new IOException(who + " has not answered for " + limit.toSeconds() + " s");
          }
          wait(LOOK_EVERY);
        }
      } catch (InterruptedException e) {
        givenUp = true;
        Thread.currentThread().interrupt();
        throw new Failure(Failure.BUSY, "stopped while waiting for the share", "", e);
      }
      return outcome();
    }

    @SuppressWarnings("NullAway") // null only where T may be
    private T outcome() throws IOException {
      if (thrown instanceof IOException e) {
        throw e;
      }
      if (thrown instanceof RuntimeException e) {
        throw e;
      }
      if (thrown instanceof Error e) {
        throw e;
      }
      return result;
    }
  }
}
