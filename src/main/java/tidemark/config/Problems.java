package tidemark.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import tidemark.change.Failure;

/** Collects everything that is wrong with a config, so that it is reported at once. */
final class Problems {
  private record Problem(Place place, String key, String what) {
    Path file() {
      return place.file();
    }

    int line() {
      return place.line();
    }

    @Override
    public String toString() {
      return place + ": " + (key.isEmpty() ? "" : key + ": ") + what;
    }
  }

  private final List<Problem> found = new ArrayList<>();

  void add(Place place, String key, String what) {
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
  void raise(String wayOut) {
    if (found.isEmpty()) {
      return;
    }
    boolean one = found.size() == 1;
    String all =
        found.stream()
            .sorted(Comparator.comparing(Problem::file).thenComparing(Problem::line))
            .map(Problem::toString)
            .collect(Collectors.joining(";\n  "));
    throw new Failure(
        Failure.USAGE,
        one ? all : "The config has " + found.size() + " problems:\n  " + all,
        (one ? "Correct it" : "Correct them")
            + ", then run `tidemark config check`"
            + wayOut
            + ".");
  }
}
