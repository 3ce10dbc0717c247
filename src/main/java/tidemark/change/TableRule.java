package tidemark.change;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
 * @param triggers which of its triggers run for rows that arrive and which do not, by name; what
 *     they write decides on the others
 */
public record TableRule(
    @Nullable ConflictRule conflicts,
    boolean mergeColumns,
    List<String> unique,
    boolean renumber,
    List<String> key,
    boolean autoKey,
    boolean synced,
    Map<String, Boolean> triggers) {

  public static final TableRule DEFAULT =
      new TableRule(null, false, List.of(), false, List.of(), false, true);

  public TableRule withKey(List<String> other) {
    return new TableRule(conflicts, mergeColumns, unique, renumber, other, autoKey, synced);
  }

  public TableRule {
    unique = List.copyOf(unique);
    key = List.copyOf(key);
    triggers =
        triggers.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    rule -> SqlName.folded(rule.getKey()), Map.Entry::getValue));
  }

  /** Nothing is said of its triggers. */
  public TableRule(
      @Nullable ConflictRule conflicts,
      boolean mergeColumns,
      List<String> unique,
      boolean renumber,
      List<String> key,
      boolean autoKey,
      boolean synced) {
    this(conflicts, mergeColumns, unique, renumber, key, autoKey, synced, Map.of());
  }

  /** The same with its columns as they are spelt among these. */
  public TableRule spelt(List<String> columns) {
    return new TableRule(
        conflicts,
        mergeColumns,
        spelt(unique, columns),
        renumber,
        spelt(key, columns),
        autoKey,
        synced,
        triggers);
  }

  private static List<String> spelt(List<String> names, List<String> columns) {
    return names.stream().map(name -> SqlName.among(columns, name).orElse(name)).toList();
  }

  public TableRule withTriggers(Map<String, Boolean> run) {
    return new TableRule(conflicts, mergeColumns, unique, renumber, key, autoKey, synced, run);
  }

  /** Whether a trigger runs for rows that arrive; null where nothing is said of it. */
  public @Nullable Boolean runs(String trigger) {
    return triggers.get(SqlName.folded(trigger));
  }
}
