package tidemark.serve;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.share.Pace;

/**
 * Who waits for the next entry of a place. One look serves all of them, so that five hundred cost a
 * folder no more than one does.
 *
 * <p>Threading: any.
 */
public final class Waiting {
  private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);

  /** How far something has come. */
  public interface Reach {
    long number();
  }

  private final Pace pace;
  private final Executor answering;
  private final List<Waiter> waiters = new ArrayList<>();

  Waiting(Pace pace, Executor answering) {
    this.pace = pace;
    this.answering = answering;
  }

  /**
   * One of them.
   *
   * @param mayWait false once the key opens nothing any more
   */
  private record Waiter(
      Reach of, long after, long until, BooleanSupplier mayWait, Runnable answer) {}

  /** From now on this one waits, too. */
  public void add(Reach of, long after, long seconds, BooleanSupplier mayWait, Runnable answer) {
    long until = pace.nanos() + seconds * 1_000_000_000L;
    synchronized (waiters) {
      waiters.add(new Waiter(of, after, until, mayWait, answer));
    }
    if (seesMore(of, after)) { // it came between the question and now
      look();
    }
  }

  private static boolean seesMore(Reach of, long after) {
    try {
      return of.number() > after;
    } catch (RuntimeException e) {
      LOG.debug("nobody knows whether there is more at {}: {}", of, e.toString());
      return false;
    }
  }

  public int count() {
    synchronized (waiters) {
      return waiters.size();
    }
  }

  /** Answers those for whom there is something, and those whose time is over. */
  public void look() {
    List<Reach> all;
    synchronized (waiters) {
      all = waiters.stream().map(Waiter::of).distinct().toList();
    }
    all.forEach(of -> look(of, reached(of))); // which may take its time, and keeps nobody waiting
  }

  private void look(Reach of, long head) {
    List<Waiter> due = new ArrayList<>();
    synchronized (waiters) {
      for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
        Waiter one = all.next();
        boolean over = pace.nanos() - one.until >= 0 || !one.mayWait.getAsBoolean();
        if (one.of == of && (head > one.after || over)) {
          due.add(one);
          all.remove();
        }
      }
    }
    due.forEach(one -> answering.execute(one.answer));
  }

  private static long reached(Reach of) {
    try {
      return of.number();
    } catch (RuntimeException e) {
      LOG.debug("{} cannot be looked at: {}", of, e.toString());
      return -1;
    }
  }

  /** Everybody is answered, since the server ends. */
  void end() {
    List<Waiter> due;
    synchronized (waiters) {
      due = new ArrayList<>(waiters);
      waiters.clear();
    }
    due.forEach(one -> answering.execute(one.answer));
  }
}
