package tidemark.replica;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How long each table's rows take to be written in one transaction, in which the application waits.
 * What came from the share is bounded, and what a table's definition makes of a large value is not
 * known before.
 */
final class WritingTime {
  /** A full entry takes a hundredth of it. */
  private static final Duration MOST = Duration.ofSeconds(5);

  private long most = MOST.toNanos();
  private boolean limited;
  private final Map<String, Long> spent = new HashMap<>();

  /** Tables that were slow once, maybe for what other programs or the disk did. */
  private final Set<String> suspected = new HashSet<>();

  /** For tests, which cannot wait that long. */
  void most(Duration time) {
    most = time.toNanos();
  }

  <T> T limiting(Supplier<T> body) {
    spent.clear();
    limited = true;
    try {
      return body.get();
    } finally {
      limited = false;
    }
  }

  <T> @Nullable T of(String table, Supplier<@Nullable T> write) {
    if (!limited) {
      return write.get();
    }
    boolean suspect = suspected.contains(table);
    long from = now(suspect);
    T refusal = write.get();
    if (spent.merge(table, now(suspect) - from, Long::sum) > most) {
      suspected.add(table);
      throw new TooCostly(table, suspect);
    }
    return refusal;
  }

  /** This thread's own time takes much longer to be asked for. */
  private static long now(boolean own) {
    return own ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() : System.nanoTime();
  }
}
