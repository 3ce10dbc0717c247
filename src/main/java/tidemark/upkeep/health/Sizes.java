package tidemark.upkeep.health;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tidemark.change.ByteCount;
import tidemark.change.HealthLimits;

/**
 * How large a file was, day by day, and month by month where that is long ago: a few dozen numbers.
 */
final class Sizes {
  private static final int DAYS = 40;
  private static final int MONTHS = 14;

  /** What a small file grows by is nothing, however many times its size. */
  private static final long NOTABLE = 10_000_000;

  /** From fewer days than this nobody can tell how a year will be. */
  private static final int FORETELLS = 28;

  private static final double YEAR = 365;

  private final TreeMap<LocalDate, Long> byDay = new TreeMap<>();

  static Sizes of(@Nullable Object fields) {
    Sizes sizes = new Sizes();
    if (fields instanceof Map<?, ?> map) {
      map.forEach(
          (day, size) -> {
            if (size instanceof Long bytes) {
              sizes.byDay.put(LocalDate.parse(day.toString()), bytes);
            }
          });
    }
    return sizes;
  }

  Map<String, Long> fields() {
    Map<String, Long> fields = new TreeMap<>();
    byDay.forEach((day, size) -> fields.put(day.toString(), size));
    return fields;
  }

  void note(LocalDate today, long size) {
    byDay.put(today, size);
    byDay
        .keySet()
        .removeIf(
            day ->
                day.isBefore(today.minusMonths(MONTHS))
                    || (day.isBefore(today.minusDays(DAYS)) && day.getDayOfMonth() != 1));
  }

  Finding judge(String check, LocalDate today, long size, HealthLimits limits) {
    String is = ByteCount.text(size);
    Map.Entry<LocalDate, Long> before = byDay.lowerEntry(today);
    if (before != null && ChronoUnit.DAYS.between(before.getKey(), today) == 1) {
      long grown = size - before.getValue();
      if (grown > NOTABLE && grown * 100 > before.getValue() * limits.growthPerDay()) {
        return Finding.warning(
            check,
            is + ", " + ByteCount.text(grown) + " more than yesterday",
            "`tidemark feed --since 1d` tells who wrote so much. If it was meant, do nothing.");
      }
    }
    Map.Entry<LocalDate, Long> first = byDay.ceilingEntry(today.minusDays((long) YEAR));
    long days = first == null ? 0 : ChronoUnit.DAYS.between(first.getKey(), today);
    if (first == null || days < FORETELLS) {
      return Finding.well(check, is);
    }
    long perYear = Math.round((size - first.getValue()) * YEAR / days);
    String grows = is + ", growing by " + ByteCount.text(Math.max(0, perYear)) + " a year";
    return perYear <= limits.growthPerYear()
        ? Finding.well(check, grows)
        : Finding.warning(
            check,
            grows,
            "Move what is old to an archive: `tidemark archive`. `tidemark maintain --vacuum` gives back what was deleted.");
  }
}
