package tidemark.app;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import tidemark.config.Settings;
import tidemark.ledger.Ledger;
import tidemark.run.Plan;
import tidemark.upkeep.backup.BackupStorage;
import tidemark.upkeep.health.Finding;
import tidemark.upkeep.health.Health;
import tidemark.upkeep.health.HealthChange;
import tidemark.upkeep.health.Rounds;
import tidemark.upkeep.health.Subject;

/** What is well and what is not with one database. Threading: one thread. */
public final class DatabaseHealth {
  private final Rounds rounds;

  /**
   * @param backups empty where there are to be none
   */
  DatabaseHealth(
      Plan plan,
      Ledger ledger,
      Settings settings,
      Optional<BackupStorage> backups,
      Path state,
      Clock clock) {
    this.rounds =
        new Rounds(
            new Subject(
                plan,
                ledger,
                settings.health(),
                settings.sync().every(),
                settings.sync().direction(),
                backups,
                clock),
            state);
  }

  /** Everything, now: takes as long as it takes. */
  public List<Finding> examine() {
    return rounds.examine();
  }

  /** What the daemon's last look found, at once. */
  public Health last() {
    return rounds.last();
  }

  /** What is due; says what is to be told. */
  public List<HealthChange> lookAfter() {
    return rounds.make();
  }
}
