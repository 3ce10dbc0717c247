package tidemark.config;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time of day, which may go on past midnight. */
public record TimeWindow(LocalTime from, LocalTime to) {
  private static final String TIME = "([01]\\d|2[0-3]):[0-5]\\d";
  static final String PATTERN = TIME + "\\s*-\\s*" + TIME;
  private static final Pattern FORM =
      Pattern.compile("(?<from>" + TIME + ")\\s*-\\s*(?<to>" + TIME + ")");

  static Optional<TimeWindow> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new TimeWindow(
                LocalTime.parse(matcher.group("from")), LocalTime.parse(matcher.group("to"))))
        : Optional.empty();
  }

  /** Whether it is this time now, in a night or day that began on one of these days. */
  public boolean contains(LocalDateTime now, Set<DayOfWeek> days) {
    LocalTime time = now.toLocalTime();
    boolean afterFrom = !time.isBefore(from);
    boolean beforeTo = time.isBefore(to);
    if (from.isBefore(to)) {
      return afterFrom && beforeTo && days.contains(now.getDayOfWeek());
    }
    return (afterFrom && days.contains(now.getDayOfWeek()))
        || (beforeTo && days.contains(now.getDayOfWeek().minus(1)));
  }
}
