package tidemark.upkeep.maintain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import tidemark.change.ByteCount;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.jdbc.Sql;
import tidemark.replica.Replica;
import tidemark.replica.SyncLog;

/**
 * What one database file needs now and then. Each step is one transaction, says what it did, and
 * keeps no other from being done if it is refused.
 *
 * <p>Guarantee: the application's rows, the marks of their edits and all positions stay as they
 * are. Threading: that of the replica.
 */
final class FileCare {
  /** Rows looked at for the statistics of one index; enough, and quick on a share too. */
  private static final int SAMPLE = 1_000;

  /** An index that does not fit its table; the table itself is whole. */
  private static final Pattern INDEX_ALONE =
      Pattern.compile("row \\d+ missing from index .*|wrong # of entries in index .*");

  private final Replica replica;
  private final Sql sql;
  private final Vacuum vacuum;
  private final List<CareStep> steps = new ArrayList<>();

  FileCare(Replica replica, Vacuum vacuum) {
    this.replica = replica;
    this.sql = replica.sql();
    this.vacuum = vacuum;
  }

  List<CareStep> steps() {
    return List.copyOf(steps);
  }

  boolean isAllDone() {
    return steps.stream().allMatch(step -> step.refused() == null);
  }

  /** A step; what refuses it is told. */
  void step(String name, Supplier<CareStep> work) {
    try {
      steps.add(work.get());
    } catch (Failure refused) {
      steps.add(CareStep.refused(name, refused));
    }
  }

  /**
   * Removes rows of sync_log by age and number.
   *
   * @param before what is older goes, in milliseconds
   */
  void pruneLog(long before, int keepRows) {
    step(
        "log",
        () ->
            CareStep.removed(
                "log",
                "rows removed",
                sql.inTransaction(
                    () -> new SyncLog(sql).prune(ChangeTime.spaced(before), keepRows))));
  }

  /**
   * Removes settled conflicts.
   *
   * @param floor the last entry that is in the ledger no more
   */
  void pruneConflicts(long before, long floor) {
    step(
        "conflicts",
        () ->
            CareStep.removed(
                "conflicts",
                "settled ones removed",
                sql.inTransaction(
                    () -> replica.conflicts().prune(ChangeTime.spaced(before), floor))));
  }

  void makeIndexes(List<String> wishes) {
    try {
      steps.addAll(new ExtraIndexes(replica).make(wishes));
    } catch (Failure refused) {
      steps.add(CareStep.refused("indexes", refused));
    }
  }

  /** Looks the whole file over; false if something is wrong with it that an index is not. */
  boolean isWhole() {
    try {
      steps.add(check());
      return true;
    } catch (Failure refused) {
      steps.add(CareStep.refused("check", refused));
      return refused.exitCode() != Failure.REFUSED;
    }
  }

  private CareStep check() {
    List<String> found = faults();
    if (found.isEmpty()) {
      return CareStep.done("check", "whole, all indexes fit");
    }
    if (!found.stream().allMatch(fault -> INDEX_ALONE.matcher(fault).matches())) {
      throw damaged(found);
    }
    sql.execute("REINDEX");
    List<String> left = faults();
    if (!left.isEmpty()) {
      throw damaged(left);
    }
    return CareStep.done(
        "check", "indexes did not fit their tables and were built anew: " + found.get(0));
  }

  private List<String> faults() {
    List<String> found = sql.query("PRAGMA integrity_check(100)", c -> c.string(1));
    return found.equals(List.of("ok")) ? List.of() : found;
  }

  private Failure damaged(List<String> faults) {
    return new Failure(
        Failure.REFUSED,
        sql.file() + " is damaged: " + faults.get(0),
        "a damaged master is made anew by `tidemark restore`; a damaged local database by moving it away and syncing");
  }

  void refreshStatistics() {
    step(
        "statistics",
        () -> {
          sql.execute("PRAGMA analysis_limit=" + SAMPLE);
          sql.execute("ANALYZE");
          sql.execute("PRAGMA optimize");
          return CareStep.done("statistics", "brought up to date");
        });
  }

  /**
   * @param wanted true: whether it pays or not
   * @param allowed false: not now, unless it is wanted
   */
  void makeSmaller(boolean wanted, boolean allowed) {
    step(
        "vacuum",
        () -> {
          String unused = ByteCount.text(vacuum.unused()) + " unused";
          if (!wanted && !vacuum.pays()) {
            return CareStep.done("vacuum", "does not pay, " + unused);
          }
          if (!wanted && !allowed) {
            return CareStep.done("vacuum", unused + "; left to the maintenance window");
          }
          Optional<String> numbered = byRowNumber();
          if (!wanted && numbered.isPresent()) {
            return CareStep.done(
                "vacuum",
                unused
                    + ", but "
                    + numbered.get()
                    + " may go by row numbers, which change; if it does not: `maintain --vacuum`");
          }
          long saved = vacuum.run();
          return new CareStep("vacuum", ByteCount.text(saved) + " given back", 0, saved, null);
        });
  }

  /** VACUUM may give rows another rowid, by which a full-text index may find them. */
  private Optional<String> byRowNumber() {
    return sql.first(
        "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%' AND sql LIKE '%content%=%'",
        c -> c.string(1));
  }
}
