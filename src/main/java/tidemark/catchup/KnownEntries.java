package tidemark.catchup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.change.SqlName;
import tidemark.ledger.Entry;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;

/**
 * The ledger's entries for reading back: from this workstation's own disk where it kept them, else
 * from the share. An index of what was read tells which are worth reading; what it does not tell
 * yet is read, and told the next time. Threading: one thread.
 */
public final class KnownEntries implements AutoCloseable {
  private static final int BATCH = 1_000;
  private static final long BATCH_ROWS = 50_000;

  private final Ledger ledger;
  private final @Nullable Replica replica;
  private final Path file;
  private final List<EntryBrief> read = new ArrayList<>();
  private long rowsRead;
  private @Nullable EntryIndex index;
  private EntryIndex.Piece indexed = EntryIndex.Piece.NONE;

  /** Reading this one next makes the index longer. */
  private long adjoining;

  public KnownEntries(Plan plan, Ledger ledger) {
    this.ledger = ledger;
    this.file = plan.index();
    this.replica = new LocalDatabase(plan).look().orElse(null);
  }

  /** The number of the ledger's last entry. */
  public long head() {
    Optional<Ledger.Info> info = ledger.info();
    if (info.isEmpty()) {
      throw new Failure(
          Failure.OFFLINE, "there is no ledger on the share", "sync once to begin one");
    }
    long applied =
        replica == null
            ? 0
            : replica.states().positions().values().stream()
                .mapToLong(Position::number)
                .max()
                .orElse(0);
    long head = ledger.last(Math.max(info.get().floor(), applied));
    lookAtIndex(head);
    return head;
  }

  /** Null where it is not kept any more, or there is none. */
  public @Nullable Entry read(long number) {
    Entry kept =
        replica == null
            ? null
            : replica
                .states()
                .hashOf(number)
                .map(hash -> ledger.kept(new Position(number, hash)))
                .orElse(null);
    Entry entry = kept != null ? kept : ledger.read(number);
    if (entry != null && number == adjoining) {
      adjoining--;
      remember(entry);
    }
    return entry;
  }

  /** The same entry with the moments of its changes; as it is where it is not kept any more. */
  public EntryBrief exactly(EntryBrief brief) {
    Entry entry = read(brief.number());
    return entry == null ? brief : EntryBrief.exactly(entry);
  }

  // ---- the index

  private void lookAtIndex(long head) {
    closeIndex();
    Entry newest = read(head);
    if (newest == null) {
      return;
    }
    openIndex();
    long last = indexed.last();
    if (last > 0 && head > last && head - last <= EntryIndex.GAP) {
      closeIndex();
      readOn(last, head);
      openIndex();
    }
    if (indexed.last() == head && asked(known -> known.knows(head, newest.hash()), false)) {
      adjoining = indexed.first() - 1;
    } else {
      indexed = EntryIndex.Piece.NONE;
      adjoining = head - 1;
      remember(newest);
    }
  }

  private void openIndex() {
    index = EntryIndex.look(file);
    indexed = asked(EntryIndex::piece, EntryIndex.Piece.NONE);
  }

  private void readOn(long after, long head) {
    for (long number = after + 1; number <= head; number++) {
      Entry entry = read(number);
      if (entry == null) {
        return;
      }
      remember(entry);
    }
    write();
  }

  private void remember(Entry entry) {
    EntryBrief brief = EntryBrief.of(entry);
    read.add(brief);
    rowsRead += brief.rows().size();
    if (read.size() >= BATCH || rowsRead >= BATCH_ROWS) {
      write();
    }
  }

  private void write() {
    EntryIndex.add(file, List.copyOf(read));
    read.clear();
    rowsRead = 0;
  }

  /** Where the index fails, it tells nothing more. */
  private <T> T asked(Function<EntryIndex, T> question, T otherwise) {
    EntryIndex asked = index;
    return asked == null ? otherwise : tried(asked, question, otherwise);
  }

  private <T> T tried(EntryIndex asked, Function<EntryIndex, T> question, T otherwise) {
    try {
      return question.apply(asked);
    } catch (RuntimeException e) {
      asked.close();
      EntryIndex.unusable(file, e);
      index = null;
      indexed = EntryIndex.Piece.NONE;
      return otherwise;
    }
  }

  /** Whether the index holds this entry. */
  public boolean tells(long number) {
    return number >= indexed.first() && number <= indexed.last();
  }

  /** Numbers of the rows that may be meant, of this table or of any. */
  public List<Long> rows(@Nullable String table, List<String> words) {
    List<String> tables =
        table == null ? asked(EntryIndex::tables, List.<String>of()) : List.of(table);
    return tables.stream()
        .flatMap(name -> words.stream().map(word -> EntryBrief.row(name, word)))
        .toList();
  }

  /** The next entry down from this one that may have changed one of these rows, or their keys. */
  public long before(long number, List<Long> rows) {
    long next = Math.max(lastUntold(number), asked(known -> known.lastRekey(number), 0L));
    for (long row : rows) {
      next = Math.max(next, lastChange(row, number));
    }
    return next;
  }

  /** The next entry down from this one that may have changed this row. */
  public long lastChange(long row, long number) {
    return Math.max(asked(known -> known.lastChange(row, number), 0L), lastUntold(number));
  }

  /** Whether an entry that the index holds may have changed the row. */
  public boolean hasChange(String table, String word) {
    return asked(known -> known.lastChange(EntryBrief.row(table, word), Long.MAX_VALUE), 0L) > 0;
  }

  /**
   * How the row was left by the last entry up to this one that changed it; null where the index
   * does not tell, or the table's keys were other rows' then.
   */
  public @Nullable Change changeUpTo(long last, String table, String word) {
    List<Long> row = List.of(EntryBrief.row(table, word));
    for (long number = before(last + 1, row); tells(number); number = before(number, row)) {
      Entry entry = read(number);
      if (entry == null || EntryBrief.of(entry).rekeys()) {
        return null;
      }
      Change found = null;
      for (Change change : entry.changes()) {
        boolean meant =
            SqlName.same(change.table(), table) && EntryBrief.word(change.key()).equals(word);
        found = meant ? change : found;
      }
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private long lastUntold(long number) {
    return tells(number - 1) ? indexed.first() - 1 : number - 1;
  }

  /**
   * Tells of entry after entry, the newest first, for as long as more is wanted.
   *
   * @return the number of the entry that is not kept any more; 0 where there was none such
   */
  public long eachDown(Predicate<EntryBrief> consumer) {
    long head = head();
    Telling telling = new Telling(head, consumer);
    EntryIndex.Piece piece = indexed;
    if (tells(head)) {
      asked(known -> known.eachDown(piece, telling::ofIndex), false);
    }
    while (telling.goesOn()) {
      Entry entry = read(telling.next);
      if (entry == null) {
        return telling.next;
      }
      telling.of(EntryBrief.of(entry));
    }
    return 0;
  }

  /** How far one has come with it: where the index fails on the way, the entries go on. */
  private static final class Telling {
    private final Predicate<EntryBrief> consumer;
    private long next;
    private boolean more = true;
    private @Nullable RuntimeException thrown;

    Telling(long head, Predicate<EntryBrief> consumer) {
      this.next = head;
      this.consumer = consumer;
    }

    /** What fails here is not the index's fault. */
    boolean ofIndex(EntryBrief brief) {
      try {
        of(brief);
      } catch (RuntimeException e) {
        thrown = e;
        more = false;
      }
      return more;
    }

    void of(EntryBrief brief) {
      next = brief.number() - 1;
      more = consumer.test(brief);
    }

    boolean goesOn() {
      if (thrown != null) {
        throw thrown;
      }
      return more && next > 0;
    }
  }

  private void closeIndex() {
    if (index != null) {
      index.close();
      index = null;
    }
    indexed = EntryIndex.Piece.NONE;
    adjoining = -1;
  }

  @Override
  public void close() {
    closeIndex();
    write();
    if (replica != null) {
      replica.close();
    }
  }
}
