package tidemark.sync;

import java.time.Clock;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tidemark.change.Conflict;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.replica.Conflicts;
import tidemark.replica.HandEdit;
import tidemark.replica.Held;
import tidemark.replica.Remembered;
import tidemark.replica.Replica;
import tidemark.replica.SyncedTable;

/**
 * A person's word about a conflict: chooses where two versions wait, or brings a loser back.
 *
 * <p>Guarantee: what somebody chose holds only for the very versions that were shown; nothing is
 * overwritten that is not kept in a conflict or in the ledger. Commit point: one local transaction;
 * the next run carries it to everybody. Threading: one thread.
 */
public final class Resolution {
  private final Plan plan;
  private final Clock clock;

  public Resolution(Plan plan, Clock clock) {
    this.plan = plan;
    this.clock = clock;
  }

  /** Which of two versions. */
  public enum Side {
    LOCAL("local"),
    REMOTE("remote");

    private final String word;

    Side(String word) {
      this.word = word;
    }

    /** As it stands in sync_conflicts. */
    public String word() {
      return word;
    }
  }

  /** Chooses one of the two versions of an open conflict, here or at any other workstation. */
  public void resolve(String id, Side side) {
    inReplica(
        id,
        (replica, kept) -> {
          Conflict conflict = open(kept);
          mustHavePresentKey(replica, conflict);
          if (heldHere(replica, conflict) == null) {
            mustBeUntouched(replica, conflict);
          }
          settle(replica, conflict, side.word(), side.word(), conflict.localToken());
        });
  }

  /** Settles an open conflict with a third version of the row, at the workstation it waits at. */
  public void resolve(String id, Row given) {
    inReplica(
        id,
        (replica, kept) -> {
          Conflict conflict = open(kept);
          mustHavePresentKey(replica, conflict);
          Held.Waiting held = heldHere(replica, conflict);
          if (held == null) {
            throw new Failure(
                Failure.INCOMPLETE,
                "a row of one's own can be given only at "
                    + conflict.workstation()
                    + ", where the conflict waits",
                "do it there; or keep remote, sync, and edit the row");
          }
          settleWith(replica, conflict, held, given);
        });
  }

  private void settleWith(Replica replica, Conflict conflict, Held.Waiting held, Row given) {
    SyncedTable table = table(replica, conflict.table());
    RowKey key = conflict.rowKey();
    Comeback edit = new Comeback(replica, plan.author(), clock);
    Row here = table.row(key);
    Row theirs = held.last().row();
    Row row = edit.merged(table, key, here != null ? here : theirs, given);
    boolean unique = held.reason() == Held.Reason.MANUAL_UNIQUE;
    if (unique && theirs != null && UniqueFight.collide(table, row, theirs)) {
      throw Comeback.taken(table, key, held.key());
    }
    edit.put(table, row);
    String token = Settling.lastToken(table.shadow().get(key));
    settle(replica, conflict, unique ? "both" : "local", "given", token);
  }

  /** Brings the loser back as a new edit; a delete that lost deletes. */
  public void restore(String id) {
    inReplica(id, (replica, kept) -> comeback(replica, kept, null));
  }

  /** Brings the loser back with some of its values replaced. */
  public void restore(String id, Row given) {
    inReplica(id, (replica, kept) -> comeback(replica, kept, given));
  }

  private void comeback(Replica replica, Conflicts.Kept kept, @Nullable Row given) {
    Conflict conflict = kept.conflict();
    if (conflict.loser() == null) {
      mustHavePresentKey(replica, conflict);
    }
    new Comeback(replica, plan.author(), clock).of(conflict, given);
    String winner = conflict.winner() == null ? "" : conflict.winner();
    settle(replica, conflict, winner, "restored", conflict.localToken());
  }

  /** A key of the table's former one may be that of another row today. */
  private static void mustHavePresentKey(Replica replica, Conflict conflict) {
    RowKey key = conflict.rowKey();
    boolean before =
        conflict.remoteEntry() > 0
            && conflict.remoteEntry() < replica.keys().since(conflict.table());
    if (before || key.size() != table(replica, conflict.table()).shape().key().size()) {
      throw new Failure(
          Failure.INCOMPLETE,
          "conflict "
              + conflict.id()
              + " is about "
              + conflict.table()
              + " "
              + key
              + ", and the table has another key",
          "look at its rows with `tidemark conflicts show "
              + conflict.id()
              + "`; edit the row itself");
    }
  }

  private void inReplica(String id, BiConsumer<Replica, Conflicts.Kept> work) {
    if (DatabaseSync.isMissingOrEmpty(plan.local())) {
      throw unknown(id);
    }
    try (Replica replica =
        Replica.open(plan.local(), DatabaseSync.LOCAL_BUSY, plan.rules(), plan.selection())) {
      if (find(replica, id).conflict().loser() == null) {
        new HandEdit(replica).enforceForeignKeys(); // SQLite takes this only between transactions
      }
      replica.sql().inTransaction(() -> work.accept(replica, find(replica, id)));
    }
  }

  private Conflicts.Kept find(Replica replica, String id) {
    return replica.conflicts().find(id).orElseThrow(() -> unknown(id));
  }

  private Failure unknown(String id) {
    return new Failure(
        Failure.INCOMPLETE,
        "there is no conflict " + id + " in " + plan.local(),
        "see `tidemark conflicts` for those there are");
  }

  private static Conflict open(Conflicts.Kept kept) {
    Conflict conflict = kept.conflict();
    if (conflict.resolved()) {
      throw new Failure(
          Failure.INCOMPLETE,
          "conflict " + conflict.id() + " is settled already: " + conflict.winner() + " stands",
          "`tidemark conflicts restore " + conflict.id() + "` brings the other version back");
    }
    return conflict;
  }

  /**
   * The change that waits for this decision here; null where it waits at another workstation.
   * Refused where either version is another one by now.
   */
  private static Held.@Nullable Waiting heldHere(Replica replica, Conflict conflict) {
    Optional<Held.Waiting> waiting =
        replica.held().all().stream().filter(held -> isAbout(held, conflict)).findFirst();
    if (waiting.isEmpty()) {
      return null;
    }
    SyncedTable table = table(replica, conflict.table());
    Remembered mine = table.shadow().get(conflict.rowKey());
    var changes = waiting.get().changes();
    boolean same =
        Settling.lastToken(mine).equals(conflict.localToken())
            && Settling.lastEntry(changes) == conflict.remoteEntry();
    if (!same) {
      throw changed(conflict);
    }
    return waiting.get();
  }

  private static boolean isAbout(Held.Waiting held, Conflict conflict) {
    return held.table().equals(conflict.table()) && held.isChoiceAbout(conflict.rowKey());
  }

  /** Elsewhere it is the ledger's version that can be seen to have changed. */
  private static void mustBeUntouched(Replica replica, Conflict conflict) {
    SyncedTable table = table(replica, conflict.table());
    String theirs = conflict.remoteData();
    RowKey key =
        conflict.kind().equals("unique") && theirs != null
            ? table.keyOf(Json.row(theirs))
            : conflict.rowKey();
    Remembered remembered = table.shadow().get(key);
    Long entry = remembered == null ? null : remembered.entry();
    if (remembered == null
        || remembered.mark() != null
        || entry == null
        || entry != conflict.remoteEntry()) {
      throw changed(conflict);
    }
  }

  private static Failure changed(Conflict conflict) {
    return new Failure(
        Failure.INCOMPLETE,
        "the row "
            + conflict.table()
            + " "
            + conflict.rowKey()
            + " changed since the conflict was shown",
        "sync and look at the conflict again");
  }

  static SyncedTable table(Replica replica, String name) {
    SyncedTable table = replica.tables().get(name);
    if (table == null) {
      throw new Failure(
          Failure.INCOMPLETE,
          replica.refused().getOrDefault(name, "the table " + name + " is not synced here"),
          "see `tidemark status` for the tables that are");
    }
    return table;
  }

  private void settle(Replica replica, Conflict c, String winner, String how, String localToken) {
    replica
        .conflicts()
        .write(
            new Conflict(
                c.id(),
                c.timestamp(),
                c.table(),
                c.key(),
                c.kind(),
                c.localData(),
                c.remoteData(),
                c.localBy(),
                c.remoteBy(),
                c.localAt(),
                c.remoteAt(),
                winner,
                c.workstation(),
                true,
                how,
                plan.author().user(),
                clock.millis(),
                localToken,
                c.remoteEntry()),
            null);
  }
}
