package tidemark.cli;

import tidemark.app.Database;
import tidemark.replica.Conflicts;
import tidemark.say.InDatabase;

/** A conflict and the database it happened in. */
record FoundConflict(Database database, Conflicts.Kept kept) {
  String id() {
    return kept.conflict().id();
  }

  InDatabase<Conflicts.Kept> named() {
    return new InDatabase<>(database.name(), kept);
  }

  /** As it stands now. */
  FoundConflict again() {
    return new FoundConflict(database, database.conflicts().find(id()).orElse(kept));
  }
}
