package tidemark.daemon.chore;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.alert.Alert;
import tidemark.alert.Alerts;
import tidemark.app.Database;
import tidemark.app.HealthAlert;
import tidemark.config.Settings;
import tidemark.control.Events;
import tidemark.upkeep.health.HealthChange;

/**
 * The running daemon's look after what is well and what is not: hourly, what takes long daily, what
 * takes very long weekly.
 *
 * <p>Threading: one thread.
 */
public final class HealthCheck implements Chore {
  private static final Logger LOG = LoggerFactory.getLogger(HealthCheck.class);
  private static final Duration EVERY = Duration.ofHours(1);

  private final Settings settings;
  private final List<Database> databases;
  private final Alerts alerts;
  private final ChoreTimes times;
  private final Events events;

  public HealthCheck(Settings settings, List<Database> databases, Alerts alerts, Events events) {
    this.settings = settings;
    this.databases = databases;
    this.alerts = alerts;
    this.times = new ChoreTimes(settings.state());
    this.events = events;
  }

  @Override
  public String name() {
    return "health check";
  }

  @Override
  public void doIfDue(Instant now) {
    if (!times.isDue(name(), EVERY, now)) {
      return;
    }
    List<Alert> toTell = new ArrayList<>();
    for (Database database : databases) {
      for (HealthChange change : database.health().lookAfter()) {
        Alert alert = HealthAlert.of(settings, database.name(), change, now);
        LOG.info("{}: {}", alert.subject(), alert.what());
        events.tell("health:changed", alert.fields());
        toTell.add(alert);
      }
    }
    times.done(name(), now);
    alerts.tell(toTell, now);
  }
}
