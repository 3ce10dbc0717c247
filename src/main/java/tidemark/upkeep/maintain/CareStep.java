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
public record CareStep(
    String name, String did, long removed, long savedBytes, @Nullable Failure refused) {

  static CareStep done(String name, String did) {
    return new CareStep(name, did, 0, 0, null);
  }

  static CareStep removed(String name, String what, long removed) {
    return new CareStep(
        name, removed == 0 ? "nothing to remove" : removed + " " + what, removed, 0, null);
  }

  static CareStep refused(String name, Failure why) {
    return new CareStep(name, why.whatFailed(), 0, 0, why);
  }
}
