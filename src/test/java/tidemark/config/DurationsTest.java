package tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "90s, 90",
    "120m, 7200",
    "4h, 14400",
    "1d, 86400",
    "2w, 1209600",
    "1y, 31536000",
    "999999999y, 31535999968464000",
    "0s, 0"
  })
  void durations_read_as_people_write_them(String written, long seconds) {
    assertThat(Durations.parse(written)).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "90", "s", "-5m", "1.5h", "5 minutes", "5M", "1h30m", "9999999999s"})
  void anything_else_is_none(String written) {
    assertThat(Durations.parse(written)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"90s, 90s", "120m, 2h", "24h, 1d", "2w, 14d", "0m, 0s", "61m, 61m"})
  void a_duration_is_shown_as_short_as_it_can_be(String written, String shown) {
    Duration duration = Durations.parse(written).orElseThrow();

    assertThat(Durations.text(duration)).isEqualTo(shown);
    assertThat(Durations.parse(shown)).contains(duration);
  }
}
