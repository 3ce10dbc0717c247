package tidemark.serve;

import java.util.LinkedHashMap;
import java.util.Map;
import tidemark.share.Pace;

/**
 * How often a key may ask: in bursts, and on the average so often a second. Whoever asks more is
 * told when to come again.
 *
 * <p>Threading: any.
 */
final class Rates {
  private static final double SECOND = 1e9;
  private static final int MOST_KNOWN = 10_000;

  private final double aSecond;
  private final double burst;
  private final Pace pace;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > MOST_KNOWN;
        }
      };

  private static final class Bucket {
    private double left;
    private long at;
  }

  Rates(double aSecond, double burst, Pace pace) {
    this.aSecond = aSecond;
    this.burst = burst;
    this.pace = pace;
  }

  /** Takes one; or says after how many seconds there will be one. */
  synchronized long secondsUntilNext(String who) {
    long now = pace.nanos();
    Bucket bucket = buckets.get(who);
    if (bucket == null) {
      bucket = new Bucket();
      bucket.left = burst;
      bucket.at = now;
      buckets.put(who, bucket);
    }
    bucket.left = Math.min(burst, bucket.left + (now - bucket.at) / SECOND * aSecond);
    bucket.at = now;
    if (bucket.left >= 1) {
      bucket.left--;
      return 0;
    }
    return (long) Math.ceil((1 - bucket.left) / aSecond);
  }
}
