package tidemark.cli;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import tidemark.change.ChangeTime;
import tidemark.say.Moment;

/** Times as people type and read them: on their own clock, wherever databases keep UTC. */
final class Moments implements ITypeConverter<Instant> {
  private static final DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private final Clock clock;

  Moments(Clock clock) {
    this.clock = clock;
  }

  /** A day, a local time, ISO with Z or offset, or how long ago. */
  @Override
  public Instant convert(String text) {
    return Moment.read(text, clock)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'" + text + "' is no time; accepted: " + Moment.ACCEPTED));
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
