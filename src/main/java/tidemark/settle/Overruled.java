package tidemark.settle;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.replica.Replica;
import tidemark.replica.SyncedTable;
import tidemark.run.Request;

/**
 * Conflicts of a table that wait for a person, where the rule in force decides them instead: the
 * next run would settle them.
 */
public record Overruled(String table, ConflictRule rule, int conflicts) {

  /** What this request would settle so; a push leaves all that is contested as it is. */
  public static List<Overruled> by(Request request, Replica replica) {
    List<Overruled> all = new ArrayList<>();
    if (request.direction() == Direction.PUSH) {
      return all;
    }
    Set<String> only = new Family(replica).withParents(request.tables());
    replica
        .held()
        .choices()
        .forEach(
            (table, conflicts) -> {
              boolean meant = request.tables().isEmpty() || only.contains(table);
              SyncedTable synced = meant ? replica.tables().get(table) : null;
              if (synced == null) {
                return; // what is not synced is not settled
              }
              ConflictRule own = synced.rule().conflicts();
              ConflictRule rule = own == null ? request.conflicts() : own;
              if (rule != ConflictRule.MANUAL) {
                all.add(new Overruled(table, rule, conflicts));
              }
            });
    return all;
  }
}
