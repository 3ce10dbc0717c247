package tidemark.ledger.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.jdbc.FileHeader;
import tidemark.ledger.Arrival;
import tidemark.ledger.Author;
import tidemark.ledger.Draft;
import tidemark.ledger.Entry;
import tidemark.ledger.EntryFile;
import tidemark.ledger.KeptEntries;
import tidemark.ledger.Lease;
import tidemark.ledger.Ledger;
import tidemark.ledger.LedgerHead;
import tidemark.ledger.LentLedger;
import tidemark.ledger.SnapshotFile;
import tidemark.share.Removal;
import tidemark.share.ShareFiles;
import tidemark.share.ShareWork;

/**
 * The ledger as a folder beside the master on the share: `server.db-ledger`.
 *
 * <p>Guarantees and failures are those of {@link Ledger}. Commit points: the rename of a staged
 * folder (a new ledger, an entry) or of a file written aside (everything else). Nothing is decided
 * by asking whether a file exists: it is used, and not finding it is one of the answers. Threading:
 * may be shared; whoever retires entries holds the fold lease.
 */
public final class ShareLedger implements LentLedger {
  private static final long LENT = 8 << 20;

  private static final String LEFT =
      "(ledger|arriving|health)\\.json\\." + ShareFiles.RANDOM + "\\.part";

  private final ShareFiles files;
  private final Removal fresh;
  private final Path master;
  private final Path folder;
  private final KeptEntries kept;
  private final Clock clock;
  private final ShareEntries entries;
  private final LentEntries lent;
  private final ShareSnapshots snapshots;
  private final EntryArchive archive;
  private final Retirement retirement;
  private final ShareNotes notes;
  private final FolderLease appendLease;
  private final FolderLease foldLease;

  /** As last seen: entries up to it are in the archive. */
  private volatile Position floor = Position.START;

  private volatile long skew;

  public ShareLedger(
      Path master,
      KeptEntries kept,
      Author me,
      Duration leaseTimeout,
      Clock clock,
      ShareFiles files) {
    this.files = files;
    this.fresh = LedgerFolder.removal(files);
    this.master = master;
    this.folder = LedgerFolder.of(master);
    this.kept = kept;
    this.clock = clock;
    this.entries = new ShareEntries(files, folder, kept);
    this.lent = new LentEntries(entries, LENT);
    this.snapshots = new ShareSnapshots(files, folder);
    this.archive = new EntryArchive(files, folder);
    this.retirement = new Retirement(entries, snapshots, archive);
    this.notes = new ShareNotes(files, folder);
    this.appendLease = new FolderLease(files, folder.resolve("append"), me, leaseTimeout, clock);
    this.foldLease =
        new FolderLease(
            files, folder.resolve("fold"), me, leaseTimeout, clock, kept.beside("fold-lease"));
  }

  private <T> T reach(String doing, ShareWork<T> work) {
    return files.reach(doing, folder, work);
  }

  private void perform(String doing, ShareFiles.Step step) {
    files.perform(doing, folder, step);
  }

  private Path headFile() {
    return folder.resolve(LedgerFolder.HEAD);
  }

  @Override
  public Optional<Info> info() {
    return reach("read the ledger", () -> head().map(LedgerHead::info));
  }

  private Optional<LedgerHead> head() throws IOException {
    LedgerHead head;
    try {
      head = LedgerHead.parse(files.read(headFile(), LedgerFolder.SMALL), headFile());
    } catch (NoSuchFileException e) {
      if (files.absent(folder)) {
        files.stat(folder.resolveSibling("")); // not there: the share is not connected
        return Optional.empty();
      }
      ShareArrival.requireArrived(files, folder);
      head = null;
    }
    head = head == null ? headOnceReplaced() : head;
    floor = head.floor();
    return Optional.of(head);
  }

  /** Where a rename over a file is two steps, or sizes are cached, it looks damaged for a while. */
  private LedgerHead headOnceReplaced() throws IOException {
    NoSuchFileException missing = null;
    for (int seconds = 0; seconds < ShareFiles.SECONDS_STALE; seconds++) {
      try {
        LedgerHead head = LedgerHead.parse(files.read(headFile(), LedgerFolder.SMALL), headFile());
        if (head != null) {
          return head;
        }
      } catch (NoSuchFileException e) {
        missing = e;
      }
      files.pace().pause(1000);
    }
    throw LedgerHead.damaged(headFile(), missing);
  }

  @Override
  public boolean wasHere() {
    return kept.any();
  }

  @Override
  public Info create() {
    return reach(
        "begin a ledger",
        () -> {
          LedgerHead head = LedgerHead.begin();
          Path made = LedgerFolder.beside(folder, files, LedgerFolder.HEAD, head);
          try {
            files.rename(made, folder);
          } catch (IOException e) {
            return others(made, head, e);
          }
          floor = head.floor();
          return head.info();
        });
  }

  private Info others(Path made, LedgerHead mine, IOException why) throws IOException {
    Optional<LedgerHead> there = head();
    if (there.isEmpty()) {
      throw why;
    }
    if (!there.get().id().equals(mine.id())) {
      fresh.remove(made);
    }
    return there.get().info();
  }

  @Override
  public Arrival arrival() {
    return new ShareArrival(files, master, kept);
  }

  @Override
  public boolean close(Position last, String movedTo) {
    return reach(
        "close the ledger",
        () -> {
          boolean closed = entries.close(last, movedTo);
          if (closed) {
            LedgerHead head = head().orElseThrow(() -> LedgerHead.damaged(headFile(), null));
            if (!movedTo.equals(head.info().movedTo())) {
              files.replace(headFile(), head.movedTo(movedTo).bytes());
            }
          }
          return closed;
        });
  }

  @Override
  public Optional<String> closedFor() {
    long next = last(info().map(Info::floor).orElse(0L)) + 1;
    return reach("look for the ledger's end", () -> Optional.ofNullable(entries.closedFor(next)));
  }

  @Override
  public Optional<Path> setAside() {
    return reach(
        "set the ledger aside",
        () -> {
          Path aside = folder.resolveSibling(folder.getFileName() + ".lost-" + ShareFiles.random());
          try {
            files.rename(folder, aside);
          } catch (NoSuchFileException e) {
            files.stat(folder.resolveSibling("")); // not there: the share is not connected
            return Optional.empty();
          }
          floor = Position.START;
          return Optional.of(aside);
        });
  }

  @Override
  public @Nullable Entry read(long number) {
    if (number < 1) {
      return null;
    }
    return files.seek(
        "read entry " + number,
        folder,
        () -> number <= floor.number() ? archive.read(number) : entries.read(number));
  }

  @Override
  public boolean holds(Position position) {
    if (position.number() == 0 || position.equals(floor)) {
      return true;
    }
    return reach(
        "look for entry " + position.number(),
        () -> {
          if (position.number() > floor.number()) {
            return entries.holds(position);
          }
          Entry entry = archive.read(position.number());
          return entry != null && entry.position().equals(position);
        });
  }

  @Override
  public void requireEnd(long last) {
    perform("look for entries after " + last, () -> entries.requireEnd(last));
  }

  @Override
  public List<Long> missing(long from, long to) {
    return reach("look for missing entries", () -> entries.missing(from, to));
  }

  @Override
  public @Nullable Entry append(Position after, Author author, Draft draft) {
    EntryFile.Packed packed =
        EntryFile.encode(
            after.number() + 1,
            ShareFiles.random(),
            after.hash(),
            clock.millis() + skew,
            author,
            draft);
    boolean first = reach("write entry " + (after.number() + 1), () -> entries.append(packed));
    return first ? packed.entry() : null;
  }

  @Override
  public boolean putBack(Position entry) {
    byte[] packed = kept.bytes(entry);
    return packed != null && putBack(entry, packed);
  }

  @Override
  public boolean putBack(Position entry, byte[] packed) {
    return reach("put entry " + entry.number() + " back", () -> entries.putBack(entry, packed));
  }

  @Override
  public Beginning beginning() {
    return reach(
        "look at the master",
        () -> {
          try (InputStream in = files.open(master)) {
            FileHeader header = FileHeader.of(in);
            return new Beginning(header.userVersion(), header.applicationId());
          } catch (NoSuchFileException e) {
            return new Beginning(0, 0);
          }
        });
  }

  @Override
  public Position floor() {
    return floor;
  }

  @Override
  public byte @Nullable [] packed(long number) {
    return files.seek(
        "read entry " + number,
        folder,
        () -> {
          if (number <= floor.number()) {
            return archive.bytes(number);
          }
          return lent.packed(number);
        });
  }

  @Override
  public boolean append(EntryFile.Packed packed) {
    return reach("write entry " + packed.entry().number(), () -> entries.append(packed))
        || holds(packed.entry().position());
  }

  @Override
  public Optional<SnapshotFile> snapshotFile(long number) {
    return reach(
        "look at snapshot " + number,
        () ->
            snapshots.numbers().contains(number)
                ? Optional.of(snapshots.describe(number))
                : Optional.empty());
  }

  @Override
  public SeekableByteChannel openSnapshot(long number) {
    return reach("read snapshot " + number, () -> snapshots.open(number));
  }

  @Override
  public @Nullable Entry kept(Position entry) {
    return kept.entry(entry);
  }

  @Override
  public Optional<Entry> offered() {
    return Optional.ofNullable(kept.offered());
  }

  @Override
  public long clockSkew() {
    return reach(
        "read the share's clock",
        () -> {
          long before = clock.millis();
          long there = entries.now();
          long after = clock.millis();
          skew = there - (before + after) / 2;
          return skew;
        });
  }

  /** By trying, since what systems say of it is in many languages. */
  @Override
  public boolean canOnlyBeRead() {
    try {
      if (info().isEmpty()) {
        return false;
      }
    } catch (Failure e) {
      return false;
    }
    try {
      clockSkew();
      return false;
    } catch (Failure e) {
      return true;
    }
  }

  @Override
  public Optional<Snapshot> snapshot(Path into, long atMost) {
    return reach("read a snapshot", () -> Optional.ofNullable(snapshots.newest(into, atMost)))
        .map(position -> new Snapshot(position, into));
  }

  @Override
  public List<Long> snapshots() {
    return reach("list the snapshots", snapshots::numbers);
  }

  @Override
  public void addSnapshot(Position position, Path database) {
    perform("write a snapshot", () -> snapshots.add(position, database));
  }

  @Override
  public void retire(long upTo) {
    perform(
        "retire entries up to " + upTo,
        () -> {
          LedgerHead head = head().orElseThrow(() -> LedgerHead.damaged(headFile(), null));
          if (upTo > head.floor().number()) {
            Position raised = retirement.archive(head.floor(), upTo);
            files.flush(folder.resolve("archive"));
            files.replace(headFile(), head.raised(raised).bytes());
            files.flush(folder); // before anything is deleted on the strength of it
            floor = raised;
          }
          retirement.cleanUp(floor.number());
        });
  }

  @Override
  public void sweep(long writtenBefore) {
    perform(
        "sweep the ledger",
        () -> {
          entries.sweep(writtenBefore);
          snapshots.sweep(writtenBefore);
          archive.sweep(writtenBefore);
          notes.sweep(writtenBefore);
          appendLease.sweep(writtenBefore);
          foldLease.sweep(writtenBefore);
          fresh.sweep(folder, name -> name.matches(LEFT), writtenBefore);
          LedgerFolder.sweep(folder, fresh, writtenBefore);
        });
  }

  @Override
  public void sweepKept(long writtenBefore) {
    kept.sweep(writtenBefore);
  }

  @Override
  public @Nullable Long writtenAt(long number) {
    return files.seek("look at entry " + number, folder, () -> entries.writtenAt(number));
  }

  @Override
  public Optional<MasterState> masterState() {
    return reach("read the master's state", notes::masterState);
  }

  @Override
  public void masterState(MasterState state) {
    perform("write the master's state", () -> notes.masterState(state));
  }

  @Override
  public void publish(String workstationId, String json) {
    perform("publish this workstation's state", () -> notes.publish(workstationId, json));
  }

  @Override
  public @Nullable String published(String workstationId) {
    return files.seek("read a workstation's state", folder, () -> notes.published(workstationId));
  }

  @Override
  public boolean unpublish(String workstationId) {
    return reach("forget a workstation", () -> notes.unpublish(workstationId));
  }

  @Override
  public Map<String, String> published(long since) {
    return reach("read the workstations' states", () -> notes.published(since));
  }

  @Override
  public Lease appendLease() {
    return appendLease;
  }

  @Override
  public Lease foldLease() {
    return foldLease;
  }

  @Override
  public String toString() {
    return "ledger of " + master;
  }
}
