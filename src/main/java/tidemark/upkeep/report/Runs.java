package tidemark.upkeep.report;

import java.time.LocalDate;
import java.util.List;
import java.util.SortedMap;

/**
 * The runs of a time.
 *
 * @param days those with runs, oldest first
 * @param workstations by name
 * @param cells by day, then by workstation
 */
public record Runs(
    RunCount all,
    SortedMap<LocalDate, RunCount> days,
    SortedMap<String, RunCount> workstations,
    List<Cell> cells) {

  /** One workstation's runs of one day. */
  public record Cell(LocalDate day, String workstation, RunCount count) {}
}
