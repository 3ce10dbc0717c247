package tidemark.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.share.Pace;
import tidemark.share.Removal;
import tidemark.share.ShareFiles;

/**
 * The recent entries this workstation read or wrote, byte for byte, in a folder of its own, and the
 * one it is offering.
 *
 * <p>A file is called `number-hash.jsonl.gz` (the hash's first 16 digits), so that both sides of a
 * fork can be kept, and has the modification time of the entry's file on the share: as long as size
 * and time there are the same, nobody has to read it again. Files are written aside and renamed. An
 * offer is on the disk before anybody can see it; what was read only from the share is not waited
 * for, since it is proven by its hash whenever it is used. A disk that fails is a Failure
 * INCOMPLETE. Threading: may be shared.
 */
public final class KeptEntries {
  private static final String SUFFIX = ".jsonl.gz";
  private static final String LEFT = ShareFiles.RANDOM + "\\.part";
  private static final Pattern OFFER = Pattern.compile("(\\d{1,18}) ([0-9a-f]{64})");

  private final ShareFiles files;
  private final Path folder;
  private final int mostEntries;
  private final long mostBytes;
  private @Nullable NavigableMap<String, Long> sizes;
  private long bytes;

  public KeptEntries(Path folder) {
    this(folder, 2_000, 256L << 20, ShareFiles.Tap.NONE);
  }

  KeptEntries(Path folder, int mostEntries, long mostBytes, ShareFiles.Tap tap) {
    this.files = new ShareFiles(tap, Pace.REAL);
    this.folder = folder;
    this.mostEntries = mostEntries;
    this.mostBytes = mostBytes;
  }

  /**
   * Keeps an entry's bytes.
   *
   * @param modified of the file on the share, as it was before these bytes were read from it
   */
  public synchronized void keep(Position position, byte[] packed, FileTime modified) {
    keep(position, packed, modified, Files::write);
  }

  /** A way to write a file. */
  @FunctionalInterface
  private interface Writing {
    void write(Path file, byte[] bytes) throws IOException;
  }

  private void keep(Position position, byte[] packed, FileTime modified, Writing writing) {
    try {
      String name = name(position);
      NavigableMap<String, Long> known = sizes();
      if (known.size() >= mostEntries && name.compareTo(known.firstKey()) < 0) {
        return; // older than all others, it would be the first to go
      }
      Path file = folder.resolve(name);
      if (Arrays.equals(packed, read(file))) {
        Files.setLastModifiedTime(file, modified); // as it is on the disk, it stays
      } else {
        Path aside = folder.resolve(ShareFiles.random() + ".part");
        writing.write(aside, packed);
        Files.setLastModifiedTime(aside, modified);
        files.replace(aside, file);
      }
      Long former = known.put(name, (long) packed.length);
      bytes += packed.length - (former == null ? 0 : former);
      prune(known);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void prune(NavigableMap<String, Long> known) throws IOException {
    while (known.size() > 1 && (known.size() > mostEntries || bytes > mostBytes)) {
      Map.Entry<String, Long> oldest = known.pollFirstEntry();
      bytes -= oldest.getValue();
      files.delete(folder.resolve(oldest.getKey()));
    }
  }

  private NavigableMap<String, Long> sizes() throws IOException {
    NavigableMap<String, Long> known = sizes;
    if (known == null || !Files.isDirectory(folder)) { // somebody may have deleted it meanwhile
      Files.createDirectories(folder);
      known = new TreeMap<>();
      for (Path file : matching("*" + SUFFIX)) {
        known.put(file.getFileName().toString(), Files.size(file));
      }
      bytes = known.values().stream().mapToLong(Long::longValue).sum();
      sizes = known;
    }
    return known;
  }

  /** Looks, since another process of this workstation may have changed it. */
  public synchronized boolean any() {
    try {
      return !matching("*" + SUFFIX).isEmpty();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Deletes what was never finished, once it is too old to be anybody's. */
  public synchronized void sweep(long writtenBefore) {
    try {
      new Removal(files, LEFT).sweep(folder, name -> name.matches(LEFT), writtenBefore);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private List<Path> matching(String glob) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, glob)) {
      stream.forEach(found::add);
    } catch (NoSuchFileException e) {
      return found; // nothing was kept yet
    }
    return found;
  }

  /** Exactly this entry, or null. */
  public synchronized @Nullable Entry entry(Position position) {
    byte[] packed = read(folder.resolve(name(position)));
    Entry entry = packed == null ? null : whole(packed);
    return entry != null && entry.position().equals(position) ? entry : null;
  }

  /** The bytes of exactly this entry, or null. */
  public synchronized byte @Nullable [] bytes(Position position) {
    return entry(position) == null ? null : read(folder.resolve(name(position)));
  }

  /** All entries kept for a number: more than one where the ledger once forked. */
  public synchronized List<Entry> all(long number) {
    try {
      List<Entry> entries = new ArrayList<>();
      for (Path file : matching(String.format("%012d-*%s", number, SUFFIX))) {
        byte[] packed = read(file);
        Entry entry = packed == null ? null : whole(packed);
        if (entry != null && entry.number() == number) {
          entries.add(entry);
        }
      }
      return entries;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Whether a file of this size and time on the share is the one this entry was read from. */
  public synchronized boolean unchanged(Position position, BasicFileAttributes there) {
    try {
      Path file = folder.resolve(name(position));
      BasicFileAttributes here = Files.readAttributes(file, BasicFileAttributes.class);
      return here.size() == there.size()
          && here.lastModifiedTime().toMillis() == there.lastModifiedTime().toMillis();
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Remembers an entry as offered, before anybody can see it; on the disk when this returns. */
  public synchronized void offer(Position position, byte[] packed, FileTime modified) {
    keep(position, packed, modified, files::write);
    try {
      Path aside = folder.resolve(ShareFiles.random() + ".part");
      String line = position.number() + " " + position.hash();
      files.write(aside, line.getBytes(StandardCharsets.UTF_8));
      files.replace(aside, offerFile());
      files.flush(folder);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** What was offered and not settled since. */
  public synchronized @Nullable Entry offered() {
    Position position = offeredPosition();
    return position == null ? null : entry(position);
  }

  public synchronized @Nullable Position offeredPosition() {
    byte[] line = read(offerFile());
    if (line == null) {
      return null;
    }
    Matcher offer = OFFER.matcher(new String(line, StandardCharsets.UTF_8).strip());
    return offer.matches() ? new Position(Long.parseLong(offer.group(1)), offer.group(2)) : null;
  }

  /**
   * This entry is in the ledger: whatever was offered for its number or before has met its fate.
   */
  public synchronized void settled(Position known) {
    Position offered = offeredPosition();
    if (offered == null || offered.number() > known.number()) {
      return;
    }
    if (offered.number() == known.number() && !offered.equals(known)) {
      forget(offered);
    }
    endOffer();
  }

  /** The offer was refused: it is not, and never was, part of the ledger. */
  public synchronized void withdraw(Position position) {
    forget(position);
    endOffer();
  }

  private void forget(Position position) {
    try {
      Long size = sizes().remove(name(position));
      bytes -= size == null ? 0 : size;
      files.delete(folder.resolve(name(position)));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void endOffer() {
    try {
      files.delete(offerFile());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** A file of this workstation's for something else that it knows of the ledger. */
  public Path beside(String name) {
    return folder.resolveSibling(name + ".json");
  }

  private Path offerFile() {
    return folder.resolve("offer");
  }

  private static String name(Position position) {
    String hash = position.hash();
    String start = hash.substring(0, Math.min(16, hash.length()));
    return String.format("%012d-%s%s", position.number(), start, SUFFIX);
  }

  private byte @Nullable [] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static @Nullable Entry whole(byte[] packed) {
    try {
      return EntryFile.decode(packed);
    } catch (DamagedEntryException e) {
      return null; // as good as not kept
    }
  }

  private Failure failed(IOException e) {
    return new Failure(
        Failure.INCOMPLETE,
        "cannot use the folder of kept entries: " + e,
        "Check disk space and rights of " + folder + ".",
        e);
  }
}
