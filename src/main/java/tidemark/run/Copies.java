package tidemark.run;

import java.nio.file.Path;
import java.util.Optional;
import tidemark.change.Position;

/** Copies of the database, besides the ledger's own snapshots, from which content can be made. */
@FunctionalInterface
public interface Copies {
  Copies NONE = (atMost, into) -> Optional.empty();

  /**
   * Brings the newest whole copy to a local file that the caller deletes.
   *
   * @param atMost of this entry or an earlier one
   */
  Optional<Position> newest(long atMost, Path into);
}
