package tidemark.upkeep.report;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What people changed in a time, as the ledger tells it.
 *
 * @param from when the oldest entry was written that could be read; null: all there ever were
 * @param entries how many were written in this time
 * @param users by name
 * @param cells by day, user and table
 * @param growth by table, then by day, how many rows more or less there were after what came into
 *     the ledger; also rows that were there before the first sync
 */
public record Changes(
    @Nullable Instant from,
    long entries,
    ChangeCount all,
    SortedMap<LocalDate, ChangeCount> days,
    SortedMap<String, Person> users,
    SortedMap<String, ChangeCount> tables,
    List<Cell> cells,
    SortedMap<String, SortedMap<LocalDate, Long>> growth) {

  /**
   * What one of them changed.
   *
   * @param days on how many days
   */
  public record Person(ChangeCount count, int days) {}

  /** What one person changed in one table on one day. */
  public record Cell(LocalDate day, String user, String table, ChangeCount count) {}
}
