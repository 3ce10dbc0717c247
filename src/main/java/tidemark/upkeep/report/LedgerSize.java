package tidemark.upkeep.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tidemark.catchup.EntryFolder;
import tidemark.catchup.EntryIndex;
import tidemark.run.Plan;
import tidemark.share.ShareFiles;

/**
 * Adds up what a ledger takes on the share, reading no file; a folder of entries that is as it was
 * the last time is not looked at again. Threading: one thread.
 */
final class LedgerSize extends SimpleFileVisitor<Path> {
  private final Plan plan;
  private final Path folder;
  private final Path entries;
  private final String ledger;
  private final ShareFiles share;
  private final Period period;
  private final List<EntryFolder> looked = new ArrayList<>();
  private Map<String, EntryFolder> known = Map.of();
  private @Nullable Adding adding;
  private long all;
  private long growth;

  /**
   * @param ledger its id
   */
  LedgerSize(Plan plan, String ledger, Period period) {
    this.plan = plan;
    this.folder = plan.master().resolveSibling(plan.master().getFileName() + "-ledger");
    this.entries = folder.resolve("entries");
    this.ledger = ledger;
    this.share = plan.share();
    this.period = period;
  }

  Size.LedgerBytes measured() {
    known = EntryIndex.folders(plan.index());
    share.reach("measure the ledger", folder, () -> Files.walkFileTree(folder, this));
    EntryIndex.addFolders(plan.index(), looked);
    return new Size.LedgerBytes(all, growth);
  }

  @Override
  public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes found)
      throws IOException {
    if (!entries.equals(path.getParent())) {
      return FileVisitResult.CONTINUE;
    }
    Adding now;
    try {
      now = new Adding(path, found.lastModifiedTime().toMillis(), names(path));
    } catch (NoSuchFileException e) {
      return FileVisitResult.SKIP_SUBTREE;
    }
    EntryFolder then = known.get(now.key());
    if (then == null || then.modified() != now.modified || then.names() != now.names) {
      adding = now;
      return FileVisitResult.CONTINUE;
    }
    boolean isNew = isNew(then.oldest()) && isNew(then.newest());
    boolean isOld = then.newest() < period.since().toEpochMilli();
    if (!isNew && !isOld) {
      return FileVisitResult.CONTINUE; // the period begins amid it
    }
    all += then.bytes();
    growth += isNew ? then.bytes() : 0;
    return FileVisitResult.SKIP_SUBTREE;
  }

  private static long names(Path path) throws IOException {
    try (Stream<Path> there = Files.list(path)) {
      return there.count();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private boolean isNew(long time) {
    return period.day(time) != null;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes found) {
    long time = found.lastModifiedTime().toMillis();
    all += found.size();
    growth += isNew(time) && file.startsWith(entries) ? found.size() : 0;
    if (adding != null) {
      adding.add(found.size(), time);
    }
    return share.isWaitedFor() ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path path, @Nullable IOException e) throws IOException {
    if (e == null && adding != null && adding.path.equals(path)) {
      looked.add(adding.folder());
      adding = null;
    }
    return super.postVisitDirectory(path, e);
  }

  /** Others are at work: what was listed may be gone. */
  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
    if (e instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw e;
  }

  /** A folder of entries that is being looked at file by file. */
  private final class Adding {
    private final Path path;
    private final long modified;
    private final long names;
    private long bytes;
    private long oldest = Long.MAX_VALUE;
    private long newest = Long.MIN_VALUE;

    Adding(Path path, long modified, long names) {
      this.path = path;
      this.modified = modified;
      this.names = names;
    }

    String key() {
      return ledger + "/" + path.getFileName();
    }

    void add(long size, long time) {
      bytes += size;
      oldest = Math.min(oldest, time);
      newest = Math.max(newest, time);
    }

    EntryFolder folder() {
      return new EntryFolder(key(), modified, names, bytes, oldest, newest);
    }
  }
}
