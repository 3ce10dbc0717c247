package tidemark.upkeep.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.ledger.Ledger;
import tidemark.look.Verify;
import tidemark.look.Verify.Trial;
import tidemark.past.Differences;

/**
 * A restore from the newest backup, tried from end to end in a temporary file: unpacked, the
 * entries after it applied, and every row compared with what the ledger says.
 *
 * <p>Guarantee: writes nothing but its result, which is noted beside the backups. Threading: one
 * thread.
 */
public final class Rehearsal {
  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

  private final BackupPlan plan;

  public Rehearsal(BackupPlan plan) {
    this.plan = plan;
  }

  /**
   * Whether the last one was longer ago, did not end well, or was made by a clock that was wrong;
   * false where there is no backup to try it with.
   */
  public boolean isDue(Instant now, Duration every) {
    Optional<Rehearsed> last = plan.backups().known().rehearsal();
    boolean due =
        last.isEmpty()
            || last.get().trouble() != null
            || last.get().at() > now.toEpochMilli()
            || last.get().at() <= now.minus(every).toEpochMilli();
    return due && newest().isPresent();
  }

  private Optional<Backup> newest() {
    String ledger = plan.ledger().info().map(Ledger.Info::id).orElse("");
    return plan.backups().list().stream()
        .filter(backup -> backup.isOfMaster() && backup.ledger().equals(ledger))
        .findFirst();
  }

  public Rehearsed run() {
    Backup backup =
        newest()
            .orElseThrow(
                () ->
                    new Failure(
                        Failure.USAGE,
                        "there is no backup of " + plan.plan().name() + " to restore from",
                        "Make one: `tidemark backup now`."));
    Rehearsed rehearsed = tried(backup);
    if (rehearsed.trouble() != null) {
      LOG.error("a trial restore from {} did not end well: {}", backup.name(), rehearsed.trouble());
    }
    plan.backups().notes().note(rehearsed);
    return rehearsed;
  }

  private Rehearsed tried(Backup backup) {
    try {
      Trial trial =
          new Verify(plan.plan(), plan.ledger(), plan.clock())
              .restored(
                  backup.name(),
                  into -> {
                    plan.backups().unpack(backup, into);
                    return Optional.of(backup.position());
                  });
      return rehearsed(backup, trial.entry(), trial.findings(), trouble(trial.findings()));
    } catch (Failure e) {
      if (e.retryable()) {
        throw e; // nothing is known of the backup
      }
      return rehearsed(backup, backup.position().number(), null, e.whatFailed());
    }
  }

  private Rehearsed rehearsed(
      Backup backup, long entry, @Nullable Differences findings, @Nullable String trouble) {
    long rows =
        findings == null ? 0 : findings.tables().stream().mapToLong(Differences.Table::rows).sum();
    return new Rehearsed(
        plan.clock().millis(), plan.maker().workstation(), backup.name(), entry, rows, trouble);
  }

  private static @Nullable String trouble(Differences findings) {
    if (findings.trouble() != null) {
      return findings.trouble();
    }
    List<Differences.Table> differing =
        findings.tables().stream().filter(table -> !table.isSame()).toList();
    return differing.isEmpty()
        ? null
        : "not as the ledger has them: "
            + differing.stream()
                .map(
                    table ->
                        table.differing()
                            + table.missing()
                            + table.extra()
                            + " rows of "
                            + table.name())
                .collect(Collectors.joining(", "));
  }
}
