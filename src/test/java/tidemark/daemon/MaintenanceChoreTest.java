package tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.config.MaintenanceSettings;
import tidemark.config.TimeWindow;
import tidemark.daemon.chore.ChoreTimes;
import tidemark.daemon.chore.MaintenanceChore;

class MaintenanceChoreTest {
  private static final Instant NIGHT = Instant.parse("2025-01-15T03:00:00Z");
  private static final Instant DAY = Instant.parse("2025-01-15T11:00:00Z");

  @TempDir Path folder;

  private Optional<Instant> last() {
    return new ChoreTimes(folder).last("maintenance");
  }

  private MaintenanceChore chore(Optional<TimeWindow> window) {
    MaintenanceSettings settings =
        new MaintenanceSettings(
            window,
            EnumSet.allOf(DayOfWeek.class),
            MaintenanceSettings.Vacuum.AUTO,
            List.of(),
            365);
    return new MaintenanceChore(settings, List.of(), new ChoreTimes(folder), ZoneOffset.UTC);
  }

  private MaintenanceChore chore() {
    return chore(Optional.of(new TimeWindow(LocalTime.of(2, 0), LocalTime.of(5, 0))));
  }

  @Test
  void once_a_night_in_the_window() {
    chore().doIfDue(NIGHT);
    chore().doIfDue(NIGHT.plusSeconds(600));
    assertThat(last()).contains(NIGHT);

    chore().doIfDue(NIGHT.plus(Duration.ofDays(1)));
    assertThat(last()).contains(NIGHT.plus(Duration.ofDays(1)));
  }

  @Test
  void by_day_only_where_no_night_was_seen_for_a_week() {
    chore().doIfDue(DAY);
    Instant next = DAY.plus(Duration.ofDays(6));
    chore().doIfDue(next);
    assertThat(last()).contains(DAY);

    chore().doIfDue(next.plus(Duration.ofDays(1)));
    assertThat(last()).contains(next.plus(Duration.ofDays(1)));
  }

  @Test
  void never_by_itself_without_a_window() {
    chore(Optional.empty()).doIfDue(NIGHT);
    assertThat(last()).isEmpty();
  }
}
