package tidemark.config;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the databases are looked after.
 *
 * @param window when nobody is at work; empty: never by itself
 * @param indexes on the application's tables: `recommended`, or each as `table(column)`
 * @param conflictDays how long settled conflicts are kept
 */
public record MaintenanceSettings(
    Optional<TimeWindow> window,
    Set<DayOfWeek> days,
    Vacuum vacuum,
    List<String> indexes,
    int conflictDays) {

  /** Whether unused space is given back without being asked for. */
  public enum Vacuum {
    AUTO,
    OFF
  }

  public MaintenanceSettings {
    days = Set.copyOf(days);
    indexes = List.copyOf(indexes);
  }

  /** Nobody is at work now. */
  public boolean isTime(LocalDateTime now) {
    return window.filter(hours -> hours.contains(now, days)).isPresent();
  }
}
