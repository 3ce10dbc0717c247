package tidemark.say;

import java.util.ArrayList;
import java.util.List;

/** What a run moved, in one line. */
public final class MovedText {
  private MovedText() {}

  public static String text(int pulled, int pushed, int conflicts, int held) {
    List<String> parts = new ArrayList<>();
    if (pulled > 0) {
      parts.add(Words.count(pulled, "row") + " pulled");
    }
    if (pushed > 0) {
      parts.add(Words.count(pushed, "row") + " pushed");
    }
    if (conflicts > 0) {
      parts.add(Words.count(conflicts, "conflict"));
    }
    if (held > 0) {
      parts.add(held + " held back");
    }
    return parts.isEmpty() ? "nothing to carry" : String.join(", ", parts);
  }
}
