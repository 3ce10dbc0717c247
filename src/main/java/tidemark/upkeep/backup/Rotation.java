package tidemark.upkeep.backup;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import tidemark.upkeep.backup.Backup.Kind;

/**
 * Which backups are due, and which ones are kept, from what there is.
 *
 * <p>A backup goes once so many good ones of its kind are newer, both by their entries and by their
 * times: a clock that was wrong, or entries that a restored share began to count anew, keep some
 * too many, and never cost a good one. Those that somebody asked for are kept.
 *
 * @param daily so many days; the weekly ones of these days are among them
 * @param weekly so many weeks
 * @param monthly so many months
 */
public record Rotation(int daily, int weekly, int monthly) {

  /** Clocks differ by less; what is further in the future was made by one that was wrong. */
  private static final Duration NEAR = Duration.ofHours(1);

  /**
   * What is to be made now.
   *
   * @param there of this database and ledger
   * @param now where the office is
   * @param at one is due each day from then on
   */
  public Set<Kind> due(List<Backup> there, ZonedDateTime now, LocalTime at) {
    Set<Kind> due = EnumSet.noneOf(Kind.class);
    ZonedDateTime today = now.truncatedTo(ChronoUnit.DAYS);
    if (isNone(there, latest(now, at), now, backup -> countsAsDaily(backup.kind()))) {
      ZonedDateTime week = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      boolean first =
          weekly > 0 && isNone(there, week, now, backup -> backup.kind() == Kind.WEEKLY);
      due.add(first ? Kind.WEEKLY : Kind.DAILY);
    }
    if (monthly > 0
        && isNone(there, today.withDayOfMonth(1), now, backup -> backup.kind() == Kind.MONTHLY)) {
      due.add(Kind.MONTHLY);
    }
    return due;
  }

  /** Since when one is due. */
  public static ZonedDateTime latest(ZonedDateTime now, LocalTime at) {
    ZonedDateTime today = now.toLocalDate().atTime(at).atZone(now.getZone());
    return today.isAfter(now)
        ? now.toLocalDate().minusDays(1).atTime(at).atZone(now.getZone())
        : today;
  }

  private static boolean isNone(
      List<Backup> there, ZonedDateTime since, ZonedDateTime now, Predicate<Backup> meant) {
    long from = since.toInstant().toEpochMilli();
    long to = now.plus(NEAR).toInstant().toEpochMilli();
    return there.stream()
        .filter(meant)
        .noneMatch(backup -> backup.at() >= from && backup.at() <= to);
  }

  private static boolean countsAsDaily(Kind kind) {
    return kind == Kind.DAILY || kind == Kind.WEEKLY;
  }

  /**
   * What may go.
   *
   * @param there of this database and ledger
   * @param damaged those known to be no good
   */
  List<Backup> dispensable(List<Backup> there, Set<String> damaged) {
    List<Backup> good = there.stream().filter(backup -> !damaged.contains(backup.name())).toList();
    List<Backup> dispensable = new ArrayList<>();
    for (Backup backup : there) {
      long newer = good.stream().filter(other -> isNewer(other, backup)).count();
      if (newer > 0 && !isKept(backup, good)) {
        dispensable.add(backup);
      }
    }
    return dispensable;
  }

  private boolean isKept(Backup backup, List<Backup> good) {
    return switch (backup.kind()) {
      case MANUAL -> true;
      case DAILY -> isAmong(daily, backup, good, other -> countsAsDaily(other.kind()));
      case WEEKLY ->
          isAmong(daily, backup, good, other -> countsAsDaily(other.kind()))
              || isAmong(weekly, backup, good, other -> other.kind() == Kind.WEEKLY);
      case MONTHLY -> isAmong(monthly, backup, good, other -> other.kind() == Kind.MONTHLY);
      case LOCAL -> isAmong(daily, backup, good, other -> isOfSameWorkstation(other, backup));
    };
  }

  private static boolean isAmong(
      int newest, Backup backup, List<Backup> good, Predicate<Backup> alike) {
    return good.stream().filter(alike).filter(other -> isNewer(other, backup)).count() < newest;
  }

  private static boolean isOfSameWorkstation(Backup one, Backup other) {
    return one.kind() == Kind.LOCAL
        && one.maker().workstation().equals(other.maker().workstation());
  }

  private static boolean isNewer(Backup one, Backup other) {
    return one.isOfMaster() == other.isOfMaster()
        && one.position().number() >= other.position().number()
        && one.at() > other.at();
  }
}
