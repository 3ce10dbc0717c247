package tidemark.upkeep.health;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is to be told about a finding: once, and again only when it got worse, is well again, or
 * came back.
 */
public record HealthChange(Kind kind, Finding finding) {
  /** What happened to it. */
  public enum Kind {
    FOUND,
    WORSE,
    WELL,
    /** Nothing: somebody wants to see whether messages arrive. */
    TEST;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Remembers in the record what it says is to be told. */
  static List<HealthChange> of(HealthRecord record, List<Finding> findings) {
    List<HealthChange> news = new ArrayList<>();
    Set<String> seenBefore = Set.copyOf(record.unsure);
    record.unsure.clear();
    for (Finding finding : findings) {
      if (finding.isTrouble()) {
        Finding told = record.told.get(finding.id());
        boolean worse = told == null || finding.health().compareTo(told.health()) > 0;
        if (worse && finding.mayPass() && !seenBefore.contains(finding.id())) {
          record.unsure.add(finding.id());
        } else if (worse) {
          record.told.put(finding.id(), finding);
          news.add(new HealthChange(told == null ? Kind.FOUND : Kind.WORSE, finding));
        }
      }
    }
    news.addAll(over(record, findings));
    return news;
  }

  /** A check that was not made, or could not be, says nothing about what it found before. */
  private static List<HealthChange> over(HealthRecord record, List<Finding> findings) {
    Set<String> present =
        findings.stream().filter(Finding::isTrouble).map(Finding::id).collect(Collectors.toSet());
    Map<String, List<Finding>> byCheck =
        findings.stream().collect(Collectors.groupingBy(Finding::check));
    List<HealthChange> news = new ArrayList<>();
    for (Finding told : List.copyOf(record.told.values())) {
      List<Finding> now = byCheck.getOrDefault(told.check(), List.of());
      boolean couldNotBeMade =
          now.stream().anyMatch(finding -> finding.isTrouble() && finding.about() == null);
      if (!now.isEmpty() && !couldNotBeMade && !present.contains(told.id())) {
        record.told.remove(told.id());
        String what =
            now.stream()
                .filter(finding -> !finding.isTrouble())
                .map(Finding::what)
                .findFirst()
                .orElse("it is no more: " + told.what());
        news.add(
            new HealthChange(
                Kind.WELL,
                new Finding(told.check(), told.about(), Finding.Health.WELL, what, null, false)));
      }
    }
    return news;
  }
}
