package tidemark.daemon;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait between one time and the next: never quite the same, so that fifty machines that
 * began together do not go on arriving together.
 */
final class Pauses {
  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofSeconds(45);
  private static final Duration START = Duration.ofSeconds(10);
  private static final Duration SPREAD = Duration.ofMinutes(1);

  private final RandomGenerator random;

  Pauses(RandomGenerator random) {
    this.random = random;
  }

  /** After login, when everybody else logs in too. */
  Duration beforeStart() {
    return upTo(START);
  }

  /** An interval, and up to a tenth of it or a minute more. */
  Duration after(Duration every) {
    Duration tenth = every.dividedBy(10);
    return every.plus(upTo(tenth.compareTo(SPREAD) < 0 ? tenth : SPREAD));
  }

  /**
   * While the share is away: longer and longer, but never so long that its return is not noticed
   * within a minute.
   *
   * @param tries so far
   */
  Duration untilNextTry(int tries) {
    Duration pause = FIRST.multipliedBy(1L << Math.min(tries, 4));
    return (pause.compareTo(LONGEST) < 0 ? pause : LONGEST).plus(upTo(FIRST));
  }

  private Duration upTo(Duration most) {
    return Duration.ofMillis(random.nextLong(most.toMillis() + 1));
  }
}
