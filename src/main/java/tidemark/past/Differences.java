package tidemark.past;

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
public record Differences(String database, List<Table> tables, @Nullable String trouble) {
  /** So many keys are named for each table. */
  public static final int EXAMPLES = 5;

  /**
   * One table.
   *
   * @param rows of the ledger's that were compared
   * @param examples the first few rows that are not the same
   */
  public record Table(
      String name,
      long rows,
      long differing,
      long missing,
      long extra,
      LeftOut leftOut,
      List<Example> examples) {
    public boolean isSame() {
      return differing + missing + extra == 0;
    }
  }

  /**
   * Rows that are not the same and have a reason to be, so that nobody knows whether they would be.
   *
   * @param unread changed by entries not applied here yet
   * @param pending edited here and not posted yet
   * @param held waiting here, or with the ledger, to be applied
   */
  public record LeftOut(long unread, long pending, long held) {
    public long all() {
      return unread + pending + held;
    }
  }

  /** A row that is not the same. */
  public record Example(RowKey key, Kind kind) {}

  /** How many rows of all tables were not compared. */
  public long leftOut() {
    return tables.stream().mapToLong(table -> table.leftOut().all()).sum();
  }

  /** Nothing was found, and nothing was left out. */
  public boolean isAllCompared() {
    return areNone() && leftOut() == 0;
  }

  public boolean areNone() {
    return trouble == null && tables.stream().allMatch(Table::isSame);
  }
}
