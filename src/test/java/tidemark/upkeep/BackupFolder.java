package tidemark.upkeep;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import tidemark.ledger.Ledger;
import tidemark.master.MasterCopy;
import tidemark.share.Pace;
import tidemark.share.ShareFiles;
import tidemark.testing.Database;
import tidemark.testing.Workstation;
import tidemark.upkeep.backup.Backup;
import tidemark.upkeep.backup.Backup.Kind;
import tidemark.upkeep.backup.Backup.Maker;
import tidemark.upkeep.backup.BackupMaking;
import tidemark.upkeep.backup.BackupPlan;
import tidemark.upkeep.backup.Backups;
import tidemark.upkeep.backup.MasterBackups;
import tidemark.upkeep.backup.Rotation;

/** A folder for backups, as workstations have it. */
public final class BackupFolder {
  private final Path folder;
  public boolean packed = true;
  public Rotation rotation = new Rotation(30, 12, 24);
  public ShareFiles.Tap tap = ShareFiles.Tap.NONE;

  public BackupFolder(Path folder) {
    this.folder = folder;
  }

  public Path folder() {
    return folder;
  }

  public Backups backups() {
    return new Backups(folder, "server", new ShareFiles(tap, Pace.REAL));
  }

  public BackupPlan plan(Workstation by) {
    return new BackupPlan(
        by.plan(),
        by.ledger(),
        by.clock(),
        backups(),
        rotation,
        LocalTime.of(2, 0),
        packed,
        new Maker(by.name(), "PC-" + by.name(), "1.0"));
  }

  public MasterBackups of(Workstation by) {
    return new MasterBackups(plan(by), Supplier::get);
  }

  public Backup make(Workstation by, Kind kind) {
    Ledger ledger = by.ledger();
    BackupMaking making = plan(by).making();
    try (MasterCopy copy = MasterCopy.take(by.plan(), ledger, by.clock(), Duration.ofSeconds(10))) {
      BackupMaking.Source source =
          new BackupMaking.Source(copy.file(), copy.ledgerId(), copy.position());
      long now = by.clock().millis() + ledger.clockSkew();
      return making.make(List.of(kind), source, now, copy::requireLease).get(0);
    }
  }

  public Database unpack(Backup backup) {
    Path into = folder.resolveSibling("unpacked-" + UUID.randomUUID() + ".db");
    backups().unpack(backup, into);
    return new Database(into);
  }
}
