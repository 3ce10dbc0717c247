package tidemark.control;

import tidemark.change.Failure;
import tidemark.change.JsonObject;

/** Why a request was not answered, as RFC 9457 has it, with the exit code a command would have. */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** As a command would end. */
  private static final int BUG = 70;

  /** A change of the config that is to be asked about first. */
  private static final String SETTLING = "urn:tidemark:settling";

  private final String type;
  private final int status;
  private final String hint;
  private final int code;

  Problem(int status, String what, String hint) {
    this(status, what, hint, Failure.USAGE);
  }

  private Problem(int status, String what, String hint, int code) {
    this("about:blank", status, what, hint, code);
  }

  private Problem(String type, int status, String what, String hint, int code) {
    super(what, null, false, false);
    this.type = type;
    this.status = status;
    this.hint = hint;
    this.code = code;
  }

  static Problem of(Failure failure) {
    int status =
        switch (failure.exitCode()) {
          case Failure.USAGE -> 400;
          case Failure.BUSY, Failure.REFUSED -> 409;
          case Failure.OFFLINE -> 503;
          default -> 500;
        };
    return new Problem(status, failure.whatFailed(), failure.hint(), failure.exitCode());
  }

  /** It is no bug, and nothing is wrong with share or data. */
  static Problem ending() {
    return new Problem(
        503,
        "Tidemark is stopping",
        "What is under way comes to its end. `tidemark run` starts it again.",
        Failure.BUSY);
  }

  static Problem settling(String what) {
    return new Problem(
        SETTLING,
        409,
        what,
        "Nothing was changed. Choose first, or send it again without asking; the losers are kept.",
        Failure.USAGE);
  }

  static Problem bug(RuntimeException e) {
    return new Problem(500, "unexpected " + e, "This is a bug; the log has more.", BUG);
  }

  int status() {
    return status;
  }

  String text() {
    String title = String.valueOf(getMessage());
    return new JsonObject()
        .put("type", type)
        .put("title", title)
        .put("status", status)
        .put("detail", hint)
        .put("error", JsonObject.of(new Failure(code, title, hint)))
        .text();
  }
}
