package tidemark.ledger.folder;

import java.io.IOException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Entry;

/**
 * What becomes of old entries: first into the archive, then, once the floor is raised, deleted.
 *
 * <p>Guarantee: an entry is at every moment in the ledger, in the archive or in both, so that each
 * step can be done again. Threading: one at a time, which the fold lease sees to.
 */
final class Retirement {
  private final ShareEntries entries;
  private final ShareSnapshots snapshots;
  private final EntryArchive archive;

  Retirement(ShareEntries entries, ShareSnapshots snapshots, EntryArchive archive) {
    this.entries = entries;
    this.snapshots = snapshots;
    this.archive = archive;
  }

  /**
   * Copies the entries after the floor into the archive, a month at a time, and returns the last
   * one's position.
   */
  Position archive(Position floor, long upTo) throws IOException {
    if (!snapshots.wholeFrom(upTo)) {
      throw new Failure(
          Failure.REFUSED,
          "entries up to " + upTo + " cannot be retired: no whole snapshot stands for them",
          "It is done once the next snapshot was made.");
    }
    Map<YearMonth, List<Position>> months = new LinkedHashMap<>();
    Position last = floor;
    for (long number = floor.number() + 1; number <= upTo; number++) {
      Entry entry = present(number, entries.read(number));
      requireFollows(last, entry);
      last = entry.position();
      months.computeIfAbsent(EntryArchive.month(entry), month -> new ArrayList<>()).add(last);
    }
    Entry next = entries.read(upTo + 1);
    if (next != null) {
      requireFollows(last, next);
    }
    for (Map.Entry<YearMonth, List<Position>> month : months.entrySet()) {
      archive.add(month.getKey(), month.getValue(), entries);
    }
    return last;
  }

  /** What was written past a hole must not become the floor: nothing would follow it. */
  private static void requireFollows(Position last, Entry entry) {
    if (!last.hash().isEmpty() && !entry.previous().equals(last.hash())) {
      throw new Failure(
          Failure.REFUSED,
          "entry " + entry.number() + " of the ledger does not follow the entry before it",
          "Run `tidemark verify` at all workstations: one that kept the right entry puts it back.");
    }
  }

  private static Entry present(long number, @Nullable Entry entry) {
    if (entry == null) {
      throw new Failure(
          Failure.REFUSED,
          "entry " + number + " of the ledger is missing",
          "Let all workstations sync: whoever kept it puts it back.");
    }
    return entry;
  }

  /** Deletes what is retired. */
  void cleanUp(long floor) throws IOException {
    entries.deleteUpTo(floor);
    snapshots.deleteBefore(floor);
  }
}
