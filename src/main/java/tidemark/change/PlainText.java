package tidemark.change;

/**
 * Text as it may reach a terminal. Names and values are anybody's who can write to the share, and a
 * terminal obeys what it is shown.
 *
 * <p>Guarantee: what would control it, or show text in another order than it stands, is an escape
 * as in JSON, so that JSON means the same as before.
 */
public final class PlainText {
  private PlainText() {}

  /** One line, whatever is in it. */
  public static String line(String text) {
    return escaped(text, false);
  }

  /** One line or several. */
  public static String lines(String text) {
    return escaped(text, true);
  }

  private static String escaped(String text, boolean mayEndLines) {
    if (text.chars().noneMatch(PlainText::isControl)) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length() + 20);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean ends =
          c == '\n' || (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n');
      if (!isControl(c) || (ends && mayEndLines)) {
        plain.append(c);
      } else {
        plain.append(
            switch (c) {
              case '\n' -> "\\n";
              case '\r' -> "\\r";
              default -> String.format("\\u%04x", (int) c);
            });
      }
    }
    return plain.toString();
  }

  /** Controls, separators of lines, and marks that turn the direction of text. */
  private static boolean isControl(int c) {
    return (Character.isISOControl(c) && c != '\t')
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069);
  }
}
