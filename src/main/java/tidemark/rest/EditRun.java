package tidemark.rest;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.change.Row;
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
  private static final Logger LOG = LoggerFactory.getLogger(EditRun.class);

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
      } catch (RuntimeException one) {
        if (one instanceof Failure failure && !Sql.isOfTheRow(failure)) {
          throw failure;
        }
        written = true; // from the first one on
        writeOneByOne(view, hand); // so that what is wrong with it is its own affair
      }
      written = true;
    } finally {
      hand.leaveForeignKeys();
    }
  }

  private void write(View view, HandEdit hand) {
    each(view, hand, (writer, job, edit, own) -> attempt(view, writer, job, edit, own.size()));
  }

  private void writeOneByOne(View view, HandEdit hand) {
    each(view, hand, (writer, job, edit, own) -> alone(view, writer, job, edit, own.size()));
  }

  /** Writes one; null where it has to wait for the next round. */
  private interface Writing {
    @Nullable Slot write(EditWriter writer, Job job, Edit edit, List<Slot> own);
  }

  private void each(View view, HandEdit hand, Writing writing) {
    slots.clear();
    misused.clear();
    Set<RowId> used = new HashSet<>();
    for (Job job : jobs) {
      List<Slot> own = new ArrayList<>();
      slots.put(job, own);
      recall(view, job, own);
      EditWriter writer = new EditWriter(view, hand, stock, job.client(), used, now);
      Slot slot = NOTHING;
      while (slot != null && own.size() < job.left().size()) {
        slot = writing.write(writer, job, job.left().get(own.size()), own);
        if (slot != null) {
          own.add(slot); // else the next round takes it, and what follows on it
        }
      }
    }
  }

  private static final Slot NOTHING = new Slot(null, null);

  private @Nullable Slot attempt(View view, EditWriter writer, Job job, Edit edit, int at) {
    Slot slot = attempt(writer, edit);
    if (slot != null) {
      keep(view, job, at, slot);
    }
    return slot;
  }

  private static @Nullable Slot attempt(EditWriter writer, Edit edit) {
    try {
      return writer.write(edit);
    } catch (RefusedException refused) {
      writer.keepRefused(edit);
      return Slot.of(Outcome.refused(refused));
    } catch (OtherVersion other) {
      return Slot.of(other.outcome());
    }
  }

  private @Nullable Slot alone(View view, EditWriter writer, Job job, Edit edit, int at) {
    Sql sql = view.replica().sql();
    try {
      Slot[] slot = new Slot[1];
      sql.inTransaction(() -> slot[0] = attempt(view, writer, job, edit, at));
      return slot[0];
    } catch (RuntimeException e) {
      Slot refused = Slot.of(refusedFor(e));
      sql.inTransaction(
          () -> {
            writer.keepRefused(edit);
            keep(view, job, at, refused);
          });
      return refused;
    }
  }

  private static Outcome refusedFor(RuntimeException e) {
    if (e instanceof Failure failure) {
      if (!Sql.isOfTheRow(failure)) {
        throw failure;
      }
      return Outcome.refused(422, failure.whatFailed(), failure.hint());
    }
    LOG.error("an edit of a program's ended unforeseen", e);
    return Outcome.refused(500, "the server has a fault", "Its log says more.");
  }

  // ---- requests that are repeated

  /** What is known of a request's edits that was made before, or in part by a round before. */
  private void recall(View view, Job job, List<Slot> own) {
    Job.Once once = job.once();
    if (once == null) {
      return;
    }
    Replies.Known known =
        new Replies(view.replica().sql()).find(job.client().sameKey(), once.request()).orElse(null);
    if (known == null) {
      return;
    }
    if (known.asked().equals(once.asked())) {
      own.addAll(known.slots().subList(job.outcomes().size(), known.slots().size()));
      return;
    }
    Outcome refused =
        Outcome.refused(
            422,
            "this Idempotency-Key was used for another request",
            "Take a new one for each request that is to be done.");
    job.left().forEach(edit -> own.add(Slot.of(refused)));
    misused.add(job); // the first one's answer stays
  }

  /** With the edit itself, so that whatever ends the server, both are there or neither is. */
  private void keep(View view, Job job, int at, Slot slot) {
    Job.Once once = job.once();
    if (once != null && !misused.contains(job)) {
      new Replies(view.replica().sql())
          .keep(job.client().sameKey(), once, job.outcomes().size() + at, slot, now);
    }
  }

  // ---- once they were posted

  @Override
  public void posted(Replica replica) {
    new ArrivalNotes(replica.sql()).note(clock);
    View view = new View(replica);
    Map<Job, List<Outcome>> told = new LinkedHashMap<>();
    replica
        .sql()
        .inTransaction(() -> slots.forEach((job, own) -> told.put(job, outcomes(view, job, own))));
    told.forEach((job, outcomes) -> outcomes.forEach(job::add));
  }

  private List<Outcome> outcomes(View view, Job job, List<Slot> own) {
    Given given = new Given(view.replica().sql());
    List<Outcome> outcomes = new ArrayList<>();
    for (Slot slot : own) {
      Outcome outcome = slot.outcome();
      Mine mine = slot.mine();
      if (outcome == null && mine != null) {
        outcome = outcome(view, mine, given, job.client().who());
        if (outcome.status() != 503) {
          keep(view, job, outcomes.size(), Slot.of(outcome));
        }
      }
      outcomes.add(outcome == null ? Outcome.refused(500, "nothing is known of it", "") : outcome);
    }
    return outcomes;
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
    Row row = synced.row(at);
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
