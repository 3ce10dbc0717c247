package tidemark.change;

import java.util.List;

/**
 * A table, or one column of it, that came into the ledger.
 *
 * @param column the added column's name, empty when the whole table is defined
 * @param ddl the statements that make it: CREATE TABLE and its indexes, or one column definition
 * @param columns the names of all columns that values may come for
 * @param key the key columns
 * @param generation counts up each time somebody accepted a changed shape (`schema accept`)
 * @param after with this generation the key is another one: the last entry whose rows its author
 *     had, under the former key; {@link #SAME_KEY} for every other definition
 * @param whole all rows its author had stand in the ledger under this key: what others have besides
 *     from before, and did not edit, was deleted
 * @param added which of the columns are not the application's own
 */
public record Definition(
    String table,
    String column,
    List<String> ddl,
    List<String> columns,
    List<String> key,
    int generation,
    long after,
    boolean whole,
    List<String> added) {
  public static final long SAME_KEY = -1;

  public Definition(
      String table,
      String column,
      List<String> ddl,
      List<String> columns,
      List<String> key,
      int generation) {
    this(table, column, ddl, columns, key, generation, SAME_KEY, false, List.of());
  }

  /** The table's rows have another key from this entry on. */
  public boolean isRekeyed() {
    return isTable() && after != SAME_KEY;
  }

  public Definition rekeyed(long lastRead) {
    return new Definition(table, column, ddl, columns, key, generation, lastRead, whole, added);
  }

  public Definition whole(boolean all) {
    return new Definition(table, column, ddl, columns, key, generation, after, all, added);
  }

  public Definition adding(List<String> notItsOwn) {
    return new Definition(
        table, column, ddl, columns, key, generation, after, whole, List.copyOf(notItsOwn));
  }

  public boolean isTable() {
    return column.isEmpty();
  }
}
