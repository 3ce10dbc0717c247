package tidemark.config;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidemark.change.WorkingHours;

/** Hours of a day and days of a week, as people write them: 08:00-18:00, mon-fri. */
final class WorkingHoursType {
  private static final String TIME = "(?:[01]\\d|2[0-3]):[0-5]\\d";
  private static final Pattern HOURS = Pattern.compile("(" + TIME + ")\\s*-\\s*(" + TIME + ")");
  private static final List<String> NAMES =
      List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
  private static final String NAME = "[Mm]on|[Tt]ue|[Ww]ed|[Tt]hu|[Ff]ri|[Ss]at|[Ss]un";
  private static final Pattern DAYS = Pattern.compile("(" + NAME + ")(?:\\s*-\\s*(" + NAME + "))?");

  private WorkingHoursType() {}

  static ValueType<WorkingHours> hours() {
    return new ValueType<>(
        "a span of one day like '08:00-18:00'",
        List.of(),
        Form.like(HOURS.pattern()),
        value -> {
          Matcher span = HOURS.matcher(value.text());
          if (!span.matches()) {
            throw new BadValue("is no span of a day");
          }
          LocalTime from = LocalTime.parse(span.group(1));
          LocalTime to = LocalTime.parse(span.group(2));
          if (!from.isBefore(to)) {
            throw new BadValue("ends before it begins");
          }
          return new WorkingHours(from, to, EnumSet.allOf(DayOfWeek.class));
        });
  }

  static ValueType<Set<DayOfWeek>> days() {
    return new ValueType<>(
        "days like mon-fri, or one day",
        NAMES,
        Form.like(DAYS.pattern()),
        value -> {
          Matcher span = DAYS.matcher(value.text());
          if (!span.matches()) {
            throw new BadValue("is no span of a week");
          }
          int first = day(span.group(1));
          int last = span.group(2) == null ? first : day(span.group(2));
          EnumSet<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
          for (int day = first; day != last; day = (day + 1) % NAMES.size()) {
            days.add(DayOfWeek.of(day + 1));
          }
          days.add(DayOfWeek.of(last + 1));
          return days;
        });
  }

  private static int day(String name) {
    return NAMES.indexOf(name.toLowerCase(Locale.ROOT));
  }
}
