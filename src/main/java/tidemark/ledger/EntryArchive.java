package tidemark.ledger;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retired entries, byte for byte, in one zip per month: `archive/2026-10.zip`.
 *
 * <p>Commit point: a zip is written aside, with all it held before, and renamed over the former
 * one. Threading: one writer, which the fold lease sees to; any number of readers.
 */
final class EntryArchive {
  private static final Logger LOG = LoggerFactory.getLogger(EntryArchive.class);
  private static final String SUFFIX = ".jsonl.gz";

  private final ShareFiles files;
  private final Path folder;

  /** Where the last entry was found: its neighbours are likely there. */
  private volatile @Nullable Path found;

  EntryArchive(ShareFiles files, Path ledger) {
    this.files = files;
    this.folder = ledger.resolve("archive");
  }

  static YearMonth month(Entry entry) {
    return YearMonth.from(Instant.ofEpochMilli(entry.at()).atZone(ZoneOffset.UTC));
  }

  /** Adds these entries, which the ledger still has, to the zip of their month. */
  void add(YearMonth month, List<Long> numbers, ShareEntries entries) throws IOException {
    files.ensureDirectory(folder);
    Path zip = folder.resolve(month + ".zip");
    Path aside = ShareFiles.aside(zip);
    try (ZipOutputStream out =
        new ZipOutputStream(new BufferedOutputStream(files.create(aside), 1 << 20))) {
      Set<String> names = copyFormer(zip, out);
      for (long number : numbers) {
        if (names.add(name(number))) {
          put(out, name(number), entries.bytes(number));
        }
      }
    }
    files.replace(aside, zip);
  }

  private Set<String> copyFormer(Path zip, ZipOutputStream out) throws IOException {
    Set<String> names = new HashSet<>();
    try (ZipInputStream former = new ZipInputStream(files.open(zip))) {
      for (ZipEntry entry = former.getNextEntry(); entry != null; entry = former.getNextEntry()) {
        byte[] packed = former.readNBytes(EntryFile.MAX_PACKED);
        if (names.add(entry.getName())) {
          put(out, entry.getName(), packed);
        }
      }
    } catch (NoSuchFileException e) {
      return names; // the month's first
    } catch (ZipException | EOFException e) {
      Path damaged = zip.resolveSibling(zip.getFileName() + ".damaged-" + ShareFiles.random());
      LOG.warn(
          "{} is damaged: {}; what can be read of it goes on, it stays as {}", zip, e, damaged);
      files.replace(zip, damaged);
    }
    return names;
  }

  private static void put(ZipOutputStream out, String name, byte[] packed) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(packed);
    ZipEntry entry = new ZipEntry(name);
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
    for (Path zip : zips()) {
      byte[] packed = read(zip, name(number));
      if (packed != null) {
        found = zip;
        return decoded(zip, packed);
      }
    }
    return null;
  }

  private @Nullable Entry decoded(Path zip, byte[] packed) {
    try {
      return EntryFile.decode(packed);
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

  private byte @Nullable [] read(Path zip, String name) throws IOException {
    try (FileSystem opened = files.openZip(zip)) {
      Path entry = opened.getPath(name);
      return Files.size(entry) > EntryFile.MAX_PACKED ? null : Files.readAllBytes(entry);
    } catch (NoSuchFileException e) {
      return null;
    } catch (ZipException e) {
      LOG.warn("{} is damaged: {}", zip, e.getMessage());
      return null;
    }
  }

  private static String name(long number) {
    return String.format("%012d%s", number, SUFFIX);
  }
}
