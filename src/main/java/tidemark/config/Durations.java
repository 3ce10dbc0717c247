package tidemark.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: 90s, 120m, 4h, 1d, 2w, 1y. */
public final class Durations {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\s*([smhdwy])");
  private static final String UNITS = "ywdhms";
  private static final long[] SECONDS = {365 * 86_400L, 7 * 86_400L, 86_400L, 3_600L, 60L, 1L};

  private Durations() {}

  /** Empty for anything else; a year has 365 days. */
  public static Optional<Duration> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long unit = SECONDS[UNITS.indexOf(matcher.group(2))];
    return Optional.of(Duration.ofSeconds(Long.parseLong(matcher.group(1)) * unit));
  }

  /** A regular expression for all that {@link #parse} reads and that is in these bounds. */
  static String pattern(Duration least, Duration most) {
    List<String> units = new ArrayList<>();
    for (int i = 0; i < SECONDS.length; i++) {
      long from = Math.max(1, (least.toSeconds() + SECONDS[i] - 1) / SECONDS[i]);
      long to = most.toSeconds() / SECONDS[i];
      if (from <= to) {
        units.add(NumberPattern.of(from, to) + "\\s*" + UNITS.charAt(i));
      }
    }
    return String.join("|", units);
  }

  /** The shortest exact form that {@link #parse} reads, in days at most: 2h rather than 120m. */
  public static String text(Duration duration) {
    long seconds = duration.toSeconds();
    for (int i = UNITS.indexOf('d'); i < SECONDS.length; i++) {
      if (seconds != 0 && seconds % SECONDS[i] == 0) {
        return seconds / SECONDS[i] + UNITS.substring(i, i + 1);
      }
    }
    return "0s";
  }
}
