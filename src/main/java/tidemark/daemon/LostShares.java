package tidemark.daemon;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;

/**
 * Which databases cannot reach their share, since when, and when that is looked at again.
 *
 * <p>Threading: may be shared.
 */
final class LostShares {
  static final String RETRY = "retry";

  private final ConfigInForce config;
  private final Schedule schedule;
  private final Pauses pauses;
  private final Clock clock;
  private final Map<String, Instant> since = new TreeMap<>();
  private int tries;

  LostShares(ConfigInForce config, Schedule schedule, Pauses pauses, Clock clock) {
    this.config = config;
    this.schedule = schedule;
    this.pauses = pauses;
    this.clock = clock;
  }

  /** Somebody reached the share for this database, or failed to. */
  synchronized void met(String database, @Nullable Failure failure) {
    boolean away = failure != null && failure.exitCode() == Failure.OFFLINE;
    if (!away) {
      lost().remove(database);
      if (since.isEmpty()) {
        schedule.never(RETRY);
      }
    } else if (since.putIfAbsent(database, clock.instant()) == null) {
      tries = 0;
      plan();
    }
  }

  /** After a look: what is away still is looked for again, later each time. */
  synchronized void lookAgain() {
    if (!lost().isEmpty()) {
      tries++;
      plan();
    }
  }

  private void plan() {
    schedule.at(RETRY, clock.instant().plus(pauses.untilNextTry(tries)));
  }

  synchronized boolean includes(String database) {
    return lost().containsKey(database);
  }

  synchronized Optional<Instant> first() {
    return lost().values().stream().min(Instant::compareTo);
  }

  /** Of the databases that the config still names. */
  private Map<String, Instant> lost() {
    since.keySet().retainAll(config.settings().databases().keySet());
    return since;
  }
}
