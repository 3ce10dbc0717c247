package tidemark.ledger;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tidemark.ledger.folder.ShareLedger;
import tidemark.share.Pace;
import tidemark.share.ShareFiles;

/** A share in memory, its ledgers as workstations see them, and a tap that counts and breaks. */
public final class TestShare implements AutoCloseable {
  public final FileSystem fileSystem = Jimfs.newFileSystem(Configuration.unix());
  public final Path root;
  public final SettablePace pace = new SettablePace();
  public final Clock clock = Clock.fixed(Instant.ofEpochMilli(Samples.AT), ZoneOffset.UTC);

  public TestShare() throws IOException {
    root = Files.createDirectory(fileSystem.getPath("/share"));
  }

  public Path master() {
    return root.resolve("server.db");
  }

  public Path folder() {
    return root.resolve("server.db-ledger");
  }

  public Path entryFile(long number) {
    return folder()
        .resolve(String.format("entries/%03d/%012d/entry.jsonl.gz", number / 1000, number));
  }

  /** As if the entry had never been. */
  public void lose(long number) throws IOException {
    Files.delete(entryFile(number));
    Files.delete(entryFile(number).getParent());
  }

  public KeptEntries kept(String workstation) {
    return new KeptEntries(fileSystem.getPath("/state", workstation, "kept"));
  }

  public ShareLedger ledger(String workstation) {
    return ledger(workstation, ShareFiles.Tap.NONE);
  }

  public ShareLedger ledger(String workstation, ShareFiles.Tap tap) {
    Author me = new Author(workstation, workstation, workstation);
    return new ShareLedger(
        master(), kept(workstation), me, Duration.ofSeconds(30), clock, new ShareFiles(tap, pace));
  }

  /** A ledger at a certain time. */
  public ShareLedger ledger(String workstation, Instant now) {
    return new ShareLedger(
        master(),
        kept(workstation),
        new Author(workstation, workstation, workstation),
        Duration.ofSeconds(30),
        Clock.fixed(now, ZoneOffset.UTC),
        new ShareFiles(ShareFiles.Tap.NONE, pace));
  }

  /** Every file below a folder, by its name and content, entries' ids and random names aside. */
  public static Map<String, Long> sizes(Path folder) throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        sizes.put(folder.relativize(path).toString(), Files.size(path));
      }
    }
    return sizes;
  }

  @Override
  public void close() throws IOException {
    fileSystem.close();
  }

  /** Time that moves only when somebody waits. */
  public static class SettablePace implements Pace {
    private long nanos = 1_000_000_000;

    @Override
    public synchronized long nanos() {
      return nanos;
    }

    @Override
    public synchronized void pause(long millis) {
      nanos += millis * 1_000_000;
    }

    public void pass(Duration time) {
      pause(time.toMillis());
    }
  }

  /** Records every operation and fails one of them, before or after it happened. */
  public static final class BreakingTap implements ShareFiles.Tap {
    public final List<String> operations = new ArrayList<>();
    private int breakAt = -1;
    private boolean afterwards;

    public BreakingTap breaking(int operation, boolean afterIt) {
      breakAt = operation;
      afterwards = afterIt;
      return this;
    }

    public boolean reached() {
      return operations.size() > breakAt;
    }

    @Override
    public void before(ShareFiles.Operation operation, Path path) throws IOException {
      operations.add(operation + " " + path);
      breakHere(false);
    }

    @Override
    public void after(ShareFiles.Operation operation, Path path) throws IOException {
      breakHere(true);
    }

    private void breakHere(boolean after) throws IOException {
      if (operations.size() - 1 == breakAt && after == afterwards) {
        throw new IOException("the link broke");
      }
    }
  }
}
