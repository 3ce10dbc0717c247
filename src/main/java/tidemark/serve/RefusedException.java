package tidemark.serve;

import tidemark.change.Failure;

/** What is asked is not answered, whoever may be at fault: an HTTP status, and why in words. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final transient Failure failure;

  private RefusedException(int status, String what, String hint) {
    super(what, null, false, false);
    this.status = status;
    this.failure = new Failure(Failure.USAGE, what, hint);
  }

  /** The question is none. */
  static RefusedException wrong(String what, String hint) {
    return new RefusedException(400, what, hint);
  }

  /** Who asks is known, and may not. */
  static RefusedException forbidden(String what, String hint) {
    return new RefusedException(403, what, hint);
  }

  static RefusedException notThere(String what) {
    return new RefusedException(404, what, "See docs/SERVER.md.");
  }

  /** More was sent than anything that is taken here has. */
  static RefusedException tooLarge(int most) {
    return new RefusedException(
        413, "more than " + most + " bytes were sent", "Send less at once.");
  }

  int status() {
    return status;
  }

  Failure failure() {
    return failure;
  }
}
