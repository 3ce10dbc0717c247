package tidemark.settle;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Parents;
import tidemark.change.Row;
import tidemark.change.RowId;

/**
 * Rows as the ledger had them, for the few decisions that need them. They are fetched from the
 * share between transactions, never within one: who asks for one that is not here yet is asked
 * again.
 */
public final class PastRows {
  private final Map<Wanted, @Nullable Past> fetched = new HashMap<>();

  public record Wanted(RowId id, long upTo) {}

  /** A row, and whose child it was when it was written, as far as that is known. */
  public record Past(Row row, Parents parents) {}

  /** Ends the transaction; the rows are fetched and the settling done again. */
  public static final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Set<Wanted> wanted;

    Missing(Set<Wanted> wanted) {
      super("not fetched yet", null, false, false);
      this.wanted = wanted;
    }

    public Set<Wanted> wanted() {
      return wanted;
    }
  }

  /** The row as its last put up to this entry left it; null if there was none. */
  @Nullable Row row(RowId id, long upTo) {
    Past past = at(id, upTo);
    return past == null ? null : past.row();
  }

  @Nullable Past at(RowId id, long upTo) {
    Wanted wanted = new Wanted(id, upTo);
    require(Set.of(wanted));
    return fetched.get(wanted);
  }

  /** Many are fetched at once. */
  void require(Set<Wanted> wanted) {
    Set<Wanted> missing = new HashSet<>(wanted);
    missing.removeAll(fetched.keySet());
    if (!missing.isEmpty()) {
      throw new Missing(missing);
    }
  }

  /** What was wanted; those that were not found are not there. */
  public void put(Set<Wanted> wanted, Map<Wanted, Past> found) {
    wanted.forEach(one -> fetched.put(one, found.get(one)));
  }
}
