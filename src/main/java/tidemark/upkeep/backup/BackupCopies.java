package tidemark.upkeep.backup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.run.Scratch;
import tidemark.upkeep.backup.Backup.Kind;

/**
 * Brings weekly backups to other storage.
 *
 * <p>Guarantee: what is there was read back from there and found the same; a damaged backup is not
 * copied. What could not be brought is brought another time: what is missing is seen from what is
 * there. Threading: one thread.
 */
public final class BackupCopies {
  private static final Logger LOG = LoggerFactory.getLogger(BackupCopies.class);

  private final BackupPlan plan;
  private final Backups there;

  public BackupCopies(BackupPlan plan, Backups there) {
    this.plan = plan;
    this.there = there;
  }

  /** Weekly ones that should be there and are not, oldest first. */
  public List<Backup> missing() {
    Set<String> names = there.list().stream().map(Backup::name).collect(Collectors.toSet());
    Set<String> damaged = plan.backups().known().damaged();
    List<Backup> missing = new ArrayList<>();
    plan.backups().list().stream()
        .filter(backup -> backup.kind() == Kind.WEEKLY && !damaged.contains(backup.name()))
        .limit(plan.rotation().weekly())
        .filter(backup -> !names.contains(backup.name()))
        .forEach(backup -> missing.add(0, backup));
    return missing;
  }

  /** Brings what is missing, removes what is kept no longer, and says what was brought. */
  public List<Backup> bring() {
    List<Backup> brought = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    for (Backup backup : missing()) {
      try {
        copy(backup);
        brought.add(backup);
      } catch (Failure e) {
        if (e.exitCode() != Failure.REFUSED) {
          throw e;
        }
        failures.add(e);
      }
    }
    if (!brought.isEmpty()) {
      Rotation there = new Rotation(0, plan.rotation().weekly(), 0);
      prune(there, brought.get(0).ledger());
    }
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
    return brought;
  }

  private void prune(Rotation rotation, String ledger) {
    List<Backup> ours = there.list().stream().filter(b -> b.ledger().equals(ledger)).toList();
    new Pruning(there).remove(rotation.dispensable(ours, Set.of()));
  }

  private void copy(Backup backup) {
    Path unpacked = plan.scratch("copy");
    try {
      plan.backups().unpack(backup, unpacked);
      new BackupWriter(there).write(backup, unpacked, () -> {});
    } catch (Failure e) {
      if (!there.isTaken(backup.name())) {
        throw e;
      }
      LOG.debug("another workstation brought {} first", backup.name());
    } finally {
      Scratch.delete(unpacked);
    }
  }
}
