package tidemark.change;

import java.nio.file.Path;
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

  /** The file that cannot be used as it is; null where it is about something else. */
  private final @Nullable String unusable;

  private final boolean damage;

  /** Where the ledger is now that was asked for here; null where it is about something else. */
  private final @Nullable String movedTo;

  public Failure(int exitCode, String message, String hint) {
    this(exitCode, message, hint, null);
  }

  public Failure(int exitCode, String message, String hint, @Nullable Throwable cause) {
    this(exitCode, message, hint, cause, null, false, null);
  }

  private Failure(
      int exitCode,
      String message,
      String hint,
      @Nullable Throwable cause,
      @Nullable String unusable,
      boolean damage,
      @Nullable String movedTo) {
    super(message, cause);
    this.exitCode = exitCode;
    this.hint = hint;
    this.unusable = unusable;
    this.damage = damage;
    this.movedTo = movedTo;
  }

  /** A file that SQLite cannot read as a database. */
  public static Failure ofDamage(String file, @Nullable Throwable cause) {
    return new Failure(
        REFUSED,
        file + " is damaged or not a SQLite database",
        "restore it from a backup; nothing was changed",
        cause,
        file,
        true,
        null);
  }

  /** Of another program, of a later one, or no file at all: nothing is to be written there. */
  public static Failure ofOthers(
      int exitCode, String file, String whatItIs, String hint, @Nullable Throwable cause) {
    return new Failure(exitCode, file + whatItIs, hint, cause, file, false, null);
  }

  /** The ledger was carried to another place, as the one before says. */
  public static Failure ofMove(String place, String movedTo) {
    return new Failure(
        USAGE,
        "the " + place + " was moved to " + movedTo,
        "Set `master: "
            + movedTo
            + "` for this database in the config"
            + (movedTo.contains("://") ? ", and `key:` to a key of that server" : "")
            + "; edits stay here until then.",
        null,
        null,
        false,
        movedTo);
  }

  /** The place to which the ledger was moved that was asked for; null where it is as ever. */
  public @Nullable String movedTo() {
    return movedTo;
  }

  public boolean isDamage() {
    return damage;
  }

  /** It is not to be written into this file, nor can that be. */
  public boolean forbids(Path file) {
    return file.toString().equals(unusable);
  }

  /** The same, said by who knows better what to do. */
  public Failure withHint(String known) {
    return new Failure(exitCode, whatFailed(), known, this, unusable, damage, movedTo);
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
