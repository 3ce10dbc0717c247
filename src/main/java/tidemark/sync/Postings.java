package tidemark.sync;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Conflict;
import tidemark.change.Failure;
import tidemark.change.RowId;
import tidemark.ledger.Draft;

/**
 * What one run has posted. A row that stays to be posted although it stands in the ledger, or is to
 * be posted anew each time, would fill the ledger without end: then the run stops and says so.
 */
final class Postings {
  /** More than anybody edits while a run goes on. */
  private static final int POSTINGS_OF_A_ROW = 100;

  private final Map<RowId, Earlier> posted = new HashMap<>();

  private record Earlier(String version, int times) {}

  private record First(RowId row, String version) {}

  void requireProgress(Draft next) {
    First first = firstOf(next);
    Earlier before = first == null ? null : posted.get(first.row());
    if (first != null
        && before != null
        && (before.version().equals(first.version()) || before.times() >= POSTINGS_OF_A_ROW)) {
      throw new Failure(
          Failure.INCOMPLETE,
          first.row() + " was posted but is still pending here",
          "run `tidemark doctor`; the other workstations have the row");
    }
  }

  void add(Draft draft) {
    First first = firstOf(draft);
    if (first != null) {
      Earlier before = posted.get(first.row());
      posted.put(
          first.row(), new Earlier(first.version(), before == null ? 1 : before.times() + 1));
    }
  }

  private static @Nullable First firstOf(Draft draft) {
    if (!draft.changes().isEmpty()) {
      Change change = draft.changes().get(0);
      return new First(new RowId(change.table(), change.key()), change.token());
    }
    if (!draft.conflicts().isEmpty()) {
      Conflict conflict = draft.conflicts().get(0);
      return new First(
          new RowId(conflict.table(), conflict.rowKey()),
          conflict.id() + conflict.localToken() + conflict.remoteEntry() + conflict.winner());
    }
    return null;
  }
}
