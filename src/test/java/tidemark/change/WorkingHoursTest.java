package tidemark.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class WorkingHoursTest {
  private static final WorkingHours USUAL =
      new WorkingHours(
          LocalTime.of(8, 0),
          LocalTime.of(18, 0),
          EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY));

  private static ZonedDateTime at(String local) {
    return ZonedDateTime.of(java.time.LocalDateTime.parse(local), ZoneId.of("Europe/Berlin"));
  }

  private static Duration worked(String from, String to) {
    return USUAL.between(at(from), at(to));
  }

  @Test
  void nights_and_weekends_do_not_count() {
    assertThat(worked("2025-01-17T17:00:00", "2025-01-20T09:30:00")) // Friday to Monday
        .isEqualTo(Duration.ofMinutes(150));
    assertThat(worked("2025-01-18T10:00:00", "2025-01-19T20:00:00")).isZero();
    assertThat(worked("2025-01-15T09:00:00", "2025-01-15T12:00:00")).isEqualTo(Duration.ofHours(3));
    assertThat(worked("2025-01-15T12:00:00", "2025-01-15T09:00:00")).isZero();
  }

  @Test
  void a_year_is_told_as_quickly() {
    assertThat(worked("2024-01-15T09:00:00", "2025-01-15T09:00:00"))
        .isGreaterThan(Duration.ofHours(400));
  }
}
