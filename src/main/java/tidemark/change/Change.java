package tidemark.change;

import org.jspecify.annotations.Nullable;

/**
 * One decided change of one row, as it stands in an entry of the ledger.
 *
 * @param row the whole row after a put, null for a delete
 * @param at when it was made, in milliseconds on the share's clock
 * @param by who made it
 * @param born the row did not exist for the ledger before: a new record
 * @param first the token of the first edit that went into it: two births are one record only if
 *     this is the same
 * @param token the token of the last edit that went into it: who holds it is the author
 */
public record Change(
    String table,
    RowKey key,
    @Nullable Row row,
    long at,
    String by,
    boolean born,
    String first,
    String token) {

  public boolean isDelete() {
    return row == null;
  }
}
