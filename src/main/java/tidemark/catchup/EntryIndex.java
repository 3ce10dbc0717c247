package tidemark.catchup;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.ledger.Author;
import tidemark.run.Scratch;

/**
 * What this workstation has read of the ledger, in short, as a database in its state folder: an
 * unbroken piece of the chain, and for each of its entries which rows it changed and how much.
 *
 * <p>It only tells where to look: entries themselves are read and checked by whoever needs them. It
 * may be deleted at any time and is made anew while reading; what does not follow what it holds
 * takes its place. Threading: one thread; other processes may be at work on the same file.
 */
public final class EntryIndex implements AutoCloseable {
  /** What is missing at the index's end is read up to so many entries; as many are kept. */
  static final long GAP = 2_000;

  private static final Logger LOG = LoggerFactory.getLogger(EntryIndex.class);
  private static final int FORMAT = 2;
  private static final Duration BUSY = Duration.ofSeconds(2);

  /** Rows of changes that are remembered; some 100 bytes each at most. */
  private static final long MOST = 2_000_000;

  /** So many entries between two looks whether there are too many. */
  private static final long LOOK = 1_000;

  private static final int DIGITS = 16;

  private final Sql sql;

  private EntryIndex(Sql sql) {
    this.sql = sql;
  }

  private static EntryIndex open(Path file) {
    Sql sql = Sql.open(file, OpenMode.CREATE, BUSY);
    try {
      EntryIndex index = new EntryIndex(sql);
      if (sql.number("PRAGMA user_version") != FORMAT) {
        sql.execute("PRAGMA journal_mode=WAL");
        sql.inTransaction(index::make);
      }
      sql.execute("PRAGMA synchronous=NORMAL");
      return index;
    } catch (RuntimeException e) {
      sql.close();
      throw e;
    }
  }

  private void make() {
    for (String table : List.of("entries", "changed", "counts", "names", "folders")) {
      sql.execute("DROP TABLE IF EXISTS " + table);
    }
    sql.execute(
        "CREATE TABLE entries(number INTEGER PRIMARY KEY, hash, previous, at, user, workstation, replica, rekeys, changes)");
    sql.execute("CREATE INDEX rekeyed ON entries(number) WHERE rekeys");
    sql.execute(
        "CREATE TABLE changed(row INTEGER, entry INTEGER, PRIMARY KEY(row, entry)) WITHOUT ROWID");
    sql.execute(
        "CREATE TABLE counts(entry INTEGER, name, who, since, made, changed, deleted, PRIMARY KEY(entry, name, who, since)) WITHOUT ROWID");
    sql.execute("CREATE TABLE names(name PRIMARY KEY) WITHOUT ROWID");
    sql.execute(
        "CREATE TABLE folders(path PRIMARY KEY, modified, names, bytes, oldest, newest) WITHOUT ROWID");
    sql.execute("PRAGMA user_version=" + FORMAT);
  }

  /** To be read as it is now, whatever others write meanwhile; null where it cannot be. */
  static @Nullable EntryIndex look(Path file) {
    try {
      EntryIndex index = open(file);
      index.sql.execute("BEGIN");
      return index;
    } catch (RuntimeException e) {
      unusable(file, e);
      return null;
    }
  }

  /** Remembers entries that were read; where it cannot, questions take longer. */
  public static void add(Path file, List<EntryBrief> read) {
    add(file, read, MOST);
  }

  static void add(Path file, List<EntryBrief> read, long most) {
    if (read.isEmpty()) {
      return;
    }
    try (EntryIndex index = open(file)) {
      index.sql.inTransaction(() -> index.add(read, most));
    } catch (RuntimeException e) {
      unusable(file, e);
    }
  }

  /** One that is only locked is left alone. */
  static void unusable(Path file, RuntimeException why) {
    LOG.warn("the index of entries {} cannot be used: {}", file, why.getMessage());
    if (!(why instanceof Failure failure) || failure.exitCode() != Failure.BUSY) {
      Scratch.delete(file);
    }
  }

  /** Folders of entries as they were when they were last looked at, by their paths. */
  public static Map<String, EntryFolder> folders(Path file) {
    Map<String, EntryFolder> known = new HashMap<>();
    try (EntryIndex index = open(file)) {
      index.sql.each(
          "SELECT path, modified, names, bytes, oldest, newest FROM folders",
          c ->
              known.put(
                  c.string(1),
                  new EntryFolder(
                      c.string(1),
                      c.number(2),
                      c.number(3),
                      c.number(4),
                      c.number(5),
                      c.number(6))));
    } catch (RuntimeException e) {
      unusable(file, e);
    }
    return known;
  }

  public static void addFolders(Path file, List<EntryFolder> folders) {
    if (folders.isEmpty()) {
      return;
    }
    try (EntryIndex index = open(file)) {
      index.sql.inTransaction(
          () ->
              folders.forEach(
                  f ->
                      index.sql.update(
                          "INSERT OR REPLACE INTO folders VALUES(?,?,?,?,?,?)",
                          f.path(),
                          f.modified(),
                          f.names(),
                          f.bytes(),
                          f.oldest(),
                          f.newest())));
    } catch (RuntimeException e) {
      unusable(file, e);
    }
  }

  // ---- writing

  private void add(List<EntryBrief> read, long most) {
    boolean look = read.size() >= LOOK;
    for (EntryBrief entry : read) {
      Piece known = piece();
      if (known.equals(Piece.NONE) || adjoins(entry, known)) {
        write(entry);
      } else if (isBeyond(entry, known) || contradicts(entry, known)) {
        make();
        write(entry);
      }
      look |= entry.number() % LOOK == 0;
    }
    if (look && sql.number("SELECT sum(changes) FROM entries") > most) {
      forgetTheOlderHalf();
    }
  }

  private boolean adjoins(EntryBrief entry, Piece known) {
    return (entry.number() == known.last() + 1
            && start(entry.previous()).equals(text("hash", known.last())))
        || (entry.number() == known.first() - 1
            && start(entry.hash()).equals(text("previous", known.first())));
  }

  /** Where only a few are missing, whoever asks next reads them. */
  private static boolean isBeyond(EntryBrief entry, Piece known) {
    return entry.number() > known.last() + GAP;
  }

  /** Of another history than what is known; what is older than that may be of either. */
  private boolean contradicts(EntryBrief entry, Piece known) {
    return entry.number() == known.first() - 1
        || entry.number() == known.last() + 1
        || (entry.number() >= known.first()
            && entry.number() <= known.last()
            && !start(entry.hash()).equals(text("hash", entry.number())));
  }

  private String text(String column, long number) {
    return sql.first("SELECT " + column + " FROM entries WHERE number=?", c -> c.string(1), number)
        .orElse("");
  }

  private static String start(String hash) {
    return hash.substring(0, Math.min(DIGITS, hash.length()));
  }

  private void write(EntryBrief entry) {
    long number = entry.number();
    Author author = entry.author();
    sql.update(
        "INSERT INTO entries VALUES(?,?,?,?,?,?,?,?,?)",
        number,
        start(entry.hash()),
        start(entry.previous()),
        entry.at(),
        author.user(),
        author.workstation(),
        author.replica(),
        entry.rekeys() ? 1 : 0,
        entry.rows().size());
    entry.rows().forEach(row -> sql.update("INSERT INTO changed VALUES(?,?)", row, number));
    entry
        .counts()
        .forEach(
            (of, count) -> {
              sql.update("INSERT OR IGNORE INTO names VALUES(?)", of.table());
              sql.update(
                  "INSERT INTO counts VALUES(?,?,?,?,?,?,?)",
                  number,
                  of.table(),
                  of.by(),
                  of.since(),
                  count.made(),
                  count.changed(),
                  count.deleted());
            });
  }

  private void forgetTheOlderHalf() {
    Piece known = piece();
    long first = known.first() + (known.last() - known.first() + 1) / 2;
    sql.update("DELETE FROM entries WHERE number<?", first);
    sql.update("DELETE FROM counts WHERE entry<?", first);
    sql.update("DELETE FROM changed WHERE entry<?", first);
  }

  // ---- reading

  /** The entries it holds, all of them from the first to the last. */
  record Piece(long first, long last) {
    static final Piece NONE = new Piece(Long.MAX_VALUE, 0);
  }

  Piece piece() {
    long last = sql.number("SELECT max(number) FROM entries");
    return last == 0 ? Piece.NONE : new Piece(sql.number("SELECT min(number) FROM entries"), last);
  }

  boolean knows(long number, String hash) {
    return text("hash", number).equals(start(hash));
  }

  /** The names of all tables its entries have changes of. */
  List<String> tables() {
    return sql.query("SELECT name FROM names", c -> c.string(1));
  }

  /** The last entry before this one that may have changed the row; 0 where none did. */
  long lastChange(long row, long before) {
    return sql.number("SELECT max(entry) FROM changed WHERE row=? AND entry<?", row, before);
  }

  /** The last entry before this one that gives a table another key; 0 where none did. */
  long lastRekey(long before) {
    return sql.number("SELECT max(number) FROM entries WHERE rekeys AND number<?", before);
  }

  /** What is remembered of these entries, newest first, for as long as more is wanted. */
  boolean eachDown(Piece piece, Predicate<EntryBrief> consumer) {
    Gathering gathering = new Gathering(consumer);
    sql.eachWhile(
        "SELECT number, hash, previous, at, user, workstation, replica, rekeys, name, who, since, made, changed, deleted"
            + " FROM entries LEFT JOIN counts ON entry=number WHERE number BETWEEN ? AND ? ORDER BY number DESC",
        c -> {
          boolean more = true;
          if (gathering.number() != c.number(1)) {
            more = gathering.handOver();
            gathering.begin(
                new EntryBrief(
                    c.number(1),
                    c.string(2),
                    c.string(3),
                    c.number(4),
                    new Author(c.string(5), c.string(6), c.string(7)),
                    c.flag(8),
                    Set.of(),
                    new LinkedHashMap<>()));
          }
          if (more && c.text(9) != null) {
            gathering.add(
                new EntryBrief.Made(c.string(9), c.string(10), c.number(11)),
                new EntryBrief.Count(c.number(12), c.number(13), c.number(14)));
          }
          return more;
        },
        piece.first(),
        piece.last());
    return gathering.handOver();
  }

  /** Puts together an entry and its counts, which come row by row. */
  private static final class Gathering {
    private final Predicate<EntryBrief> consumer;
    private @Nullable EntryBrief entry;
    private boolean more = true;

    Gathering(Predicate<EntryBrief> consumer) {
      this.consumer = consumer;
    }

    long number() {
      return entry == null ? 0 : entry.number();
    }

    void begin(EntryBrief next) {
      entry = next;
    }

    void add(EntryBrief.Made of, EntryBrief.Count count) {
      if (entry != null) {
        entry.counts().put(of, count);
      }
    }

    boolean handOver() {
      more = more && (entry == null || consumer.test(entry));
      entry = null;
      return more;
    }
  }

  @Override
  public void close() {
    sql.close();
  }
}
