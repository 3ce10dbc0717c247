package tidemark.daemon;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;

/**
 * What the daemon looks after besides syncing, one thing after the other.
 *
 * <p>Guarantee: one that fails keeps no other from being done, is said in the log, and is tried
 * again an hour later. Threading: looked after on a thread of the schedule's, never during itself;
 * runs go on meanwhile.
 */
final class Chores {
  private static final Logger LOG = LoggerFactory.getLogger(Chores.class);

  static final String JOB = "chores";
  private static final Duration EVERY = Duration.ofMinutes(5);
  private static final Duration AFTER_FAILURE = Duration.ofHours(1);

  private final Clock clock;
  private final Schedule schedule;
  private final Pauses pauses;
  private final Supplier<List<Chore>> all;
  private final Map<String, Instant> notBefore = new HashMap<>();

  /**
   * @param all as the config in force has them, asked each time
   */
  Chores(Clock clock, Schedule schedule, Pauses pauses, Supplier<List<Chore>> all) {
    this.clock = clock;
    this.schedule = schedule;
    this.pauses = pauses;
    this.all = all;
    schedule.job(JOB, this::lookAfterAll);
  }

  /** After the first run, which matters more. */
  void begin() {
    planNext();
  }

  private void planNext() {
    schedule.at(JOB, clock.instant().plus(pauses.after(EVERY)));
  }

  void lookAfterAll() {
    try {
      all.get().forEach(this::lookAfter);
    } finally {
      planNext();
    }
  }

  private void lookAfter(Chore chore) {
    Instant now = clock.instant();
    if (now.isBefore(notBefore.getOrDefault(chore.name(), Instant.MIN))) {
      return;
    }
    notBefore.put(chore.name(), now.plus(AFTER_FAILURE)); // whatever it throws
    try {
      chore.doIfDue(now);
      notBefore.remove(chore.name());
    } catch (Failure e) {
      LOG.warn("{}: {}; {}. Tried again in an hour", chore.name(), e.whatFailed(), e.hint());
    } catch (RuntimeException e) {
      LOG.error("A bug in Tidemark, in {}; tried again in an hour", chore.name(), e);
    }
  }
}
