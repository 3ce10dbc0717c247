package tidemark.daemon.chore;

import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.app.Database;
import tidemark.app.DatabaseBackups;
import tidemark.change.Failure;
import tidemark.upkeep.backup.Backup;

/**
 * The backups of one database's master: one a day for the fleet, by whoever is awake first.
 *
 * <p>Once it is seen that the day's is there, the share is not asked again before the next is due.
 * Who finds another one at it looks again in some minutes, when most often nothing is left to do.
 */
public final class BackupChore implements Chore {
  private static final Logger LOG = LoggerFactory.getLogger(BackupChore.class);

  private final String database;
  private final DatabaseBackups backups;
  private final ChoreTimes times;

  public BackupChore(Database database, ChoreTimes times) {
    this.database = database.name();
    this.backups = database.backups();
    this.times = times;
  }

  @Override
  public String name() {
    return "backup of " + database;
  }

  @Override
  public void doIfDue(Instant now) {
    if (backups.folder().isEmpty() || isDone(times, name(), backups, now)) {
      return;
    }
    try {
      for (Backup made : backups.makeDue().backups()) {
        LOG.info("{}: {} was made", name(), made.name());
      }
      times.done(name(), now);
    } catch (Failure e) {
      if (e.exitCode() != Failure.BUSY) {
        throw e;
      }
      LOG.info("{}: {}; looked at again soon", name(), e.whatFailed());
    }
  }

  /** Seen since it was due last, and not by a clock that was wrong. */
  static boolean isDone(ChoreTimes times, String what, DatabaseBackups backups, Instant now) {
    Instant due = backups.dueSince(now);
    return times.last(what).filter(last -> !last.isBefore(due) && !last.isAfter(now)).isPresent();
  }

  /** Brings weekly ones to other storage, once the day's backup is there. */
  public static final class Copies implements Chore {
    private final String database;
    private final DatabaseBackups backups;
    private final ChoreTimes times;

    public Copies(Database database, ChoreTimes times) {
      this.database = database.name();
      this.backups = database.backups();
      this.times = times;
    }

    @Override
    public String name() {
      return "copies of backups of " + database;
    }

    @Override
    public void doIfDue(Instant now) {
      if (backups.folder().isPresent()
          && isDone(times, "backup of " + database, backups, now)
          && !isDone(times, name(), backups, now)) {
        List<Backup> brought = backups.copy();
        brought.forEach(backup -> LOG.info("{}: {} was brought", name(), backup.name()));
        times.done(name(), now);
      }
    }
  }
}
