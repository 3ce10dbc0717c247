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
 */
public record Definition(
    String table,
    String column,
    List<String> ddl,
    List<String> columns,
    List<String> key,
    int generation) {

  public boolean isTable() {
    return column.isEmpty();
  }
}
