package tidemark.settle;

import java.util.Set;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.ledger.Author;
import tidemark.run.Request;

/**
 * Who settles, what was asked of the run, and how far it may go.
 *
 * @param master the replica is the master: nobody sits at it, and its edits come from unknown
 *     machines
 * @param addShape columns and tables the ledger brings are made, else awaited from the application
 * @param foldedAt when the master was last brought up to date, on the share's clock
 */
public record Terms(
    Author author, Request request, boolean master, boolean addShape, long foldedAt) {
  public static Terms ofWorkstation(Author author, Request request, boolean addShape) {
    return new Terms(author, request, false, addShape, 0);
  }

  /** The master takes what comes, and makes what it lacks. */
  public static Terms ofMaster(Author author, Direction direction, long foldedAt) {
    Request all = new Request(Set.of(), direction, ConflictRule.NEWEST, "");
    return new Terms(author, all, true, true, foldedAt);
  }

  public Direction direction() {
    return request.direction();
  }
}
