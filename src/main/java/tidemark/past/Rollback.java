package tidemark.past;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import tidemark.catchup.EntryBrief;
import tidemark.catchup.KnownEntries;
import tidemark.change.Failure;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.ledger.Entry;
import tidemark.ledger.Ledger;
import tidemark.master.LedgerContent;
import tidemark.replica.Replica;
import tidemark.run.Copies;
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;
import tidemark.run.Request;
import tidemark.run.Scratch;
import tidemark.sync.DatabaseSync;

/**
 * Takes rows back to how they were at an earlier moment, as new entries that everybody receives as
 * ordinary changes; or only tells what would change.
 *
 * <p>Guarantee: what is replaced stays in the ledger. Commit point: one local transaction ({@link
 * Rewind}), between two runs; interrupted before it nothing has happened, after it any run posts
 * the edits. Threading: one thread.
 */
public final class Rollback {
  private final Plan plan;
  private final Ledger ledger;
  private final Clock clock;
  private final LedgerContent content;

  public Rollback(Plan plan, Ledger ledger, Clock clock, Copies copies) {
    this.plan = plan;
    this.ledger = ledger;
    this.clock = clock;
    this.content = new LedgerContent(plan, ledger, clock, copies);
  }

  /**
   * A moment that was.
   *
   * @param entry the last one that counts; with a copy: the one it was made at
   * @param copy a copy to take for it, whatever the ledger says
   */
  public record Moment(long entry, Optional<LedgerContent.Base> copy) {
    public static Moment of(long entry) {
      return new Moment(entry, Optional.empty());
    }
  }

  /**
   * What was done.
   *
   * @param run that posted it; null where there was nothing to do
   */
  public record Done(Rewind.Result result, DatabaseSync.@Nullable Outcome run) {}

  /** The row that was asked for, then and now; null where there was none. */
  public record Version(RowKey key, @Nullable Row then, @Nullable Row now) {}

  /** What would be done. */
  public record Dry(Rewind.Result result, List<Version> versions) {}

  private LedgerContent.Made then(
      Moment moment, RewindScope scope, Supplier<LedgerContent.Made> present) {
    if (moment.copy().isPresent()) {
      return content.of(moment.copy().get());
    }
    try (KnownEntries entries = new KnownEntries(plan, ledger)) {
      return RowThen.make(present, entries, moment.entry(), scope, clock.millis())
          .orElseGet(() -> content.at(moment.entry()));
    }
  }

  /** Does it to a throw-away copy of what the ledger holds now, and says what that came to. */
  public Dry dryRun(Moment moment, RewindScope scope) {
    try (LedgerContent.Made now = content.now();
        LedgerContent.Made then = then(moment, scope, () -> content.copyOf(now));
        LaterChanges later = laterThan(moment, scope)) {
      List<Version> versions = versions(then, now, scope);
      return new Dry(new Rewind(now.replica(), then, later, scope).run(clock.millis()), versions);
    }
  }

  private static List<Version> versions(
      LedgerContent.Made then, LedgerContent.Made now, RewindScope scope) {
    List<Version> versions = new ArrayList<>();
    for (RowKey key : scope.keys()) {
      Row past = row(then, scope, key);
      Row present = row(now, scope, key);
      if (past != null || present != null) {
        versions.add(new Version(key, past, present));
      }
    }
    return versions;
  }

  private static @Nullable Row row(LedgerContent.Made content, RewindScope scope, RowKey key) {
    return content.replica().everyTable().values().stream()
        .filter(table -> scope.includes(table.name()))
        .filter(table -> table.shape().key().size() == key.size())
        .findFirst()
        .map(table -> table.row(key))
        .orElse(null);
  }

  public Done run(Moment moment, RewindScope scope, Request request) {
    DatabaseSync sync = new DatabaseSync(plan, ledger, clock, settled -> {});
    Failure failure = sync.run(request).failure();
    if (failure != null) {
      throw failure;
    }
    Rewind.Result result;
    try (LedgerContent.Made then = then(moment, scope, content::now);
        LaterChanges later = laterThan(moment, scope);
        Replica local = new LocalDatabase(plan).open()) {
      result = new Rewind(local, then, later, scope).run(clock.millis());
    }
    return new Done(result, result.rows() == 0 ? null : sync.run(request));
  }

  private LaterChanges laterThan(Moment moment, RewindScope scope) {
    Path file = Scratch.file(plan.scratch(), "later");
    LaterChanges later = new LaterChanges(file, scope);
    try (KnownEntries entries = new KnownEntries(plan, ledger)) {
      PrimitiveIterator.OfLong numbers = since(moment.entry(), entries, scope).iterator();
      while (numbers.hasNext()) {
        long number = numbers.nextLong();
        Entry entry = entries.read(number);
        if (entry != null) {
          later.add(entry);
        } else if (scope.isPartOfChanges()) {
          throw new Failure(
              Failure.USAGE,
              "who changed what since is not known any more: the ledger has no entry " + number,
              "take everything back, or a table of it; or name a later moment");
        }
      }
      return later;
    } catch (RuntimeException e) {
      later.close();
      throw e;
    }
  }

  /** The entries since then that may have changed what is meant, oldest first. */
  private static LongStream since(long moment, KnownEntries entries, RewindScope scope) {
    long head = entries.head();
    String key = scope.key();
    if (key == null) {
      return LongStream.rangeClosed(moment + 1, head);
    }
    List<String> words = scope.keys().stream().map(EntryBrief::word).distinct().toList();
    List<Long> rows = entries.rows(scope.table(), words);
    Deque<Long> numbers = new ArrayDeque<>();
    long number = entries.before(head + 1, rows);
    while (number > moment) {
      numbers.push(number);
      number = entries.before(number, rows);
    }
    return numbers.stream().mapToLong(Long::longValue);
  }
}
