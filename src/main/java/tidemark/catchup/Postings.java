package tidemark.catchup;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Conflict;
import tidemark.change.Definition;
import tidemark.change.Failure;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.ledger.Draft;
import tidemark.ledger.EntryFile;

/**
 * What one run has posted. A row that stays to be posted although it stands in the ledger, or is to
 * be posted anew each time, would fill the ledger without end: then the run stops and says so.
 */
public final class Postings {
  /** More than anybody edits while a run goes on. */
  private static final int POSTINGS_OF_A_ROW = 100;

  /** So many entries for what was edited while the run went on. */
  private static final int LATER = 10;

  private final Map<RowId, Earlier> posted = new HashMap<>();
  private long due = -1;
  private int later;

  private record Earlier(String version, int times) {}

  private record First(RowId row, String version) {}

  public void requireProgress(Draft next) {
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

  /**
   * What was pending when the run began to post stands in the ledger, and some of what came since:
   * an application that writes all the time would keep a run for ever. The rest is the next one's.
   */
  public boolean areEnough(Draft next, LongSupplier pending) {
    if (due < 0) {
      due = pending.getAsLong();
    }
    int changes = next.changes().size();
    boolean trickle = changes > 0 && changes < EntryFile.ENTRY_ROWS;
    return trickle && due == 0 && later++ >= LATER;
  }

  public void add(Draft draft) {
    due = Math.max(0, due - draft.changes().size());
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
    if (!draft.definitions().isEmpty()) {
      Definition definition = draft.definitions().get(0);
      RowKey what = RowKey.of(("definition " + definition.column()).strip());
      return new First(new RowId(definition.table(), what), definition.toString());
    }
    return null;
  }
}
