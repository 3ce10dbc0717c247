package tidemark.upkeep;

import java.util.Locale;

/** Bytes as people read them. */
public final class ByteCount {
  private static final String[] UNITS = {"bytes", "KB", "MB", "GB", "TB"};

  private ByteCount() {}

  public static String text(long bytes) {
    double size = bytes;
    int unit = 0;
    while (size >= 1_000 && unit < UNITS.length - 1) {
      size /= 1_000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 || size >= 10 ? "%.0f" : "%.1f", size)
        + " "
        + UNITS[unit];
  }
}
