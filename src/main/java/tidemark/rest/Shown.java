package tidemark.rest;

/** What came from outside, short, and without what could take a log or a terminal in. */
final class Shown {
  private static final int MOST = 60;

  private Shown() {}

  static String of(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() > MOST ? plain.substring(0, MOST) + "…" : plain;
  }
}
