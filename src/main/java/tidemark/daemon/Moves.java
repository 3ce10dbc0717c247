package tidemark.daemon;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tidemark.change.Failure;

/**
 * Ledgers that were met on their way to another place: a run follows there, or says once why not.
 *
 * <p>Threading: any.
 */
final class Moves {
  private final Map<String, String> told = new ConcurrentHashMap<>();

  /** Whether this database's ledger is told for the first time to be there. */
  boolean isNews(String database, Failure failure) {
    String to = failure.movedTo();
    return to != null && !to.equals(told.put(database, to));
  }
}
