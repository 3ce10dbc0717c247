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

/** A share in memory, its ledgers as workstations see them, and a tap that counts and breaks. */
final class TestShare implements AutoCloseable {
  final FileSystem fileSystem = Jimfs.newFileSystem(Configuration.unix());
  final Path root;
  final SettablePace pace = new SettablePace();
  final Clock clock = Clock.fixed(Instant.ofEpochMilli(Samples.AT), ZoneOffset.UTC);

  TestShare() throws IOException {
    root = Files.createDirectory(fileSystem.getPath("/share"));
  }

  Path master() {
    return root.resolve("server.db");
  }

  Path folder() {
    return root.resolve("server.db-ledger");
  }

  Path entryFile(long number) {
    return folder()
        .resolve(String.format("entries/%03d/%012d/entry.jsonl.gz", number / 1000, number));
  }

  /** As if the entry had never been. */
  void lose(long number) throws IOException {
    Files.delete(entryFile(number));
    Files.delete(entryFile(number).getParent());
  }

  KeptEntries kept(String workstation) {
    return new KeptEntries(fileSystem.getPath("/state", workstation, "kept"));
  }

  ShareLedger ledger(String workstation) {
    return ledger(workstation, ShareFiles.Tap.NONE);
  }

  ShareLedger ledger(String workstation, ShareFiles.Tap tap) {
    Author me = new Author(workstation, workstation, workstation);
    return new ShareLedger(
        master(), kept(workstation), me, Duration.ofSeconds(30), clock, new ShareFiles(tap, pace));
  }

  /** A ledger at a certain time. */
  ShareLedger ledger(String workstation, Instant now) {
    return new ShareLedger(
        master(),
        kept(workstation),
        new Author(workstation, workstation, workstation),
        Duration.ofSeconds(30),
        Clock.fixed(now, ZoneOffset.UTC),
        new ShareFiles(ShareFiles.Tap.NONE, pace));
  }

  /** Every file below a folder, by its name and content, entries' ids and random names aside. */
  static Map<String, Long> sizes(Path folder) throws IOException {
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
  static class SettablePace implements Pace {
    private long nanos = 1_000_000_000;

    @Override
    public synchronized long nanos() {
      return nanos;
    }

    @Override
    public synchronized void pause(long millis) {
      nanos += millis * 1_000_000;
    }

    void pass(Duration time) {
      pause(time.toMillis());
    }
  }

  /** Records every operation and fails one of them, before or after it happened. */
  static final class BreakingTap implements ShareFiles.Tap {
    final List<String> operations = new ArrayList<>();
    private int breakAt = -1;
    private boolean afterwards;

    BreakingTap breaking(int operation, boolean afterIt) {
      breakAt = operation;
      afterwards = afterIt;
      return this;
    }

    boolean reached() {
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
