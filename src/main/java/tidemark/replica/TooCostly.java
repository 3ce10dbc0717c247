package tidemark.replica;

/** Rows of a table took so long to be written that an application would wait for them. */
public final class TooCostly extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String table;
  private final boolean certain;

  TooCostly(String table, boolean certain) {
    super(table);
    this.table = table;
    this.certain = certain;
  }

  public String table() {
    return table;
  }

  /** It was this thread's own work, and not the disk or another program. */
  public boolean isCertain() {
    return certain;
  }
}
