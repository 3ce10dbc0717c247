package tidemark.config;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;

/**
 * When and how a workstation syncs.
 *
 * @param every empty for manual
 * @param watch how often to look for others' entries and own unsent edits; empty for never
 * @param bandwidth bytes per second; empty for unlimited
 */
public record SyncSettings(
    Optional<Duration> every,
    boolean onStart,
    boolean onExit,
    Optional<Duration> watch,
    Direction direction,
    ConflictRule conflicts,
    Duration leaseTimeout,
    Healing healMaster,
    Duration shareTimeout,
    OptionalLong bandwidth) {

  /** What happens to a damaged master. */
  public enum Healing {
    /** It is set aside and made anew. */
    AUTO,
    /** That is left to a person. */
    ASK
  }
}
