package tidemark.settle;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.ChangeTime;
import tidemark.change.ConflictRule;
import tidemark.change.Row;
import tidemark.replica.Remembered.Clock;
import tidemark.replica.Remembered.Mark;
import tidemark.replica.Replica;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;

/** Whose edit stands: when and by whom each was made, and what the rule says of two. */
final class Contest {
  /** Two clocks that agree differ by less. */
  private static final long NOISE = 1_000;

  private final Replica replica;
  private final Terms terms;
  private final long shareNow;
  private final long skew;

  Contest(Replica replica, Terms terms, long shareNow, long skew) {
    this.replica = replica;
    this.terms = terms;
    this.shareNow = shareNow;
    this.skew = skew;
  }

  ConflictRule rule(SyncedTable table) {
    if (terms.master()) {
      return ConflictRule.NEWEST;
    }
    ConflictRule own = table.rule().conflicts();
    return own == null ? terms.request().conflicts() : own;
  }

  /** When a pending edit was made, on the share's clock and never later than its now. */
  long madeAt(Mark mark, @Nullable Row row) {
    long correction = terms.master() || mark.clock() == Clock.SHARE ? 0 : skew;
    if (row != null && mark.clock() == Clock.ROW) {
      Object stamp = row.get(SyncColumns.UPDATED_AT);
      if (mark.found()) {
        Long stamped = ChangeTime.read(stamp);
        return stamped == null ? 0 : clamp(past(stamped + correction), mark);
      }
      Long stamped = ChangeTime.madeAt(stamp, mark.momentMillis());
      if (stamped != null) {
        return clamp(stamped + correction, mark);
      }
    }
    return clamp(mark.momentMillis() + correction, mark);
  }

  /**
   * Nobody saw the row being edited. A time to come is most likely that of a zone in the east, and
   * then it was not before this; any other tells nothing, and beats nothing.
   */
  private long past(long stamped) {
    long ahead = stamped - shareNow;
    if (ahead <= NOISE) {
      return stamped;
    }
    return ahead <= ChangeTime.MOST_EAST ? stamped - ChangeTime.MOST_EAST : 0;
  }

  private long clamp(long at, Mark mark) {
    boolean unknownClock = terms.master() && !mark.found() && mark.clock() != Clock.SHARE;
    return Math.min(unknownClock ? Math.max(at, terms.foldedAt()) : at, shareNow);
  }

  String madeBy(@Nullable Mark mark, @Nullable Row row) {
    String said = mark == null ? null : mark.by();
    if (said != null) {
      return said;
    }
    Object by =
        mark != null && mark.byRow() && row != null ? row.get(SyncColumns.UPDATED_BY) : null;
    return by instanceof String name && !name.isEmpty() ? name : terms.author().user();
  }

  /** The pending edit beats the ledger's change; on a tie the ledger's row stands. */
  boolean mineWins(SyncedTable table, long mineAt, Change theirs) {
    return switch (rule(table)) {
      case MASTER -> false;
      case LOCAL -> true;
      default -> mineAt > theirs.at();
    };
  }

  /**
   * What was decided of two edits stands, whatever the rule would say of them now: in a file of
   * before, an edit is pending again that everybody knows to have lost.
   *
   * @param conflictId of these two edits
   */
  boolean mineWins(String conflictId, BooleanSupplier byRule) {
    return replica
        .conflicts()
        .winner(conflictId)
        .map("local"::equals)
        .orElseGet(byRule::getAsBoolean);
  }
}
