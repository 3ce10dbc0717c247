package tidemark.past;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tidemark.catchup.EntryBrief;
import tidemark.catchup.KnownEntries;
import tidemark.change.Change;
import tidemark.change.Definition;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.RowId;
import tidemark.change.SqlName;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.ledger.Entry;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;
import tidemark.replica.SyncedTable;
import tidemark.run.LedgerCopy;
import tidemark.run.Plan;
import tidemark.run.Scratch;

/**
 * The audit trail: who changed which row, when, from which values to which, read from the ledger
 * backwards until enough was found, passing by what the index of entries says is of no use. Retired
 * entries are read from the archive.
 *
 * <p>Guarantee: reads only, but for a file in the scratch folder that holds what is found, so that
 * memory does not grow with the ledger. Threading: one thread.
 */
public final class Feed {
  /** Entries are dated by clocks that may be wrong by so much. */
  private static final long CLOCKS = 86_400_000;

  private final Plan plan;
  private final Ledger ledger;

  public Feed(Plan plan, Ledger ledger) {
    this.plan = plan;
    this.ledger = ledger;
  }

  /**
   * What is asked for; null for no limit.
   *
   * @param key as people write it: Q1, (Q1, 3), or the key's JSON
   * @param since milliseconds
   * @param until the first that are too late
   * @param last only the newest so many
   */
  public record Filter(
      @Nullable String table,
      @Nullable String key,
      @Nullable String by,
      @Nullable Long since,
      @Nullable Long until,
      @Nullable Integer last) {
    public static final Filter ALL = new Filter(null, null, null, null, null);

    public Filter(
        @Nullable String table,
        @Nullable String key,
        @Nullable String by,
        @Nullable Long since,
        @Nullable Integer last) {
      this(table, key, by, since, null, last);
    }

    private boolean isAbout(Change change) {
      return (table == null || SqlName.same(table, change.table()))
          && (key == null
              || key.equals(change.key().toString())
              || key.equals(Json.keyText(change.key())));
    }

    private boolean wants(Change change) {
      return isAbout(change)
          && (by == null || by.equals(change.by()))
          && (since == null || change.at() >= since)
          && (until == null || change.at() < until);
    }

    /** The rows it may be about; none where it is about no certain one. */
    private List<Long> rows(KnownEntries entries) {
      if (key == null) {
        return List.of();
      }
      List<String> words = new ArrayList<>(List.of(key));
      try {
        words.add(EntryBrief.word(Json.key(key)));
      } catch (Failure | IllegalArgumentException e) {
        return entries.rows(table, words); // it is not JSON, as most are
      }
      return entries.rows(table, words);
    }

    private boolean isFull(long found) {
      return last != null && found >= last;
    }
  }

  /** Hands over what was found, oldest first. */
  public void each(Filter filter, Consumer<FeedItem> consumer) {
    Path file = Scratch.file(plan.scratch(), "feed");
    try {
      try (Sql sql = Sql.open(file, OpenMode.CREATE, Duration.ZERO)) {
        FoundChanges found = new FoundChanges(sql);
        sql.inTransaction(() -> collect(filter, found));
        found.each(consumer);
      }
    } finally {
      Scratch.delete(file);
    }
  }

  private void collect(Filter filter, FoundChanges found) {
    try (KnownEntries entries = new KnownEntries(plan, ledger)) {
      long number = entries.head();
      Entry entry = entries.read(number);
      List<Long> rows = filter.rows(entries);
      while (entry != null && !isDone(filter, found, entry)) {
        for (int i = entry.changes().size() - 1; i >= 0; i--) {
          look(filter, found, entry, entry.changes().get(i));
        }
        entry.definitions().stream()
            .filter(Definition::isRekeyed)
            .forEach(rekeyed -> found.noneBefore(rekeyed.table()));
        if (isEnough(filter, found, entry)) {
          number = found.next(entries, number);
        } else {
          number = filter.key() == null ? number - 1 : entries.before(number, rows);
        }
        entry = entries.read(number);
      }
      if (entry == null && number > 0 && found.anyOpen()) {
        lookInSnapshot(found);
      }
    }
  }

  private static void look(Filter filter, FoundChanges found, Entry entry, Change change) {
    if (filter.isAbout(change)) {
      found.before(new RowId(change.table(), change.key()), change.row());
    }
    if (!isEnough(filter, found, entry) && filter.wants(change)) {
      found.add(entry, change);
    }
  }

  /** Enough was found, and of all of it what was before. */
  private static boolean isDone(Filter filter, FoundChanges found, Entry next) {
    return isEnough(filter, found, next) && !found.anyOpen();
  }

  /** What was before is all that is still looked for. */
  private static boolean isEnough(Filter filter, FoundChanges found, Entry entry) {
    boolean tooOld = filter.since() != null && entry.at() < filter.since() - CLOCKS;
    return tooOld || filter.isFull(found.count());
  }

  /** Older entries are gone: the newest snapshot tells what was before those that followed it. */
  private void lookInSnapshot(FoundChanges found) {
    Path file = Scratch.file(plan.scratch(), "past");
    try {
      Optional<Ledger.Snapshot> snapshot = LedgerCopy.bring(ledger, file);
      if (snapshot.isEmpty()) {
        return;
      }
      Optional<Replica> then =
          Replica.lookAtMaster(file, Duration.ZERO, plan.rules(), table -> true);
      try (Replica replica = then.orElseThrow()) {
        for (RowId id : found.openAfter(snapshot.get().position().number())) {
          SyncedTable table = replica.everyTable().get(id.table());
          if (table != null && table.shape().key().size() == id.key().size()) {
            found.before(id, table.row(id.key()));
          }
        }
      }
    } finally {
      Scratch.delete(file);
    }
  }
}
