package tidemark.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tidemark.change.ConflictRule;
import tidemark.change.TableRule;

/**
 * Where one table differs from the others.
 *
 * @param conflicts empty where the run's rule holds
 * @param unique columns that together hold a logical number; empty for none
 * @param key empty for the key the table declares
 * @param deletedWhen a soft-delete column that counts as a delete in reports
 * @param triggers which of its triggers run for rows of others, and which do not
 */
public record TableSettings(
    Optional<ConflictRule> conflicts,
    boolean mergeColumns,
    List<String> unique,
    OnDuplicate onDuplicate,
    List<String> key,
    boolean keyAuto,
    Optional<String> deletedWhen,
    boolean sync,
    Map<String, Boolean> triggers) {

  /** What happens to the second holder of a logical number. */
  public enum OnDuplicate {
    REPORT,
    RENUMBER
  }

  public static final TableSettings DEFAULT =
      new TableSettings(
          Optional.empty(),
          false,
          List.of(),
          OnDuplicate.REPORT,
          List.of(),
          false,
          Optional.empty(),
          true,
          Map.of());

  public TableSettings {
    unique = List.copyOf(unique);
    key = List.copyOf(key);
    triggers = Map.copyOf(triggers);
  }

  /** The same in the words of the lower layers, for a table that is selected or not. */
  TableRule rule(boolean selected) {
    return new TableRule(
        conflicts.orElse(null),
        mergeColumns,
        unique,
        onDuplicate == OnDuplicate.RENUMBER,
        key,
        keyAuto,
        sync && selected,
        triggers);
  }
}
