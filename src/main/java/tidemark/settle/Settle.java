package tidemark.settle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Conflict;
import tidemark.change.Definition;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.change.RowId;
import tidemark.ledger.Draft;
import tidemark.ledger.Entry;
import tidemark.replica.Held;
import tidemark.replica.Held.Numbered;
import tidemark.replica.RefusedByTrigger;
import tidemark.replica.Replica;
import tidemark.replica.TooCostly;
import tidemark.run.SyncReport;

/**
 * One short local transaction: what came in is merged with what is pending, applied, and what is to
 * be posted is said. Deciding and applying happen in the same transaction, and nothing of the share
 * happens in it, so that no edit of the application can be overwritten unseen.
 */
public final class Settle {
  private static final Draft NOTHING = new Draft(List.of(), List.of(), List.of());

  private final Replica replica;
  private final Terms terms;
  private final SyncReport report;
  private final PastRows past;

  /** What others had written by the last settling; null: look again. */
  private @Nullable Long written;

  /** What came in for these rows waits, in this settling, for what keeps them to go. */
  private final Map<RowId, String> kept = new LinkedHashMap<>();

  /** Tables of whose new key all rows stand in the ledger, as this entry says. */
  private final Map<String, Entry> completed = new LinkedHashMap<>();

  public Settle(Replica replica, Terms terms, SyncReport report, PastRows past) {
    this.replica = replica;
    this.terms = terms;
    this.report = report;
    this.past = past;
  }

  /**
   * Settles what came in, and says what is to be posted next.
   *
   * @param localNow this machine's clock
   * @param skew the share's clock less this machine's
   */
  public Draft run(Batch batch, Offered offered, long localNow, long skew) {
    kept.clear();
    return settle(batch, offered, localNow, skew);
  }

  private Draft settle(Batch batch, Offered offered, long localNow, long skew) {
    SyncReport.Memento before = report.remember();
    try {
      return replica.settling(
          () -> {
            boolean edited = othersWrote();
            Settling settling = new Settling(replica, terms, report, past, localNow, skew, kept);
            define(batch);
            replica.conflicts().sign(terms.author().workstation(), terms.author().user());
            selected().forEach(replica::spread);
            new Rescan(settling).run(selected(), edited);
            if (terms.direction() == Direction.PUSH) {
              return push(settling, batch, offered, localNow, skew);
            }
            new Step(settling, batch, offered).take();
            if (batch.compared().isEmpty()) {
              advance(batch, settling.now);
            }
            boolean post = batch.complete() && terms.direction() == Direction.BOTH;
            return post ? new Step(settling, batch, offered).post(Set.of()) : NOTHING;
          });
    } catch (RefusedByTrigger refused) {
      written = null;
      report.forgetSince(before);
      replica.silence(refused);
      return settle(batch, offered, localNow, skew);
    } catch (TooCostly costly) {
      written = null;
      report.forgetSince(before);
      replica.leaveOut(costly);
      return settle(batch, offered, localNow, skew);
    } catch (Kept row) {
      written = null;
      report.forgetSince(before);
      kept.put(row.id(), row.keeper());
      return settle(batch, offered, localNow, skew);
    } catch (RuntimeException e) {
      written = null;
      report.forgetSince(before);
      throw e;
    }
  }

  private boolean othersWrote() {
    Long before = written;
    written = replica.writtenByOthers();
    return !written.equals(before);
  }

  /** The tables of this run: those asked for and their parents, or all. */
  public Set<String> selected() {
    Set<String> all = replica.tables().keySet();
    if (terms.request().tables().isEmpty()) {
      return new LinkedHashSet<>(all);
    }
    return new Family(replica).withParents(terms.request().tables());
  }

  /**
   * Settles for the sake of its findings alone and rolls that back; then posts what is not
   * contested. Positions stay where they are.
   */
  private Draft push(Settling dry, Batch batch, Offered offered, long localNow, long skew) {
    SyncReport.Memento before = report.remember();
    replica.sql().execute("SAVEPOINT dry");
    new Step(dry, batch, offered).take();
    replica.sql().execute("ROLLBACK TO dry");
    replica.sql().execute("RELEASE dry");
    replica.wokenByRollback();
    report.forgetSince(before);
    Settling settling = new Settling(replica, terms, report, past, localNow, skew, kept);
    new Step(settling, batch, offered).recognise();
    meet(batch); // what of it is my own has settled rows here: its loss must be noticed
    return batch.complete()
        ? new Step(settling, batch, offered).post(dry.disputes.contested())
        : NOTHING;
  }

  private void advance(Batch batch, String now) {
    for (String name : selected()) {
      Position position = replica.states().position(name);
      if (position == null || position.number() < batch.head().number()) {
        replica.states().advance(name, batch.head());
      }
      if (batch.complete()) {
        replica.keys().fresh(name, false);
      }
      replica.states().syncedAt(name, now);
    }
    meet(batch);
  }

  private void meet(Batch batch) {
    batch.entries().forEach(entry -> replica.states().met(entry.position()));
  }

  // ---- definitions

  private void define(Batch batch) {
    completed.clear();
    if (terms.direction() != Direction.PUSH && terms.addShape()) {
      List<String> made = replica.makeUnknown(tablesIn(batch));
      if (!terms.master()) {
        made.forEach(name -> replica.keys().fresh(name, true));
      }
    }
    for (Entry entry : batch.entries()) {
      for (Definition definition : entry.definitions()) {
        if (isRead(definition.table(), entry)) {
          continue; // for the sake of another table; what it says may be outdated since
        }
        if (!meetKey(definition, entry)) {
          continue; // of another key than the table's, which is named as long as it is
        }
        if (terms.direction() != Direction.PUSH && !waits(entry, definition)) {
          make(definition);
        }
        announce(definition, entry.number());
      }
    }
  }

  private static List<Definition> tablesIn(Batch batch) {
    return batch.entries().stream()
        .flatMap(entry -> entry.definitions().stream())
        .filter(Definition::isTable)
        .toList();
  }

  /** Whether the definition is about the key this table has, now that it was met. */
  private boolean meetKey(Definition definition, Entry entry) {
    String name = definition.table();
    if (terms.master()) {
      replica.follow(name); // of all that the ledger holds, whoever folds it
    }
    boolean known = replica.everyTable().containsKey(name);
    if (known
        && !terms.master()
        && !selected().contains(name)
        && !replica.refused().containsKey(name)) {
      // read again once the table is chosen
      return definition.key().equals(replica.table(name).shape().key());
    }
    boolean own = entry.author().replica().equals(terms.author().replica());
    boolean goesOn =
        replica.meetKey(
            definition,
            entry.number(),
            new Position(entry.number() - 1, entry.previous()),
            entry.author().workstation(),
            own,
            terms.master());
    if (goesOn && definition.whole() && !replica.keys().isWhole(name)) {
      if (terms.direction() != Direction.PUSH) {
        replica.keys().whole(name);
        completed.put(name, entry);
      } else if (own && replica.keys().owesRows(name)) {
        replica.keys().whole(name); // it was said, and is not to be said again and again
      }
    }
    return goesOn;
  }

  private boolean isRead(String table, Entry entry) {
    Position position = replica.states().position(table);
    return position != null && entry.number() <= position.number();
  }

  /**
   * A table somebody reshaped: its new columns are the application's to make, which may well rename
   * the former ones; only where nobody sits, or nothing was synced yet, we make them.
   */
  private boolean waits(Entry entry, Definition definition) {
    return !definition.isTable()
        && !terms.master()
        && replica.states().position(definition.table()) != null
        && entry.definitions().stream()
            .anyMatch(
                d -> d.isTable() && d.table().equals(definition.table()) && d.generation() > 1);
  }

  private void make(Definition definition) {
    String name = definition.table();
    if (!replica.selects(name)) {
      if (definition.isTable() && !replica.hasTable(name)) {
        replica.states().passedBy(name, true);
      }
      return;
    }
    replica.states().passedBy(name, false);
    if (!replica.lacks(definition) || !terms.addShape()) {
      return; // else named as awaited for as long as it is missing
    }
    try {
      boolean made = definition.isTable() && !replica.hasTable(name);
      replica.make(definition);
      if (made && !terms.master()) {
        replica.keys().fresh(name, true);
      }
    } catch (Failure e) {
      if (!Replica.refusesDefinition(e)) {
        throw e;
      }
      report.held(name, name, e.whatFailed());
      if (definition.isTable()) {
        replica.refuse(name, e.whatFailed());
      }
    }
  }

  private void announce(Definition definition, long entry) {
    String name = definition.table();
    replica.tell(definition);
    int generation = replica.states().generation(name);
    if (definition.isTable() && definition.generation() > generation) {
      replica.states().retire(name, definition.columns());
      replica.states().generation(name, definition.generation());
    }
    replica.states().announce(name, definition.columns(), entry);
    String refusal = replica.refused().get(name);
    if (refusal != null) {
      replica.refuse(name, refusal); // from here on with those that refer to it
    }
  }

  /** Whoever asks for a table that is not there made a mistake. */
  public void requireNamedTables() {
    for (String name : terms.request().tables()) {
      if (!replica.tables().containsKey(name) && !replica.refused().containsKey(name)) {
        throw new Failure(
            Failure.USAGE,
            "there is no synced table " + name + " in " + replica.sql().file(),
            "the tables are: " + String.join(", ", replica.tables().keySet()));
      }
    }
  }

  // ---- the steps of one settling

  private final class Step {
    private final Settling settling;
    private final Batch batch;
    private final Offered offered;
    private final Set<String> selected = selected();

    Step(Settling settling, Batch batch, Offered offered) {
      this.settling = settling;
      this.batch = batch;
      this.offered = offered;
    }

    /** Decide every key, apply what was decided, look after UNIQUE values and foreign keys. */
    void take() {
      gather();
      takeConflicts(); // first: what somebody chose is what is done
      Map<RowId, Settling.Arrival> later = decide();
      while (!later.isEmpty()) {
        settling.goOnWith(later);
        later = decide();
      }
    }

    /** Says what is to come in once this is done. */
    private Map<RowId, Settling.Arrival> decide() {
      Decisions decisions = new Decisions(settling.arrivals);
      Map<RowId, Settling.Arrival> later = Map.of();
      if (!settling.arrivals.isEmpty()) {
        replica.quiet();
        Merge merge = new Merge(settling, decisions, offered, false);
        new OwnEntries(settling).settle(batch);
        Twins twins = new Twins(settling, decisions);
        later = twins.cut();
        twins.reunite();
        merge.decide();
        List<RowId> written = new Apply(settling, decisions).run();
        new Orphans(settling, decisions).adopt(written);
      }
      new AwaitedValues(settling).fill();
      new Duplicates(settling, decisions).find(decisions.puts.keySet());
      return later;
    }

    void recognise() {
      gather();
      takeConflicts();
      if (!settling.arrivals.isEmpty()) {
        replica.quiet();
        new OwnEntries(settling).settle(batch);
        new Merge(settling, new Decisions(settling.arrivals), offered, true).decide();
      }
    }

    Draft post(Set<RowId> contested) {
      return new Posting(settling, offered).collect(selected, contested);
    }

    private void gather() {
      for (Held.Waiting held : replica.held().all()) {
        if (selected.contains(held.table())) {
          settling.arrivals.put(
              new RowId(held.table(), held.key()),
              new Settling.Arrival(new ArrayList<>(held.changes()), true));
        }
      }
      for (Numbered numbered : batch.compared()) {
        Change change = numbered.change();
        settling
            .arrivals
            .computeIfAbsent(
                new RowId(change.table(), change.key()),
                id -> new Settling.Arrival(new ArrayList<>(1), false))
            .add(numbered);
      }
      FormerKeys former = new FormerKeys(settling);
      Map<String, Position> positions = replica.states().positions();
      Set<String> ignored = new HashSet<>();
      for (Entry entry : batch.entries()) {
        for (Change change : entry.changes()) {
          String table = change.table();
          Position position = positions.get(table);
          boolean known = position != null && entry.number() <= position.number();
          if (!selected.contains(table)) {
            ignored.add(table);
          } else if (!known && !former.has(entry, change)) {
            settling
                .arrivals
                .computeIfAbsent(
                    new RowId(table, change.key()),
                    id -> new Settling.Arrival(new ArrayList<>(1), false))
                .add(new Numbered(entry.number(), change));
          }
        }
      }
      completed.forEach(former::deleteRest);
      ignored.removeAll(replica.tables().keySet());
      ignored.removeAll(replica.states().passedBy()); // read again once they are chosen
      ignored.removeIf(name -> !replica.selects(name) || !terms.request().tables().isEmpty());
      ignored.removeAll(replica.refused().keySet()); // which is told at the end, if they still are
      ignored.forEach(name -> report.held(name, name, name + ": " + awaited(name)));
    }

    private String awaited(String name) {
      return replica.hasTable(name)
          ? "not understood here"
          : "the table is awaited from the application";
    }

    private void takeConflicts() {
      for (Entry entry : batch.entries()) {
        for (Conflict conflict : entry.conflicts()) {
          replica.conflicts().take(conflict, entry.number());
        }
      }
    }
  }
}
