package tidemark.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import tidemark.change.Change;
import tidemark.change.Row;
import tidemark.ledger.Author;
import tidemark.ledger.Draft;
import tidemark.ledger.Entry;
import tidemark.ledger.EntryFile;
import tidemark.ledger.Ledger;

/**
 * Goes on with a ledger that somebody began with a table, in the way the entries of many
 * workstations would stand there: real ones, one change of one row each, over three months or
 * another time. The last tenth of the rows is quiet: each changes once, near the end, long after it
 * was made. Shortly before the end each of the others changes once more.
 */
public final class LongLedger {
  private static final int PEOPLE = 10;
  private static final int EACH = 5;

  private final Path entries;
  private final String column;
  private final List<Change> rows;
  private final Random random = new Random(7);
  private final long now = System.currentTimeMillis();
  private Duration age = Duration.ofDays(89);
  private Entry head;

  /**
   * @param ledger whose entries tell which rows there are
   * @param folder where it lies
   * @param column of a number that changes
   */
  public LongLedger(Ledger ledger, Path folder, String column) {
    this.entries = folder.resolve("entries");
    this.column = column;
    TreeMap<String, Change> known = new TreeMap<>();
    Entry last = null;
    for (Entry entry = ledger.read(1); entry != null; entry = ledger.read(entry.number() + 1)) {
      entry.changes().forEach(change -> known.put(change.key().toString(), change));
      last = entry;
    }
    if (last == null) {
      throw new IllegalStateException("the ledger has no entries yet");
    }
    this.rows = new ArrayList<>(known.values());
    this.head = last;
  }

  /** How many rows change often. */
  private int busy() {
    return rows.size() - rows.size() / 10;
  }

  /** The last of the quiet rows, which the very last entries change. */
  public String quiet() {
    return rows.get(rows.size() - 1).key().toString();
  }

  /** Its first entry is so old. */
  public LongLedger over(Duration time) {
    age = time;
    return this;
  }

  public LongLedger writeUpTo(long count) {
    return writeUpTo(count, count);
  }

  /**
   * A part of it.
   *
   * @param whole how many entries it will have in the end
   */
  public LongLedger writeUpTo(long count, long whole) {
    long began = now - age.toMillis();
    while (head.number() < count) {
      long number = head.number() + 1;
      int row = row(whole - number);
      Change change = next(rows.get(row), began + (now - began) / whole * number);
      rows.set(row, change);
      int who = random.nextInt(PEOPLE);
      write(
          EntryFile.encode(
              number,
              Long.toHexString(random.nextLong()),
              head.hash(),
              change.at(),
              new Author(change.by(), "PC-" + who, "replica-" + who),
              new Draft(List.of(), List.of(change), List.of())));
    }
    return this;
  }

  /**
   * @param left how many entries follow this one
   */
  private int row(long left) {
    int quiet = rows.size() - busy();
    if (left % EACH == 0 && left / EACH < quiet) {
      return rows.size() - 1 - (int) (left / EACH);
    }
    return left < 2L * rows.size() ? (int) (left % busy()) : random.nextInt(busy());
  }

  private Change next(Change former, long at) {
    Row row = former.row();
    if (row == null) {
      throw new IllegalStateException(former.key() + " was deleted");
    }
    return new Change(
        former.table(),
        former.key(),
        row.with(column, random.nextInt(100_000) / 100.0),
        at,
        "user" + random.nextInt(PEOPLE),
        false,
        former.first(),
        Long.toHexString(random.nextLong()));
  }

  private void write(EntryFile.Packed packed) {
    head = packed.entry();
    Path place = entries.resolve(String.format("%03d/%012d", head.number() / 1000, head.number()));
    try {
      Files.createDirectories(place);
      Path file = Files.write(place.resolve("entry.jsonl.gz"), packed.bytes());
      Files.setLastModifiedTime(file, FileTime.fromMillis(head.at()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
