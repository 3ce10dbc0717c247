package tidemark.config;

import java.util.List;
import java.util.Optional;
import tidemark.change.SqlName;

/**
 * Which tables of a database are synced.
 *
 * @param listed empty for all
 */
public record TableSelection(Optional<List<String>> listed) {
  public static final TableSelection ALL = new TableSelection(Optional.empty());

  public TableSelection {
    listed = listed.map(List::copyOf);
  }

  public boolean all() {
    return listed.isEmpty();
  }

  /** SQLite's table names know no case. */
  public boolean contains(String table) {
    return listed.map(names -> SqlName.among(names, table).isPresent()).orElse(true);
  }
}
