package tidemark.sync;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.Row;
import tidemark.change.RowId;

/**
 * Rows as the ledger had them, for the few decisions that need them. They are fetched from the
 * share between transactions, never within one: who asks for one that is not here yet is asked
 * again.
 */
final class PastRows {
  private final Map<Wanted, Optional<Row>> fetched = new HashMap<>();

  record Wanted(RowId id, long upTo) {}

  /** Ends the transaction; the row is fetched and the settling done again. */
  static final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Wanted wanted;

    Missing(Wanted wanted) {
      super("not fetched yet", null, false, false);
      this.wanted = wanted;
    }

    Wanted wanted() {
      return wanted;
    }
  }

  /** The row as its last put up to this entry left it; null if there was none. */
  @Nullable Row row(RowId id, long upTo) {
    Wanted wanted = new Wanted(id, upTo);
    Optional<Row> row = fetched.get(wanted);
    if (row == null) {
      throw new Missing(wanted);
    }
    return row.orElse(null);
  }

  void put(Wanted wanted, Optional<Row> row) {
    fetched.put(wanted, row);
  }
}
