package tidemark.testing;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many cases made by chance, each from a seed of its own. `-Dfuzz=100000` tries so many instead of
 * a few, `-Dseed=N` begins at that seed, and alone runs that one case again.
 */
public final class Fuzz {
  private static final Logger LOG = LoggerFactory.getLogger(Fuzz.class);

  /** Neighbouring seeds would begin alike. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private static final int MOST_FAULTS = 20;

  private Fuzz() {}

  /** What has to go well, whatever comes. */
  public interface Case {
    void run(Random random) throws Exception;
  }

  /** How the cases of a run went. */
  private record Fault(long seed, Throwable why) {
    @Override
    public String toString() {
      return "-Dseed=" + seed + ": " + why;
    }
  }

  /**
   * Goes on behind a case that fails, to show at the end one of each kind.
   *
   * @param few how many where nobody asks for more
   * @param most no case may take longer
   */
  public static void cases(String name, int few, Duration most, Case one) {
    Long seed = Long.getLong("seed");
    long first = seed != null ? seed : System.nanoTime() % 1_000_000_000;
    int count = Integer.getInteger("fuzz", seed != null ? 1 : few);
    LOG.info("{}: {} cases from -Dseed={} on", name, count, first);
    Map<String, Fault> faults = new LinkedHashMap<>();
    long begun = System.nanoTime();
    int done = 0;
    while (done < count && faults.size() < MOST_FAULTS) {
      Throwable why = tried(new Random((first + done) * SPREAD), most, one);
      if (why != null && faults.putIfAbsent(kind(why), new Fault(first + done, why)) == null) {
        LOG.error("-Dseed={}", first + done, why); // at once: a long run may be ended before
      }
      done++;
    }
    LOG.info("{}: {} cases in {} s", name, done, (System.nanoTime() - begun) / 1_000_000_000);
    if (!faults.isEmpty()) {
      throw new AssertionError(
          name + faults.values().stream().map(f -> "\n" + f).collect(Collectors.joining()));
    }
  }

  private static Throwable tried(Random random, Duration most, Case one) {
    long begun = System.nanoTime();
    try {
      one.run(random);
    } catch (Exception | Error e) { // out of memory is a fault like any other
      return e;
    }
    Duration taken = Duration.ofNanos(System.nanoTime() - begun);
    return taken.compareTo(most) > 0 ? new AssertionError("it took " + taken) : null;
  }

  /** Failures of one kind come from one place. */
  private static String kind(Throwable why) {
    String place =
        Arrays.stream(why.getStackTrace())
            .filter(frame -> frame.getClassName().startsWith("tidemark."))
            .findFirst()
            .map(StackTraceElement::toString)
            .orElse("");
    return why.getClass() + place;
  }
}
