package tidemark.rest;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Conflict;
import tidemark.change.ConflictRule;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.change.Token;
import tidemark.replica.Remembered;
import tidemark.replica.Replica;
import tidemark.replica.SyncColumns;

/**
 * The versions of programs that do not stand, or that others' versions give way to: kept as
 * conflicts, like any other loser. Within the caller's transaction.
 */
final class Refusals {
  private final Replica replica;
  private final Stock stock;
  private final long now;

  Refusals(Replica replica, Stock stock, long now) {
    this.replica = replica;
    this.stock = stock;
    this.now = now;
  }

  /**
   * A program's version of a row, and the one that is here and that it never saw.
   *
   * @param mine null where it wants the row gone
   * @param theirs null where others have deleted it
   */
  record Meeting(
      String table,
      RowKey key,
      @Nullable Row mine,
      String mineBy,
      long mineAt,
      @Nullable Row theirs,
      @Nullable Remembered remembered) {

    long theirsAt() {
      return remembered == null ? 0 : remembered.at();
    }
  }

  /**
   * Whether the program's stands, by the table's rule. Where a person is to choose, the row stays
   * as it is until somebody brings the program's back: nothing is pending here that could wait.
   */
  boolean mineStands(Meeting meeting) {
    ConflictRule own = replica.rules().apply(meeting.table()).conflicts();
    return switch (own == null ? stock.rule() : own) {
      case MASTER, MANUAL -> false;
      case LOCAL -> true;
      case NEWEST -> meeting.mineAt() > meeting.theirsAt();
    };
  }

  /** Keeps the loser. */
  void keep(Meeting meeting, boolean mineStands) {
    String kind = meeting.mine() != null && meeting.theirs() != null ? "update" : "delete";
    record(meeting, kind, mineStands ? "local" : "remote");
  }

  /** What the table does not take, and nobody can be told of. */
  void refuse(Meeting meeting) {
    record(meeting, "refused", "remote");
  }

  private void record(Meeting m, String kind, String winner) {
    Row theirs = m.theirs();
    Remembered remembered = m.remembered();
    String mine = m.mine() == null ? null : Json.rowText(m.mine());
    long entry = remembered == null || remembered.entry() == null ? 0 : remembered.entry();
    String key = Json.keyText(m.key());
    Object by = theirs == null ? null : theirs.get(SyncColumns.UPDATED_BY);
    replica
        .conflicts()
        .record(
            new Conflict(
                Token.of(m.table(), key, kind, mine == null ? "" : mine, entry, m.mineBy()),
                now,
                m.table(),
                key,
                kind,
                mine,
                theirs == null ? null : Json.rowText(theirs),
                m.mineBy(),
                by == null ? null : by.toString(),
                m.mineAt(),
                m.theirsAt(),
                winner,
                stock.workstation(),
                true,
                "auto",
                null,
                null,
                Token.of("program", mine == null ? "" : mine).substring(0, 16),
                entry,
                null));
  }

  /** The row as it would be here. */
  static Row over(@Nullable Row here, Map<String, @Nullable Object> sent) {
    return here == null ? Row.of(sent) : here.with(sent);
  }
}
