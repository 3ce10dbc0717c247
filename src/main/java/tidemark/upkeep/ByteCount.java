package tidemark.upkeep;

import java.util.Locale;

/** Bytes as people read them. */
final class ByteCount {
  private static final double KILO = 1e3;
  private static final double MEGA = 1e6;

  private ByteCount() {}

  static String text(long bytes) {
    return bytes < MEGA
        ? "%.0f KB".formatted(bytes / KILO)
        : String.format(Locale.ROOT, "%.1f MB", bytes / MEGA);
  }
}
