package tidemark.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Goes with the machine's clock, wrong by as much as a test wants. */
public final class SettableClock extends Clock {
  private Duration error = Duration.ZERO;

  public void setError(Duration error) {
    this.error = error;
  }

  public Duration error() {
    return error;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(error);
  }
}
