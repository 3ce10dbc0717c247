package tidemark.past;

import org.jspecify.annotations.Nullable;
import tidemark.change.Row;
import tidemark.change.RowKey;

/**
 * One change of one row.
 *
 * @param at milliseconds on the share's clock
 * @param before null where there was no row, or none is known any more
 * @param after null for a delete
 */
public record FeedItem(
    long entry,
    long at,
    String by,
    String workstation,
    String table,
    RowKey key,
    @Nullable Row before,
    @Nullable Row after) {
  public String op() {
    return after == null ? "delete" : "put";
  }
}
