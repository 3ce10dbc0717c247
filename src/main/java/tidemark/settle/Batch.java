package tidemark.settle;

import java.util.List;
import tidemark.change.Position;
import tidemark.ledger.Entry;
import tidemark.replica.Held.Numbered;

/**
 * What comes in with one settling: some entries of the ledger, in order, or changes found by
 * comparing with a snapshot.
 *
 * @param compared what a snapshot has otherwise; positions are not advanced by it
 * @param complete the last one is the ledger's head as far as was seen
 */
public record Batch(List<Entry> entries, List<Numbered> compared, Position head, boolean complete) {
  /** Small entries are applied together, up to this many changes and 8 MB a transaction. */
  public static final int CHANGES = 1_200;

  public static Batch of(List<Entry> entries, Position head, boolean complete) {
    return new Batch(entries, List.of(), head, complete);
  }

  public static Batch compared(List<Numbered> changes) {
    return new Batch(List.of(), changes, Position.START, false);
  }
}
