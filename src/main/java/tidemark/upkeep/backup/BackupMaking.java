package tidemark.upkeep.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.upkeep.backup.Backup.Content;
import tidemark.upkeep.backup.Backup.Kind;
import tidemark.upkeep.backup.Backup.Maker;

/**
 * Makes backups from a whole copy of a database on this machine's disk.
 *
 * <p>Guarantee: only of a database that SQLite finds whole; what fails costs no backup that is
 * there. Threading: one thread.
 */
public final class BackupMaking {
  private static final long SECOND = 1000;

  private final Backups backups;
  private final boolean packed;
  private final Maker maker;

  /**
   * @param packed with gzip; monthly ones, being zip files, always are
   */
  BackupMaking(Backups backups, boolean packed, Maker maker) {
    this.backups = backups;
    this.packed = packed;
    this.maker = maker;
  }

  /**
   * What is backed up.
   *
   * @param copy nobody else has it open
   */
  public record Source(Path copy, String ledger, Position position) {}

  /**
   * One of each kind.
   *
   * @param now on the share's clock
   * @param lastLook is asked right before each appears, and throws if it must not
   */
  public List<Backup> make(Collection<Kind> kinds, Source source, long now, Runnable lastLook) {
    List<Backup> made = new ArrayList<>();
    if (kinds.isEmpty()) {
      return made;
    }
    Map<String, Long> rows = rows(source.copy());
    String sum = sha256(source.copy());
    for (Kind kind : kinds) {
      long at = now;
      while (backups.isTaken(name(kind, at, source))) {
        at += SECOND;
      }
      String file = backups.database() + (packed && kind != Kind.MONTHLY ? ".db.gz" : ".db");
      Content content = new Content(file, size(source.copy()), sum, rows);
      Backup backup =
          new Backup(
              name(kind, at, source), kind, at, source.ledger(), source.position(), maker, content);
      new BackupWriter(backups).write(backup, source.copy(), lastLook);
      made.add(backup);
    }
    return made;
  }

  private String name(Kind kind, long at, Source source) {
    return BackupName.of(kind, at, source.position().number(), maker.workstation());
  }

  private Map<String, Long> rows(Path copy) {
    try {
      return Inspection.rows(copy);
    } catch (Failure e) {
      throw new Failure(
          e.exitCode(),
          "no backup of " + backups.database() + " was made: " + e.whatFailed(),
          "run `tidemark doctor`; earlier backups are as they were",
          e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(Path file) {
    MessageDigest digest = Backups.sha256();
    try (InputStream in = Files.newInputStream(file);
        OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      in.transferTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
