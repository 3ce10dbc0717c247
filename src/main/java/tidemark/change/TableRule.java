package tidemark.change;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one table is synced where it differs from the others.
 *
 * @param conflicts null where the run's rule holds
 * @param mergeColumns only columns changed on both sides conflict
 * @param unique columns that together hold a logical number without an index; empty for none
 * @param renumber a second holder of a logical number gets the next free one, else both are kept
 * @param key the columns that are the key of a table that declares none; empty for its own
 * @param autoKey the application lets SQLite choose the keys, although AUTOINCREMENT is not
 *     declared
 * @param synced false leaves the table out of sync
 */
public record TableRule(
    @Nullable ConflictRule conflicts,
    boolean mergeColumns,
    List<String> unique,
    boolean renumber,
    List<String> key,
    boolean autoKey,
    boolean synced) {

  public static final TableRule DEFAULT =
      new TableRule(null, false, List.of(), false, List.of(), false, true);

  public TableRule withKey(List<String> other) {
    return new TableRule(conflicts, mergeColumns, unique, renumber, other, autoKey, synced);
  }

  public TableRule {
    unique = List.copyOf(unique);
    key = List.copyOf(key);
  }
}
