package tidemark.ledger.folder;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.EntryFile;
import tidemark.ledger.Gzip;
import tidemark.ledger.SnapshotFile;
import tidemark.ledger.SnapshotFile.UnusableException;
import tidemark.share.Removal;
import tidemark.share.ShareFiles;

/**
 * Copies of the database at an entry: `snapshots/000000000042.db.gz`, and beside it
 * `000000000042.json` with the position's hash and the database's size and SHA-256.
 *
 * <p>Guarantee: what {@link #newest} returns is the very file that was added. Commit point: the
 * rename of the packed file, after its description. Threading: may be shared.
 */
final class ShareSnapshots {
  private static final Logger LOG = LoggerFactory.getLogger(ShareSnapshots.class);
  private static final String SUFFIX = ".db.gz";
  private static final String NAME = "\\d{12,18}\\.(db\\.gz|json)";
  private static final String LEFT = NAME + "\\." + ShareFiles.RANDOM + "\\.part";
  private static final int BUFFER = 1 << 20;
  private static final int KEEP = 2;

  /** So many reasons are told. */
  private static final int TOLD = 3;

  private final ShareFiles files;
  private final Removal removal;
  private final Path folder;

  ShareSnapshots(ShareFiles files, Path ledger) {
    this.files = files;
    this.removal = new Removal(files, NAME);
    this.folder = ledger.resolve("snapshots");
  }

  /** Numbers of the snapshots there are, newest first. */
  List<Long> numbers() throws IOException {
    return numbers(files.list(folder));
  }

  private static List<Long> numbers(List<Path> there) {
    List<Long> numbers = new ArrayList<>();
    for (Path file : there) {
      String name = file.getFileName().toString();
      if (name.matches("\\d{12,18}\\.db\\.gz")) {
        numbers.add(Long.parseLong(name.substring(0, name.length() - SUFFIX.length())));
      }
    }
    numbers.sort(Collections.reverseOrder());
    return numbers;
  }

  void add(Position position, Path database) throws IOException {
    files.ensureDirectory(folder);
    Path packed = packed(position.number());
    Path aside = ShareFiles.aside(packed);
    MessageDigest digest = EntryFile.sha256();
    long size;
    try (InputStream in = new DigestInputStream(Files.newInputStream(database), digest);
        OutputStream out = new BufferedOutputStream(files.create(aside), BUFFER)) {
      size = Gzip.pack(in, out);
    }
    String sha256 = HexFormat.of().formatHex(digest.digest());
    files.replace(described(position.number()), new SnapshotFile(position, size, sha256).bytes());
    files.replace(aside, packed);
  }

  /**
   * As {@link #add(Position, Path)}, of one that was made elsewhere; looked at before it counts.
   */
  void add(SnapshotFile description, InputStream from) throws IOException {
    files.ensureDirectory(folder);
    long number = description.position().number();
    Path aside = ShareFiles.aside(packed(number));
    try (OutputStream out = new BufferedOutputStream(files.create(aside), BUFFER)) {
      from.transferTo(out);
    }
    try (InputStream in = new BufferedInputStream(files.open(aside), BUFFER)) {
      description.unpack(in, OutputStream.nullOutputStream(), Long.MAX_VALUE);
    } catch (UnusableException e) {
      files.delete(aside);
      throw e;
    }
    files.replace(described(number), description.bytes());
    files.replace(aside, packed(number));
  }

  /** Whether one of this description stands there already. */
  boolean has(SnapshotFile description) throws IOException {
    long number = description.position().number();
    try {
      return numbers().contains(number) && describe(number).equals(description) && check(number);
    } catch (IOException e) {
      return false; // it is brought anew
    }
  }

  /** Brings the newest whole snapshot, of this entry at most, to a local file. */
  @Nullable Position newest(Path into, long atMost) throws IOException {
    List<Long> numbers = numbers().stream().filter(number -> number <= atMost).toList();
    List<String> whyNot = new ArrayList<>();
    for (long number : numbers) {
      try {
        return bring(number, into);
      } catch (UnusableException e) {
        whyNot.add(number + ": " + e.getMessage());
      }
    }
    if (!numbers.isEmpty()) {
      throw new Failure(
          Failure.REFUSED,
          "all snapshots of the ledger are damaged, or cannot be used: "
              + folder
              + " ("
              + String.join("; ", whyNot.subList(0, Math.min(TOLD, whyNot.size())))
              + ")",
          "Restore them from a backup of the share, or run `tidemark ledger rebuild`.");
    }
    return null;
  }

  /** Whether a whole snapshot at this number or a later one is there. */
  boolean wholeFrom(long number) throws IOException {
    for (long there : numbers()) {
      if (there >= number && check(there)) {
        return true;
      }
    }
    return false;
  }

  private boolean check(long number) throws IOException {
    try (OutputStream nowhere = OutputStream.nullOutputStream()) {
      bring(number, nowhere, Long.MAX_VALUE);
      return true;
    } catch (UnusableException e) {
      return false;
    }
  }

  private Position bring(long number, Path into) throws IOException {
    boolean whole = false;
    try (OutputStream out = Files.newOutputStream(into)) {
      Position position = bring(number, out, Files.getFileStore(into).getUsableSpace());
      whole = true;
      return position;
    } finally {
      if (!whole) {
        Files.deleteIfExists(into);
      }
    }
  }

  private Position bring(long number, OutputStream out, long room) throws IOException {
    try {
      SnapshotFile expected = describe(number);
      try (InputStream in = new BufferedInputStream(files.open(packed(number)), BUFFER)) {
        expected.unpack(in, out, room);
      }
      return expected.position();
    } catch (NoSuchFileException | UnusableException | Failure e) {
      LOG.warn("snapshot {} cannot be used: {}", number, e.toString());
      throw new UnusableException(String.valueOf(e.getMessage()));
    }
  }

  SnapshotFile describe(long number) throws IOException {
    return SnapshotFile.read(number, files.read(described(number), 64 << 10));
  }

  /** As it lies on the share. */
  SeekableByteChannel open(long number) throws IOException {
    return files.channel(packed(number));
  }

  /** Deletes the snapshots before this number, except the newest two. */
  void deleteBefore(long number) throws IOException {
    List<Long> numbers = numbers(removal.list(folder));
    for (long old : numbers.subList(Math.min(KEEP, numbers.size()), numbers.size())) {
      if (old < number) {
        files.delete(packed(old));
        files.delete(described(old));
      }
    }
  }

  /** Deletes what was never finished, once it is too old to be anybody's. */
  void sweep(long writtenBefore) throws IOException {
    removal.sweep(folder, name -> name.matches(LEFT), writtenBefore);
  }

  private Path packed(long number) {
    return folder.resolve(String.format("%012d%s", number, SUFFIX));
  }

  private Path described(long number) {
    return folder.resolve(String.format("%012d.json", number));
  }
}
