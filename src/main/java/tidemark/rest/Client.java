package tidemark.rest;

import tidemark.serve.AccessKey;
import tidemark.serve.RefusedException;

/**
 * A program, told from others by its key and where it asks from.
 *
 * @param address as far as it is known
 */
record Client(AccessKey key, String address) {
  private static final char BETWEEN = '\u001f';

  void mustSee(String table) {
    if (!key.sees(table)) {
      throw RefusedException.forbidden(
          "this key is not for the table " + Shown.of(table), "Ask for one that is.");
    }
  }

  void mustWrite(String table) {
    mustSee(table);
    if (!key.mayWrite()) {
      throw RefusedException.forbidden("this key may only read", "Ask for one that may write.");
    }
  }

  String user() {
    return key.user();
  }

  /** As it is remembered. */
  String who() {
    return sameKey() + address;
  }

  /** How all begin that ask with this key. */
  String sameKey() {
    return sameUser() + key.id() + BETWEEN;
  }

  /** How all begin that ask with any key of this user's. */
  String sameUser() {
    return key.user() + BETWEEN;
  }
}
