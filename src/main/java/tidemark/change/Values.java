package tidemark.change;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * SQLite's values as Java objects: null, Long, Double, String, {@link RawText} and byte[]. Two
 * values are the same only if storage class and bits agree, as SQLite itself keeps them.
 */
public final class Values {
  private Values() {}

  public static boolean same(@Nullable Object one, @Nullable Object other) {
    if (one == null || other == null) {
      return one == other;
    }
    if (one instanceof byte[] a) {
      return other instanceof byte[] b && Arrays.equals(a, b);
    }
    return one.equals(other);
  }
}
