package tidemark.past;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tidemark.change.Conflict;
import tidemark.change.Conflict.Version;
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
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;
import tidemark.settle.Disputes;
import tidemark.settle.EmptiedNumber;
import tidemark.settle.Family;
import tidemark.settle.Settling;
import tidemark.settle.UniqueFight;

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
          if (heldHere(replica, conflict) == null && side == Side.LOCAL) {
            mustBeUntouched(replica, conflict); // else what the ledger has stays, whatever it is
          }
          settle(replica, conflict, side.word(), side.word(), conflict.localToken());
        });
  }

  /** Settles an open conflict with a third version of the row, at the workstation it waits at. */
  public void resolve(String id, Row given) {
    resolve(id, given, List.of());
  }

  /**
   * The same with values of the ledger's version.
   *
   * @param taken the columns whose values are those of the remote version
   */
  public void resolve(String id, Row given, List<String> taken) {
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
          settleWith(replica, conflict, held, with(given, taken, conflict));
        });
  }

  private static Row with(Row given, List<String> taken, Conflict conflict) {
    String remote = conflict.remoteData();
    if (!taken.isEmpty() && remote == null) {
      throw new Failure(
          Failure.USAGE,
          "the remote version of conflict " + conflict.id() + " is a delete and has no values",
          "keep local or remote");
    }
    Row row = given;
    if (remote != null) {
      Row theirs = Family.parse(conflict.table(), remote).get(0).row();
      for (String column : taken) {
        row = row.with(column, theirs.get(column));
      }
    }
    return row;
  }

  private void settleWith(Replica replica, Conflict conflict, Held.Waiting held, Row given) {
    SyncedTable table = replica.syncedHere(conflict.table());
    RowKey key = conflict.rowKey();
    LoserReturn edit = new LoserReturn(replica, plan.author(), clock);
    Row here = table.row(key);
    Row theirs = held.last().row();
    Row row = edit.merged(table, key, here != null ? here : theirs, given);
    boolean unique = held.reason() == Held.Reason.MANUAL_UNIQUE;
    if (unique && theirs != null && UniqueFight.collide(table, row, theirs)) {
      throw LoserReturn.taken(table, key, held.key());
    }
    edit.put(table, row);
    String token = Disputes.lastToken(table.shadow().get(key));
    write(replica, conflict, unique ? "both" : "local", "given", token, Disputes.text(row));
  }

  /** Brings the loser back as a new edit; a delete that lost deletes. */
  public void restore(String id) {
    restore(id, null, null);
  }

  /** Brings the loser back with some of its values replaced. */
  public void restore(String id, Row given) {
    restore(id, null, given);
  }

  /**
   * Brings a version back as a new edit.
   *
   * @param which null for the loser; where a third row was given, any of the three
   * @param given what is to replace some of its values
   */
  public void restore(String id, @Nullable Version which, @Nullable Row given) {
    inReplica(
        id,
        conflict -> conflict.data(which == null ? conflict.loserSide() : which) == null,
        (replica, kept) -> comeback(replica, kept.conflict(), which, given));
  }

  private void comeback(
      Replica replica, Conflict conflict, @Nullable Version which, @Nullable Row given) {
    Version version = which == null ? conflict.loserSide() : which;
    LoserReturn edit = new LoserReturn(replica, plan.author(), clock);
    mustHaveGivenWay(conflict, version, edit);
    if (conflict.data(version) == null) {
      mustHavePresentKey(replica, conflict);
    }
    Held.Waiting held = yetToBeDone(replica, conflict);
    if (held != null && given != null) {
      settleWith(replica, conflict, held, over(conflict.data(version), conflict, given));
      return;
    }
    if (held != null) {
      chooseAnew(replica, conflict, version);
      return;
    }
    edit.of(conflict, version, given);
    String winner = conflict.winner() == null ? "" : conflict.winner();
    boolean loser = conflict.givenData() == null && version == conflict.loserSide();
    String how = loser ? "restored" : "restored " + version.word();
    settle(replica, conflict, winner, how, conflict.localToken());
  }

  /**
   * Also a version that was chosen where it did not wait: whoever was to carry that out may have
   * lost the file it waited in.
   */
  private static void mustHaveGivenWay(Conflict conflict, Version version, LoserReturn edit) {
    boolean any = conflict.givenData() != null || conflict.winner() == null;
    boolean neverCame = version.word().equals(conflict.winner()) && !edit.stands(conflict, version);
    if (!any && version != conflict.loserSide() && !neverCame) {
      throw new Failure(
          Failure.INCOMPLETE,
          "the " + version.word() + " version of conflict " + conflict.id() + " did not lose",
          "`tidemark conflicts restore " + conflict.id() + "` brings the other version back");
    }
  }

  /** Until a run has carried a choice out, another version is another choice, and no new edit. */
  private void chooseAnew(Replica replica, Conflict conflict, Version version) {
    if (version != Version.REMOTE && conflict.givenData() != null) {
      new LoserReturn(replica, plan.author(), clock).again(conflict, version);
    }
    Remembered mine = replica.syncedHere(conflict.table()).shadow().get(conflict.rowKey());
    boolean both = version == Version.GIVEN && conflict.kind().equals("unique");
    String winner = both ? "both" : version == Version.REMOTE ? "remote" : "local";
    settle(replica, conflict, winner, version.word(), Disputes.lastToken(mine));
  }

  private static Row over(@Nullable String version, Conflict conflict, Row given) {
    return version == null
        ? given
        : Family.parse(conflict.table(), version).get(0).row().with(given.asMap());
  }

  /** What waits here for a choice that is made, and that no run has carried out yet. */
  private static Held.@Nullable Waiting yetToBeDone(Replica replica, Conflict conflict) {
    return !conflict.resolved()
        ? null
        : waiting(replica, conflict)
            .filter(held -> isAsShown(replica, conflict, held))
            .orElse(null);
  }

  /** A key of the table's former one may be that of another row today. */
  private static void mustHavePresentKey(Replica replica, Conflict conflict) {
    RowKey key = conflict.rowKey();
    boolean before =
        conflict.remoteEntry() > 0
            && conflict.remoteEntry() < replica.keys().since(conflict.table());
    if (before || key.size() != replica.syncedHere(conflict.table()).shape().key().size()) {
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
    inReplica(id, conflict -> conflict.loser() == null, work);
  }

  /**
   * @param deletes whether a row may be deleted for it
   */
  private void inReplica(
      String id, Predicate<Conflict> deletes, BiConsumer<Replica, Conflicts.Kept> work) {
    LocalDatabase local = new LocalDatabase(plan);
    if (local.isMissing()) {
      throw unknown(id);
    }
    try (Replica replica = local.open()) {
      if (deletes.test(find(replica, id).conflict())) {
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
    Optional<Held.Waiting> waiting = waiting(replica, conflict);
    if (waiting.isPresent() && !isAsShown(replica, conflict, waiting.get())) {
      throw changed(conflict);
    }
    return waiting.orElse(null);
  }

  private static Optional<Held.Waiting> waiting(Replica replica, Conflict conflict) {
    return replica.held().all().stream().filter(held -> isAbout(held, conflict)).findFirst();
  }

  private static boolean isAsShown(Replica replica, Conflict conflict, Held.Waiting held) {
    SyncedTable table = replica.syncedHere(conflict.table());
    Remembered mine = table.shadow().get(conflict.rowKey());
    List<Held.Numbered> theirs = EmptiedNumber.former(table, held.key(), held.changes());
    return Disputes.lastToken(mine).equals(conflict.localToken())
        && Settling.lastEntry(theirs) == conflict.remoteEntry();
  }

  private static boolean isAbout(Held.Waiting held, Conflict conflict) {
    boolean unique = held.reason() == Held.Reason.MANUAL_UNIQUE;
    return held.table().equals(conflict.table())
        && held.isChoiceAbout(conflict.rowKey())
        && unique == conflict.kind().equals("unique");
  }

  /** Elsewhere it is the ledger's version that can be seen to have changed. */
  private static void mustBeUntouched(Replica replica, Conflict conflict) {
    SyncedTable table = replica.syncedHere(conflict.table());
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

  private void settle(Replica replica, Conflict c, String winner, String how, String localToken) {
    write(replica, c, winner, how, localToken, c.givenData());
  }

  private void write(
      Replica replica,
      Conflict c,
      String winner,
      String how,
      String localToken,
      @Nullable String given) {
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
                c.remoteEntry(),
                given),
            null);
  }
}
