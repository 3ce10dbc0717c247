package tidemark.ledger.folder;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The entries' bytes for those whom a server lends them to. What one was given the next ones ask
 * for, too: it is read and checked once, and only looked at after that.
 *
 * <p>Guarantee: what is given was checked and put right as by {@link ShareEntries#read}, and the
 * file on the share has had the same size and time since. Threading: any.
 */
final class LentEntries {
  private final ShareEntries entries;
  private final long mostBytes;
  private final Map<Long, Lent> recent = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * @param mostBytes of entries that are remembered
   */
  LentEntries(ShareEntries entries, long mostBytes) {
    this.entries = entries;
    this.mostBytes = mostBytes;
  }

  /**
   * One of them.
   *
   * @param modified of the file on the share, as it was before these bytes were read from it
   */
  private record Lent(byte[] packed, FileTime modified) {}

  /** Null where there is none. */
  byte @Nullable [] packed(long number) throws IOException {
    Lent known = recent(number);
    if (known != null && isUnchanged(number, known)) {
      return known.packed;
    }
    ShareEntries.Found found = entries.find(number);
    if (found == null) {
      return null;
    }
    remember(number, new Lent(found.packed(), found.modified()));
    return found.packed();
  }

  private boolean isUnchanged(long number, Lent known) throws IOException {
    try {
      BasicFileAttributes there = entries.stat(number);
      return there.size() == known.packed.length
          && there.lastModifiedTime().toMillis() == known.modified.toMillis();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private synchronized @Nullable Lent recent(long number) {
    return recent.get(number);
  }

  private synchronized void remember(long number, Lent lent) {
    Lent former = recent.put(number, lent);
    bytes += lent.packed.length - (former == null ? 0 : former.packed.length);
    var eldest = recent.values().iterator();
    while (bytes > mostBytes) {
      bytes -= eldest.next().packed.length;
      eldest.remove();
    }
  }
}
