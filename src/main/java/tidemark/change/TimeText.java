package tidemark.change;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * A day, or a day with a time and perhaps a zone, read character by character, as is done for every
 * row that is posted: `2025-01-15`, `2025-01-15 10:30[:00[.123]]`, with `T`, `Z` or an offset.
 */
final class TimeText {
  private static final int NANO_DIGITS = 9;

  private final String text;
  private int at;
  private boolean wrong;
  private Meaning meaning = Meaning.DAY;

  private TimeText(String text) {
    this.text = text;
  }

  /** How exactly a text says when. */
  enum Meaning {
    INSTANT,
    /** A time of day, of UTC or of wherever it was written. */
    WITHOUT_ZONE,
    DAY
  }

  /** What a text says, read as UTC where it names no zone. */
  record Stamp(long millis, Meaning meaning) {}

  /** Null where the text says no time. */
  static @Nullable Stamp read(String text) {
    try {
      TimeText read = new TimeText(text);
      Long millis = read.instant();
      return millis == null ? null : new Stamp(millis, read.meaning);
    } catch (DateTimeException e) {
      return null; // 2025-13-41 is rubbish, and rubbish counts as not set
    }
  }

  private @Nullable Long instant() {
    int year = digits(4);
    expect('-');
    int month = digits(2);
    expect('-');
    int day = digits(2);
    int hour = 0;
    int minute = 0;
    int second = 0;
    int nanos = 0;
    ZoneOffset zone = ZoneOffset.UTC;
    if (!wrong && at < text.length()) {
      meaning = Meaning.WITHOUT_ZONE;
      wrong = !skip('T') && !skip(' ');
      hour = digits(2);
      expect(':');
      minute = digits(2);
      if (skip(':')) {
        second = digits(2);
        nanos = skip('.') || skip(',') ? fraction() : 0;
      }
      zone = zone();
    }
    if (wrong || at < text.length()) {
      return null;
    }
    return LocalDateTime.of(year, month, day, hour, minute, second, nanos)
        .toInstant(zone)
        .toEpochMilli();
  }

  private ZoneOffset zone() {
    while (skip(' ') || skip('\t')) {
      // an offset may stand apart
    }
    if (at == text.length()) {
      return ZoneOffset.UTC;
    }
    meaning = Meaning.INSTANT;
    if (skip('Z') || skip('z')) {
      return ZoneOffset.UTC;
    }
    int sign = skip('-') ? -1 : 1;
    if (sign > 0) {
      expect('+');
    }
    int hours = digits(2);
    int minutes = skip(':') || at < text.length() ? digits(2) : 0;
    return wrong ? ZoneOffset.UTC : ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes);
  }

  private int fraction() {
    int from = at;
    int nanos = 0;
    while (at < text.length() && at - from < NANO_DIGITS && isDigit(text.charAt(at))) {
      nanos = nanos * 10 + text.charAt(at++) - '0';
    }
    wrong |= at == from;
    for (int i = at - from; i < NANO_DIGITS; i++) {
      nanos *= 10;
    }
    return nanos;
  }

  private int digits(int count) {
    int number = 0;
    for (int i = 0; i < count; i++) {
      if (at >= text.length() || !isDigit(text.charAt(at))) {
        wrong = true;
        return 0;
      }
      number = number * 10 + text.charAt(at++) - '0';
    }
    return number;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void expect(char wanted) {
    wrong |= !skip(wanted);
  }

  private boolean skip(char wanted) {
    boolean there = at < text.length() && text.charAt(at) == wanted;
    at += there ? 1 : 0;
    return there;
  }
}
