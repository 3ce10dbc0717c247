package tidemark.upkeep.report;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How large everything is now.
 *
 * @param rows of each table, at this workstation
 * @param local bytes of this workstation's file
 * @param master bytes of the master; null where it cannot be seen
 * @param ledger null where it cannot be seen
 */
public record Size(
    SortedMap<String, Long> rows, long local, @Nullable Long master, @Nullable LedgerBytes ledger) {

  /**
   * What a ledger takes on the share.
   *
   * @param all with its snapshots and archive
   * @param growth the entries written in the report's time
   */
  public record LedgerBytes(long all, long growth) {}
}
