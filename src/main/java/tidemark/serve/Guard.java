package tidemark.serve;

/**
 * Who is let in: with a key that opens what is asked for, and not more often than one may ask.
 *
 * <p>Threading: any.
 */
public final class Guard {
  private final AccessKeys keys;
  private final Rates rates;

  Guard(AccessKeys keys, Rates rates) {
    this.keys = keys;
    this.rates = rates;
  }

  /** Whose key this is; whatever is wrong with it, the answer is the same. */
  public AccessKey require(String presented, String database) {
    AccessKey key =
        keys.check(presented)
            .filter(found -> found.opens(database))
            .orElseThrow(RefusedException::closed);
    long wait = rates.secondsUntilNext(key.id());
    if (wait > 0) {
      throw RefusedException.tooOften(wait);
    }
    return key;
  }

  /** The same for who was let in and had to wait. */
  AccessKey again(String presented) {
    return keys.check(presented).orElseThrow(RefusedException::closed);
  }

  /** Whether one that was let in still would be, for answers that take long. */
  public boolean stands(AccessKey key) {
    return keys.stands(key);
  }

  /** What is not lent gets the same answer as a wrong key. */
  public RefusedException closed() {
    return RefusedException.closed();
  }
}
