package tidemark.cli;

import java.time.Clock;
import java.time.Instant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import tidemark.say.Moment;

/** Times as people type them: on their own clock, wherever databases keep UTC. */
final class Moments implements ITypeConverter<Instant> {
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
}
