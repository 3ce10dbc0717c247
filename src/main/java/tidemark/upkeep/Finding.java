package tidemark.upkeep;

import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;

/**
 * What one check of the doctor's found.
 *
 * @param todo null where all is well
 */
public record Finding(String check, Health health, String what, @Nullable String todo) {
  /** How bad it is. */
  public enum Health {
    WELL,
    /** Goes on working, but somebody should look at it. */
    WARNING,
    /** Something does not work. */
    BAD
  }

  public static Finding well(String check, String what) {
    return new Finding(check, Health.WELL, what, null);
  }

  public static Finding warning(String check, String what, String todo) {
    return new Finding(check, Health.WARNING, what, todo);
  }

  public static Finding bad(String check, String what, String todo) {
    return new Finding(check, Health.BAD, what, todo);
  }

  static Finding bad(String check, Failure failure) {
    return bad(check, failure.whatFailed(), failure.hint());
  }
}
