package tidemark.upkeep.backup;

import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalTime;
import tidemark.ledger.Ledger;
import tidemark.run.Plan;
import tidemark.run.Scratch;
import tidemark.upkeep.backup.Backup.Maker;

/**
 * How one database is backed up.
 *
 * @param plan the database
 * @param clock in the zone of the office
 * @param at due once a day from then on
 * @param packed with gzip
 */
public record BackupPlan(
    Plan plan,
    Ledger ledger,
    Clock clock,
    Backups backups,
    Rotation rotation,
    LocalTime at,
    boolean packed,
    Maker maker) {

  /** Milliseconds on the share's clock. */
  long shareTime() {
    return clock.millis() + ledger.clockSkew();
  }

  public BackupMaking making() {
    return new BackupMaking(backups, packed, maker);
  }

  Path scratch(String name) {
    return Scratch.file(plan.scratch(), name);
  }
}
