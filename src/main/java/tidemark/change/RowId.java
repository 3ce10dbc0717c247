package tidemark.change;

/** One row of one table. */
public record RowId(String table, RowKey key) {
  @Override
  public String toString() {
    return table + " " + key;
  }
}
