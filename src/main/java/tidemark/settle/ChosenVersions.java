package tidemark.settle;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.Conflict;
import tidemark.change.Token;
import tidemark.replica.Conflicts;

/**
 * What people chose where two versions wait in sync_conflicts. A choice holds for the versions it
 * was made about; once they have moved on, another conflict is open.
 */
final class ChosenVersions {
  private final Conflicts conflicts;

  ChosenVersions(Conflicts conflicts) {
    this.conflicts = conflicts;
  }

  /**
   * @param winner null: nobody has chosen yet
   */
  record Choice(String conflictId, @Nullable String winner) {
    boolean made() {
      return winner != null;
    }

    boolean local() {
      return "local".equals(winner);
    }
  }

  /**
   * @param first the id of the first conflict about this edit
   * @param localToken of the present local version
   * @param entry of the present version of the ledger
   */
  Choice about(String first, String localToken, long entry) {
    String id = first;
    while (true) {
      Optional<Conflicts.Kept> known = conflicts.find(id);
      if (known.isEmpty() || !known.get().conflict().resolved()) {
        return new Choice(id, null);
      }
      Conflict past = known.get().conflict();
      if (past.localToken().equals(localToken) && past.remoteEntry() == entry) {
        return new Choice(id, past.winner() == null ? "remote" : past.winner());
      }
      id = Token.of(id, past.localToken(), past.remoteEntry());
    }
  }
}
