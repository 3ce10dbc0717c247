package tidemark.serve;

import java.util.Map;
import tidemark.change.Failure;

/** What is asked is not answered, whoever may be at fault: an HTTP status, and why in words. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final transient Failure failure;
  private final transient Map<String, String> headers;

  private RefusedException(int status, String what, String hint, Map<String, String> headers) {
    super(what, null, false, false);
    this.status = status;
    this.failure = new Failure(Failure.USAGE, what, hint);
    this.headers = headers;
  }

  /** With this HTTP status. */
  public static RefusedException with(int status, String what, String hint) {
    return new RefusedException(status, what, hint, Map.of());
  }

  /** The question is none. */
  public static RefusedException wrong(String what, String hint) {
    return with(400, what, hint);
  }

  /** Who asks is known, and may not. */
  public static RefusedException forbidden(String what, String hint) {
    return with(403, what, hint);
  }

  public static RefusedException notThere(String what) {
    return with(404, what, "See docs/SERVER.md.");
  }

  /** A wrong key, one that is no more, and what is not lent get the same answer. */
  static RefusedException closed() {
    return new RefusedException(
        401,
        "this key opens nothing here",
        "Check the address and the key; whoever runs the server sees both with `tidemark key list`.",
        Map.of("WWW-Authenticate", "Bearer"));
  }

  static RefusedException tooOften(long seconds) {
    return new RefusedException(
        429,
        "this key asks too often",
        "Ask again in " + seconds + " s, and less often.",
        Map.of("Retry-After", Long.toString(seconds)));
  }

  /** What cannot be done now, and may be in so many seconds. */
  public static RefusedException later(String what, String hint, long seconds) {
    return new RefusedException(503, what, hint, Map.of("Retry-After", Long.toString(seconds)));
  }

  /** More was sent than anything that is taken here has. */
  static RefusedException tooLarge(int most) {
    return with(413, "more than " + most + " bytes were sent", "Send less at once.");
  }

  public int status() {
    return status;
  }

  public Failure failure() {
    return failure;
  }

  Map<String, String> headers() {
    return headers;
  }
}
