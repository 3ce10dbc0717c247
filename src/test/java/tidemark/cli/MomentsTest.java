package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;
import tidemark.change.ChangeTime;
import tidemark.say.Moment;

class MomentsTest {
  private final Moments moments =
      new Moments(Clock.fixed(Instant.parse("2025-01-15T12:00:00Z"), ZoneOffset.ofHours(2)));

  @ParameterizedTest
  @CsvSource({
    "2025-01-15, 2025-01-14T22:00:00Z",
    "2025-01-15 10:30, 2025-01-15T08:30:00Z",
    "2025-01-15T10:30:15.250, 2025-01-15T08:30:15.250Z",
    "2025-01-15T10:30:00Z, 2025-01-15T10:30:00Z",
    "2025-01-15 10:30+0100, 2025-01-15T09:30:00Z",
    "2025-01-15T10:30:00-05:00, 2025-01-15T15:30:00Z",
    "2h, 2025-01-15T10:00:00Z",
    "90s, 2025-01-15T11:58:30Z",
    "1w, 2025-01-08T12:00:00Z",
  })
  void times_are_local_unless_they_say_otherwise(String typed, String meant) {
    assertThat(moments.convert(typed)).isEqualTo(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "2025-13-41", "2h ago", "10:30", "15.01.2025"})
  void anything_else_is_refused_with_what_is_accepted(String typed) {
    assertThatThrownBy(() -> moments.convert(typed))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("2025-01-15");
  }

  @Test
  void what_a_database_holds_is_shown_on_the_readers_clock() {
    assertThat(Moment.shown("2025-01-15 10:30:00.000", ZoneOffset.ofHours(2)))
        .isEqualTo("2025-01-15 12:30:00");
    assertThat(ChangeTime.iso("2025-01-15 10:30:00.000")).isEqualTo("2025-01-15T10:30:00.000Z");
  }
}
