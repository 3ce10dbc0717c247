package tidemark.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeTimeTest {
  private static final long HALF_PAST_TEN = Instant.parse("2025-01-15T10:30:00Z").toEpochMilli();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2025-01-15 10:30:00",
        "2025-01-15 10:30",
        "2025-01-15 10:30:00.000",
        "2025-01-15 10:30:00,000",
        "2025-01-15T10:30:00",
        "2025-01-15T10:30:00Z",
        "2025-01-15T10:30:00.000Z",
        "2025-01-15T10:30:00.000000000z",
        "2025-01-15 10:30:00Z",
        "2025-01-15T11:30:00+01:00",
        "2025-01-15 11:30:00 +01:00",
        "2025-01-15T05:30:00-0500",
        "2025-01-15 12:30:00+02",
        "2025-01-15T16:15:00+05:45",
        "2025-01-16T00:30:00+14:00",
        " 2025-01-15 10:30:00 ",
        "1736937000",
        "1736937000.0",
        "1736937000000"
      })
  void one_instant_is_read_from_every_text_form(String text) {
    assertThat(ChangeTime.read(text)).isEqualTo(HALF_PAST_TEN);
  }

  @Test
  void numbers_are_seconds_or_milliseconds_whichever_makes_sense() {
    assertThat(ChangeTime.read(1736937000L)).isEqualTo(HALF_PAST_TEN);
    assertThat(ChangeTime.read(1736937000.0)).isEqualTo(HALF_PAST_TEN);
    assertThat(ChangeTime.read(1736937000.25)).isEqualTo(HALF_PAST_TEN + 250);
    assertThat(ChangeTime.read(1736937000000L)).isEqualTo(HALF_PAST_TEN);
    assertThat(ChangeTime.read(1736937000000.0)).isEqualTo(HALF_PAST_TEN);
  }

  @Test
  void fractions_of_a_second_count_to_the_millisecond() {
    assertThat(ChangeTime.read("2025-01-15 10:30:00.1")).isEqualTo(HALF_PAST_TEN + 100);
    assertThat(ChangeTime.read("2025-01-15T10:30:00.123Z")).isEqualTo(HALF_PAST_TEN + 123);
    assertThat(ChangeTime.read("2025-01-15 10:30:00.123456")).isEqualTo(HALF_PAST_TEN + 123);
  }

  @Test
  void a_day_alone_is_its_beginning() {
    assertThat(ChangeTime.read("2025-01-15"))
        .isEqualTo(Instant.parse("2025-01-15T00:00:00Z").toEpochMilli());
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        " ",
        "now",
        "yesterday",
        "0",
        "1",
        "20250115",
        "20250115103000",
        "2460690.9375",
        "2025-13-41 10:30:00",
        "2025-02-29 10:30:00",
        "2025-01-15 25:00:00",
        "2025-01-15 10:61:00",
        "2025-1-5 9:00",
        "15.01.2025 10:30",
        "01/15/2025",
        "2025-01-15 10:30:00 CET",
        "2025-01-15T10:30:00+99:00",
        "2025-01-15 10:30:00; DROP TABLE quotes",
        "\u0662\u0660\u0662\u0665-01-15",
        "99999999999999999999999999",
        "NaN",
        "null"
      })
  void rubbish_counts_as_not_set(String text) {
    assertThat(ChangeTime.read(text)).isNull();
  }

  @Test
  void numbers_that_are_no_moment_count_as_not_set() {
    assertThat(ChangeTime.read(0L)).isNull();
    assertThat(ChangeTime.read(1L)).isNull();
    assertThat(ChangeTime.read(-5L)).isNull();
    assertThat(ChangeTime.read(20250115L)).as("a day written as a number").isNull();
    assertThat(ChangeTime.read(20250115103000L)).as("a time written as a number").isNull();
    assertThat(ChangeTime.read(2460690.9375)).as("a Julian day").isNull();
    assertThat(ChangeTime.read(Long.MAX_VALUE)).isNull();
    assertThat(ChangeTime.read(Long.MIN_VALUE)).isNull();
    assertThat(ChangeTime.read(Double.NaN)).isNull();
    assertThat(ChangeTime.read(Double.POSITIVE_INFINITY)).isNull();
    assertThat(ChangeTime.read(1e308)).isNull();
    assertThat(ChangeTime.read(new byte[] {1, 2})).isNull();
  }

  @Test
  void a_stamp_keeps_the_form_the_row_already_uses() {
    long at = HALF_PAST_TEN + 60_000;
    assertThat(ChangeTime.like("2020-01-01T00:00:00.000Z", at))
        .isEqualTo("2025-01-15T10:31:00.000Z");
    assertThat(ChangeTime.like("2020-01-01 00:00:00", at)).isEqualTo("2025-01-15 10:31:00");
    assertThat(ChangeTime.like("2020-01-01 00:00:00", at + 5)).isEqualTo("2025-01-15 10:31:00.005");
    assertThat(ChangeTime.like("2020-01-01 00:00:00.000", at)).isEqualTo("2025-01-15 10:31:00.000");
    assertThat(ChangeTime.like(1600000000L, at)).isEqualTo(at / 1000);
    assertThat(ChangeTime.like(1600000000000L, at)).isEqualTo(at);
    assertThat(ChangeTime.like(1600000000.5, at)).isEqualTo(at / 1000.0);
    assertThat(ChangeTime.like("1600000000", at)).isEqualTo("" + at / 1000);
    assertThat(ChangeTime.like("1600000000000", at)).isEqualTo("" + at);
    assertThat(ChangeTime.like(null, at)).isEqualTo("2025-01-15 10:31:00.000");
  }

  @Test
  void a_stamp_in_place_of_rubbish_is_one_of_ours() {
    assertThat(ChangeTime.like("n/a", HALF_PAST_TEN)).isEqualTo("2025-01-15 10:30:00.000");
    assertThat(ChangeTime.like("TODAY", HALF_PAST_TEN)).isEqualTo("2025-01-15 10:30:00.000");
    assertThat(ChangeTime.like(0L, HALF_PAST_TEN)).isEqualTo("2025-01-15 10:30:00.000");
    assertThat(ChangeTime.like(new byte[] {1}, HALF_PAST_TEN)).isEqualTo("2025-01-15 10:30:00.000");
  }

  @Test
  void what_is_written_is_read_as_the_same_instant_in_every_form_and_time_zone() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    TimeZone before = TimeZone.getDefault();
    String[] zones = TimeZone.getAvailableIDs();
    try {
      for (int i = 0; i < 2_000; i++) {
        TimeZone.setDefault(TimeZone.getTimeZone(zones[random.nextInt(zones.length)]));
        long at = random.nextLong(200_000_000_000L, 4_102_444_800_000L);
        OffsetDateTime there =
            Instant.ofEpochMilli(at)
                .atOffset(ZoneOffset.ofTotalSeconds(60 * random.nextInt(-720, 841)));
        String how = "seed " + seed + ", " + at;
        assertThat(ChangeTime.read(ChangeTime.spaced(at))).as(how).isEqualTo(at);
        assertThat(ChangeTime.read(ChangeTime.iso(at))).as(how).isEqualTo(at);
        assertThat(ChangeTime.read(there.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME)))
            .as(how)
            .isEqualTo(at);
        assertThat(ChangeTime.read(at)).as(how).isEqualTo(at);
        assertThat(ChangeTime.read(at / 1000)).as(how).isEqualTo(at / 1000 * 1000);
        assertThat(ChangeTime.read(ChangeTime.like("2020-01-01T00:00:00Z", at)))
            .as(how)
            .isEqualTo(at);
        assertThat(ChangeTime.read(ChangeTime.like(1600000000000L, at))).as(how).isEqualTo(at);
        assertThat(ChangeTime.read(ChangeTime.like(1600000000.5, at))).as(how).isEqualTo(at);
        assertThat(ChangeTime.read(ChangeTime.like("2020-01-01 00:00:00", at)))
            .as(how)
            .isEqualTo(at);
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }
}
