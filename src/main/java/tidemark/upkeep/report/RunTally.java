package tidemark.upkeep.report;

import java.util.Arrays;
import java.util.Collection;
import tidemark.replica.SyncLog;

/** Counts runs; of each it keeps only how long it took. Threading: one thread. */
final class RunTally {
  private long success;
  private long partial;
  private long offline;
  private long errors;
  private long pulled;
  private long pushed;
  private long conflicts;
  private long[] durations = new long[8];
  private int timed;

  static RunTally of(Collection<RunTally> parts) {
    RunTally all = new RunTally();
    parts.forEach(all::add);
    return all;
  }

  void add(SyncLog.Run run) {
    switch (run.status()) {
      case "success" -> success++;
      case "partial" -> partial++;
      case "offline" -> offline++;
      default -> errors++;
    }
    pulled += run.pulled();
    pushed += run.pushed();
    conflicts += run.conflicts();
    if (run.status().equals("success") || run.status().equals("partial")) {
      time(new long[] {run.durationMs()}, 1);
    }
  }

  private void add(RunTally other) {
    success += other.success;
    partial += other.partial;
    offline += other.offline;
    errors += other.errors;
    pulled += other.pulled;
    pushed += other.pushed;
    conflicts += other.conflicts;
    time(other.durations, other.timed);
  }

  private void time(long[] more, int count) {
    if (timed + count > durations.length) {
      durations = Arrays.copyOf(durations, Math.max(2 * durations.length, timed + count));
    }
    System.arraycopy(more, 0, durations, timed, count);
    timed += count;
  }

  RunCount count() {
    Arrays.sort(durations, 0, timed);
    return new RunCount(
        success + partial + offline + errors,
        success,
        partial,
        offline,
        errors,
        pulled,
        pushed,
        conflicts,
        atRank(50),
        atRank(95));
  }

  /** The smallest that at least so many of a hundred do not exceed. */
  private long atRank(int percent) {
    return timed == 0 ? 0 : durations[(int) (((long) timed * percent + 99) / 100) - 1];
  }
}
