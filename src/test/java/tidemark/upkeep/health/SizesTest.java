package tidemark.upkeep.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tidemark.change.HealthLimits;
import tidemark.change.WorkingHours;

class SizesTest {
  private static final long MB = 1_000_000;
  private static final LocalDate TODAY = LocalDate.of(2025, 7, 1);
  private static final HealthLimits LIMITS =
      new HealthLimits(
          Duration.ofHours(4),
          new WorkingHours(LocalTime.MIN, LocalTime.MAX, Set.of()),
          5,
          10,
          50,
          500 * MB,
          Duration.ofDays(7),
          MB,
          Duration.ofSeconds(60),
          Duration.ofHours(36));

  private final Sizes sizes = new Sizes();

  private Finding judge(long size) {
    return Sizes.of(sizes.fields()).judge("size", TODAY, size, LIMITS);
  }

  @Test
  void half_as_much_again_in_a_day_is_worth_telling() {
    sizes.note(TODAY.minusDays(1), 100 * MB);
    assertThat(judge(149 * MB).isTrouble()).isFalse();
    assertThat(judge(151 * MB).what()).isEqualTo("151 MB, 51 MB more than yesterday");
  }

  @Test
  void a_small_file_may_grow_as_it_likes() {
    sizes.note(TODAY.minusDays(1), 1000);
    assertThat(judge(9 * MB).isTrouble()).isFalse();
  }

  @Test
  void what_a_year_will_bring_is_told_from_a_month_on() {
    sizes.note(TODAY.minusDays(20), 100 * MB);
    assertThat(judge(160 * MB).isTrouble()).isFalse();
    sizes.note(TODAY.minusDays(73), 100 * MB);
    assertThat(judge(180 * MB).isTrouble()).isFalse();
    assertThat(judge(220 * MB).what()).isEqualTo("220 MB, growing by 600 MB a year");
  }

  @Test
  void a_few_dozen_numbers_are_kept_however_long_it_runs() {
    for (int day = 2000; day >= 0; day--) {
      sizes.note(TODAY.minusDays(day), day);
    }
    assertThat(sizes.fields()).hasSizeBetween(50, 60);
  }
}
