package tidemark.ledger;

import java.util.List;
import tidemark.change.Change;
import tidemark.change.Conflict;
import tidemark.change.Definition;

/** What somebody wants to append: an entry that has no number yet. */
public record Draft(List<Definition> definitions, List<Change> changes, List<Conflict> conflicts) {
  public boolean isEmpty() {
    return definitions.isEmpty() && changes.isEmpty() && conflicts.isEmpty();
  }
}
