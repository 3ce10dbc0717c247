package tidemark.app;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tidemark.change.HealthLimits;
import tidemark.look.Fleet.Member;
import tidemark.say.Words;

/** What is wrong with each workstation of a fleet, in words for people. */
final class FleetProblems {
  private final HealthLimits limits;
  private final Instant now;
  private final boolean hasVersions;
  private final String newest;

  FleetProblems(List<Member> fleet, HealthLimits limits, Instant now) {
    this.limits = limits;
    this.now = now;
    this.newest =
        fleet.stream()
            .map(Member::version)
            .filter(Objects::nonNull)
            .max(FleetProblems::compare)
            .orElse("");
    this.hasVersions = !newest.isEmpty();
  }

  List<String> of(Member one) {
    List<String> problems = new ArrayList<>();
    Long seen = one.lastSeen();
    Duration silence =
        seen == null ? Duration.ZERO : Duration.between(Instant.ofEpochMilli(seen), now);
    if (silence.compareTo(limits.silentAfter()) > 0) {
      problems.add("silent for " + Words.count(silence.toDays(), "day"));
    }
    if ("error".equals(one.lastStatus())) {
      problems.add("its last run failed" + (one.lastError() == null ? "" : ": " + one.lastError()));
    }
    if (one.held() > 0) {
      problems.add(Words.count(one.held(), "row") + " held back");
    }
    long skew = Math.abs(one.skewMs()) / 1000;
    if (skew > limits.clockSkew().toSeconds()) {
      problems.add("its clock is wrong by " + Words.count(skew, "second"));
    }
    String version = one.version();
    if (hasVersions && version != null && compare(version, newest) < 0) {
      problems.add("has version " + version + ", others " + newest);
    }
    return problems;
  }

  /** 1.10 is newer than 1.9. */
  private static int compare(String one, String other) {
    String[] left = one.split("[.-]");
    String[] right = other.split("[.-]");
    for (int i = 0; i < Math.max(left.length, right.length); i++) {
      int order = part(left, i) - part(right, i);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int part(String[] parts, int i) {
    return i < parts.length && parts[i].matches("\\d{1,6}") ? Integer.parseInt(parts[i]) : 0;
  }
}
