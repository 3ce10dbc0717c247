package tidemark.upkeep.report;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** The time a report is about, and the days in it. */
record Period(Instant since, Instant until, ZoneId zone) {
  /** Runs, changes and entries are dated by clocks that may be wrong by so much. */
  static final long CLOCKS = 86_400_000;

  /** The day, or null where this is not in it. */
  @Nullable LocalDate day(@Nullable Long millis) {
    return millis == null || millis < since.toEpochMilli() || millis > until.toEpochMilli() + CLOCKS
        ? null
        : LocalDate.ofInstant(Instant.ofEpochMilli(millis), zone);
  }
}
