package tidemark.upkeep.backup;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.ledger.Entry;
import tidemark.ledger.Ledger;
import tidemark.run.Scratch;

/**
 * Examines backups: unpacked whole, each byte by its checksum, the database by SQLite, the rows by
 * the manifest, and the entry it ends with by the ledger, where that is known there.
 *
 * <p>What is found is noted beside the backups. Threading: one thread.
 */
public final class BackupProof {
  private static final Logger LOG = LoggerFactory.getLogger(BackupProof.class);

  private final BackupPlan plan;

  public BackupProof(BackupPlan plan) {
    this.plan = plan;
  }

  /**
   * What was found.
   *
   * @param history what keeps later entries from being applied to it; null for nothing
   */
  public record Proof(Backup backup, Examined check, @Nullable String history) {
    public boolean isWell() {
      return check.damage() == null && history == null;
    }
  }

  public List<Proof> examine(List<Backup> backups) {
    Map<String, Examined> checks = new LinkedHashMap<>();
    List<Proof> proofs =
        backups.stream()
            .map(
                backup -> {
                  Examined check =
                      new Examined(
                          plan.clock().millis(), plan.maker().workstation(), damage(backup));
                  checks.put(backup.name(), check);
                  return new Proof(backup, check, history(backup));
                })
            .toList();
    note(checks);
    return proofs;
  }

  /** A folder that may be read only is checked all the same. */
  private void note(Map<String, Examined> checks) {
    try {
      plan.backups().notes().note(checks);
    } catch (Failure e) {
      LOG.warn("what was found could not be noted beside the backups: {}", e.getMessage());
    }
  }

  private @Nullable String damage(Backup backup) {
    Path unpacked = plan.scratch("proof");
    try {
      plan.backups().unpack(backup, unpacked);
      return null;
    } catch (Failure e) {
      if (e.exitCode() != Failure.REFUSED) {
        throw e; // that it could not be read tells nothing of the backup
      }
      return e.whatFailed();
    } finally {
      Scratch.delete(unpacked);
    }
  }

  private @Nullable String history(Backup backup) {
    try {
      Ledger.Info info = plan.ledger().info().orElse(null);
      if (info == null) {
        return null;
      }
      if (!info.id().equals(backup.ledger())) {
        return backup.ledger().isEmpty() ? null : "it is of another ledger";
      }
      Entry entry = plan.ledger().read(backup.position().number());
      return entry == null || entry.position().equals(backup.position())
          ? null
          : "the ledger has another entry " + backup.position().number();
    } catch (Failure e) {
      LOG.warn("the ledger could not be asked about {}: {}", backup.name(), e.getMessage());
      return null;
    }
  }
}
