package tidemark.share;

import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log every operation on the share, for whoever asks for that much. */
public final class OperationLog implements ShareFiles.Tap {
  private static final Logger LOG = LoggerFactory.getLogger(OperationLog.class);

  @Override
  public void before(ShareFiles.Operation operation, Path path) {
    LOG.trace("{} {} ...", operation, path);
  }

  @Override
  public void after(ShareFiles.Operation operation, Path path) {
    LOG.debug("{} {}", operation, path);
  }
}
