package tidemark.say;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.config.Durations;

/** A moment as people and programs write it, and as it is shown: on the reader's own clock. */
public final class Moment {
  public static final String ACCEPTED =
      "2025-01-15, '2025-01-15 10:30', 2025-01-15T10:30:00Z or 2h for two hours ago";

  private static final DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private static final Pattern ZONED = Pattern.compile(".*[T ].*(Z|z|[+-]\\d{2}:?\\d{2})");

  /** No text that databases hold times in has more. */
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  private Moment() {}

  /** A day, a local time, ISO with Z or offset, or how long ago; empty: none of these. */
  public static Optional<Instant> read(String text, Clock clock) {
    return instant(text, clock).filter(moment -> !moment.isBefore(FIRST) && !moment.isAfter(LAST));
  }

  private static Optional<Instant> instant(String text, Clock clock) {
    String typed = text.strip();
    try {
      Duration ago = Durations.parse(typed).orElse(null);
      if (ago != null) {
        return Optional.of(clock.instant().minus(ago));
      }
      String iso = typed.replace(' ', 'T');
      if (ZONED.matcher(typed).matches()) {
        return Optional.of(
            OffsetDateTime.parse(iso.replaceFirst("([+-]\\d{2})(\\d{2})$", "$1:$2")).toInstant());
      }
      LocalDateTime local =
          iso.contains("T") ? LocalDateTime.parse(iso) : LocalDate.parse(iso).atStartOfDay();
      return Optional.of(local.atZone(clock.getZone()).toInstant());
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** As a person reads it. */
  public static String shown(long millis, ZoneId zone) {
    return SHOWN.format(Instant.ofEpochMilli(millis).atZone(zone));
  }

  /** What a database holds, as a person reads it; what is no time stays as it is. */
  public static String shown(@Nullable String stored, ZoneId zone) {
    Long millis = ChangeTime.read(stored);
    return millis == null ? (stored == null ? "never" : stored) : shown(millis, zone);
  }
}
