package tidemark.sync;

import tidemark.change.Failure;
import tidemark.replica.Replica;
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;

/**
 * IT says that a table is as it should be: with columns that were dropped or renamed, with another
 * key, or without the rows that vanished unseen. A new generation of the table begins here, and
 * with the next run for everybody whose table has that shape.
 */
public final class SchemaAccept {
  private final Plan plan;

  public SchemaAccept(Plan plan) {
    this.plan = plan;
  }

  public void run(String table) {
    LocalDatabase local = new LocalDatabase(plan);
    if (local.isMissing()) {
      throw unknown(table, "none: the database is not there");
    }
    try (Replica replica = local.open()) {
      if (!replica.everyTable().containsKey(table)) {
        throw unknown(table, String.join(", ", replica.everyTable().keySet()));
      }
      if (!replica.hasMet(table)) {
        throw new Failure(
            Failure.USAGE,
            table + " was never synced from here: there is no other shape of it to give up",
            "run `tidemark sync` first; it says so if there is something to accept");
      }
      replica.acceptShape(table);
    }
  }

  private Failure unknown(String table, String known) {
    return new Failure(
        Failure.USAGE,
        "there is no table " + table + " with a key in " + plan.local(),
        "the tables are: " + known);
  }
}
