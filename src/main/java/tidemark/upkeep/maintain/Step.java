package tidemark.upkeep.maintain;

import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;

/**
 * One thing that maintenance did to a file, or why it did not.
 *
 * @param did in words
 * @param removed rows, entries or indexes that are gone now
 * @param savedBytes by which the file is smaller
 * @param refused null if it was done, or did not need to be
 */
public record Step(
    String name, String did, long removed, long savedBytes, @Nullable Failure refused) {

  static Step done(String name, String did) {
    return new Step(name, did, 0, 0, null);
  }

  static Step removed(String name, String what, long removed) {
    return new Step(
        name, removed == 0 ? "nothing to remove" : removed + " " + what, removed, 0, null);
  }

  static Step refused(String name, Failure why) {
    return new Step(name, why.whatFailed(), 0, 0, why);
  }
}
