package tidemark.daemon;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.control.Events;

/**
 * Nothing runs by itself while somebody wants it so.
 *
 * <p>Threading: may be called from anywhere.
 */
final class Pausing {
  private static final Logger LOG = LoggerFactory.getLogger(Pausing.class);
  static final String RESUME = "resume";

  private final Keeper keeper;
  private final Schedule schedule;
  private final Events events;
  private final Clock clock;
  private @Nullable Instant until;

  Pausing(Keeper keeper, Schedule schedule, Events events, Clock clock) {
    this.keeper = keeper;
    this.schedule = schedule;
    this.events = events;
    this.clock = clock;
    schedule.job(RESUME, this::resume);
  }

  /**
   * @param howLong null until somebody says so
   */
  synchronized void pause(@Nullable Duration howLong) {
    keeper.hold();
    until = howLong == null ? null : clock.instant().plus(howLong);
    if (until == null) {
      schedule.never(RESUME);
    } else {
      schedule.at(RESUME, until);
    }
    LOG.info(
        "paused until {}", until == null ? "it is resumed" : until.truncatedTo(ChronoUnit.SECONDS));
    events.tell("daemon:paused", Map.of());
  }

  synchronized void resume() {
    if (!keeper.isHeld()) {
      return;
    }
    until = null;
    schedule.never(RESUME);
    keeper.goOn();
    LOG.info("resumed");
    events.tell("daemon:resumed", Map.of());
  }

  boolean isOn() {
    return keeper.isHeld();
  }

  /** Null: until somebody says so, or there is no pause. */
  synchronized @Nullable Instant until() {
    return until;
  }
}
