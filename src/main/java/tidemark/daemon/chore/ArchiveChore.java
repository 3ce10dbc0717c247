package tidemark.daemon.chore;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.app.Database;
import tidemark.change.Failure;
import tidemark.config.ArchiveSettings;
import tidemark.config.Settings;
import tidemark.sync.DatabaseSync;
import tidemark.upkeep.archive.ArchiveOrder;
import tidemark.upkeep.archive.Archiving;

/** Moves old rows into the config's archives, each once a week in the maintenance window. */
public final class ArchiveChore implements Chore {
  private static final Logger LOG = LoggerFactory.getLogger(ArchiveChore.class);
  private static final Duration WEEKLY = Duration.ofDays(7).minusHours(4); // the same night again

  private final Settings settings;
  private final List<Database> databases;
  private final ChoreTimes times;
  private final ZoneId zone;

  public ArchiveChore(Settings settings, List<Database> databases, ChoreTimes times, ZoneId zone) {
    this.settings = settings;
    this.databases = databases;
    this.times = times;
    this.zone = zone;
  }

  @Override
  public String name() {
    return "archive";
  }

  @Override
  public void doIfDue(Instant now) {
    if (!settings.maintenance().isTime(LocalDateTime.ofInstant(now, zone))) {
      return;
    }
    for (ArchiveSettings archive : settings.archives()) {
      String what = name() + " " + archive.name();
      if (times.isDue(what, WEEKLY, now)) {
        for (Database database : databases) {
          if (archive.database().map(database.name()::equals).orElse(true)) {
            move(database, archive, now);
          }
        }
        times.done(what, now);
      }
    }
  }

  private void move(Database database, ArchiveSettings archive, Instant now) {
    Archiving.Result result =
        database
            .archives()
            .move(
                new ArchiveOrder(
                    archive.table(),
                    now.minus(archive.olderThan()).toEpochMilli(),
                    archive.to(),
                    archive.dateColumn().orElse(null),
                    settings.sync().conflicts()));
    LOG.info("{}: archived {} to {}", database.name(), result.rows(), archive.to());
    result
        .left()
        .forEach(
            left -> LOG.info("{}: not archived: {}, {}", archive.name(), left.row(), left.why()));
    DatabaseSync.Outcome sync = result.sync();
    Failure failure = sync == null ? null : sync.failure();
    if (failure != null) {
      throw failure;
    }
  }
}
