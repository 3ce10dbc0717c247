package tidemark.change;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tidemark.change.TimeText.Meaning;
import tidemark.change.TimeText.Stamp;

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

  /** Zones lie up to fourteen hours before UTC and twelve behind it. */
  public static final long MOST_EAST = Duration.ofHours(14).toMillis();

  private static final long MOST_WEST = Duration.ofHours(12).toMillis();
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final long QUARTER = Duration.ofMinutes(15).toMillis();

  /** From reading the clock until the trigger noted the edit. */
  private static final long WRITING = 5_000;

  /** A second that was rounded up. */
  private static final long ROUNDING = 1_000;

  private ChangeTime() {}

  /** The instant a stored value means, or null where it means none. */
  public static @Nullable Long read(@Nullable Object value) {
    Stamp stamp = stamp(value);
    return stamp == null ? null : stamp.millis();
  }

  /**
   * When an edit was made that wrote this value and was captured at this moment of the same clock:
   * never later than that, and just then where the value is that moment in the time of another
   * zone, or its day. Null where it means no time.
   */
  public static @Nullable Long madeAt(@Nullable Object value, long captured) {
    Stamp stamp = stamp(value);
    if (stamp == null) {
      return null;
    }
    return isAbout(stamp, captured) ? captured : Math.min(stamp.millis(), captured);
  }

  /** The value may well have been written to mean this moment. */
  public static boolean isAbout(@Nullable Object value, long moment) {
    Stamp stamp = stamp(value);
    return stamp != null && (stamp.millis() == moment || isAbout(stamp, moment));
  }

  /** The value names no zone, and is this moment in the time of another one than UTC. */
  public static boolean isLocal(@Nullable Object value, long moment) {
    Stamp stamp = stamp(value);
    return stamp != null
        && stamp.meaning() == Meaning.WITHOUT_ZONE
        && isShifted(stamp.millis() - moment);
  }

  private static boolean isAbout(Stamp stamp, long moment) {
    long ahead = stamp.millis() - moment;
    return switch (stamp.meaning()) {
      case INSTANT -> false;
      case WITHOUT_ZONE -> isShifted(ahead);
      case DAY -> ahead <= MOST_EAST && ahead > -(DAY + MOST_WEST);
    };
  }

  /** By whole quarters of an hour, as zones are; the time it took to be written comes on top. */
  private static boolean isShifted(long ahead) {
    long zone = Math.round((double) ahead / QUARTER) * QUARTER;
    long late = zone - ahead;
    return zone != 0 && Math.abs(zone) <= MOST_EAST && late >= -ROUNDING && late <= WRITING;
  }

  private static @Nullable Stamp stamp(@Nullable Object value) {
    if (value instanceof Long whole) {
      return instant(epoch(whole));
    }
    if (value instanceof Double real) {
      return Double.isFinite(real) ? instant(epoch(real)) : null;
    }
    if (!(value instanceof String text)) {
      return null;
    }
    String trimmed = text.strip();
    Stamp stamp = TimeText.read(trimmed);
    if (stamp != null) {
      return stamp;
    }
    return EPOCH.matcher(trimmed).matches() ? instant(epoch(Double.parseDouble(trimmed))) : null;
  }

  private static @Nullable Stamp instant(@Nullable Long millis) {
    return millis == null ? null : new Stamp(millis, Meaning.INSTANT);
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
