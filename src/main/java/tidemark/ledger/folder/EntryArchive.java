package tidemark.ledger.folder;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Position;
import tidemark.ledger.DamagedEntryException;
import tidemark.ledger.Entry;
import tidemark.ledger.EntryFile;
import tidemark.share.Removal;
import tidemark.share.ShareFiles;

/**
 * Retired entries, byte for byte, in one zip per month: `archive/2026-10.zip`.
 *
 * <p>Guarantee: no zip takes the place of one that had more, but for what could not be read; that
 * one is set aside first. Commit point: a zip is written aside, with all it held before, read back
 * and renamed over the former one. Threading: one writer, which the fold lease sees to; any number
 * of readers.
 */
final class EntryArchive {
  private static final Logger LOG = LoggerFactory.getLogger(EntryArchive.class);

  private static final String LEFT =
      "\\d{4}-\\d{2}\\.zip(\\.damaged-%1$s)?\\.%1$s\\.part".formatted(ShareFiles.RANDOM);

  private final ShareFiles files;
  private final Path folder;

  /** Of entries that are read one after another so many are taken along, of so many bytes. */
  private static final int TAKEN_ALONG = 256;

  private static final long MOST_BYTES = 1 << 20;

  /** Where the last entry was found: its neighbours are likely there. */
  private volatile @Nullable Path found;

  private volatile long last;

  /**
   * The neighbours of an entry, since a zip's whole directory is read to find a single one. Whoever
   * does not go on from there asks the share, where the zip may be gone.
   */
  private volatile Map<Long, byte[]> takenAlong = Map.of();

  EntryArchive(ShareFiles files, Path ledger) {
    this.files = files;
    this.folder = ledger.resolve("archive");
  }

  static YearMonth month(Entry entry) {
    return YearMonth.from(Instant.ofEpochMilli(entry.at()).atZone(ZoneOffset.UTC));
  }

  /** Adds these entries, which the ledger still has, to the zip of their month. */
  void add(YearMonth month, List<Position> fresh, ShareEntries entries) throws IOException {
    files.ensureDirectory(folder);
    takenAlong = Map.of();
    Path zip = folder.resolve(month + ".zip");
    Path aside = ShareFiles.aside(zip);
    Map<Long, String> hashes = new TreeMap<>();
    fresh.forEach(position -> hashes.put(position.number(), position.hash()));
    ZippedEntries former = new ZippedEntries(files, zip);
    try (ZipOutputStream out =
        new ZipOutputStream(new BufferedOutputStream(files.create(aside), 1 << 20))) {
      former.read(
          (entry, packed) -> {
            String known = hashes.putIfAbsent(entry.number(), entry.hash());
            if (known == null) {
              put(out, entry.number(), packed);
            } else if (!known.equals(entry.hash())) {
              former.damaged("entry " + entry.number() + " is another than the ledger's");
            }
          });
      for (Position position : fresh) {
        put(out, position.number(), entries.bytes(position.number()));
      }
    }
    requireWhole(aside, hashes);
    if (former.damage() != null) {
      setAside(zip, former.damage());
    }
    files.replace(aside, zip);
  }

  /** As it reads from the share, before anything of the ledger is deleted for it. */
  private void requireWhole(Path written, Map<Long, String> hashes) throws IOException {
    ZippedEntries there = new ZippedEntries(files, written);
    there.read((entry, packed) -> {});
    if (there.damage() != null || !there.hashes().equals(hashes)) {
      files.delete(written);
      throw new IOException(written + " reads otherwise than it was written: " + there.damage());
    }
  }

  /** A copy, so that the month has a zip at every moment. */
  private void setAside(Path zip, String why) throws IOException {
    Path damaged = zip.resolveSibling(zip.getFileName() + ".damaged-" + ShareFiles.random());
    LOG.warn(
        "{} is damaged: {}; what can be read of it goes on, it stays as {}", zip, why, damaged);
    Path aside = ShareFiles.aside(damaged);
    try (InputStream in = files.open(zip);
        OutputStream out = files.create(aside)) {
      in.transferTo(out);
    }
    files.replace(aside, damaged);
  }

  /** Deletes what was never finished, once it is too old to be anybody's. */
  void sweep(long writtenBefore) throws IOException {
    new Removal(files, LEFT).sweep(folder, name -> name.matches(LEFT), writtenBefore);
  }

  private static void put(ZipOutputStream out, long number, byte[] packed) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(packed);
    ZipEntry entry = new ZipEntry(ZippedEntries.name(number));
    entry.setMethod(ZipEntry.STORED); // it is packed already
    entry.setSize(packed.length);
    entry.setCrc(crc.getValue());
    entry.setTime(0);
    out.putNextEntry(entry);
    out.write(packed);
    out.closeEntry();
  }

  /** A retired entry, or null where no archive has it. */
  @Nullable Entry read(long number) throws IOException {
    Archived archived = find(number);
    return archived == null ? null : archived.entry;
  }

  /** The same as its bytes. */
  byte @Nullable [] bytes(long number) throws IOException {
    Archived archived = find(number);
    return archived == null ? null : archived.packed;
  }

  private record Archived(Entry entry, byte[] packed) {}

  private @Nullable Archived find(long number) throws IOException {
    long step = number - last;
    last = number;
    boolean inOrder = Math.abs(step) == 1;
    Archived known = inOrder ? decoded(folder, number, takenAlong) : null;
    if (known != null) {
      return known;
    }
    for (Path zip : zips()) {
      Map<Long, byte[]> packed = read(zip, number, inOrder ? step : 0);
      Archived archived = decoded(zip, number, packed);
      if (archived != null) {
        found = zip;
        takenAlong = packed;
        return archived;
      }
    }
    return null;
  }

  private static @Nullable Archived decoded(Path zip, long number, Map<Long, byte[]> read) {
    byte[] packed = read.get(number);
    if (packed == null) {
      return null;
    }
    try {
      Entry entry = EntryFile.decode(packed);
      return entry.number() == number ? new Archived(entry, packed) : null;
    } catch (DamagedEntryException e) {
      LOG.warn("an entry in {} is damaged: {}", zip, e.getMessage());
      return null;
    }
  }

  private List<Path> zips() throws IOException {
    List<Path> zips = new ArrayList<>();
    for (Path file : files.list(folder)) {
      if (file.getFileName().toString().endsWith(".zip")) {
        zips.add(file);
      }
    }
    Collections.reverse(zips);
    Path likely = found;
    if (likely != null && zips.remove(likely)) {
      zips.add(0, likely);
    }
    return zips;
  }

  /** With those that follow in this direction; in none where it is 0. */
  private Map<Long, byte[]> read(Path zip, long number, long step) throws IOException {
    Map<Long, byte[]> packed = new TreeMap<>();
    try (FileSystem opened = files.openZip(zip)) {
      long bytes = 0;
      long next = number;
      do {
        Path entry = opened.getPath(ZippedEntries.name(next));
        if (Files.size(entry) > EntryFile.MAX_PACKED) {
          return packed;
        }
        byte[] read = Files.readAllBytes(entry);
        packed.put(next, read);
        bytes += read.length;
        next += step;
      } while (step != 0 && packed.size() < TAKEN_ALONG && bytes < MOST_BYTES);
    } catch (NoSuchFileException e) {
      return packed; // what was found till then
    } catch (ZipException e) {
      LOG.warn("{} is damaged: {}", zip, e.getMessage());
    }
    return packed;
  }
}
