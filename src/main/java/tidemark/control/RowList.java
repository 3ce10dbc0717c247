package tidemark.control;

import java.util.List;

/**
 * Rows of one answer, told one after the other. However many and large they are, an answer takes a
 * small part of the memory, since others ask at the same time.
 */
final class RowList {
  private static final long MOST = Runtime.getRuntime().maxMemory() / 24;

  private long length;

  /** What is told of one more of them, as JSON. */
  String fitting(String row) {
    length += row.length();
    if (length > MOST) {
      throw new Problem(
          400,
          "the answer would take more than " + (MOST >> 20) + " MB",
          "Ask for fewer rows with `last`, or with `most` for the beginnings of long values.");
    }
    return row;
  }

  static String json(List<String> rows) {
    return "[" + String.join(",", rows) + "]";
  }
}
