package tidemark.change;

/** How far a database has read the ledger: the number and the hash of the last entry applied. */
public record Position(long number, String hash) {
  /** Before the first entry. */
  public static final Position START = new Position(0, "");
}
