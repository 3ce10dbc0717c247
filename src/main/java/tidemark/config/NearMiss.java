package tidemark.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses what was meant by a word that is not known. */
final class NearMiss {
  /** No key is as long, and comparing costs by length. */
  private static final int LONG = 100;

  private NearMiss() {}

  /** The nearest of the words, if it is near enough to be a slip. */
  static Optional<String> of(String word, Collection<String> known) {
    if (word.length() > LONG) {
      return Optional.empty();
    }
    String plain = plain(word);
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(plain, plain(candidate))))
        .filter(nearest -> distance(plain, plain(nearest)) <= allowed(plain, plain(nearest)));
  }

  /** Ready to follow what is wrong: "; did you mean x?", or nothing. */
  static String hint(String word, Collection<String> known) {
    return of(word, known).map(nearest -> "; did you mean " + nearest + "?").orElse("");
  }

  private static int allowed(String word, String candidate) {
    return Math.min(2, Math.min(word.length(), candidate.length()) / 2);
  }

  /** on_start, on-start and onstart are the same slip. */
  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replaceAll("[_\\- ]", "");
  }

  /** Insertions, deletions, changes and swapped neighbours count one each. */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(a, b, i, j, cost);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int step(String a, String b, int i, int j, int[][] cost) {
    int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int least =
        Math.min(
            Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, // one more or one less
            cost[i - 1][j - 1] + change);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
  }
}
