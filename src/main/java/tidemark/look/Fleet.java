package tidemark.look;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;
import tidemark.run.LocalDatabase;
import tidemark.run.OwnFile;
import tidemark.run.Plan;

/** Everybody who syncs with this ledger, as far as their files on the share tell. */
public final class Fleet {
  private final Plan plan;
  private final Ledger ledger;

  public Fleet(Plan plan, Ledger ledger) {
    this.plan = plan;
    this.ledger = ledger;
  }

  /**
   * One workstation as it last told of itself.
   *
   * @param id what its file is called
   * @param self it is this one
   * @param version null where it does not say
   * @param lastSeen milliseconds; null where that cannot be read
   * @param position the last entry any of its tables has read
   * @param behind how many have come since
   * @param skewMs by how much its clock was ahead of the share's
   * @param held rows it could not settle
   * @param lastSync when the last of its runs began that got through, as in sync_log
   * @param lastStatus how its last run ended
   * @param lastError what was wrong in its last run
   */
  public record Member(
      String id,
      boolean self,
      String user,
      String workstation,
      @Nullable String version,
      @Nullable String os,
      @Nullable Long lastSeen,
      long position,
      long behind,
      long skewMs,
      long held,
      @Nullable String lastSync,
      @Nullable String lastStatus,
      @Nullable String lastError) {}

  /** By name; fails where the share cannot be reached. */
  public List<Member> workstations() {
    long head = new Status(plan, ledger).sight().ledgerHead();
    String own = own();
    return ledger.published(Long.MIN_VALUE).entrySet().stream()
        .map(
            file ->
                workstation(
                    file.getKey(),
                    own.equals(file.getKey()),
                    head,
                    OwnFile.content(file.getKey(), file.getValue())))
        .sorted(
            Comparator.comparing(Member::workstation, String.CASE_INSENSITIVE_ORDER)
                .thenComparing(Member::id))
        .toList();
  }

  /** Empty where this workstation never synced. */
  private String own() {
    Optional<Replica> local = new LocalDatabase(plan).look();
    if (local.isEmpty()) {
      return "";
    }
    try (Replica replica = local.get()) {
      return OwnFile.name(replica);
    }
  }

  /** Takes one that is gone out of the fleet; where it lives, its next run brings it back. */
  public void forget(Member gone) {
    ledger.unpublish(gone.id());
  }

  private static Member workstation(String id, boolean self, long head, Map<?, ?> said) {
    Map<?, ?> last =
        said.get("runs") instanceof List<?> runs
                && !runs.isEmpty()
                && runs.get(0) instanceof Map<?, ?> newest
            ? newest
            : Map.of();
    String name = text(said, "workstation");
    String user = text(said, "user");
    long position = number(said, "position");
    return new Member(
        id,
        self,
        user == null ? "" : user,
        name == null ? id : name,
        text(said, "version"),
        text(said, "os"),
        ChangeTime.read(said.get("at")),
        position,
        Math.max(0, head - position),
        number(said, "clockSkewMs"),
        number(said, "held"),
        lastSync(said),
        text(last, "status"),
        text(last, "error"));
  }

  private static @Nullable String lastSync(Map<?, ?> said) {
    if (said.get("runs") instanceof List<?> runs) {
      for (Object run : runs) {
        if (run instanceof Map<?, ?> fields
            && ("success".equals(fields.get("status")) || "partial".equals(fields.get("status")))) {
          return text(fields, "timestamp");
        }
      }
    }
    return null;
  }

  private static @Nullable String text(Map<?, ?> said, String name) {
    return said.get(name) instanceof String text ? text : null;
  }

  private static long number(Map<?, ?> said, String name) {
    return said.get(name) instanceof Number number ? number.longValue() : 0;
  }
}
