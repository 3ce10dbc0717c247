package tidemark.rest;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.jdbc.Sql;
import tidemark.replica.ArrivalNotes;
import tidemark.replica.Arrivals;
import tidemark.replica.HandEdit;
import tidemark.replica.Remembered;
import tidemark.replica.Remembered.Mark;
import tidemark.replica.Replica;
import tidemark.replica.SyncedTable;
import tidemark.serve.RefusedException;
import tidemark.sync.DatabaseSync;

/**
 * Writes what waits, all in one transaction, so that it shares an entry; and once that was posted,
 * says what became of each.
 *
 * <p>Guarantee: an edit is written whole or not at all, whatever becomes of the others. Two of one
 * row are never written together, since only the last of them would come into the ledger.
 * Threading: one thread.
 */
final class EditRun implements DatabaseSync.Hand {
  private final List<Job> jobs;
  private final Stock stock;
  private final Clock clock;
  private final long now;
  private final Map<Job, List<Slot>> slots = new LinkedHashMap<>();
  private final Set<Job> misused = new HashSet<>();
  private boolean written;

  EditRun(List<Job> jobs, Stock stock, Clock clock) {
    this.jobs = jobs;
    this.stock = stock;
    this.clock = clock;
    this.now = clock.millis();
  }

  /**
   * What is known of a job's edits where they could not be posted: those that were refused are, and
   * those that were written are pending; of the others nothing was done.
   */
  List<Outcome> unposted(Job job, Outcome pending, Outcome undone) {
    List<Slot> own = written ? slots.getOrDefault(job, List.of()) : List.of();
    List<Outcome> known = new ArrayList<>();
    for (int i = 0; i < job.left().size(); i++) {
      Outcome outcome = i < own.size() ? own.get(i).outcome() : undone;
      known.add(outcome == null ? pending : outcome);
    }
    return known;
  }

  /** A version is compared with what the ledger has. */
  @Override
  public boolean mustHaveReadAll() {
    return jobs.stream()
        .flatMap(job -> job.left().stream())
        .anyMatch(edit -> edit.version() != null);
  }

  @Override
  public void edit(Replica replica) {
    Arrivals arrivals = new Arrivals(replica);
    if (!arrivals.areCounted()) {
      arrivals.count();
    }
    View view = new View(replica);
    HandEdit hand = new HandEdit(replica);
    hand.enforceForeignKeys();
    try {
      try {
        replica.sql().inTransaction(() -> write(view, hand));
      } catch (Failure failure) {
        if (failure.exitCode() != Failure.INCOMPLETE) {
          throw failure;
        }
        written = true; // from the first one on
        writeOneByOne(view, hand); // one of them would leave an orphan, or took all of them back
      }
      written = true;
    } finally {
      hand.leaveForeignKeys();
    }
  }

  private void write(View view, HandEdit hand) {
    slots.clear();
    Set<RowId> used = new HashSet<>();
    for (Job job : jobs) {
      List<Slot> own = new ArrayList<>();
      slots.put(job, own);
      if (!wasThereBefore(view, job, own)) {
        EditWriter writer = new EditWriter(view, hand, stock, job.client(), used, now);
        for (Edit edit : job.left()) {
          Slot slot = attempt(writer, edit);
          if (slot == null) {
            break; // the next round takes it, and what follows on it
          }
          own.add(slot);
        }
      }
      if (!misused.contains(job)) {
        keep(view, job, own);
      }
    }
  }

  private static @Nullable Slot attempt(EditWriter writer, Edit edit) {
    try {
      return writer.write(edit);
    } catch (RefusedException refused) {
      return Slot.of(Outcome.refused(refused));
    } catch (OtherVersion other) {
      return Slot.of(other.outcome());
    }
  }

  private void writeOneByOne(View view, HandEdit hand) {
    slots.clear();
    Set<RowId> used = new HashSet<>();
    for (Job job : jobs) {
      List<Slot> own = new ArrayList<>();
      slots.put(job, own);
      Sql sql = view.replica().sql();
      if (!sql.inReadTransaction(() -> wasThereBefore(view, job, own))) {
        EditWriter writer = new EditWriter(view, hand, stock, job.client(), used, now);
        for (Edit edit : job.left()) {
          Slot slot = alone(sql, writer, edit);
          if (slot == null) {
            break;
          }
          own.add(slot);
        }
      }
      if (!misused.contains(job)) {
        sql.inTransaction(() -> keep(view, job, own));
      }
    }
  }

  private static @Nullable Slot alone(Sql sql, EditWriter writer, Edit edit) {
    try {
      List<Slot> slot = new ArrayList<>();
      sql.inTransaction(
          () -> {
            Slot made = attempt(writer, edit);
            if (made != null) {
              slot.add(made);
            }
          });
      return slot.isEmpty() ? null : slot.get(0);
    } catch (Failure failure) {
      if (failure.exitCode() != Failure.INCOMPLETE) {
        throw failure;
      }
      return Slot.of(Outcome.refused(422, failure.whatFailed(), failure.hint()));
    }
  }

  // ---- requests that are repeated

  private boolean wasThereBefore(View view, Job job, List<Slot> own) {
    Job.Once once = job.once();
    if (once == null || !job.outcomes().isEmpty()) {
      return false;
    }
    Replies.Known known =
        new Replies(view.replica().sql()).find(job.client().sameKey(), once.request()).orElse(null);
    if (known == null) {
      return false;
    }
    if (!known.asked().equals(once.asked())) {
      Outcome refused =
          Outcome.refused(
              422,
              "this Idempotency-Key was used for another request",
              "Take a new one for each request that is to be done.");
      job.left().forEach(edit -> own.add(Slot.of(refused)));
      misused.add(job); // the first one's answer stays
    } else {
      own.addAll(known.slots());
    }
    return true;
  }

  /** With the edits themselves, so that whatever ends the server, both are there or neither is. */
  private void keep(View view, Job job, List<Slot> own) {
    Job.Once once = job.once();
    if (once != null && own.size() == job.size()) {
      new Replies(view.replica().sql()).keep(job.client().sameKey(), once, own, now);
    }
  }

  // ---- once they were posted

  @Override
  public void posted(Replica replica) {
    new ArrivalNotes(replica.sql()).note(clock);
    View view = new View(replica);
    replica.sql().inTransaction(() -> slots.forEach((job, own) -> tell(view, job, own)));
  }

  private void tell(View view, Job job, List<Slot> own) {
    Given given = new Given(view.replica().sql());
    List<Slot> ended = new ArrayList<>();
    for (Slot slot : own) {
      Mine mine = slot.mine();
      Outcome outcome =
          mine == null ? slot.outcome() : outcome(view, mine, given, job.client().who());
      if (outcome != null) {
        job.add(outcome);
        ended.add(Slot.of(outcome));
      }
    }
    boolean stands =
        ended.stream().map(Slot::outcome).noneMatch(one -> one != null && one.status() == 503);
    if (stands && !misused.contains(job)) {
      keep(view, job, ended);
    }
  }

  private Outcome outcome(View view, Mine mine, Given given, String who) {
    TableView table = view.find(mine.table()).orElse(null);
    if (table == null) {
      return Outcome.refused(503, "the table " + mine.table() + " is not synced now", "Ask IT.");
    }
    SyncedTable synced = table.table();
    RowKey at = mine.deleted() ? mine.key() : standing(synced, mine);
    Remembered remembered = synced.shadow().get(at);
    Mark mark = remembered == null ? null : remembered.mark();
    if (mark != null && mark.has(mine.token())) {
      return Outcome.refused(
          503,
          table.name() + " " + at + " is written here, and not in the ledger yet",
          "It goes on its way by itself; `tidemark status` at the server says what it waits for.");
    }
    var row = synced.row(at);
    String version = row == null ? null : table.version(row);
    Outcome.Action action = action(view, mine, row == null);
    boolean ours = action != Outcome.Action.CONFLICT;
    given.wrote(
        who,
        table.name(),
        mine.sent(),
        at,
        ours && mine.known() ? view.arrivals().numberOf(synced, at) : Given.NOT_WHOLE);
    return Outcome.done(action, table.id(at), version);
  }

  /** It may have got another number, where others gave the same. */
  private static RowKey standing(SyncedTable table, Mine mine) {
    return table.shadow().keysOf(mine.record()).stream()
        .filter(table::has)
        .findFirst()
        .orElse(mine.key());
  }

  private static Outcome.Action action(View view, Mine mine, boolean gone) {
    boolean lost =
        view.replica()
            .sql()
            .exists(
                "SELECT 1 FROM sync_conflicts WHERE local_token=? AND coalesce(winner,'remote')='remote'",
                mine.token());
    if (lost || gone != mine.deleted()) {
      return Outcome.Action.CONFLICT;
    }
    if (gone) {
      return Outcome.Action.DELETED;
    }
    return mine.created() ? Outcome.Action.CREATED : Outcome.Action.UPDATED;
  }
}
