package tidemark.change;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.Set;

/** When people are at work. Immutable. */
public record WorkingHours(LocalTime from, LocalTime to, Set<DayOfWeek> days) {
  /** More than anybody waits for; keeps the sum short. */
  private static final int DAYS = 60;

  public WorkingHours {
    days = Set.copyOf(days);
  }

  public WorkingHours on(Set<DayOfWeek> others) {
    return new WorkingHours(from, to, others);
  }

  public boolean includes(ZonedDateTime time) {
    LocalTime clock = time.toLocalTime();
    return days.contains(time.getDayOfWeek()) && !clock.isBefore(from) && clock.isBefore(to);
  }

  /** How much of the time between these moments was working time, of the last weeks at least. */
  public Duration between(ZonedDateTime since, ZonedDateTime until) {
    Duration sum = Duration.ZERO;
    ZonedDateTime begin = since.withZoneSameInstant(until.getZone());
    LocalDate first = begin.toLocalDate();
    LocalDate last = until.toLocalDate();
    LocalDate earliest = last.minusDays(DAYS);
    for (LocalDate day = first.isBefore(earliest) ? earliest : first;
        !day.isAfter(last);
        day = day.plusDays(1)) {
      if (days.contains(day.getDayOfWeek())) {
        ZonedDateTime opens = later(day.atTime(from).atZone(until.getZone()), begin);
        ZonedDateTime closes = day.atTime(to).atZone(until.getZone());
        Duration worked = Duration.between(opens, closes.isBefore(until) ? closes : until);
        sum = worked.isNegative() ? sum : sum.plus(worked);
      }
    }
    return sum;
  }

  private static ZonedDateTime later(ZonedDateTime one, ZonedDateTime other) {
    return one.isAfter(other) ? one : other;
  }
}
