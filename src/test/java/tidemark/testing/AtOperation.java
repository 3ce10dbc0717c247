package tidemark.testing;

import java.io.IOException;
import java.nio.file.Path;
import tidemark.share.ShareFiles;

/** Does something to the share right before or after its operation of a certain number. */
public final class AtOperation implements ShareFiles.Tap {
  private final int point;
  private final Deed deed;
  private int points;

  /** What is done to the share. */
  @FunctionalInterface
  public interface Deed {
    void run() throws Exception;
  }

  /**
   * @param point even: before the operation number point/2, odd: after it
   */
  public AtOperation(int point, Deed deed) {
    this.point = point;
    this.deed = deed;
  }

  public boolean done() {
    return points > point;
  }

  /** Nothing was asked of the share afterwards. */
  public boolean wasLast() {
    return points == point + 1;
  }

  @Override
  public void before(ShareFiles.Operation operation, Path path) throws IOException {
    point();
  }

  @Override
  public void after(ShareFiles.Operation operation, Path path) throws IOException {
    point();
  }

  private void point() throws IOException {
    if (points++ == point) {
      try {
        deed.run();
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
