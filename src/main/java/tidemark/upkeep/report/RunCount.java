package tidemark.upkeep.report;

/**
 * What some runs came to.
 *
 * @param offline how many did not reach the share
 * @param errors how many failed for another reason
 * @param medianMs how long those took that got through, whole or in part; 0 where none did
 * @param p95Ms 95 of 100 of them took no longer
 */
public record RunCount(
    long runs,
    long success,
    long partial,
    long offline,
    long errors,
    long pulled,
    long pushed,
    long conflicts,
    long medianMs,
    long p95Ms) {
  public static final RunCount NONE = new RunCount(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** How many did not get through. */
  public long failed() {
    return offline + errors;
  }
}
