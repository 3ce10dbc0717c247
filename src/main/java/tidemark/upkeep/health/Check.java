package tidemark.upkeep.health;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import tidemark.change.Failure;

/**
 * One thing the doctor looks at.
 *
 * @param every how often the daemon does it by itself
 */
record Check(String name, Duration every, Examination examination) {
  static final Duration HOURLY = Duration.ofMinutes(55); // looks come a little early at times
  static final Duration DAILY = Duration.ofHours(23);

  /** What is done. */
  interface Examination {
    /**
     * What it found, one finding at least.
     *
     * @param deep takes its time
     */
    List<Finding> examine(boolean deep);
  }

  static Check hourly(String name, Supplier<List<Finding>> examination) {
    return new Check(name, HOURLY, deep -> examination.get());
  }

  static Check daily(String name, Supplier<List<Finding>> examination) {
    return new Check(name, DAILY, deep -> examination.get());
  }

  List<Finding> examine(boolean deep) {
    try {
      return examination.examine(deep);
    } catch (Failure e) {
      return List.of(Finding.bad(name, e));
    }
  }
}
