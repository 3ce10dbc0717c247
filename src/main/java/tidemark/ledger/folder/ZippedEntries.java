package tidemark.ledger.folder;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import tidemark.ledger.DamagedEntryException;
import tidemark.ledger.Entry;
import tidemark.ledger.EntryFile;
import tidemark.share.ShareFiles;

/**
 * One zip of entries, and all that can be read of it.
 *
 * <p>A zip names its entries twice: one after the other, and in the directory at its end. Reading
 * either alone, a single wrong bit ends it early without an error, or renames an entry. So both are
 * read, and it is whole only where both say the same and each entry is what its name says.
 * Threading: for one reader.
 */
final class ZippedEntries {
  private static final String SUFFIX = ".jsonl.gz";
  private static final Pattern NAME = Pattern.compile("\\d{12,18}\\.jsonl\\.gz");

  private final ShareFiles files;
  private final Path zip;

  /** The hash of each entry that could be read, by its number. */
  private final Map<Long, String> hashes = new TreeMap<>();

  private @Nullable String damage;

  ZippedEntries(ShareFiles files, Path zip) {
    this.files = files;
    this.zip = zip;
  }

  /** Is given each entry once. */
  interface Taker {
    void take(Entry entry, byte[] packed) throws IOException;
  }

  static String name(long number) {
    return String.format("%012d%s", number, SUFFIX);
  }

  /** Reads all there is; nothing where there is no such zip. */
  void read(Taker taker) throws IOException {
    try {
      readOneAfterTheOther(taker);
      readByDirectory(taker);
    } catch (NoSuchFileException e) {
      return; // the month's first
    }
  }

  Map<Long, String> hashes() {
    return hashes;
  }

  /** The first thing that is wrong with it, or null. */
  @Nullable String damage() {
    return damage;
  }

  void damaged(String why) {
    damage = damage == null ? why : damage;
  }

  private void readOneAfterTheOther(Taker taker) throws IOException {
    try (ZipInputStream in = new ZipInputStream(files.open(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        take(entry.getName(), in, taker);
      }
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      damaged(e.toString());
    }
  }

  private void readByDirectory(Taker taker) throws IOException {
    try (FileSystem opened = files.openZip(zip);
        DirectoryStream<Path> paths = Files.newDirectoryStream(opened.getPath("/"))) {
      Set<Long> listed = new HashSet<>();
      for (Path path : paths) {
        String name = path.getFileName().toString();
        if (isOurs(name) && listed.add(number(name)) && !hashes.containsKey(number(name))) {
          damaged(name + " is not found but by the directory");
          takeOne(path, taker);
        }
      }
      if (!listed.equals(hashes.keySet())) {
        damaged("its directory names " + listed.size() + " entries, and it has " + hashes.size());
      }
    } catch (ZipException e) {
      damaged(e.toString());
    }
  }

  private void takeOne(Path path, Taker taker) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      take(path.getFileName().toString(), in, taker);
    } catch (ZipException | EOFException e) {
      damaged(e.toString());
    }
  }

  private boolean isOurs(String name) {
    boolean ours = NAME.matcher(name).matches();
    if (!ours) {
      damaged(name + " is in it, which is no entry");
    }
    return ours;
  }

  private static long number(String name) {
    return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
  }

  private void take(String name, InputStream in, Taker taker) throws IOException {
    byte[] packed = in.readNBytes(EntryFile.MAX_PACKED);
    Entry entry = isOurs(name) ? decoded(name, packed) : null;
    if (entry != null && hashes.putIfAbsent(entry.number(), entry.hash()) == null) {
      taker.take(entry, packed);
    }
  }

  private @Nullable Entry decoded(String name, byte[] packed) {
    try {
      Entry entry = EntryFile.decode(packed);
      if (entry.number() == number(name)) {
        return entry;
      }
      damaged(name + " is entry " + entry.number());
    } catch (DamagedEntryException e) {
      damaged(name + " is damaged: " + e.getMessage());
    }
    return null;
  }
}
