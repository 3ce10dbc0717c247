package tidemark.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import tidemark.share.Pace;
import tidemark.share.ShareFiles;
import tidemark.share.ShareFiles.Operation;

/** A share at the end of a long line: each operation takes its time; they and the bytes count. */
public final class FarShare implements ShareFiles.Tap {
  private final long delay;
  private final AtomicInteger operations = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  /**
   * @param delay of each operation, in milliseconds
   */
  public FarShare(long delay) {
    this.delay = delay;
  }

  public int operations() {
    return operations.get();
  }

  public long bytes() {
    return bytes.get();
  }

  @Override
  public void before(Operation operation, Path path) {
    operations.incrementAndGet();
    Pace.REAL.pause(delay);
  }

  @Override
  public void after(Operation operation, Path path) throws IOException {
    if (operation == Operation.READ || operation == Operation.WRITE) {
      bytes.addAndGet(Files.size(path));
    }
  }
}
