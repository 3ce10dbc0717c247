package tidemark.daemon.chore;

import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.app.Database;
import tidemark.app.DatabaseBackups;
import tidemark.upkeep.backup.Rehearsed;

/** A trial restore of one database now and then, for the whole fleet. */
public final class RehearsalChore implements Chore {
  private static final Logger LOG = LoggerFactory.getLogger(RehearsalChore.class);

  private final String database;
  private final DatabaseBackups backups;
  private final ChoreTimes times;

  public RehearsalChore(Database database, ChoreTimes times) {
    this.database = database.name();
    this.backups = database.backups();
    this.times = times;
  }

  @Override
  public String name() {
    return "trial restore of " + database;
  }

  /** The share is asked once a day. */
  @Override
  public void doIfDue(Instant now) {
    if (backups.folder().isEmpty() || BackupChore.isDone(times, name(), backups, now)) {
      return;
    }
    if (backups.isRehearsalDue(now)) {
      Rehearsed rehearsed = backups.rehearse();
      if (rehearsed.trouble() == null) {
        LOG.info("{}: {} gives back all {} rows", name(), rehearsed.backup(), rehearsed.rows());
      }
    }
    times.done(name(), now);
  }
}
