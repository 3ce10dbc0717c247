package tidemark.ledger;

/** The bytes of an entry are not whole, so that whoever kept them may put them back. */
public final class DamagedEntryException extends Exception {
  private static final long serialVersionUID = 1;

  public DamagedEntryException(String message) {
    super(message);
  }
}
