package tidemark.testing;

/** The process is gone from here on: nothing on the way out can touch the share any more. */
public final class Kill extends Error {
  private static final long serialVersionUID = 1;

  public Kill(String where) {
    super(where, null, false, false);
  }
}
