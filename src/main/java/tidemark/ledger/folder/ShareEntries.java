package tidemark.ledger.folder;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.DamagedEntryException;
import tidemark.ledger.Entry;
import tidemark.ledger.EntryFile;
import tidemark.ledger.KeptEntries;
import tidemark.share.Removal;
import tidemark.share.ShareFiles;

/**
 * The entries on the share: `entries/000/000000000001/entry.jsonl.gz`.
 *
 * <p>Guarantee: an entry appears whole and exactly once, and its bytes never change; a damaged one
 * is replaced only by kept bytes that the chain proves to be the same, and one that was written
 * past a hole only by what the entry after it names. Commit point: the rename of a uniquely named
 * folder to the entry's number. Threading: may be shared.
 */
final class ShareEntries {
  private static final Logger LOG = LoggerFactory.getLogger(ShareEntries.class);
  private static final String FILE = "entry.jsonl.gz";

  /** Before the start of its hash, in the name of what was written past a hole. */
  private static final String PAST = "past-";

  /** What appends and looks at the clock leave behind when they are cut off. */
  private static final String LEFT = "(clock-)?" + ShareFiles.RANDOM;

  private static final String WAY_OUT =
      "Run `tidemark verify` at the other workstations: one that kept the entry puts it right; if none did, run `tidemark ledger rebuild`.";

  private final ShareFiles files;
  private final Removal removal;
  private final Path entries;
  private final Path append;
  private final KeptEntries kept;

  /** The last entry read: the next one is likely there, so its folder need not be asked for. */
  private volatile long reached = -1;

  ShareEntries(ShareFiles files, Path ledger, KeptEntries kept) {
    this.files = files;
    this.removal =
        new Removal(files, FILE + "|" + Closing.FILE + "|" + PAST + "[0-9a-f]{16}\\.jsonl\\.gz");
    this.entries = ledger.resolve("entries");
    this.append = ledger.resolve("append");
    this.kept = kept;
  }

  /** Rounded down to its thousand, so that no folder of the share grows large. */
  private Path thousand(long number) {
    return entries.resolve(String.format("%03d", number / 1000));
  }

  Path folder(long number) {
    return thousand(number).resolve(String.format("%012d", number));
  }

  Path file(long number) {
    return folder(number).resolve(FILE);
  }

  /** The entry, put right from kept bytes if need be, or null where there is none. */
  @Nullable Entry read(long number) throws IOException {
    Found found = find(number);
    return found == null ? null : found.entry;
  }

  /** The same with its bytes. */
  @Nullable Found find(long number) throws IOException {
    if (number != reached + 1 && files.absent(folder(number))) {
      return null;
    }
    Found found;
    try {
      found = look(number);
      if (found == null) {
        reached = -1; // the next run asks for the folder
        return null;
      }
    } catch (DamagedEntryException e) {
      return mend(number, e);
    }
    kept.keep(found.entry.position(), found.packed, found.modified);
    kept.settled(found.entry.position());
    reached = number;
    return found;
  }

  /**
   * An entry as it stands.
   *
   * @param modified of its file, as it was before it was read
   */
  record Found(Entry entry, byte[] packed, FileTime modified) {}

  private @Nullable Found look(long number) throws IOException, DamagedEntryException {
    for (int seconds = 0; seconds < ShareFiles.SECONDS_STALE; seconds++) {
      try {
        FileTime modified = files.stat(file(number)).lastModifiedTime();
        byte[] packed = files.read(file(number), EntryFile.MAX_PACKED);
        Entry entry = EntryFile.decode(packed);
        if (entry.number() != number) {
          throw new DamagedEntryException("it is entry " + entry.number());
        }
        return new Found(entry, packed, modified);
      } catch (NoSuchFileException e) {
        if (files.absent(folder(number))) {
          return null;
        }
        requireOpen(number);
        files.pace().pause(1000);
      }
    }
    throw new DamagedEntryException("its folder is empty");
  }

  /** Who comes to the end of a ledger that was carried to another place is told where it is. */
  private void requireOpen(long number) throws IOException {
    String to = closedFor(number);
    if (to != null) {
      throw Failure.ofMove("ledger in " + entries.resolveSibling(""), to);
    }
  }

  /** Where the ledger goes on that ends before this number; null where it does not. */
  @Nullable String closedFor(long number) throws IOException {
    return Closing.in(files, folder(number));
  }

  /**
   * Takes the number after the last entry for good; false if another entry has it. Doing it again
   * changes nothing.
   */
  boolean close(Position last, String to) throws IOException {
    long number = last.number() + 1;
    if (!files.absent(folder(number))) {
      return to.equals(closedFor(number));
    }
    requireEnd(last.number());
    Path staging = stage(Closing.FILE, Closing.bytes(last, to));
    try {
      name(staging, number);
      return true;
    } catch (IOException e) {
      if (to.equals(closedFor(number))) {
        return true; // it failed only by its own account
      }
      if (files.absent(folder(number))) {
        throw e; // it may still happen: what was staged stays
      }
      removal.remove(staging);
      return false;
    }
  }

  /**
   * A ledger that was closed here comes back: whoever staged something before its end, and is at it
   * still, finds nothing left of that.
   */
  void reopen() throws IOException {
    removal.sweep(append, name -> name.matches(LEFT), Long.MAX_VALUE);
    for (Path thousand : files.list(entries)) {
      for (Path folder : files.list(thousand)) {
        if (files.absent(folder.resolve(FILE)) && Closing.in(files, folder) != null) {
          removal.remove(folder);
        }
      }
    }
  }

  /** The last entry there is after this one, which nobody has read here; null where none is. */
  @Nullable Entry newestAfter(long floor) throws IOException {
    long last = floor;
    for (Path thousand : files.list(entries)) {
      for (long number : numbers(thousand)) {
        last = Math.max(last, number);
      }
    }
    return last == floor ? null : whole(last);
  }

  /** Whether the share's entry is this very one, without reading it if it was read before. */
  boolean holds(Position position) throws IOException {
    try {
      BasicFileAttributes there = files.stat(file(position.number()));
      if (kept.unchanged(position, there)) {
        return true;
      }
    } catch (NoSuchFileException e) {
      if (files.absent(folder(position.number()))) {
        return false;
      }
    }
    Entry entry = read(position.number());
    return entry != null && entry.hash().equals(position.hash());
  }

  /** Makes this the entry of its number; false if there is another one, or a damaged one. */
  boolean append(EntryFile.Packed packed) throws IOException {
    Position position = packed.entry().position();
    if (!files.absent(folder(position.number()))) {
      read(position.number()); // so that a damaged one is put right or complained about
      return false;
    }
    requireEnd(position.number() - 1);
    Path staging = stage(packed.bytes());
    FileTime modified = files.stat(staging.resolve(FILE)).lastModifiedTime();
    kept.offer(position, packed.bytes(), modified);
    boolean first = false;
    try {
      first = commit(staging, position);
    } catch (Failure e) {
      if (e.movedTo() != null) { // the number is the end's, for good
        kept.withdraw(position);
        removal.remove(staging);
      }
      throw e;
    }
    if (first) {
      kept.settled(position);
    } else {
      kept.withdraw(position);
    }
    return first;
  }

  /** Where later entries are there, the next one was lost and its number is not free. */
  void requireEnd(long last) throws IOException {
    long next = last + 1;
    for (int seconds = 0; seconds < ShareFiles.SECONDS_STALE; seconds++) {
      Set<Long> there = numbers(thousand(next));
      if (there.contains(next) || !(anyAfter(next, there) || anyInLaterThousands(next))) {
        return;
      }
      files.pace().pause(1000);
    }
    throw new Failure(
        Failure.REFUSED,
        "entry " + next + " of the ledger is missing although later ones are there",
        WAY_OUT);
  }

  private static boolean anyAfter(long next, Set<Long> numbers) {
    return numbers.stream().anyMatch(number -> number > next);
  }

  /** The next one may have been the last of its thousand, and its whole folder may be gone. */
  private boolean anyInLaterThousands(long next) throws IOException {
    for (Path folder : files.list(entries)) {
      long thousand = number(folder);
      boolean later = thousand > next / 1000 && thousand < Long.MAX_VALUE;
      if (later && anyAfter(next, numbers(folder))) {
        return true;
      }
    }
    return false;
  }

  List<Long> missing(long from, long to) throws IOException {
    List<Long> missing = new ArrayList<>();
    Set<Long> there = Set.of();
    for (long number = from; number <= to; number++) {
      if (number == from || number % 1000 == 0) {
        there = numbers(thousand(number));
      }
      if (!there.contains(number)) {
        missing.add(number);
      }
    }
    return missing;
  }

  private Set<Long> numbers(Path thousand) throws IOException {
    Set<Long> numbers = new HashSet<>();
    for (Path folder : files.list(thousand)) {
      numbers.add(number(folder));
    }
    numbers.remove(Long.MAX_VALUE); // not an entry's folder
    return numbers;
  }

  /**
   * Puts kept bytes back where the share lost them; false if another entry has that number, unless
   * somebody wrote it past a hole: then the entry after it names this one.
   */
  boolean putBack(Position position, byte[] packed) throws IOException {
    long number = position.number();
    if (files.absent(folder(number))) {
      return commit(stage(packed), position);
    }
    try {
      Found found = look(number);
      if (found == null || found.entry.position().equals(position)) {
        return found != null;
      }
      Entry after = whole(number + 1);
      if (after == null || !after.previous().equals(position.hash())) {
        return false;
      }
      setBeside(found);
    } catch (DamagedEntryException e) {
      LOG.info("entry {} is put back in place of a damaged one", number);
    }
    replace(number, packed);
    return true;
  }

  /** Nobody reads it any more; whoever wrote it may be gone for good. */
  private void setBeside(Found past) throws IOException {
    Position position = past.entry.position();
    String name = PAST + position.hash().substring(0, 16) + ".jsonl.gz";
    Path beside = folder(position.number()).resolve(name);
    LOG.warn("an entry that was written past a hole stays beside the right one: {}", beside);
    if (files.absent(beside)) {
      files.replace(beside, past.packed);
    }
  }

  private Path stage(byte[] packed) throws IOException {
    return stage(FILE, packed);
  }

  private Path stage(String name, byte[] bytes) throws IOException {
    Path staging = append.resolve(ShareFiles.random());
    files.createDirectoryBelow(append, staging);
    Path file = staging.resolve(name);
    files.write(file, bytes);
    if (!Arrays.equals(bytes, files.read(file, EntryFile.MAX_PACKED))) {
      throw new IOException(file + " reads otherwise than it was written");
    }
    files.flush(staging);
    return staging;
  }

  private boolean commit(Path staging, Position position) throws IOException {
    long number = position.number();
    try {
      name(staging, number);
      return true;
    } catch (IOException e) {
      Entry there = whole(number);
      if (there == null) {
        throw e; // it may still happen: what was staged stays
      }
      if (there.position().equals(position)) {
        return true; // it failed only by its own account
      }
      removal.remove(staging);
      return false;
    }
  }

  /** Gives what was staged its number, which one alone can have. */
  private void name(Path staging, long number) throws IOException {
    try {
      files.rename(staging, folder(number));
    } catch (NoSuchFileException e) {
      files.ensureDirectory(entries);
      files.ensureDirectory(thousand(number));
      files.rename(staging, folder(number));
      files.flush(entries);
    }
    files.flush(thousand(number));
  }

  /** The entry if it is there and well; nothing is mended. */
  private @Nullable Entry whole(long number) throws IOException {
    try {
      Found found = number < 1 ? null : look(number);
      return found == null ? null : found.entry;
    } catch (DamagedEntryException e) {
      return null;
    }
  }

  private Found mend(long number, DamagedEntryException damage) throws IOException {
    List<Entry> fitting = fitting(number);
    byte[] packed = fitting.size() == 1 ? kept.bytes(fitting.get(0).position()) : null;
    if (packed == null) {
      throw new Failure(
          Failure.REFUSED,
          "entry " + number + " of the ledger is damaged: " + damage.getMessage(),
          WAY_OUT,
          damage);
    }
    replace(number, packed);
    return new Found(fitting.get(0), packed, stat(number).lastModifiedTime());
  }

  /** What was kept under this number and, by its neighbours' word, is what stood there. */
  private List<Entry> fitting(long number) throws IOException {
    Entry before = whole(number - 1);
    Entry after = whole(number + 1);
    Position offered = kept.offeredPosition();
    return kept.all(number).stream()
        .filter(entry -> before == null || before.hash().equals(entry.previous()))
        .filter(
            entry ->
                after == null
                    ? !entry.position().equals(offered) // it may never have stood there
                    : after.previous().equals(entry.hash()))
        .toList();
  }

  /** Within its folder, so that the number is never free for another entry meanwhile. */
  private void replace(long number, byte[] packed) throws IOException {
    Path staging = stage(packed);
    files.replace(staging.resolve(FILE), file(number));
    files.flush(folder(number));
    removal.remove(staging);
  }

  /** The share's clock in milliseconds: the time of a file just written. */
  long now() throws IOException {
    Path file = append.resolve("clock-" + ShareFiles.random());
    try {
      files.write(file, new byte[] {'x'});
    } catch (NoSuchFileException e) {
      files.ensureDirectory(append);
      files.write(file, new byte[] {'x'});
    } catch (FileSystemException e) {
      throw e; // not even begun
    } catch (IOException e) {
      deleteIfPossible(file); // a full disk takes the name and nothing more
      throw e;
    }
    long now = files.stat(file).lastModifiedTime().toMillis();
    files.delete(file);
    return now;
  }

  private void deleteIfPossible(Path left) {
    try {
      files.delete(left);
    } catch (IOException e) {
      LOG.debug("{} is left to be swept away", left, e);
    }
  }

  /** When the entry's file was written. */
  @Nullable Long writtenAt(long number) throws IOException {
    try {
      return files.stat(file(number)).lastModifiedTime().toMillis();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  BasicFileAttributes stat(long number) throws IOException {
    return files.stat(file(number));
  }

  byte[] bytes(long number) throws IOException {
    return files.read(file(number), EntryFile.MAX_PACKED);
  }

  /** Deletes all entries up to this number, also those an earlier try left behind. */
  void deleteUpTo(long last) throws IOException {
    for (Path thousand : removal.list(entries)) {
      if (number(thousand) > last / 1000) {
        continue;
      }
      boolean all = true;
      for (Path folder : removal.list(thousand)) {
        all &= number(folder) <= last && removal.remove(folder);
      }
      if (all && number(thousand) < last / 1000) {
        files.delete(thousand);
      }
    }
  }

  private static long number(Path folder) {
    String name = folder.getFileName().toString();
    return name.matches("\\d{3,18}") ? Long.parseLong(name) : Long.MAX_VALUE;
  }

  /** Deletes what appends that failed left behind, once it is too old to be anybody's. */
  void sweep(long writtenBefore) throws IOException {
    removal.sweep(append, name -> name.matches(LEFT), writtenBefore);
  }
}
