package tidemark.settle;

import java.util.Set;
import tidemark.change.RowId;

/**
 * The rows of an entry that we tried to append and whose fate we do not know: a rename that timed
 * out may still succeed. Until that number was read, their marks are not dropped, even where there
 * is nothing left to post.
 */
public record Offered(Set<RowId> rows) {
  public static final Offered NOTHING = new Offered(Set.of());

  boolean mayStillAppear(RowId id) {
    return rows.contains(id);
  }
}
