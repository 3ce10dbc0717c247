package tidemark.look;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Row;
import tidemark.change.Token;
import tidemark.change.Values;
import tidemark.ledger.Lease;
import tidemark.ledger.Ledger;
import tidemark.look.Verify.Mismatch;
import tidemark.master.LedgerContent;
import tidemark.master.MasterFile;
import tidemark.past.Differences;
import tidemark.replica.Remembered;
import tidemark.replica.Replica;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;
import tidemark.run.Request;
import tidemark.sync.DatabaseSync;

/**
 * Makes the local database and the master again what the ledger says, never silently: a row that is
 * not as the ledger has it becomes pending and meets the ledger's in the next run as a conflict; a
 * row that is missing without anybody having deleted it comes back.
 *
 * <p>Commit points: one transaction for each database, after which any run finishes the work.
 * Threading: one thread.
 */
public final class Repair {
  private final Plan plan;
  private final Ledger ledger;
  private final Clock clock;

  public Repair(Plan plan, Ledger ledger, Clock clock) {
    this.plan = plan;
    this.ledger = ledger;
    this.clock = clock;
  }

  /** What was found; the run that repaired it, null where nothing had to be; what is found now. */
  public record Repaired(
      List<Differences> before, DatabaseSync.@Nullable Outcome run, List<Differences> after) {}

  /**
   * Verifies, repairs, and verifies again.
   *
   * @param request of the run that finishes the repair
   */
  public Repaired run(Request request) {
    Verify verify = new Verify(plan, ledger, clock);
    List<Differences> before = verify.withLedgerContent(content -> prepare(verify, content));
    boolean well = before.stream().allMatch(Differences::isAllCompared);
    if (well) {
      return new Repaired(before, null, before);
    }
    DatabaseSync.Outcome outcome =
        new DatabaseSync(plan, ledger, clock, settled -> {}).run(request);
    return new Repaired(before, outcome, outcome.failure() == null ? verify.run() : before);
  }

  private List<Differences> prepare(Verify verify, LedgerContent.Made content) {
    List<Mismatch> here = new ArrayList<>();
    List<Mismatch> inMaster = new ArrayList<>();
    List<Differences> found = new ArrayList<>(List.of(verify.local(content, here::add)));
    if (plan.hasMaster()) {
      found.add(verify.master(content, inMaster::add));
    }
    if (!here.isEmpty()) {
      try (Replica replica = new LocalDatabase(plan).open()) {
        doubt(replica, here, content);
      }
    }
    if (!inMaster.isEmpty()) {
      plan.share().reach("repair the master", plan.master(), () -> doubtMaster(inMaster, content));
    }
    return found;
  }

  private boolean doubtMaster(List<Mismatch> mismatches, LedgerContent.Made content) {
    try (Lease.Held lease = ledger.foldLease().acquire(Lease.PATIENCE).orElseThrow(this::busy);
        Replica replica = MasterFile.open(plan)) {
      boolean mine = lease.beat();
      if (mine) {
        doubt(replica, mismatches, content);
      }
      return mine;
    }
  }

  private Failure busy() {
    return new Failure(
        Failure.BUSY,
        plan.master()
            + " is being folded by "
            + ledger.foldLease().owner().map(Lease.Owner::who).orElse("another workstation"),
        "try again in a minute");
  }

  private void doubt(Replica replica, List<Mismatch> mismatches, LedgerContent.Made content) {
    replica
        .sql()
        .inTransaction(
            () -> {
              Set<String> tables = new TreeSet<>();
              for (Mismatch mismatch : mismatches) {
                SyncedTable table = replica.everyTable().get(mismatch.row().table());
                if (table != null && doubt(table, mismatch, content)) {
                  tables.add(table.name());
                }
              }
              // the next run reads the ledger again for these tables, and meets what is in doubt
              tables.forEach(replica.states()::forgetPosition);
            });
  }

  private boolean doubt(SyncedTable table, Mismatch mismatch, LedgerContent.Made content) {
    var key = mismatch.row().key();
    Remembered here = table.shadow().get(key);
    if (here != null && here.mark() != null) {
      return false; // edited since it was looked at
    }
    SyncedTable there = content.replica().tables().get(table.name());
    Remembered known = there == null ? null : there.shadow().get(key);
    Long entry = known == null ? null : known.entry();
    if (entry == null) {
      table.shadow().unsettle(key);
    } else {
      table.shadow().doubt(key, entry - 1, table.has(key));
    }
    Row row = table.row(key);
    if (row != null) {
      mark(table, mismatch, row, there == null ? null : there.row(key), known);
    }
    return true;
  }

  /** As old as it says: unless it was stamped when it was altered, the ledger's row stands. */
  private void mark(
      SyncedTable table,
      Mismatch mismatch,
      Row row,
      @Nullable Row ledgerRow,
      @Nullable Remembered known) {
    boolean sameStamp =
        ledgerRow != null
            && Values.same(row.get(SyncColumns.UPDATED_AT), ledgerRow.get(SyncColumns.UPDATED_AT));
    long asOld = sameStamp && known != null ? known.at() : clock.millis();
    table
        .shadow()
        .mark(
            mismatch.row().key(),
            Token.fresh(),
            asOld,
            sameStamp ? Remembered.Clock.SHARE : Remembered.Clock.ROW,
            true,
            true);
  }
}
