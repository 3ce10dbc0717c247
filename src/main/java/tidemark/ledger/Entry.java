package tidemark.ledger;

import java.util.List;
import tidemark.change.Change;
import tidemark.change.Conflict;
import tidemark.change.Definition;
import tidemark.change.Position;

/**
 * One numbered, immutable batch of decided changes.
 *
 * @param previous the hash of the entry before it, empty for the first
 * @param hash of its own content, which the next entry names as its predecessor
 */
public record Entry(
    long number,
    String id,
    String previous,
    String hash,
    long at,
    Author author,
    List<Definition> definitions,
    List<Change> changes,
    List<Conflict> conflicts) {

  /** About how many bytes its changes and conflicts take. */
  public long weight() {
    return changes.stream().mapToLong(Weight::of).sum()
        + conflicts.stream().mapToLong(Weight::of).sum();
  }

  public Position position() {
    return new Position(number, hash);
  }
}
