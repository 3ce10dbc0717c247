package tidemark.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import tidemark.change.Failure;

/** Collects everything that is wrong with a config, so that it is reported at once. */
final class Problems {
  private static final int MOST_TOLD = 50;
  private static final int LONG = 600;

  private record Problem(Whereabouts place, String key, String what) {
    Path file() {
      return place.file();
    }

    int line() {
      return place.line();
    }

    @Override
    public String toString() {
      return place + ": " + (key.isEmpty() ? "" : shortened(key) + ": ") + shortened(what);
    }
  }

  /** Without the middle, which is a value that nobody wants to read again. */
  private static String shortened(String text) {
    int half = LONG / 2;
    return text.length() <= LONG
        ? text
        : text.substring(0, half) + " ... " + text.substring(text.length() - half);
  }

  private final List<Problem> found = new ArrayList<>();

  void add(Whereabouts place, String key, String what) {
    found.add(new Problem(place, key, what));
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** Something is wrong with this key, with one above or below it, or with a whole file. */
  boolean about(String key) {
    return found.stream()
        .map(Problem::key)
        .anyMatch(
            other ->
                other.isEmpty()
                    || (other + ".").startsWith(key + ".")
                    || key.startsWith(other + "."));
  }

  /** Throws if there is any; the first line says it all or how much there is. */
  void raise() {
    if (found.isEmpty()) {
      return;
    }
    boolean one = found.size() == 1;
    String all =
        found.stream()
            .sorted(Comparator.comparing(Problem::file).thenComparing(Problem::line))
            .limit(MOST_TOLD)
            .map(Problem::toString)
            .collect(Collectors.joining(";\n  "));
    int more = found.size() - MOST_TOLD;
    throw new Failure(
        Failure.USAGE,
        one
            ? all
            : "The config has "
                + found.size()
                + " problems:\n  "
                + all
                + (more > 0 ? ";\n  and " + more + " more" : ""),
        (one ? "Correct it" : "Correct them") + ", then run `tidemark config check`.");
  }
}
