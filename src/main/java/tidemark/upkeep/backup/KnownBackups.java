package tidemark.upkeep.backup;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What is known of them beyond that: by name how they were found, and the last trial restore. */
public record KnownBackups(Map<String, Examined> checks, Optional<Rehearsed> rehearsal) {
  public Set<String> damaged() {
    Map<String, Examined> damaged = new TreeMap<>(checks);
    damaged.values().removeIf(check -> check.damage() == null);
    return damaged.keySet();
  }
}
