package tidemark.upkeep.health;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tidemark.change.Direction;
import tidemark.change.HealthLimits;
import tidemark.ledger.Ledger;
import tidemark.run.Plan;
import tidemark.upkeep.backup.BackupStorage;

/**
 * One database as the doctor sees it.
 *
 * @param every how often it syncs by itself; empty for by hand only
 * @param direction what it carries
 * @param backups empty where the config names no folder for them
 */
public record Subject(
    Plan plan,
    Ledger ledger,
    HealthLimits limits,
    Optional<Duration> every,
    Direction direction,
    Optional<BackupStorage> backups,
    Clock clock) {
  /** So long a look waits for who has a file locked. */
  static final Duration BUSY = Duration.ofSeconds(1);

  Instant now() {
    return clock.instant();
  }
}
