package tidemark.change;

import org.jspecify.annotations.Nullable;

/**
 * One decided change of one row, as it stands in an entry of the ledger.
 *
 * @param row the whole row after a put, null for a delete
 * @param at when it was made, in milliseconds on the share's clock
 * @param by who made it
 * @param born the ledger had no such record under this key before
 * @param first the token of the first edit that went into it; of a record that was born, the one it
 *     is known by from here on: two births are one record only if this is the same
 * @param token the token of the last edit that went into it: who holds it is the author
 * @param from the key under which the ledger had this record before; null where it is the same
 * @param parents which records the row refers to
 */
public record Change(
    String table,
    RowKey key,
    @Nullable Row row,
    long at,
    String by,
    boolean born,
    String first,
    String token,
    @Nullable RowKey from,
    Parents parents) {

  public Change(
      String table,
      RowKey key,
      @Nullable Row row,
      long at,
      String by,
      boolean born,
      String first,
      String token) {
    this(table, key, row, at, by, born, first, token, null, Parents.UNTOLD);
  }

  public boolean isDelete() {
    return row == null;
  }
}
