package tidemark.ledger;

import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.RawText;

/**
 * How much of this process's memory one entry takes, and may take: what stands on the share is not
 * trusted, and a few packed bytes may unpack to more than there is.
 *
 * <p>Threading: for one entry.
 */
public final class Room {
  /** About what an object takes besides what it holds. */
  private static final int OBJECT = 48;

  private final long whole = part(3);
  private long taken;

  /** So much of the memory there is. */
  public static long part(int ofHowMany) {
    return Runtime.getRuntime().maxMemory() / ofHowMany;
  }

  void take(long bytes) {
    taken += bytes;
    if (taken > whole) {
      throw exceeded(null);
    }
  }

  /** For something that holds so many others. */
  void takeList(int size) {
    take(OBJECT + 8L * size);
  }

  String text(String text) {
    boolean wide = text.chars().anyMatch(c -> c > 0xff);
    take(OBJECT + (wide ? 2L : 1L) * text.length());
    return text;
  }

  @Nullable Object value(@Nullable Object value) {
    if (value instanceof String text) {
      text(text);
    } else if (value instanceof byte[] blob) {
      take(OBJECT + blob.length);
    } else if (value instanceof RawText raw) {
      take(OBJECT + raw.bytes().length);
    } else if (value != null) {
      take(OBJECT / 2);
    }
    return value;
  }

  static Failure exceeded(@Nullable Throwable cause) {
    return new Failure(
        Failure.REFUSED,
        "an entry of the ledger needs more memory than Tidemark may take here ("
            + (part(1) >> 20)
            + " MB)",
        "Find out who wrote it. If its values are meant to be so large, give more memory: TIDEMARK_JAVA_OPTS=-Xmx2g.",
        cause);
  }
}
