package tidemark.control;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The endpoint's threads, one for each request that is under way.
 *
 * <p>Anybody on this machine can connect, send half a request or never read his answer. A thread
 * works for us, or it waits for the other end: for the rest of a request, or until an answer is
 * taken. Guarantee: where there are more than so many, the one that has waited for longest is cut
 * off and makes room for who comes; one that works never is. Threading: may be shared.
 */
final class RequestThreads implements Executor, AutoCloseable {
  /** Those that were cut off need a moment to end; beyond this whoever comes is sent away. */
  private static final int ENDING = 3;

  private final int most;
  private final ThreadPoolExecutor threads;

  // guarded by this; who is cut off is in neither
  private final Set<Thread> working = new HashSet<>();

  /** The longest first. */
  private final Set<Thread> waiting = new LinkedHashSet<>();

  RequestThreads(int most) {
    this.most = most;
    AtomicInteger count = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            0,
            most * (1 + ENDING),
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            work -> {
              Thread thread = new Thread(work, "control-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** What is done for whoever asks. */
  interface Work<T> {
    T done() throws IOException;
  }

  @Override
  public void execute(Runnable request) {
    threads.execute(
        () -> {
          begins();
          try {
            request.run();
          } finally {
            ends();
          }
        });
  }

  /** Meanwhile this thread is not cut off. */
  <T> T undisturbed(Work<T> work) throws IOException {
    works();
    try {
      return work.done();
    } finally {
      waits();
    }
  }

  /** The same bytes; who reads them in the midst of work waits meanwhile. */
  InputStream waitedFor(InputStream body) {
    return new FilterInputStream(body) {
      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        waits();
        int read = super.read(bytes, offset, length);
        works();
        return read;
      }
    };
  }

  /** Interrupting a thread closes the connection that it reads or writes. */
  private synchronized void begins() {
    waiting.add(Thread.currentThread());
    if (waiting.size() + working.size() > most) {
      Thread longest = waiting.iterator().next();
      waiting.remove(longest);
      longest.interrupt();
    }
  }

  private synchronized void works() throws IOException {
    if (!waiting.remove(Thread.currentThread())) {
      throw new IOException("somebody else needed the thread");
    }
    working.add(Thread.currentThread());
  }

  private synchronized void waits() {
    if (working.remove(Thread.currentThread())) {
      waiting.add(Thread.currentThread());
    }
  }

  private synchronized void ends() {
    waiting.remove(Thread.currentThread());
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
