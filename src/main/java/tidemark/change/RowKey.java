package tidemark.change;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The primary key of one row, in the order of its key columns.
 *
 * <p>SQLite holds 1 and 1.0 for the same key, so whole doubles count as integers here; the row
 * itself keeps what was stored.
 */
public final class RowKey {
  private final Object[] parts;
  private final int hash;

  private RowKey(Object[] parts) {
    this.parts = parts;
    this.hash = Arrays.deepHashCode(parts);
  }

  public static RowKey of(@Nullable Object... parts) {
    Object[] normal = new Object[parts.length];
    for (int i = 0; i < parts.length; i++) {
      Object part = parts[i];
      if (part == null) {
        throw new IllegalArgumentException("a key has no NULL");
      }
      normal[i] = normal(part);
    }
    return new RowKey(normal);
  }

  private static Object normal(Object part) {
    if (part instanceof Double d) {
      long whole = d.longValue();
      if (whole == d && Math.abs(whole) < 1L << 53) {
        return whole;
      }
    } else if (part instanceof Integer i) {
      return i.longValue();
    }
    return part;
  }

  public int size() {
    return parts.length;
  }

  public Object part(int i) {
    return parts[i];
  }

  /** The parts to bind to a statement; not to be written to. */
  public Object[] parts() {
    return parts;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RowKey that
        && hash == that.hash
        && Arrays.deepEquals(parts, that.parts);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** As people read it: Q1, or (Q1, 3). */
  @Override
  public String toString() {
    List<String> words = Arrays.stream(parts).map(RowKey::word).toList();
    return words.size() == 1 ? words.get(0) : "(" + String.join(", ", words) + ")";
  }

  private static String word(Object part) {
    return part instanceof byte[] b
        ? "x'" + java.util.HexFormat.of().formatHex(b) + "'"
        : String.valueOf(part);
  }
}
