package tidemark.look;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tidemark.catchup.Align;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.change.RowId;
import tidemark.ledger.Lease;
import tidemark.ledger.Ledger;
import tidemark.master.MasterFile;
import tidemark.replica.Held;
import tidemark.replica.Replica;
import tidemark.replica.SyncLog;
import tidemark.replica.SyncedTable;
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;
import tidemark.settle.HeldReport;
import tidemark.sync.DatabaseSync;

/**
 * Tells how one database stands.
 *
 * <p>Guarantee: only reads, and works while the share is away. Threading: {@link #share} may hang
 * with the share, {@link #local} and {@link #pending} never do.
 */
public final class Status {
  private final Plan plan;
  private final Ledger ledger;

  public Status(Plan plan, Ledger ledger) {
    this.plan = plan;
    this.ledger = ledger;
  }

  /**
   * What the share tells: its last entry, how far the master is behind it, since when nothing was
   * done about that, on the share's clock, and who is bringing it up to date.
   */
  public record Share(
      long ledgerHead,
      @Nullable Long masterBehind,
      @Nullable Long masterIdleSince,
      @Nullable String leaseOwner,
      @Nullable Failure trouble) {}

  /** One row that waits, is held back or stands in an open conflict. */
  public record Waiting(RowId row, State state, String reason) {}

  /** Why a row is listed as waiting. */
  public enum State {
    /** Edited here and not posted yet. */
    PENDING,
    /** Came in and could not be applied. */
    HELD,
    /** Two versions, and nobody has chosen yet. */
    OPEN
  }

  /**
   * What a look from time to time sees, to tell whether a run would find anything to do.
   *
   * @param position how far this workstation has read
   * @param pending another text as soon as anything was edited; empty where nothing waits
   */
  public record Sight(long ledgerHead, long position, String pending) {
    public boolean hasNews() {
      return ledgerHead > position || !pending.isEmpty();
    }
  }

  /** Reads neither rows nor entries; fails where the share cannot be reached. */
  public Sight sight() {
    Sight own = ownSight();
    Share share = share(own.position());
    if (share.trouble() != null) {
      throw share.trouble();
    }
    return new Sight(share.ledgerHead(), own.position(), own.pending());
  }

  /** What can be seen without a look at the place where all meet. */
  public Sight ownSight() {
    Optional<Replica> opened = open();
    long position = 0;
    StringBuilder pending = new StringBuilder();
    if (opened.isPresent()) {
      try (Replica replica = opened.get()) {
        position = positionOf(replica);
        if (replica.state(DatabaseSync.CARRIED) != null) {
          pending.append("the master\n");
        }
        replica
            .everyTable()
            .forEach(
                (name, table) -> {
                  String edits = table.shadow().exists() ? table.shadow().pending() : "";
                  pending.append(edits.isEmpty() ? "" : name + " " + edits + "\n");
                });
      }
    }
    return new Sight(position, position, pending.toString());
  }

  private static long positionOf(Replica replica) {
    return replica.states().positions().values().stream()
        .mapToLong(Position::number)
        .max()
        .orElse(0);
  }

  /** The whole of it: what is known here, and a look at the share. */
  public DatabaseStatus look() {
    new LocalDatabase(plan).requirePath();
    DatabaseStatus local = local();
    return with(local, share(local.position()));
  }

  public static DatabaseStatus with(DatabaseStatus local, Share share) {
    Failure trouble = share.trouble();
    Long idle = share.masterIdleSince();
    Long skew = local.clockSkewMs();
    return new DatabaseStatus(
        local.neverSynced(),
        local.position(),
        share.ledgerHead(),
        share.masterBehind(),
        idle == null || skew == null ? idle : Long.valueOf(idle - skew),
        local.masterTrouble(),
        local.onlyRead(),
        share.leaseOwner(),
        local.tables(),
        local.clockSkewMs(),
        trouble == null || trouble.exitCode() != Failure.OFFLINE,
        trouble == null ? null : trouble.movedTo() == null ? trouble.whatFailed() : trouble.told(),
        local.lastRun());
  }

  /** What this machine knows by itself; of the share, what it last knew. */
  public DatabaseStatus local() {
    Optional<Replica> opened = open();
    if (opened.isEmpty()) {
      return new DatabaseStatus(
          true, 0, 0, null, null, null, null, null, Map.of(), null, false, null, null);
    }
    try (Replica replica = opened.get()) {
      return replica.sql().inReadTransaction(() -> local(replica));
    }
  }

  private Optional<Replica> open() {
    return new LocalDatabase(plan).look();
  }

  private static DatabaseStatus local(Replica replica) {
    Map<String, DatabaseStatus.Table> tables = new TreeMap<>();
    replica
        .everyTable()
        .forEach(
            (name, table) -> {
              if (replica.selects(name)) {
                tables.put(name, table(replica, table));
              }
            });
    replica
        .refused()
        .forEach(
            (name, why) ->
                tables.putIfAbsent(name, new DatabaseStatus.Table(0, 0, 0, 0, null, why)));
    String skew = replica.state("skew");
    long position =
        replica.tables().keySet().stream()
            .map(replica.states()::position)
            .mapToLong(p -> p == null ? 0 : p.number())
            .min()
            .orElse(0);
    long known = positionOf(replica);
    List<SyncLog.Row> runs = new SyncLog(replica.sql()).last(1, null, null);
    return new DatabaseStatus(
        runs.isEmpty(),
        position,
        known,
        null,
        null,
        replica.state(DatabaseSync.MASTER_TROUBLE),
        replica.state(DatabaseSync.ONLY_READ),
        null,
        tables,
        skew == null ? null : Long.valueOf(skew),
        false,
        null,
        runs.isEmpty() ? null : runs.get(0));
  }

  private static DatabaseStatus.Table table(Replica replica, SyncedTable table) {
    String name = table.name();
    long rows = table.count();
    return new DatabaseStatus.Table(
        rows,
        table.shadow().exists() ? pending(replica, table) : rows,
        replica.held().count(name),
        replica.conflicts().countOpen(name),
        replica.states().syncedAt(name),
        replica.refused().get(name));
  }

  /** Before its first sync a table's rows are pending whether or not they were marked. */
  private static long pending(Replica replica, SyncedTable table) {
    boolean begun = replica.states().position(table.name()) != null;
    return table.shadow().countMarks() + (begun ? 0 : table.edits().countUnseen());
  }

  /**
   * A look at the share that reads no entry.
   *
   * @param position what is known to be in the ledger
   */
  public Share share(long position) {
    try {
      Optional<Ledger.Info> info = ledger.info();
      if (info.isEmpty()) {
        Failure gone = position > 0 ? Align.ledgerIsGone(plan.place()) : null;
        return new Share(position, gone == null ? 0L : null, null, null, gone);
      }
      long head = ledger.last(Math.max(info.get().floor(), position));
      String movedTo = info.get().movedTo();
      if (movedTo != null) {
        Failure moved = Failure.ofMove("ledger of " + plan.place(), movedTo);
        return new Share(head, null, null, null, moved);
      }
      if (!plan.hasMaster()) {
        return new Share(head, 0L, null, null, null);
      }
      Optional<Ledger.MasterState> state = ledger.masterState();
      long folded =
          new MasterFile(plan).exists()
              ? state.map(left -> left.position().number()).orElse(0L)
              : 0; // deleted: it lacks everything
      long behind = Math.max(0, head - folded);
      Long idle = behind == 0 ? null : idleSince(Math.max(folded, info.get().floor()) + 1, state);
      String owner = ledger.foldLease().owner().map(Lease.Owner::who).orElse(null);
      return new Share(head, behind, idle, owner, null);
    } catch (Failure e) {
      return new Share(position, null, null, null, e);
    }
  }

  /** Of what it lacks the oldest entry that is still kept; and who is at it is not idle. */
  private long idleSince(long lacking, Optional<Ledger.MasterState> state) {
    Long written = ledger.writtenAt(lacking);
    long foldedAt = state.map(Ledger.MasterState::foldedAt).orElse(0L);
    long sign = ledger.foldLease().lastSign().orElse(0L);
    return Math.max(written == null ? foldedAt : written, sign);
  }

  /** Every row that is waiting, held back or in an open conflict, with the reason. */
  public void pending(Consumer<Waiting> consumer) {
    Optional<Replica> opened = open();
    if (opened.isEmpty()) {
      return;
    }
    try (Replica replica = opened.get()) {
      replica
          .sql()
          .inReadTransaction(
              () -> {
                replica.everyTable().values().forEach(table -> edited(replica, table, consumer));
                held(replica, consumer);
                open(replica, consumer);
                return true;
              });
    }
  }

  private static void edited(Replica replica, SyncedTable table, Consumer<Waiting> consumer) {
    String name = table.name();
    String refused = replica.refused().get(name);
    String switchedOff = replica.selects(name) ? null : "the table is switched off in the config";
    if (!table.shadow().exists()) {
      return; // nothing of it is captured yet: the next run looks at it as a whole
    }
    table
        .edits()
        .eachPending(
            (key, remembered, row) -> {
              String what =
                  row == null ? "deleted" : remembered.absentInLedger() ? "new" : "edited";
              String why = refused != null ? refused : switchedOff;
              consumer.accept(
                  new Waiting(
                      new RowId(name, key),
                      State.PENDING,
                      what + ", " + (why == null ? "not posted yet" : why)));
              return true;
            });
  }

  private static void held(Replica replica, Consumer<Waiting> consumer) {
    for (Held.Waiting held : replica.held().all()) {
      consumer.accept(
          new Waiting(new RowId(held.table(), held.key()), State.HELD, HeldReport.reason(held)));
    }
    HeldReport.eachAwaited(
        replica, (row, column) -> consumer.accept(new Waiting(row, State.HELD, column)));
  }

  private static void open(Replica replica, Consumer<Waiting> consumer) {
    replica
        .conflicts()
        .eachOpen(
            kept -> {
              var conflict = kept.conflict();
              consumer.accept(
                  new Waiting(
                      new RowId(conflict.table(), conflict.rowKey()),
                      State.OPEN,
                      "conflict "
                          + conflict.id()
                          + " at "
                          + conflict.workstation()
                          + ": somebody has to choose"));
            });
  }
}
