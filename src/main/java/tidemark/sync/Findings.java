package tidemark.sync;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tidemark.change.RowKey;
import tidemark.replica.Comparison.Kind;

/**
 * What comparing a database with the ledger found.
 *
 * @param database server, or the master's file
 * @param trouble why it could not be compared; null where it was
 */
public record Findings(String database, List<Table> tables, @Nullable String trouble) {
  /** So many keys are named for each table. */
  public static final int EXAMPLES = 5;

  /**
   * One table.
   *
   * @param rows of the ledger's that were compared
   * @param unread rows left out because entries not applied yet change them
   * @param examples the first few rows that are not the same
   */
  public record Table(
      String name,
      long rows,
      long differing,
      long missing,
      long extra,
      long unread,
      List<Example> examples) {
    public boolean isSame() {
      return differing + missing + extra == 0;
    }
  }

  /** A row that is not the same. */
  public record Example(RowKey key, Kind kind) {}

  public boolean areNone() {
    return trouble == null && tables.stream().allMatch(Table::isSame);
  }
}
