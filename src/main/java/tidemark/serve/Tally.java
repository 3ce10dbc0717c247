package tidemark.serve;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many requests were answered, how, and how fast. Threading: any. */
public final class Tally {
  /** Upper bounds, in seconds. */
  private static final List<Double> BOUNDS = List.of(0.005, 0.025, 0.1, 0.5, 2.5, 10.0);

  private static final double SECOND = 1e9;

  private final Map<Integer, Long> byStatus = new TreeMap<>();
  private final long[] within = new long[BOUNDS.size()];
  private double seconds;
  private long all;

  /** What was counted up to a moment. */
  public record Counted(
      Map<Integer, Long> byStatus, Map<Double, Long> within, double seconds, long all) {}

  synchronized void count(int status, long nanos) {
    byStatus.merge(status, 1L, Long::sum);
    double took = nanos / SECOND;
    for (int i = 0; i < within.length; i++) {
      within[i] += took <= BOUNDS.get(i) ? 1 : 0;
    }
    seconds += took;
    all++;
  }

  public synchronized Counted counted() {
    Map<Double, Long> up = new TreeMap<>();
    for (int i = 0; i < within.length; i++) {
      up.put(BOUNDS.get(i), within[i]);
    }
    return new Counted(new TreeMap<>(byStatus), up, seconds, all);
  }
}
