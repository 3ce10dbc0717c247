package tidemark.testing;

import java.io.IOException;
import java.nio.file.Path;
import tidemark.ledger.ShareFiles;
import tidemark.ledger.ShareFiles.Operation;

/**
 * Counts the operations on the share and breaks the one it was told to: the process dies there, or
 * the share reports a failure, before the operation happened or after it did.
 */
public final class Saboteur implements ShareFiles.Tap {
  public enum Blow {
    NONE,
    KILL,
    FAIL,
    /** This and all later operations fail: the cable is out. */
    CUT
  }

  private final Blow blow;
  private final int point;
  private int points;
  private boolean struck;

  private Saboteur(Blow blow, int point) {
    this.blow = blow;
    this.point = point;
  }

  /** Only counts. */
  public static Saboteur counting() {
    return new Saboteur(Blow.NONE, -1);
  }

  /**
   * @param point even: before the operation number point/2, odd: after it
   */
  public static Saboteur at(Blow blow, int point) {
    return new Saboteur(blow, point);
  }

  /** Twice the number of operations: each can be broken before and after it happened. */
  public int points() {
    return points;
  }

  public boolean struck() {
    return struck;
  }

  @Override
  public void before(Operation operation, Path path) throws IOException {
    point(operation, path);
  }

  @Override
  public void after(Operation operation, Path path) throws IOException {
    point(operation, path);
  }

  /** For what is no operation on the share but a commit all the same. */
  public void passed(String what) {
    if (struck && blow == Blow.KILL) {
      throw new Kill(what);
    }
  }

  private void point(Operation operation, Path path) throws IOException {
    boolean now = points++ == point;
    if (!now && !(struck && blow != Blow.FAIL)) {
      return;
    }
    struck = true;
    if (blow == Blow.KILL) {
      throw new Kill(operation + " " + path);
    }
    throw new IOException("the network name is no longer available: " + operation + " " + path);
  }
}
