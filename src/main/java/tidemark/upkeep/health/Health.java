package tidemark.upkeep.health;

import java.util.List;

/**
 * What the last look found.
 *
 * @param at when it was, in milliseconds; 0: never
 */
public record Health(long at, List<Finding> findings) {
  public static final Health UNKNOWN = new Health(0, List.of());

  public Health {
    findings = List.copyOf(findings);
  }

  /** What somebody has to look at. */
  public List<Finding> troubles() {
    return findings.stream().filter(Finding::isTrouble).toList();
  }
}
