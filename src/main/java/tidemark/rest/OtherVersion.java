package tidemark.rest;

/** The row is another than the one a program wanted to change. */
final class OtherVersion extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Outcome outcome;

  OtherVersion(Outcome outcome) {
    super("another version", null, false, false);
    this.outcome = outcome;
  }

  Outcome outcome() {
    return outcome;
  }
}
