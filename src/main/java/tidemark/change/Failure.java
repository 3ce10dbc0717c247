package tidemark.change;

import org.jspecify.annotations.Nullable;

/**
 * The one exception that crosses packages: what failed, what to do next, and with which exit code
 * the program ends if nobody can do better.
 */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Finished, with something held back or failed. */
  public static final int INCOMPLETE = 1;

  /** Wrong usage or config. */
  public static final int USAGE = 2;

  /** The share cannot be reached. */
  public static final int OFFLINE = 3;

  /** Somebody else is at it and did not finish in time. */
  public static final int BUSY = 4;

  /** Damaged, foreign or too new data, refused. */
  public static final int REFUSED = 5;

  /** What nobody foresaw. */
  public static final int BUG = 70;

  private final int exitCode;
  private final String hint;

  public Failure(int exitCode, String message, String hint) {
    this(exitCode, message, hint, null);
  }

  public Failure(int exitCode, String message, String hint, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
    this.hint = hint;
  }

  public int exitCode() {
    return exitCode;
  }

  /** One line of what to do about it; empty where there is nothing to do. */
  public String hint() {
    return hint;
  }

  /** The same run may well succeed later, without anybody's help. */
  public boolean retryable() {
    return exitCode == OFFLINE || exitCode == BUSY;
  }

  public String whatFailed() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  /** What failed and what to do, in one line. */
  public String told() {
    return hint.isBlank() ? whatFailed() : whatFailed() + ". " + hint;
  }
}
