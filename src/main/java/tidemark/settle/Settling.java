package tidemark.settle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.ChangeTime;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.change.Token;
import tidemark.replica.Held;
import tidemark.replica.Held.Numbered;
import tidemark.replica.Held.Reason;
import tidemark.replica.Remembered;
import tidemark.replica.Remembered.Clock;
import tidemark.replica.Remembered.Mark;
import tidemark.replica.Replica;
import tidemark.replica.Stamp;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;
import tidemark.run.SyncReport;

/** What the steps of one settling share: the replica, the terms, the time, and what they found. */
public final class Settling {
  final Replica replica;
  final Terms terms;
  final SyncReport report;
  final PastRows past;

  /** Now, on the share's clock. */
  final long shareNow;

  /** Now on this machine, as it is written into databases. */
  final String now;

  /** The share's clock less this machine's. */
  final long skew;

  /** What came in for each key: changes of the ledger, and those held from before. */
  final Map<RowId, Arrival> arrivals = new LinkedHashMap<>();

  /** What came in for these rows is not taken, and why. */
  final Map<RowId, String> kept;

  final Family family;

  /** Which record was where. */
  final Records records;

  final Contest contest;
  final Disputes disputes;

  Settling(
      Replica replica,
      Terms terms,
      SyncReport report,
      PastRows past,
      long localNow,
      long skew,
      Map<RowId, String> kept) {
    this.replica = replica;
    this.terms = terms;
    this.report = report;
    this.past = past;
    this.skew = skew;
    this.kept = kept;
    this.shareNow = localNow + skew;
    this.now = ChangeTime.spaced(localNow);
    this.family = new Family(replica);
    this.records = new Records(replica, family);
    this.contest = new Contest(replica, terms, shareNow, skew);
    this.disputes = new Disputes(replica, terms, report, contest, shareNow, now);
  }

  /** What came in for one key. */
  static final class Arrival {
    final List<Numbered> changes;
    final boolean wasHeld;

    Arrival(List<Numbered> changes, boolean wasHeld) {
      this.changes = changes;
      this.wasHeld = wasHeld;
    }

    /** A push, which stays where it is, may read again what is held already. */
    void add(Numbered change) {
      if (changes.stream().noneMatch(known -> known.entry() == change.entry())) {
        changes.add(change);
      }
    }
  }

  /**
   * What is dealt with is how it was before what comes in now; where it waits, that waits with it.
   */
  void goOnWith(Map<RowId, Arrival> later) {
    arrivals.clear();
    records.begin();
    later.forEach(
        (id, arrival) -> {
          Optional<Held.Waiting> waiting = replica.held().find(id.table(), id.key());
          if (waiting.isPresent()) {
            List<Numbered> all = new ArrayList<>(waiting.get().changes());
            all.addAll(arrival.changes);
            hold(id, all, waiting.get().reason(), waiting.get().detail());
          } else {
            arrivals.put(id, arrival);
          }
        });
  }

  static Change last(List<Numbered> changes) {
    return changes.get(changes.size() - 1).change();
  }

  public static long lastEntry(List<Numbered> changes) {
    return changes.get(changes.size() - 1).entry();
  }

  SyncedTable table(RowId id) {
    return replica.table(id.table());
  }

  /** We changed this row ourselves: to be posted, as made now. */
  void mark(RowId id) {
    table(id).shadow().mark(id.key(), Token.fresh(), shareNow, Clock.SHARE, false, false);
  }

  /** We changed a row with pending edits: what was offered before is not what is here now. */
  void touch(RowId id) {
    Remembered remembered = table(id).shadow().get(id.key());
    Mark mark = remembered == null ? null : remembered.mark();
    if (mark == null) {
      mark(id);
    } else {
      table(id).shadow().setEdits(id.key(), mark.edits() + Token.fresh());
    }
  }

  /** A row that was edited without being changed keeps the stamps that all others know. */
  void stampAs(RowId id, @Nullable Row known) {
    if (known != null) {
      Stamp stamp =
          new Stamp(id.key(), known.get(SyncColumns.UPDATED_AT), known.get(SyncColumns.UPDATED_BY));
      table(id).stamp(List.of(stamp), now);
    }
  }

  void hold(RowId id, List<Numbered> changes, Reason reason, String detail) {
    disputes.involve(id);
    replica.held().hold(id.table(), id.key(), changes, reason, detail, now);
  }

  void release(RowId id) {
    Arrival arrival = arrivals.get(id);
    if (arrival != null && arrival.wasHeld) {
      replica.held().find(id.table(), id.key()).ifPresent(disputes::closeAboutValue);
      replica.held().release(id.table(), id.key());
    }
  }

  /** The row as settled, where columns are merged and the base is needed. */
  static @Nullable String base(SyncedTable table, @Nullable Row row) {
    return row != null && table.rule().mergeColumns() ? Json.rowText(row) : null;
  }

  void settle(RowId id, List<Numbered> changes, @Nullable Row row) {
    SyncedTable table = table(id);
    table
        .shadow()
        .settle(
            theBirthOf(changes),
            lastEntry(changes),
            row == null ? null : table.digest(row),
            base(table, row));
  }

  /** Pending edits stay pending, now based on this row of the ledger. */
  void rebase(RowId id, List<Numbered> changes, @Nullable Row row) {
    SyncedTable table = table(id);
    table
        .shadow()
        .settleKeepingMark(
            theBirthOf(changes),
            lastEntry(changes),
            row == null ? null : table.digest(row),
            base(table, row));
  }

  /**
   * The last change; where the record was born among these changes, it says so with their token.
   */
  static Change theBirthOf(List<Numbered> changes) {
    Change last = last(changes);
    for (int i = changes.size() - 1; i >= 0; i--) {
      Change change = changes.get(i).change();
      if (change.born()) {
        return last.born()
            ? last
            : new Change(
                last.table(),
                last.key(),
                last.row(),
                last.at(),
                last.by(),
                true,
                change.first(),
                last.token());
      }
    }
    return last;
  }

  public RowId id(SyncedTable table, RowKey key) {
    return new RowId(table.name(), key);
  }
}
