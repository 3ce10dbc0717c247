package tidemark.upkeep.report;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import tidemark.ledger.ShareFiles;
import tidemark.sync.Plan;

/** Adds up what a ledger takes on the share, reading no file. Threading: one thread. */
final class LedgerSize extends SimpleFileVisitor<Path> {
  private final Path folder;
  private final ShareFiles share;
  private final Period period;
  private long all;
  private long growth;

  LedgerSize(Plan plan, Period period) {
    this.folder = plan.master().resolveSibling(plan.master().getFileName() + "-ledger");
    this.share = plan.share();
    this.period = period;
  }

  Size.LedgerBytes measured() {
    share.reach("measure the ledger", folder, () -> Files.walkFileTree(folder, this));
    return new Size.LedgerBytes(all, growth);
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes found) {
    all += found.size();
    boolean isNew = period.day(found.lastModifiedTime().toMillis()) != null;
    growth += isNew && file.startsWith(folder.resolve("entries")) ? found.size() : 0;
    return share.isWaitedFor() ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
  }

  /** Others are at work: what was listed may be gone. */
  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
    if (e instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw e;
  }
}
