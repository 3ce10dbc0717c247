package tidemark.replica;

/**
 * A trigger of the application's stands in the way where no row can be held for it: it rolled back
 * the whole transaction, or refused a row that had to step aside. All is done again without it.
 */
public final class RefusedByTrigger extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String table;

  RefusedByTrigger(String table, String why) {
    super(why);
    this.table = table;
  }

  public String table() {
    return table;
  }

  public String why() {
    return String.valueOf(getMessage());
  }
}
