package tidemark.say;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Numbers and names as people read them. */
public final class Words {
  private Words() {}

  /** `1 row`, `3 rows`, `12,000 rows`. */
  public static String count(long number, String thing) {
    return String.format(Locale.ROOT, "%,d %s%s", number, thing, number == 1 ? "" : "s");
  }

  /** `components 2, quotes 5`. */
  public static String perTable(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .map(table -> String.format(Locale.ROOT, "%s %,d", table.getKey(), table.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** `0.34s`. */
  public static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.2fs", millis / 1000.0);
  }
}
