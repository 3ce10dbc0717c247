package tidemark.upkeep.report;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tidemark.change.ChangeTime;
import tidemark.replica.SyncLog;

/** Counts runs by day and workstation. Threading: one thread. */
final class RunBook {
  private final Period period;
  private final SortedMap<LocalDate, SortedMap<String, RunTally>> days = new TreeMap<>();

  RunBook(Period period) {
    this.period = period;
  }

  /** One that is dated by no time, or another one, is left out. */
  void add(SyncLog.Run run) {
    LocalDate day = period.day(ChangeTime.read(run.timestamp()));
    if (day != null) {
      days.computeIfAbsent(day, d -> new TreeMap<>())
          .computeIfAbsent(run.workstation(), w -> new RunTally())
          .add(run);
    }
  }

  Runs runs() {
    SortedMap<LocalDate, RunCount> perDay = new TreeMap<>();
    SortedMap<String, List<RunTally>> byWorkstation = new TreeMap<>();
    List<Runs.Cell> cells = new ArrayList<>();
    days.forEach(
        (day, workstations) -> {
          perDay.put(day, RunTally.of(workstations.values()).count());
          workstations.forEach(
              (workstation, tally) -> {
                byWorkstation.computeIfAbsent(workstation, w -> new ArrayList<>()).add(tally);
                cells.add(new Runs.Cell(day, workstation, tally.count()));
              });
        });
    SortedMap<String, RunCount> perWorkstation = new TreeMap<>();
    List<RunTally> all = new ArrayList<>();
    byWorkstation.forEach(
        (workstation, tallies) -> {
          perWorkstation.put(workstation, RunTally.of(tallies).count());
          all.addAll(tallies);
        });
    return new Runs(RunTally.of(all).count(), perDay, perWorkstation, cells);
  }
}
