package tidemark.daemon.chore;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.app.Database;
import tidemark.change.Failure;
import tidemark.config.MaintenanceSettings;
import tidemark.upkeep.maintain.CareStep;
import tidemark.upkeep.maintain.Maintenance;

/**
 * Looks after the databases once a day in the config's window; where this workstation is never
 * awake then, once a week at any time, without what would hold up somebody at work.
 */
public final class MaintenanceChore implements Chore {
  private static final Logger LOG = LoggerFactory.getLogger(MaintenanceChore.class);
  private static final Duration DAILY = Duration.ofHours(20);
  private static final Duration WEEKLY = Duration.ofDays(7);

  private final MaintenanceSettings settings;
  private final List<Database> databases;
  private final ChoreTimes times;
  private final ZoneId zone;

  public MaintenanceChore(
      MaintenanceSettings settings, List<Database> databases, ChoreTimes times, ZoneId zone) {
    this.settings = settings;
    this.databases = databases;
    this.times = times;
    this.zone = zone;
  }

  @Override
  public String name() {
    return "maintenance";
  }

  @Override
  public void doIfDue(Instant now) {
    boolean inWindow = settings.isTime(LocalDateTime.ofInstant(now, zone));
    if (settings.window().isEmpty()) {
      return;
    }
    if (!inWindow && times.last(name()).isEmpty()) {
      times.done(name(), now); // the week begins
    }
    if (times.isDue(name(), inWindow ? DAILY : WEEKLY, now)) {
      lookAfterAll(inWindow);
      times.done(name(), now);
    }
  }

  private void lookAfterAll(boolean inWindow) {
    boolean mayVacuum = inWindow && settings.vacuum() == MaintenanceSettings.Vacuum.AUTO;
    Maintenance.Wanted wanted =
        new Maintenance.Wanted(false, mayVacuum, settings.indexes(), settings.conflictDays());
    List<Failure> refusals = new ArrayList<>();
    for (Database database : databases) {
      Maintenance.Result result = database.maintain(wanted, DAILY);
      tell(database.name(), result.local());
      tell(database.name() + ", master", result.master());
      refusals.addAll(result.refusals());
    }
    if (!refusals.isEmpty()) {
      throw refusals.get(0);
    }
  }

  private static void tell(String where, List<CareStep> steps) {
    steps.forEach(step -> LOG.info("{}: {}: {}", where, step.name(), step.did()));
  }
}
