package tidemark.replica;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;

/**
 * What a replica remembers of one key.
 *
 * @param entry the entry that last settled the row; null: never synced, born here
 * @param digest of the content as of then; null: it was deleted then
 * @param at when that change was made
 * @param token the last token of that change
 * @param first the token the record was born with
 * @param birth the entry it was born in
 * @param base the row as of then, where columns are merged
 * @param came the record that pending edits have brought to this key from another one; null where
 *     it is the one that was here
 * @param mark the edits not yet posted; null: none
 */
public record Remembered(
    @Nullable Long entry,
    byte @Nullable [] digest,
    long at,
    @Nullable String token,
    @Nullable String first,
    @Nullable Long birth,
    @Nullable String base,
    @Nullable String came,
    @Nullable Mark mark) {

  /** The ledger has no such row: whoever makes one now makes a new record. */
  public boolean absentInLedger() {
    return entry == null || digest == null;
  }

  /**
   * The record that stands under this key, or last did: the token it was born with, which it keeps
   * under whatever key.
   */
  public @Nullable String record() {
    if (came != null) {
      return came;
    }
    return absentInLedger() && mark != null ? mark.first() : first;
  }

  /** The record that stands here is not the one the ledger has under this key. */
  public boolean isMoved() {
    return came != null && (absentInLedger() || !came.equals(first));
  }

  /**
   * No entry ever told of the row, not even one that the ledger lost since: to delete it concerns
   * nobody else.
   */
  public boolean unknownToOthers() {
    return absentInLedger() && !(entry == null && first != null);
  }

  public boolean unknownDigest() {
    return digest != null && digest.length == 0;
  }

  /** The row is as it was when it was settled. */
  public boolean hasDigest(byte[] now) {
    return digest != null && Arrays.equals(digest, now);
  }

  /** How an edit's time and author are known. */
  public enum Clock {
    /** The edit left updated_at alone: the moment of capture counts, on this machine's clock. */
    MOMENT,
    /** The edit set updated_at. */
    ROW,
    /** The moment is already on the share's clock. */
    SHARE;

    long stored() {
      return List.of(values()).indexOf(this);
    }

    static Clock of(long stored) {
      return values()[(int) Math.max(0, Math.min(2, stored))];
    }
  }

  /**
   * Edits of one row that have not been posted.
   *
   * @param edits one random token of 16 digits for each edit, oldest first
   * @param moment when the last one was captured
   * @param byRow the last edit set updated_by itself
   * @param found not captured by a trigger but found when the table was first looked at
   * @param by who made the last edit, where somebody said so who knows; else null
   */
  public record Mark(
      String edits, String moment, Clock clock, boolean byRow, boolean found, @Nullable String by) {
    private static final int TOKEN = 16;

    public String first() {
      return edits.substring(0, Math.min(TOKEN, edits.length()));
    }

    public String last() {
      return edits.substring(Math.max(0, edits.length() - TOKEN));
    }

    public boolean has(String token) {
      for (int i = 0; i + TOKEN <= edits.length(); i += TOKEN) {
        if (edits.startsWith(token, i)) {
          return true;
        }
      }
      return false;
    }

    /** The edits made after the one with this token. */
    public String after(String token) {
      for (int i = 0; i + TOKEN <= edits.length(); i += TOKEN) {
        if (edits.startsWith(token, i)) {
          return edits.substring(i + TOKEN);
        }
      }
      return edits;
    }

    public long momentMillis() {
      Long read = ChangeTime.read(moment);
      return read == null ? 0 : read;
    }
  }
}
