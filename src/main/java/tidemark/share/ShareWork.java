package tidemark.share;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Something done with files. */
@FunctionalInterface
public interface ShareWork<T extends @Nullable Object> {
  T run() throws IOException;
}
