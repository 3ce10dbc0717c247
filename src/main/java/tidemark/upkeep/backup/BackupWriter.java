package tidemark.upkeep.backup;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.ledger.Gzip;
import tidemark.share.ShareFiles;

/**
 * Puts a backup among the others.
 *
 * <p>Guarantee: it appears whole, once all of it was read back from where it lies and found the
 * same, or not at all; no other backup is touched. Commit point: the rename of the folder, or zip
 * file, to its name. Threading: may be shared.
 */
final class BackupWriter {
  private static final Logger LOG = LoggerFactory.getLogger(BackupWriter.class);

  private final Backups backups;
  private final ShareFiles share;

  BackupWriter(Backups backups) {
    this.backups = backups;
    this.share = backups.share();
  }

  /**
   * @param database the file to be packed
   * @param lastLook is asked right before the commit, and throws if it must not be
   */
  void write(Backup backup, Path database, Runnable lastLook) {
    Path staged = backups.folder().resolve(backup.name() + "." + ShareFiles.random() + ".part");
    share.reach(
        "write a backup",
        backups.folder(),
        () -> {
          ensureFolder();
          try {
            stage(backup, database, staged);
            lastLook.run();
            appear(backup, staged);
            return staged;
          } catch (IOException | RuntimeException e) {
            withdraw(backup, staged, e);
            throw e;
          }
        });
  }

  private void ensureFolder() throws IOException {
    if (share.absent(backups.folder())) {
      try {
        share.createDirectory(backups.folder());
      } catch (FileAlreadyExistsException e) {
        LOG.debug("another workstation made {} first", backups.folder());
      }
    }
  }

  private void stage(Backup backup, Path database, Path staged) throws IOException {
    byte[] manifest = Manifest.bytes(backup, backups.database());
    if (backup.isZip()) {
      try (ZipOutputStream zip = new ZipOutputStream(open(staged));
          InputStream in = Files.newInputStream(database)) {
        zip.putNextEntry(new ZipEntry(Manifest.FILE));
        zip.write(manifest);
        zip.putNextEntry(new ZipEntry(backup.content().file()));
        in.transferTo(zip);
      }
    } else {
      share.createDirectory(staged);
      pack(database, staged.resolve(backup.content().file()));
      share.write(staged.resolve(Manifest.FILE), manifest);
    }
    String damage = backups.damage(backup, staged, OutputStream.nullOutputStream());
    if (damage != null || !Arrays.equals(manifest, backups.manifest(staged, backup.isZip()))) {
      throw new IOException("what was written could not be read back the same");
    }
  }

  private void pack(Path database, Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(database), Backups.BUFFER);
        OutputStream out = open(file)) {
      if (file.toString().endsWith(".gz")) {
        Gzip.pack(in, out);
      } else {
        in.transferTo(out);
      }
    }
  }

  private OutputStream open(Path file) throws IOException {
    return new BufferedOutputStream(share.create(file), Backups.BUFFER);
  }

  /** Where a rename replaces silently, a name that is taken has to be seen before. */
  private void appear(Backup backup, Path staged) throws IOException {
    Path place = backups.folder().resolve(backup.name());
    if (!share.absent(place)) {
      throw new FileAlreadyExistsException(place.toString());
    }
    try {
      share.rename(staged, place);
    } catch (IOException e) {
      if (!hasHappened(backup, staged, place)) {
        throw e;
      }
    }
  }

  /** A client that asks again for what was done already is told that it cannot be. */
  private boolean hasHappened(Backup backup, Path staged, Path place) throws IOException {
    return share.absent(staged)
        && !share.absent(place)
        && Arrays.equals(
            backups.manifest(place, backup.isZip()), Manifest.bytes(backup, backups.database()));
  }

  private void withdraw(Backup backup, Path staged, Exception reason) {
    try {
      if (!backup.isZip()) {
        share.delete(staged.resolve(backup.content().file()));
        share.delete(staged.resolve(Manifest.FILE));
      }
      share.delete(staged);
    } catch (IOException | Failure e) {
      reason.addSuppressed(e); // it is removed later, by its name
    }
  }
}
