package tidemark.change;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Who wins where a pending edit meets somebody else's change of the same row. */
public enum ConflictRule {
  /** The later change time; on a tie the ledger's row. */
  NEWEST,
  /** The ledger's row. */
  MASTER,
  /** The pending row. */
  LOCAL,
  /** Nobody until a person decides. */
  MANUAL;

  public static Optional<ConflictRule> parse(String word) {
    return Arrays.stream(values()).filter(value -> value.word().equals(word)).findFirst();
  }

  /** As it is written in the config and on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
