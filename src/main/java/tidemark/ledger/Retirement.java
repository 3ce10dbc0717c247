package tidemark.ledger;

import java.io.IOException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Position;

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

  /** Copies entries into the archive, a month at a time, and returns the last one's position. */
  Position archive(long from, long upTo) throws IOException {
    if (!snapshots.wholeFrom(upTo)) {
      throw new Failure(
          Failure.REFUSED,
          "entries up to " + upTo + " cannot be retired: no whole snapshot stands for them",
          "It is done once the next snapshot was made.");
    }
    YearMonth month = null;
    List<Position> fresh = new ArrayList<>();
    Position last = Position.START;
    for (long number = from; number <= upTo; number++) {
      Entry entry = present(number, entries.read(number));
      YearMonth next = EntryArchive.month(entry);
      if (month != null && !month.equals(next)) {
        archive.add(month, fresh, entries);
        fresh.clear();
      }
      month = next;
      last = entry.position();
      fresh.add(last);
    }
    if (month != null) {
      archive.add(month, fresh, entries);
    }
    return last;
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
