package tidemark.catchup;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Change;
import tidemark.change.Definition;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.change.RowId;
import tidemark.ledger.Draft;
import tidemark.ledger.Entry;
import tidemark.ledger.EntryFile;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;
import tidemark.replica.SyncColumns;
import tidemark.run.SyncReport;
import tidemark.settle.Batch;
import tidemark.settle.HeldReport;
import tidemark.settle.Offered;
import tidemark.settle.PastRows;
import tidemark.settle.Settle;
import tidemark.settle.Spelling;
import tidemark.settle.Terms;

/**
 * One replica catches up with the ledger, and the ledger with it. The same code serves a
 * workstation's database and the master.
 *
 * <p>Guarantee: after any interruption, at any point, running again gives what an uninterrupted run
 * would have given. Commit points: each local transaction ({@link Settle}) and each appended entry.
 * Threading: one thread.
 */
public final class SyncRun {
  private static final Logger LOG = LoggerFactory.getLogger(SyncRun.class);
  private static final int TRIES_TO_BE_FIRST = 200;

  /**
   * What a file's time and the way to it make of two clocks that agree; corrected by it, equal
   * times would be told apart by chance.
   */
  private static final long NOISE = 1_000;

  private final Replica replica;
  private final Ledger ledger;
  private final Spelling spelling;
  private final Terms terms;
  private final Clock clock;
  private final Path scratch;
  private final LongConsumer progress;
  private final SyncReport report = new SyncReport();
  private final PastRows past = new PastRows();
  private final Postings postings = new Postings();
  private final Settle settle;

  private Runnable guard = () -> {};
  private Consumer<List<Entry>> reader = entries -> {};
  private @Nullable Long skew;
  private @Nullable Entry ahead;
  private @Nullable Failure onlyRead;

  /** What a push was told by a snapshot instead of entries. */
  private Reconcile.Difference difference = new Reconcile.Difference(Position.START, List.of());

  /**
   * @param scratch a local folder for what is needed only during the run
   * @param progress is told how many changes were settled so far
   */
  public SyncRun(
      Replica replica,
      Ledger ledger,
      Terms terms,
      Clock clock,
      Path scratch,
      LongConsumer progress) {
    this.replica = replica;
    this.ledger = ledger;
    this.spelling = new Spelling(replica);
    this.terms = terms;
    this.clock = clock;
    this.scratch = scratch;
    this.progress = progress;
    this.settle = new Settle(replica, terms, report, past);
  }

  /** Is asked right before each commit whether it may be, and throws where it may not. */
  public SyncRun guardedBy(Runnable permission) {
    this.guard = permission;
    return this;
  }

  /** Is told of the entries that were read and settled. */
  public SyncRun tells(Consumer<List<Entry>> whoever) {
    this.reader = whoever;
    return this;
  }

  public SyncReport run(Ledger.Info info) {
    try (Turn turn = new Turn(ledger.appendLease())) {
      return run(info, turn);
    }
  }

  private SyncReport run(Ledger.Info info, Turn turn) {
    new Align(replica, ledger, report).run(info);
    compareWithSnapshot(info);
    beginTablesTheLedgerDoesNotKnow();
    while (true) {
      if (base().number() < info.floor()) {
        compareWithSnapshot(info); // a table that was made only now
      }
      Batch incoming = read();
      if (incoming.complete() && incoming.entries().isEmpty() && !anythingToDo()) {
        break;
      }
      boolean fromTheStart = mustReadAgain();
      LOG.debug("{} entries to settle", incoming.entries().size());
      Draft posts = settle(incoming);
      reader.accept(incoming.entries());
      boolean parentsMissing = !fromTheStart && mustReadAgain(); // of a table made only now
      if (!incoming.complete() || parentsMissing) {
        continue;
      }
      if (posts.isEmpty()
          || postings.areEnough(posts, this::pending)
          || !post(incoming.head(), posts, turn)) {
        break;
      }
    }
    settle.requireNamedTables();
    new HeldReport(replica, settle.selected()).into(report);
    return report;
  }

  private long pending() {
    return settle.selected().stream()
        .map(replica.tables()::get)
        .filter(Objects::nonNull)
        .mapToLong(table -> table.shadow().countMarks())
        .sum();
  }

  /** Offers it as the next entry; false where it has to wait for a share that can be written. */
  private boolean post(Position head, Draft posts, Turn turn) {
    postings.requireProgress(posts);
    Entry posted = null;
    if (onlyRead == null) {
      try {
        turn.await();
        posted = ledger.append(head, terms.author(), posts);
      } catch (Failure e) {
        goOnReading(e);
      }
    }
    if (onlyRead != null) {
      report.onlyRead(onlyRead, posts.changes().size());
      return false;
    }
    LOG.debug(
        "{} changes offered behind entry {}: {}",
        posts.changes().size(),
        head.number(),
        posted == null ? "somebody was first" : "posted");
    if (posted == null) { // somebody was first: go round and meet theirs
      requireToBeFirstSometime(turn);
    } else { // go round and meet our own: that is what marks our edits as posted
      turn.close();
      posted.changes().forEach(change -> report.pushed(change.table()));
      postings.add(posts);
      ahead = posted;
    }
    return true;
  }

  private void requireToBeFirstSometime(Turn turn) {
    if (turn.beaten() > TRIES_TO_BE_FIRST) {
      throw new Failure(
          Failure.BUSY,
          "others kept being first at the ledger"
              + ledger.appendLease().owner().map(owner -> ", at last " + owner.who()).orElse(""),
          "the edits stay pending; the next run carries them");
    }
  }

  /** That a share cannot be written is no reason not to take what is there. */
  private void goOnReading(Failure e) {
    if (e.exitCode() != Failure.OFFLINE || !ledger.canOnlyBeRead()) {
      throw e;
    }
    onlyRead = e;
  }

  /** Brings what cannot go on by entries alone to where it can. */
  private void compareWithSnapshot(Ledger.Info info) {
    Reconcile reconcile = new Reconcile(replica, ledger, terms, scratch);
    if (terms.direction() == Direction.PUSH) {
      reconcile.difference(info, settle.selected()).ifPresent(found -> difference = found);
    } else {
      reconcile.run(info, settle::selected, this::settle);
    }
  }

  public SyncReport report() {
    return report;
  }

  /** How far this replica has read, as seen from its tables. */
  public Position head() {
    return base();
  }

  private Draft settle(Batch batch) {
    while (true) {
      try {
        Offered offered = offered(batch.head().number());
        long differ = skew();
        guard.run();
        Draft posts = settle.run(batch, offered, clock.millis(), differ);
        progress.accept(report.totalPulled() + report.totalPushed());
        return posts;
      } catch (PastRows.Missing missing) {
        Set<PastRows.Wanted> wanted = missing.wanted();
        past.put(wanted, new PastRowsSource(replica, ledger, scratch).find(wanted));
      }
    }
  }

  /**
   * What was offered and not read yet; once its number was read, it is what stands there that
   * counts.
   */
  private Offered offered(long read) {
    Optional<Entry> open = ledger.offered().filter(entry -> entry.number() > read);
    if (open.isEmpty()) {
      return Offered.NOTHING;
    }
    Set<RowId> rows = new HashSet<>();
    for (Change change : open.get().changes()) {
      rows.add(new RowId(change.table(), change.key()));
    }
    return new Offered(rows);
  }

  /** Measured once a run, and only where something pending needs it. */
  private long skew() {
    Long measured = skew;
    if (measured == null
        && onlyRead == null
        && replica.hasMarks()
        && terms.direction() != Direction.PULL) {
      measured = measuredSkew();
      skew = measured;
    }
    if (measured != null) {
      return measured;
    }
    Long last = replica.stateNumber("skew");
    return last == null ? 0 : last;
  }

  /** Null where the share's time cannot be had, since nothing can be written. */
  private @Nullable Long measuredSkew() {
    long measured;
    try {
      measured = ledger.clockSkew();
    } catch (Failure e) {
      goOnReading(e);
      return null;
    }
    measured = Math.abs(measured) < NOISE ? 0 : measured;
    String text = Long.toString(measured);
    if (!text.equals(replica.state("skew"))) {
      replica.sql().inTransaction(() -> replica.state("skew", text));
    }
    return measured;
  }

  // ---- reading

  private Position base() {
    Position reached = reached();
    return difference.position().number() > reached.number() ? difference.position() : reached;
  }

  /** The position all selected tables have reached. */
  private Position reached() {
    Position lowest = null;
    Set<String> names = new LinkedHashSet<>(settle.selected());
    passedBy().forEach(names::add);
    for (String name : names) {
      Position position = replica.states().position(name);
      if (position == null) {
        return Position.START;
      }
      if (lowest == null || position.number() < lowest.number()) {
        lowest = position;
      }
    }
    return lowest == null ? highest() : lowest;
  }

  /** Of a table that was passed by, its definition and all its rows are still to be read. */
  private boolean mustReadAgain() {
    return passedBy().findAny().isPresent();
  }

  private Stream<String> passedBy() {
    return replica.states().passedBy().stream().filter(replica::selects);
  }

  private Position highest() {
    Position highest = Position.START;
    for (Position position : replica.states().positions().values()) {
      highest = position.number() > highest.number() ? position : highest;
    }
    return highest;
  }

  private Batch read() {
    Position head = base();
    List<Entry> entries = new ArrayList<>();
    int changes = 0;
    long weight = 0;
    spelling.lookAgain();
    while (true) {
      Entry next = entryAfter(head);
      if (next == null) {
        return new Batch(entries, difference.changes(), head, true);
      }
      changes += next.changes().size();
      weight += next.weight();
      boolean enough =
          changes > Batch.CHANGES || weight > EntryFile.ENTRY_BYTES || changesKey(next);
      if (!entries.isEmpty() && enough && terms.direction() != Direction.PUSH) {
        ahead = next;
        return Batch.of(entries, head, false);
      }
      entries.add(next);
      head = next.position();
    }
  }

  /** Who cannot follow stays right before it. */
  private static boolean changesKey(Entry entry) {
    return entry.definitions().stream().anyMatch(Definition::isRekeyed);
  }

  private @Nullable Entry entryAfter(Position head) {
    Entry entry = ahead;
    ahead = null;
    if (entry == null || entry.number() != head.number() + 1) {
      Entry next = ledger.read(head.number() + 1);
      entry = next == null ? null : spelling.here(next);
    }
    if (entry != null && !entry.previous().equals(head.hash())) {
      throw new Failure(
          Failure.REFUSED,
          "entry "
              + entry.number()
              + " of the ledger does not follow the entry "
              + head.number()
              + " this database has applied",
          "run `tidemark verify` at the other workstations, which puts back what was lost; if that does not help, the ledger on the share was tampered with or restored in parts: let IT run `tidemark ledger rebuild`");
    }
    return entry;
  }

  private boolean anythingToDo() {
    if (!replica.states().toRescan().isEmpty()
        && replica.states().toRescan().stream().anyMatch(settle.selected()::contains)) {
      return true;
    }
    boolean newTable =
        settle.selected().stream().anyMatch(name -> replica.states().position(name) == null);
    boolean waiting = replica.sql().exists("SELECT 1 FROM sync_waiting LIMIT 1");
    if (newTable || waiting || !replica.held().isEmpty()) {
      return true;
    }
    return terms.direction() != Direction.PULL
        && (replica.hasMarks() || !replica.conflicts().unposted().isEmpty() || unannounced());
  }

  private boolean unannounced() {
    return settle.selected().stream()
        .map(replica::table)
        .anyMatch(
            table ->
                !replica.states().announced(table.name(), "")
                    || replica.keys().owesRows(table.name())
                    || table.shape().columnNames().stream()
                        .anyMatch(
                            c ->
                                !SyncColumns.contains(c)
                                    && !replica.states().announced(table.name(), c)));
  }

  /** A table that no entry read so far tells of is new: nothing in the ledger is for it. */
  private void beginTablesTheLedgerDoesNotKnow() {
    Position highest = highest();
    if (highest.number() == 0) {
      return;
    }
    for (String name : settle.selected()) {
      if (replica.states().position(name) == null && !replica.states().announced(name, "")) {
        replica.sql().inTransaction(() -> replica.states().advance(name, highest));
      }
    }
  }
}
