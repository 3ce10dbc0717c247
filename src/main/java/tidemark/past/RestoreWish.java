package tidemark.past;

import org.jspecify.annotations.Nullable;

/**
 * What somebody wants back; null for no limit.
 *
 * @param until only what was changed up to there
 * @param by only what this person changed
 * @param workstation only what was changed there
 * @param withChildren rows that refer to one that goes, go along
 */
public record RestoreWish(
    Point to,
    @Nullable Point until,
    @Nullable String table,
    @Nullable String key,
    @Nullable String by,
    @Nullable String workstation,
    boolean withChildren) {
  /** One row as it was after this entry. */
  public static RestoreWish row(String table, String key, long entry) {
    return new RestoreWish(Point.entry(entry), null, table, key, null, null, false);
  }
}
