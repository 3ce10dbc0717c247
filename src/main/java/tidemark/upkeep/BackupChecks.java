package tidemark.upkeep;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tidemark.change.ChangeTime;

/** Whether there is a backup to go back to. */
final class BackupChecks {
  private final Patient patient;

  BackupChecks(Patient patient) {
    this.patient = patient;
  }

  List<Check> all() {
    return List.of(Check.hourly("backup", () -> List.of(newest())));
  }

  private Finding newest() {
    if (patient.backups().isEmpty()) {
      return Finding.note(
          "backup",
          "no backups are made",
          "Name a folder for them under `backup.folder` in the config.");
    }
    Backups.Shelf shelf = patient.backups().get().look();
    if (!shelf.unreadable().isEmpty()) {
      return Finding.warning(
          "backup",
          "not readable: " + String.join(", ", shelf.unreadable().keySet()),
          "`tidemark backup verify` tells more.");
    }
    Optional<Backup> newest = shelf.backups().stream().filter(Backup::isOfMaster).findFirst();
    if (newest.isEmpty()) {
      return Finding.warning(
          "backup",
          "there is no backup yet",
          "One is made when it is due; `tidemark backup now` makes one at once.");
    }
    Backup backup = newest.get();
    String what = "the newest backup is of " + ChangeTime.iso(backup.at());
    Duration age = Duration.ofMillis(patient.now().toEpochMilli() - backup.at());
    return age.compareTo(patient.limits().backupAge()) <= 0
        ? Finding.well("backup", what)
        : Finding.warning(
            "backup",
            what,
            "The log of the workstations that are awake at night tells why none followed; `tidemark backup now` makes one.");
  }
}
