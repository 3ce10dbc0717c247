package tidemark.change;

import java.util.Locale;

/** Bytes as people read them. */
public final class ByteCount {
  private static final String[] UNITS = {"bytes", "KB", "MB", "GB", "TB"};

  private ByteCount() {}

  /** `812 bytes`, `1.4 MB`, `38 MB`, in steps of 1000 as disks are sold. */
  public static String text(long bytes) {
    double size = bytes;
    int unit = 0;
    while (size >= 999.5 && unit < UNITS.length - 1) {
      size /= 1_000;
      unit++;
    }
    String number = String.format(Locale.ROOT, unit == 0 || size >= 9.95 ? "%.0f" : "%.1f", size);
    return number + " " + (bytes == 1 ? "byte" : UNITS[unit]);
  }
}
