package tidemark.cli;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import tidemark.change.ChangeTime;
import tidemark.config.Durations;

/** Times as people type and read them: on their own clock, wherever databases keep UTC. */
final class Moments implements ITypeConverter<Instant> {
  private static final Pattern ZONED = Pattern.compile(".*[T ].*(Z|z|[+-]\\d{2}:?\\d{2})");
  private static final DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private final Clock clock;

  Moments(Clock clock) {
    this.clock = clock;
  }

  /** A day, a local time, ISO with Z or offset, or how long ago. */
  @Override
  public Instant convert(String text) {
    String typed = text.strip();
    try {
      Duration ago = Durations.parse(typed).orElse(null);
      if (ago != null) {
        return clock.instant().minus(ago);
      }
      String iso = typed.replace(' ', 'T');
      if (ZONED.matcher(typed).matches()) {
        return OffsetDateTime.parse(iso.replaceFirst("([+-]\\d{2})(\\d{2})$", "$1:$2")).toInstant();
      }
      LocalDateTime local =
          iso.contains("T") ? LocalDateTime.parse(iso) : LocalDate.parse(iso).atStartOfDay();
      return local.atZone(clock.getZone()).toInstant();
    } catch (DateTimeException e) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is no time; accepted: 2025-01-15, '2025-01-15 10:30', 2025-01-15T10:30:00Z or 2h for two hours ago");
    }
  }

  /** As a person reads it. */
  static String shown(long millis, ZoneId zone) {
    return SHOWN.format(Instant.ofEpochMilli(millis).atZone(zone));
  }

  /** What a database holds, as a person reads it; what is no time stays as it is. */
  static String shown(@Nullable String stored, ZoneId zone) {
    Long millis = ChangeTime.read(stored);
    return millis == null ? (stored == null ? "never" : stored) : shown(millis, zone);
  }
}
