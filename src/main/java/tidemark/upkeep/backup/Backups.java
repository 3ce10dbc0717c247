package tidemark.upkeep.backup;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.run.Scratch;
import tidemark.share.ShareFiles;

/**
 * The backups of one database: a folder that holds for each a folder, or a zip file, with the
 * database and its manifest.
 *
 * <p>Guarantee: what {@link #unpack} leaves behind is the very database that was backed up, checked
 * byte for byte and by SQLite; a damaged one leaves nothing behind. Reads only. Threading: may be
 * shared.
 */
public final class Backups {
  static final int BUFFER = 1 << 20;

  static final Comparator<Backup> NEWEST_FIRST =
      Comparator.comparingLong(Backup::at)
          .thenComparingLong(backup -> backup.position().number())
          .thenComparing(Backup::name)
          .reversed();

  private final Path folder;
  private final String database;
  private final ShareFiles share;

  /**
   * @param all the folder for the backups of all databases
   */
  public Backups(Path all, String database, ShareFiles share) {
    this.folder = all.resolve(database);
    this.database = database;
    this.share = share;
  }

  /**
   * All there is.
   *
   * @param backups newest first
   * @param unreadable what is called like one, and why it is none
   */
  public record Shelf(List<Backup> backups, Map<String, String> unreadable) {}

  public KnownBackups known() {
    return notes().read();
  }

  /** Where what is known of them is written down. */
  BackupNotes notes() {
    return new BackupNotes(folder, share, this::names);
  }

  Path folder() {
    return folder;
  }

  String database() {
    return database;
  }

  ShareFiles share() {
    return share;
  }

  /** The folder for all databases has to be there; none for this one means no backups yet. */
  public Shelf look() {
    return share.reach(
        "look for backups",
        folder,
        () -> {
          List<Backup> backups = new ArrayList<>();
          Map<String, String> unreadable = new TreeMap<>();
          List<Path> there = share.list(folder);
          if (there.isEmpty()) {
            share.stat(folder.resolveSibling("")); // not there: the storage is not connected
          }
          for (Path path : there) {
            String name = path.getFileName().toString();
            if (BackupName.fits(name)) {
              try {
                describe(name).ifPresent(backups::add);
              } catch (Failure e) {
                unreadable.put(name, e.whatFailed());
              }
            }
          }
          backups.sort(NEWEST_FIRST);
          return new Shelf(backups, unreadable);
        });
  }

  /** Those that can be read, newest first. */
  public List<Backup> list() {
    return look().backups();
  }

  /** The backup of this name. */
  public Optional<Backup> find(String name) {
    return BackupName.fits(name)
        ? share.reach("look for a backup", folder, () -> describe(name))
        : Optional.empty();
  }

  /** Empty where it is gone by now. */
  private Optional<Backup> describe(String name) throws IOException {
    try {
      return Optional.of(
          Manifest.read(name, manifest(folder.resolve(name), name.endsWith(BackupName.ZIP))));
    } catch (NoSuchFileException e) {
      if (share.absent(folder.resolve(name))) {
        return Optional.empty();
      }
      throw new Failure(Failure.REFUSED, "its manifest is missing", "");
    } catch (ZipException | EOFException e) {
      throw new Failure(Failure.REFUSED, "it is no whole zip file", "", e);
    }
  }

  byte[] manifest(Path backup, boolean zip) throws IOException {
    if (!zip) {
      return share.read(backup.resolve(Manifest.FILE), Manifest.LIMIT);
    }
    try (InputStream in = member(backup, Manifest.FILE)) {
      return in.readNBytes(Manifest.LIMIT);
    }
  }

  private InputStream member(Path zip, String name) throws IOException {
    ZipInputStream in = new ZipInputStream(new BufferedInputStream(share.open(zip), BUFFER));
    try {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (entry.getName().equals(name)) {
          return in;
        }
      }
      throw new ZipException(name + " is not in it");
    } catch (IOException | IllegalArgumentException e) {
      in.close();
      throw e instanceof IOException failed ? failed : new ZipException(e.toString());
    }
  }

  /** Of all that is called like a backup. */
  Set<String> names() {
    return share.reach(
        "look for backups",
        folder,
        () -> {
          Set<String> names = new TreeSet<>();
          for (Path path : share.list(folder)) {
            names.add(path.getFileName().toString());
          }
          names.removeIf(name -> !BackupName.fits(name));
          return names;
        });
  }

  boolean isTaken(String name) {
    return !share.reach("look for a backup", folder, () -> share.absent(folder.resolve(name)));
  }

  /** How many bytes it takes where it lies. */
  public long sizeOf(Backup backup) {
    Path path = folder.resolve(backup.name());
    Path file = backup.isZip() ? path : path.resolve(backup.content().file());
    return share.reach("look at a backup", folder, () -> share.stat(file).size());
  }

  /**
   * Brings the database in a backup to a local file that is not there yet.
   *
   * @throws Failure REFUSED where the backup is damaged
   */
  public void unpack(Backup backup, Path into) {
    try {
      copyOut(backup, folder.resolve(backup.name()), into);
      requireItsRows(backup, into);
    } catch (Failure e) {
      Scratch.delete(into);
      throw e;
    }
  }

  private static void requireItsRows(Backup backup, Path unpacked) {
    boolean same;
    try {
      same = Inspection.rows(unpacked).equals(backup.content().rows());
    } catch (Failure e) {
      throw e.exitCode() == Failure.REFUSED ? damaged(backup.name(), e.whatFailed(), e) : e;
    }
    if (!same) {
      throw damaged(backup.name(), "it holds other rows than its manifest says", null);
    }
  }

  /** Without a look at what SQLite makes of it. */
  void copyOut(Backup backup, Path from, Path into) {
    share.reach(
        "read the backup " + backup.name(),
        folder,
        () -> {
          String damage = copy(backup, from, into);
          if (damage != null) {
            throw damaged(backup.name(), damage, null);
          }
          return into;
        });
  }

  private @Nullable String copy(Backup backup, Path from, Path into) throws IOException {
    try (OutputStream out = Scratch.create(into)) {
      return damage(backup, from, out);
    }
  }

  /** Reads it all; says what is wrong with it, or null. */
  @Nullable String damage(Backup backup, Path from, OutputStream out) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = database(backup, from)) {
      OutputStream summed = new DigestOutputStream(out, digest);
      long size = copy(in, summed, backup.content().size());
      String sha256 = HexFormat.of().formatHex(digest.digest());
      boolean same = size == backup.content().size() && sha256.equals(backup.content().sha256());
      return same ? null : "it does not fit its checksum";
    } catch (NoSuchFileException e) {
      share.stat(folder); // not there: the storage is not connected
      return "its database is missing";
    } catch (ZipException | EOFException e) {
      return "it cannot be unpacked";
    }
  }

  private InputStream database(Backup backup, Path from) throws IOException {
    String file = backup.content().file();
    if (backup.isZip()) {
      return member(from, file);
    }
    InputStream in = new BufferedInputStream(share.open(from.resolve(file)), BUFFER);
    try {
      return file.endsWith(".gz") ? new GZIPInputStream(in, 64 << 10) : in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** Copies no more than one piece beyond the limit. */
  private static long copy(InputStream in, OutputStream out, long limit) throws IOException {
    byte[] piece = new byte[BUFFER];
    long size = 0;
    for (int length = in.read(piece); length >= 0 && size <= limit; length = in.read(piece)) {
      out.write(piece, 0, length);
      size += length;
    }
    return size;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static Failure damaged(String name, String why, @Nullable Failure cause) {
    return new Failure(
        Failure.REFUSED,
        "the backup " + name + " is damaged: " + why,
        "use another one: `tidemark backup list`",
        cause);
  }
}
