package tidemark.change;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The moments people and programs write into `updated_at`, read as instants and never compared as
 * text; rubbish counts as not set. All moments are milliseconds since 1970, UTC.
 */
public final class ChangeTime {
  private static final Pattern EPOCH = Pattern.compile("\\d{9,13}(\\.\\d+)?");
  private static final DateTimeFormatter SPACED =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter SPACED_SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** Numbers above this are milliseconds, below it seconds: 5138-11-16 and 1973-03-03. */
  private static final double MILLISECONDS_FROM = 1e11;

  /** From 1973 to 2286: else it is a day or a time of day written as a number, or a flag. */
  private static final double FIRST_SECOND = 1e8;

  private static final double LAST_MILLISECOND = 1e13;

  private ChangeTime() {}

  /** The instant a stored value means, or null where it means none. */
  public static @Nullable Long read(@Nullable Object value) {
    if (value instanceof Long whole) {
      return epoch(whole);
    }
    if (value instanceof Double real) {
      return Double.isFinite(real) ? epoch(real) : null;
    }
    if (!(value instanceof String text)) {
      return null;
    }
    String trimmed = text.strip();
    Long instant = TimeText.read(trimmed);
    if (instant != null) {
      return instant;
    }
    return EPOCH.matcher(trimmed).matches() ? epoch(Double.parseDouble(trimmed)) : null;
  }

  private static @Nullable Long epoch(double number) {
    if (number < FIRST_SECOND || number > LAST_MILLISECOND) {
      return null;
    }
    return Math.round(number > MILLISECONDS_FROM ? number : number * 1000);
  }

  /** `2025-01-15 10:30:00.000`, as Tidemark writes times into databases. */
  public static String spaced(long millis) {
    return SPACED.format(Instant.ofEpochMilli(millis));
  }

  /** A stored time as ISO; what is no time stays as it is. */
  public static @Nullable String iso(@Nullable String stored) {
    Long millis = read(stored);
    return millis == null ? stored : iso(millis);
  }

  /** `2025-01-15T10:30:00.000Z`, as times stand in JSON. */
  public static String iso(long millis) {
    return ISO.format(Instant.ofEpochMilli(millis));
  }

  /** The moment in the form in which the row already writes its times. */
  public static Object like(@Nullable Object former, long millis) {
    if (read(former) == null) {
      return spaced(millis);
    }
    if (former instanceof Long number) {
      return number > MILLISECONDS_FROM ? millis : Math.floorDiv(millis, 1000L);
    }
    if (former instanceof Double number) {
      return number > MILLISECONDS_FROM ? (double) millis : millis / 1000.0;
    }
    if (former instanceof String text && EPOCH.matcher(text.strip()).matches()) {
      long number = (long) Double.parseDouble(text.strip());
      return like(number, millis).toString();
    }
    if (former instanceof String text && text.indexOf('T') > 0) {
      return iso(millis);
    }
    if (former instanceof String text && text.length() == 19 && millis % 1000 == 0) {
      return SPACED_SECONDS.format(Instant.ofEpochMilli(millis));
    }
    return spaced(millis);
  }
}
