package tidemark.ledger.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Arrival;
import tidemark.ledger.Entry;
import tidemark.ledger.EntryFile;
import tidemark.ledger.KeptEntries;
import tidemark.ledger.LedgerHead;
import tidemark.ledger.SnapshotFile;
import tidemark.share.ShareFiles;

/**
 * A ledger that arrives in a folder: with `arriving.json` where `ledger.json` will be, so that
 * nobody can meet there, and nobody can begin another one under that name.
 *
 * <p>Commit points: the rename of the new folder, each entry's and each snapshot's, and at last
 * that of `arriving.json` to `ledger.json`. Threading: one carrier at a time; of two, each entry is
 * one's alone, as ever.
 */
final class ShareArrival implements Arrival {
  private final ShareFiles files;
  private final Path master;
  private final Path folder;
  private final ShareEntries entries;
  private final ShareSnapshots snapshots;
  private @Nullable Position known;

  ShareArrival(ShareFiles files, Path master, KeptEntries kept) {
    this.files = files;
    this.master = master;
    this.folder = LedgerFolder.of(master);
    this.entries = new ShareEntries(files, folder, kept);
    this.snapshots = new ShareSnapshots(files, folder);
  }

  /** Refuses whoever comes too early. */
  static void requireArrived(ShareFiles files, Path folder) throws IOException {
    if (!files.absent(folder.resolve(LedgerFolder.ARRIVING))) {
      throw new Failure(
          Failure.BUSY,
          "a ledger is being carried to " + folder + ", and has not arrived yet",
          "Go on where it was until `tidemark migrate` is done; if that was cut off, run it again.");
    }
  }

  @Override
  public State begin(String id, Position floor) {
    return files.reach("begin a ledger", folder, () -> begun(id, floor));
  }

  private State begun(String id, Position floor) throws IOException {
    LedgerHead there = head(LedgerFolder.HEAD);
    if (there != null && there.id().equals(id)) {
      if (there.info().movedTo() == null) {
        return new State(true, Position.START);
      }
      files.replace(
          folder.resolve(LedgerFolder.HEAD),
          folder.resolve(LedgerFolder.ARRIVING)); // it comes back
    }
    LedgerHead arriving = head(LedgerFolder.ARRIVING);
    if (arriving == null) {
      if (!files.absent(folder) || !masterIsFree()) {
        throw taken();
      }
      arriving = make(LedgerHead.arriving(id, floor));
    }
    if (!arriving.id().equals(id) || arriving.floor().number() > floor.number()) {
      throw taken();
    }
    if (arriving.info().movedTo() != null) {
      entries.reopen();
      arriving = arriving.movedTo(null);
      files.replace(folder.resolve(LedgerFolder.ARRIVING), arriving.bytes());
    }
    return new State(false, headAfter(arriving.floor()));
  }

  private LedgerHead make(LedgerHead head) throws IOException {
    Path made = LedgerFolder.beside(folder, files, LedgerFolder.ARRIVING, head);
    try {
      files.rename(made, folder);
    } catch (IOException e) {
      LedgerHead there = head(LedgerFolder.ARRIVING);
      if (there == null || !there.id().equals(head.id())) {
        throw e;
      }
      return there; // it failed only by its own account, or another carrier was first
    }
    files.flush(folder.resolveSibling(""));
    return head;
  }

  /** A file that is there, and no ledger beside it, belongs to somebody. */
  private boolean masterIsFree() throws IOException {
    try {
      return files.stat(master).size() == 0;
    } catch (NoSuchFileException e) {
      files.stat(master.toAbsolutePath().resolveSibling("")); // not there: the share is away
      return true;
    }
  }

  private Failure taken() {
    return new Failure(
        Failure.USAGE,
        "the place is not empty: there is something else at " + master,
        "Name a place where nothing is, or move away what is there.");
  }

  private @Nullable LedgerHead head(String name) throws IOException {
    Path file = folder.resolve(name);
    byte[] bytes;
    try {
      bytes = files.read(file, LedgerFolder.SMALL);
    } catch (NoSuchFileException e) {
      return null;
    }
    LedgerHead head = LedgerHead.parse(bytes, file);
    if (head == null) {
      throw LedgerHead.damaged(file, null);
    }
    return head;
  }

  private Position headAfter(Position floor) throws IOException {
    Entry newest = entries.newestAfter(floor.number());
    Position head = newest == null ? floor : newest.position();
    known = head;
    return head;
  }

  private Position known() throws IOException {
    Position head = known;
    if (head == null) {
      LedgerHead arriving = head(LedgerFolder.ARRIVING);
      if (arriving == null) {
        throw notArriving();
      }
      head = headAfter(arriving.floor());
    }
    return head;
  }

  private Failure notArriving() {
    return new Failure(
        Failure.USAGE,
        "no ledger is being carried to " + folder,
        "Run `tidemark migrate` again: it says what is there.");
  }

  /** What is open goes on by those who meet there alone. */
  private void requireArriving() throws IOException {
    if (files.absent(folder.resolve(LedgerFolder.ARRIVING))) {
      throw notArriving();
    }
  }

  @Override
  public void put(EntryFile.Packed next) {
    Entry entry = next.entry();
    files.perform(
        "write entry " + entry.number(),
        folder,
        () -> {
          requireArriving();
          Position head = known();
          if (entry.position().equals(head)) {
            return; // it was asked for twice
          }
          boolean follows =
              entry.number() == head.number() + 1
                  && (entry.previous().equals(head.hash()) || head.hash().isEmpty());
          if (!follows || !entries.putBack(entry.position(), next.bytes())) {
            throw new Failure(
                Failure.REFUSED,
                "entry " + entry.number() + " does not follow what has arrived at " + folder,
                "Move away what is there, and run `tidemark migrate` again.");
          }
          known = entry.position();
        });
  }

  @Override
  public void put(SnapshotFile description, PackedSnapshot packed) {
    files.perform(
        "write snapshot " + description.position().number(),
        folder,
        () -> {
          requireArriving();
          if (!snapshots.has(description)) {
            try (InputStream in = packed.open()) {
              snapshots.add(description, in);
            }
          }
        });
  }

  @Override
  public void open(Position head) {
    files.perform(
        "open the ledger",
        folder,
        () -> {
          if (head(LedgerFolder.ARRIVING) == null && head(LedgerFolder.HEAD) != null) {
            return; // it is open
          }
          Position here = known();
          if (!here.equals(head)) {
            throw new Failure(
                Failure.REFUSED,
                "entry "
                    + here.number()
                    + " is the last one that has arrived at "
                    + folder
                    + ", and "
                    + head.number()
                    + " the last one there is",
                "Run `tidemark migrate` again: it brings what is missing.");
          }
          files.replace(folder.resolve(LedgerFolder.ARRIVING), folder.resolve(LedgerFolder.HEAD));
          files.flush(folder);
        });
  }
}
