package tidemark.past;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tidemark.catchup.EntryBrief;
import tidemark.catchup.KnownEntries;
import tidemark.change.Failure;
import tidemark.ledger.Author;
import tidemark.ledger.Entry;
import tidemark.ledger.Ledger;
import tidemark.run.Plan;

/**
 * How far back one can go, and what happened when. Times are those that stand in the entries, on
 * the share's clock. Reads only.
 */
public final class Past {
  private static final String SEE = "`tidemark restore --list` tells how far back one can go";

  /** What one run posts goes on in the next entry only where one is full. */
  private static final int FULL = 1_000;

  /** A pause so long ends what is done in one go. */
  private static final long PAUSE = 600_000;

  private final Plan plan;
  private final Ledger ledger;

  public Past(Plan plan, Ledger ledger) {
    this.plan = plan;
    this.ledger = ledger;
  }

  /**
   * A moment one can go back to.
   *
   * @param at milliseconds; null where the entry is not kept any more
   */
  public record Spot(long entry, @Nullable Long at) {}

  /** How many rows were written and deleted. */
  public record Count(long puts, long deletes) {
    static Count of(EntryBrief.Count count) {
      return new Count(count.made() + count.changed(), count.deleted());
    }

    Count and(Count more) {
      return new Count(puts + more.puts, deletes + more.deletes);
    }
  }

  /** Entries that one run of one workstation wrote. */
  public record Deed(
      long first,
      long last,
      long began,
      long ended,
      Set<String> by,
      String workstation,
      Map<String, Count> tables) {}

  private <T> T reading(Function<KnownEntries, T> work) {
    try (KnownEntries entries = new KnownEntries(plan, ledger)) {
      return work.apply(entries);
    }
  }

  /** The entry of this number, which must be there. */
  public Spot entry(long number) {
    return reading(
        entries -> {
          long head = entries.head();
          if (number < 1 || number > head) {
            throw new Failure(
                Failure.USAGE,
                "there is no entry " + number + "; the last one is " + head,
                "`tidemark restore --list` names the last ones");
          }
          return spot(entries, number);
        });
  }

  public Spot spot(long number) {
    return reading(entries -> spot(entries, number));
  }

  private static Spot spot(KnownEntries entries, long number) {
    Entry entry = entries.read(number);
    return new Spot(number, entry == null ? null : entry.at());
  }

  /** The last entry written at this moment or before, found by halving. */
  public Spot at(long moment) {
    return reading(
        entries -> {
          long low = oldest(entries);
          long high = entries.head();
          Entry first = entries.read(low);
          if (first == null || first.at() > moment) {
            throw new Failure(Failure.USAGE, "the ledger's entries do not go back so far", SEE);
          }
          while (low < high) {
            long middle = low + (high - low + 1) / 2;
            Entry entry = entries.read(middle);
            if (entry == null || entry.at() <= moment) {
              low = middle;
            } else {
              high = middle - 1;
            }
          }
          return spot(entries, low);
        });
  }

  /** The oldest entry that can be read. */
  private long oldest(KnownEntries entries) {
    long floor = ledger.info().map(Ledger.Info::floor).orElse(0L);
    return floor == 0 || entries.read(1) != null ? 1 : floor + 1;
  }

  /** Empty where the ledger has no entry yet. */
  public Optional<Spot> oldest() {
    return reading(
        entries ->
            entries.head() == 0 ? Optional.empty() : Optional.of(spot(entries, oldest(entries))));
  }

  /** What was done since this moment, newest first. */
  public void eachDeed(long since, Consumer<Deed> consumer) {
    reading(
        entries -> {
          List<Gathering> open = new ArrayList<>(1);
          entries.eachDown(
              entry -> {
                if (entry.at() < since) {
                  return false;
                }
                if (open.isEmpty() || !open.get(0).takes(entry)) {
                  open.forEach(gathering -> consumer.accept(gathering.deed()));
                  open.clear();
                  open.add(new Gathering(entry));
                }
                open.get(0).add(entry);
                return true;
              });
          open.forEach(gathering -> consumer.accept(gathering.deed()));
          return true;
        });
  }

  /** Entries of one deed, which come newest first. */
  private static final class Gathering {
    private final Set<String> by = new TreeSet<>();
    private final Map<String, Count> tables = new TreeMap<>();
    private final Author author;
    private final long last;
    private final long ended;
    private long first;
    private long began;

    Gathering(EntryBrief newest) {
      this.author = newest.author();
      this.last = newest.number();
      this.ended = newest.at();
      this.began = newest.at();
    }

    boolean takes(EntryBrief earlier) {
      return earlier.author().replica().equals(author.replica())
          && earlier.changes() >= FULL
          && began - earlier.at() < PAUSE;
    }

    void add(EntryBrief entry) {
      first = entry.number();
      began = entry.at();
      entry
          .counts()
          .forEach(
              (of, count) -> {
                by.add(of.by());
                tables.merge(of.table(), Count.of(count), Count::and);
              });
    }

    Deed deed() {
      return new Deed(first, last, began, ended, by, author.workstation(), tables);
    }
  }
}
