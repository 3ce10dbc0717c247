package tidemark.daemon;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.app.Database;
import tidemark.app.Workstation;
import tidemark.change.Failure;
import tidemark.config.Settings;
import tidemark.control.Events;
import tidemark.daemon.chore.ArchiveChore;
import tidemark.daemon.chore.BackupChore;
import tidemark.daemon.chore.Chore;
import tidemark.daemon.chore.ChoreTimes;
import tidemark.daemon.chore.HealthCheck;
import tidemark.daemon.chore.MaintenanceChore;
import tidemark.daemon.chore.RehearsalChore;

/**
 * What the daemon looks after besides syncing, one thing after the other.
 *
 * <p>Guarantee: one that fails keeps no other from being done, is said in the log, and is tried
 * again an hour later. Threading: looked after on a thread of the schedule's, never during itself;
 * runs go on meanwhile.
 */
final class Chores {
  private static final Logger LOG = LoggerFactory.getLogger(Chores.class);

  static final String JOB = "chores";
  private static final Duration EVERY = Duration.ofMinutes(5);
  private static final Duration AFTER_FAILURE = Duration.ofHours(1);

  private final Clock clock;
  private final Schedule schedule;
  private final Pauses pauses;
  private final Supplier<List<Chore>> all;
  private final Map<String, Instant> notBefore = new HashMap<>();

  /**
   * @param all as the config in force has them, asked each time
   */
  Chores(Clock clock, Schedule schedule, Pauses pauses, Supplier<List<Chore>> all) {
    this.clock = clock;
    this.schedule = schedule;
    this.pauses = pauses;
    this.all = all;
    schedule.job(JOB, this::lookAfterAll);
  }

  /**
   * What is to be looked after besides syncing, in this order.
   *
   * @param events where they tell what others should hear of
   */
  static List<Chore> of(Workstation workstation, Events events) {
    Settings settings = workstation.settings();
    List<Database> databases = workstation.databases();
    ZoneId zone = workstation.clock().getZone();
    ChoreTimes times = new ChoreTimes(settings.state());
    List<Chore> chores = new ArrayList<>();
    for (Database database : databases) {
      chores.add(new BackupChore(database, times));
      chores.add(new BackupChore.Copies(database, times));
      chores.add(new RehearsalChore(database, times));
    }
    chores.add(new MaintenanceChore(settings.maintenance(), databases, times, zone));
    chores.add(new ArchiveChore(settings, databases, times, zone));
    chores.add(new HealthCheck(settings, databases, workstation.alerts(), events));
    return chores;
  }

  /** After the first run, which matters more. */
  void begin() {
    planNext();
  }

  private void planNext() {
    schedule.at(JOB, clock.instant().plus(pauses.after(EVERY)));
  }

  void lookAfterAll() {
    try {
      all.get().forEach(this::lookAfter);
    } finally {
      planNext();
    }
  }

  private void lookAfter(Chore chore) {
    Instant now = clock.instant();
    if (now.isBefore(notBefore.getOrDefault(chore.name(), Instant.MIN))) {
      return;
    }
    notBefore.put(chore.name(), now.plus(AFTER_FAILURE)); // whatever it throws
    try {
      chore.doIfDue(now);
      notBefore.remove(chore.name());
    } catch (Failure e) {
      LOG.warn("{}: {}; {}. Tried again in an hour", chore.name(), e.whatFailed(), e.hint());
    } catch (RuntimeException e) {
      LOG.error("A bug in Tidemark, in {}; tried again in an hour", chore.name(), e);
    }
  }
}
