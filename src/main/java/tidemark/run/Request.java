package tidemark.run;

import java.util.Set;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;

/**
 * What somebody wants synced.
 *
 * @param tables empty for all
 * @param trigger schedule, manual, start, exit or watch
 */
public record Request(
    Set<String> tables, Direction direction, ConflictRule conflicts, String trigger) {
  /** All tables, both ways, because somebody said so. */
  public static Request byHand(ConflictRule conflicts) {
    return new Request(Set.of(), Direction.BOTH, conflicts, "manual");
  }
}
