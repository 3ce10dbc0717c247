package tidemark.change;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Which way a run carries changes. */
public enum Direction {
  BOTH,
  PUSH,
  PULL;

  public static Optional<Direction> parse(String word) {
    return Arrays.stream(values()).filter(value -> value.word().equals(word)).findFirst();
  }

  /** As it is written in the config and on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean pushes() {
    return this != PULL;
  }

  public boolean pulls() {
    return this != PUSH;
  }
}
