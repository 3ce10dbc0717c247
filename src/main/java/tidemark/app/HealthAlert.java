package tidemark.app;

import java.time.Instant;
import tidemark.alert.Alert;
import tidemark.change.ChangeTime;
import tidemark.config.Settings;
import tidemark.upkeep.health.Finding;
import tidemark.upkeep.health.HealthChange;

/** What is told to those whom the config names. */
public final class HealthAlert {
  private HealthAlert() {}

  /** A message that says whether messages arrive. */
  public static Alert test(Settings settings, Instant now) {
    Finding nothing =
        Finding.well("alerts", "This is what Tidemark's messages look like; nothing is wrong.");
    return of(settings, "", new HealthChange(HealthChange.Kind.TEST, nothing), now);
  }

  public static Alert of(Settings settings, String database, HealthChange change, Instant now) {
    Finding finding = change.finding();
    return new Alert(
        change.kind().word(),
        database,
        finding.check(),
        finding.about(),
        finding.health().word(),
        finding.what(),
        finding.todo(),
        settings.workstation(),
        settings.user(),
        ChangeTime.iso(now.toEpochMilli()),
        settings.contact().orElse(null));
  }
}
