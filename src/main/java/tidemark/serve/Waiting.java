package tidemark.serve;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.share.Pace;

/**
 * Who waits for the next entry of a place. One look serves all of them, so that five hundred cost a
 * folder no more than one does.
 *
 * <p>Threading: any.
 */
final class Waiting {
  private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);

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
      LentPlace place, long after, long until, BooleanSupplier mayWait, Runnable answer) {}

  void add(LentPlace place, long after, long seconds, BooleanSupplier mayWait, Runnable answer) {
    long until = pace.nanos() + seconds * 1_000_000_000L;
    synchronized (waiters) {
      waiters.add(new Waiter(place, after, until, mayWait, answer));
    }
    if (seesMore(place, after)) { // it came between the question and now
      look();
    }
  }

  private static boolean seesMore(LentPlace place, long after) {
    try {
      return place.news() > after;
    } catch (Failure | RefusedException e) {
      LOG.debug("nobody knows whether there is more at {}: {}", place.name(), e.toString());
      return false;
    }
  }

  int count() {
    synchronized (waiters) {
      return waiters.size();
    }
  }

  /** Answers those for whom there is something, and those whose time is over. */
  void look() {
    List<Waiter> due = new ArrayList<>();
    synchronized (waiters) {
      for (LentPlace place : waiters.stream().map(Waiter::place).distinct().toList()) {
        long head = head(place);
        for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
          Waiter one = all.next();
          boolean over = pace.nanos() - one.until >= 0 || !one.mayWait.getAsBoolean();
          if (one.place == place && (head > one.after || over)) {
            due.add(one);
            all.remove();
          }
        }
      }
    }
    due.forEach(one -> answering.execute(one.answer));
  }

  private static long head(LentPlace place) {
    try {
      return place.news();
    } catch (Failure | RefusedException e) {
      LOG.debug("{} cannot be looked at: {}", place.name(), e.toString());
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
