package tidemark.config;

import java.time.DayOfWeek;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The keys by which databases are looked after. */
final class MaintenanceKeys {
  private static final int LONG_TIME = 36_500;

  static final Key<Optional<TimeWindow>> WINDOW =
      Key.standard(
          "maintenance.window",
          ValueType.timeWindow().or("off"),
          "02:00-05:00",
          "when nobody is at work; `off`: only when somebody types `maintain`");
  static final Key<Optional<Set<DayOfWeek>>> DAYS =
      Key.standard(
          "maintenance.days", ValueType.daysOfWeek().or("all"), "all", "or a list like [sat, sun]");
  static final Key<MaintenanceSettings.Vacuum> VACUUM =
      Key.standard(
          "maintenance.vacuum",
          ValueType.oneOf(MaintenanceSettings.Vacuum.values()),
          "auto",
          "auto: give unused space back in the window where it pays; off: never by itself");
  static final Key<List<String>> INDEXES =
      Key.standard(
          "maintenance.indexes",
          ValueType.indexes(),
          "off",
          "recommended, or a list like ['quotes(updated_at)']: for the application, here only");
  static final Key<Integer> CONFLICTS =
      Key.standard(
          "maintenance.conflictDays",
          ValueType.number(1, LONG_TIME),
          "365",
          "settled conflicts can be brought back so long, and as long as the ledger has them");

  /** In the order of the file. */
  static final List<Key<?>> ALL = List.of(WINDOW, DAYS, VACUUM, INDEXES, CONFLICTS);

  private MaintenanceKeys() {}
}
