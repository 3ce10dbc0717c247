package tidemark.upkeep.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tidemark.change.ChangeTime;
import tidemark.upkeep.backup.Backup;
import tidemark.upkeep.backup.BackupStorage;
import tidemark.upkeep.backup.Backups;
import tidemark.upkeep.backup.KnownBackups;
import tidemark.upkeep.backup.Rehearsed;

/** Whether there is a backup to go back to. */
final class BackupChecks {
  private final Subject subject;

  BackupChecks(Subject subject) {
    this.subject = subject;
  }

  List<Check> all() {
    return List.of(Check.hourly("backup", this::examine));
  }

  private List<Finding> examine() {
    if (subject.backups().isEmpty()) {
      return List.of(
          Finding.note(
              "backup",
              "no backups are made",
              "Name a folder for them under `backup.folder` in the config."));
    }
    BackupStorage storage = subject.backups().get();
    if (!storage.isThere()) {
      return List.of(missing());
    }
    Backups backups = storage.of(subject.plan().name());
    KnownBackups known = backups.known();
    List<Finding> findings = new ArrayList<>();
    findings.add(newest(backups.look(), known));
    known.rehearsal().ifPresent(rehearsed -> findings.add(rehearsal(rehearsed)));
    return findings;
  }

  private static Finding missing() {
    return Finding.warning(
        "backup",
        "there is no backup yet",
        "One is made when it is due; `tidemark backup now` makes one at once.");
  }

  private Finding newest(Backups.Shelf shelf, KnownBackups known) {
    Set<String> bad = new TreeSet<>(shelf.unreadable().keySet());
    shelf.backups().stream().map(Backup::name).filter(known.damaged()::contains).forEach(bad::add);
    Optional<Backup> newest =
        shelf.backups().stream()
            .filter(Backup::isOfMaster)
            .filter(backup -> !bad.contains(backup.name()))
            .findFirst();
    if (newest.isEmpty()) {
      return missing();
    }
    if (!bad.isEmpty()) {
      return Finding.warning(
          "backup",
          "damaged: " + String.join(", ", bad),
          "`tidemark backup verify` tells more. It is never restored from; look after the disk it lies on.");
    }
    String what = "the newest backup is of " + ChangeTime.iso(newest.get().at());
    Duration age = Duration.ofMillis(subject.now().toEpochMilli() - newest.get().at());
    return age.compareTo(subject.limits().backupAge()) <= 0
        ? Finding.well("backup", what)
        : Finding.warning(
            "backup",
            what,
            "The log of the workstations that are awake at night tells why none followed; `tidemark backup now` makes one.");
  }

  /** A backup is worth what comes back from it. */
  private static Finding rehearsal(Rehearsed rehearsed) {
    String tried = rehearsed.backup() + " was tried at " + ChangeTime.iso(rehearsed.at());
    return rehearsed.trouble() == null
        ? Finding.well(
            "rehearsal", tried + ": " + rehearsed.rows() + " rows came back as the ledger has them")
        : Finding.bad(
            "rehearsal",
            tried + ", and does not restore: " + rehearsed.trouble(),
            "Make another with `tidemark backup now`, then `tidemark backup verify --rehearse`.");
  }
}
