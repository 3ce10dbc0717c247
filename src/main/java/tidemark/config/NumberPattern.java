package tidemark.config;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A regular expression for the whole numbers from one to another, for a schema knows ranges of
 * numbers only, not of the digits in a text.
 */
final class NumberPattern {
  private NumberPattern() {}

  /** For numbers from 0 on; zeros in front are let pass. */
  static String of(long least, long most) {
    List<String> parts = new ArrayList<>();
    long from = least;
    for (long to : ends(least, most)) {
      parts.add(digits(Long.toString(from), Long.toString(to)));
      from = to + 1;
    }
    return "0*(?:" + String.join("|", parts) + ")";
  }

  /** Where the range is cut, so that in each piece every digit has a range of its own. */
  private static SortedSet<Long> ends(long least, long most) {
    SortedSet<Long> ends = new TreeSet<>(List.of(most));
    for (long unit = 10; unit <= most * 10; unit *= 10) {
      long nines = least - least % unit + unit - 1;
      long beforeZeros = (most + 1) - (most + 1) % unit - 1;
      if (nines < most) {
        ends.add(nines);
      }
      if (beforeZeros >= least) {
        ends.add(beforeZeros);
      }
    }
    return ends;
  }

  /** Both have the same length. */
  private static String digits(String from, String to) {
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < from.length(); i++) {
      char low = from.charAt(i);
      char high = to.charAt(i);
      pattern.append(low == high ? String.valueOf(low) : "[" + low + "-" + high + "]");
    }
    return pattern.toString();
  }
}
