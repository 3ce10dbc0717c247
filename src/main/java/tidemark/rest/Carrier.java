package tidemark.rest;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.serve.RefusedException;

/**
 * Carries programs' edits into the ledger, those that wait together in one go; who sent them is
 * told when they stand there.
 *
 * <p>Threading: edits come from any; one thread carries them.
 */
final class Carrier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Carrier.class);
  private static final int AT_ONCE = 1_000;
  private static final int ANSWERS = 16;
  private static final int MOST_WAITING = 20_000;

  private final Stock stock;
  private final Clock clock;
  private final Runnable carried;
  private final Deque<Job> waiting = new ArrayDeque<>();
  private final Thread thread;
  private final ExecutorService answers =
      Executors.newFixedThreadPool(
          ANSWERS,
          work -> {
            Thread answering = new Thread(work, "answers of edits");
            answering.setDaemon(true);
            return answering;
          });
  private int edits;
  private boolean ended;

  /**
   * @param carried is told after each time, before those who wait are answered
   */
  Carrier(Stock stock, Clock clock, Runnable carried) {
    this.stock = stock;
    this.clock = clock;
    this.carried = carried;
    this.thread = new Thread(this::work, "edits of " + stock.name());
    thread.setDaemon(true);
    thread.start();
  }

  void add(Job job) {
    synchronized (waiting) {
      if (ended) {
        throw RefusedException.later("the server ends", "Ask again once it is back.", 5);
      }
      if (edits > 0 && edits + job.size() > MOST_WAITING) {
        throw RefusedException.later(
            "too many edits wait already", "Send them again in a moment, and fewer at once.", 2);
      }
      edits += job.size();
      waiting.add(job);
      waiting.notifyAll();
    }
  }

  private void work() {
    List<Job> round = next(List.of());
    while (!round.isEmpty()) {
      round = next(carry(round));
    }
  }

  /** Those that are not done, and who waits; empty once it ends. */
  private List<Job> next(List<Job> left) {
    List<Job> round = new ArrayList<>(left);
    synchronized (waiting) {
      try {
        while (round.isEmpty() && waiting.isEmpty() && !ended) {
          waiting.wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        ended = true;
      }
      int taken = round.stream().mapToInt(job -> job.left().size()).sum();
      while (!waiting.isEmpty() && taken < AT_ONCE) {
        Job job = waiting.remove();
        taken += job.size();
        round.add(job);
      }
    }
    return round;
  }

  private List<Job> carry(List<Job> round) {
    EditRun run = new EditRun(round, stock, clock);
    try {
      var unused = stock.carry(run);
    } catch (Failure failure) {
      fail(round, run, failure);
    } catch (RuntimeException | VirtualMachineError | LinkageError unforeseen) {
      LOG.error("edits of programs could not be carried", unforeseen);
      fail(round, run, new Failure(Failure.BUG, "the server has a fault", "Its log says more."));
    }
    carried();
    List<Job> left = new ArrayList<>();
    for (Job job : round) {
      if (job.isDone()) {
        done(job);
        answers.execute(job::tell); // whoever reads slowly keeps nobody else waiting
      } else {
        left.add(job);
      }
    }
    return left;
  }

  private void carried() {
    try {
      carried.run();
    } catch (RuntimeException e) {
      LOG.warn("who waits for programs' edits was not told: {}", e.toString());
    }
  }

  private void fail(List<Job> round, EditRun run, Failure failure) {
    LOG.warn("edits of programs could not be carried: {}", failure.whatFailed());
    Outcome pending =
        Outcome.refused(
            503,
            "it is written here, and could not be brought into the ledger: " + failure.whatFailed(),
            "It goes on its way by itself. Send it again with the same Idempotency-Key to know.");
    Outcome undone =
        Outcome.refused(503, failure.whatFailed(), "Nothing was changed; send it again.");
    for (Job job : round) {
      run.unposted(job, pending, undone).forEach(job::add);
    }
  }

  private void done(Job job) {
    synchronized (waiting) {
      edits -= job.size();
    }
  }

  /** What was taken is carried to its end; what waits is told that it was not. */
  @Override
  public void close() {
    List<Job> rest;
    synchronized (waiting) {
      ended = true;
      rest = new ArrayList<>(waiting);
      waiting.clear();
      waiting.notifyAll();
    }
    Outcome ends = Outcome.refused(503, "the server ends", "Nothing was changed; send it again.");
    rest.forEach(job -> job.fail(ends));
    try {
      thread.join(10_000);
      answers.shutdown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
