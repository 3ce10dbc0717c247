package tidemark.catchup;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tidemark.change.Change;
import tidemark.change.Definition;
import tidemark.change.Json;
import tidemark.change.RawText;
import tidemark.change.RowKey;
import tidemark.change.SqlName;
import tidemark.ledger.Author;
import tidemark.ledger.Entry;

/**
 * What is remembered of an entry that was read: enough to know where to look, and how much was
 * done.
 *
 * @param rekeys it gives a table another key: before it, its keys are those of other rows
 * @param rows the rows it changes, each as a number that other rows may have, too; none where the
 *     index tells it
 */
public record EntryBrief(
    long number,
    String hash,
    String previous,
    long at,
    Author author,
    boolean rekeys,
    Set<Long> rows,
    Map<Made, Count> counts) {

  /** Every zone's days begin with one. */
  public static final long QUARTER_HOUR = 900_000;

  /**
   * Whose changes of which table, and when they were made.
   *
   * @param since the beginning of the time in which they were made
   */
  public record Made(String table, String by, long since) {}

  /** How many rows were made, changed and deleted. */
  public record Count(long made, long changed, long deleted) {
    static Count of(Change change) {
      boolean made = !change.isDelete() && change.born();
      return new Count(made ? 1 : 0, made || change.isDelete() ? 0 : 1, change.isDelete() ? 1 : 0);
    }

    Count and(Count more) {
      return new Count(made + more.made, changed + more.changed, deleted + more.deleted);
    }

    public long all() {
      return made + changed + deleted;
    }
  }

  public static EntryBrief of(Entry entry) {
    return of(entry, QUARTER_HOUR);
  }

  /** With the moments of its changes, each by itself. */
  static EntryBrief exactly(Entry entry) {
    return of(entry, 1);
  }

  private static EntryBrief of(Entry entry, long step) {
    Set<Long> rows = new HashSet<>();
    Map<Made, Count> counts = new LinkedHashMap<>();
    for (Change change : entry.changes()) {
      rows.add(row(change.table(), change.key()));
      long since = Math.floorDiv(change.at(), step) * step;
      counts.merge(new Made(change.table(), change.by(), since), Count.of(change), Count::and);
    }
    return new EntryBrief(
        entry.number(),
        entry.hash(),
        entry.previous(),
        entry.at(),
        entry.author(),
        entry.definitions().stream().anyMatch(Definition::isRekeyed),
        rows,
        counts);
  }

  public long changes() {
    return counts.values().stream().mapToLong(Count::all).sum();
  }

  public static long row(String table, RowKey key) {
    return row(table, word(key));
  }

  /** A key as people write it, where they can. */
  public static String word(RowKey key) {
    boolean writable = Arrays.stream(key.parts()).noneMatch(RawText.class::isInstance);
    return writable ? key.toString() : Json.keyText(key);
  }

  /** The number of a row: the same at every time. */
  public static long row(String table, String word) {
    long number = 0xcbf29ce484222325L; // FNV-1a
    for (byte b : (SqlName.folded(table) + '\n' + word).getBytes(StandardCharsets.UTF_8)) {
      number = (number ^ b) * 0x100000001b3L;
    }
    return number;
  }
}
