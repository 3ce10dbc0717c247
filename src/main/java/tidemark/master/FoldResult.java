package tidemark.master;

import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.ledger.Ledger;
import tidemark.run.SyncReport;

/**
 * What came of a fold.
 *
 * @param posted changes somebody had made in the master itself
 * @param failure why the master could not be brought up to date; null if it was, or if another one
 *     is at it
 */
public record FoldResult(
    long behind,
    int posted,
    @Nullable String note,
    @Nullable Failure failure,
    @Nullable SyncReport master) {
  /** There is no master here to look after. */
  public static FoldResult none() {
    return new FoldResult(0, 0, null, null, null);
  }

  /** There is nothing to do; what the last fold could not bring in is still missing. */
  static FoldResult asItWas(Ledger.MasterState state) {
    SyncReport report = new SyncReport();
    state.held().forEach(report::held);
    return new FoldResult(0, 0, null, null, report);
  }

  /** Nobody's edits are in danger: only what has to be refused makes the run a partial one. */
  static FoldResult failed(long behind, Failure e) {
    String note =
        e.whatFailed()
            + (behind > 0
                ? "; it is " + behind + (behind == 1 ? " entry" : " entries") + " behind"
                : "");
    SyncReport report = null;
    if (e.exitCode() == Failure.REFUSED) {
      report = new SyncReport();
      report.held("", "file", e.whatFailed() + " (" + e.hint() + ")");
    }
    return new FoldResult(behind, 0, note, e, report);
  }

  public FoldResult withoutAWord() {
    return new FoldResult(behind, posted, null, null, null);
  }

  public void into(SyncReport report) {
    report.masterBehind(behind);
    if (note != null) {
      report.note(note);
    }
    if (master != null) {
      report.addMaster(master);
    }
  }

  /** What fails the master and what to do about it, in one line. */
  public @Nullable String trouble() {
    return failure == null ? null : failure.whatFailed() + ": " + failure.hint();
  }
}
