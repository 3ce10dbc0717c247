package tidemark.master;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.ledger.Ledger;
import tidemark.replica.DatabaseFile;
import tidemark.replica.NewMaster;
import tidemark.replica.Replica;
import tidemark.run.Copies;
import tidemark.run.LedgerCopy;
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;
import tidemark.run.Scratch;

/** What a new master begins with, on this machine's disk, before entries bring it up to date. */
final class MasterBase {
  private final Plan plan;
  private final Ledger ledger;
  private final Copies copies;

  MasterBase(Plan plan, Ledger ledger, Copies copies) {
    this.plan = plan;
    this.ledger = ledger;
    this.copies = copies;
  }

  /**
   * Brings the ledger's snapshot, else another copy, else what this workstation has, else an empty
   * database. True where it is not from a snapshot and worth one.
   */
  boolean bring(Path made) {
    boolean local = !takeCopy(made) && takeFromLocal(made);
    if (Files.notExists(made)) {
      DatabaseFile.create(made);
    }
    return local;
  }

  /** False where there is no whole copy: then entries tell all, or the ledger is not whole. */
  private boolean takeCopy(Path made) {
    @Nullable Failure damaged = null;
    try {
      if (LedgerCopy.bringWhole(ledger, made).isPresent()) {
        return true;
      }
    } catch (Failure e) {
      if (e.exitCode() != Failure.REFUSED) {
        throw e;
      }
      damaged = e;
    }
    if (copies.newest(Long.MAX_VALUE, made).filter(ledger::holds).isPresent()) {
      return true;
    }
    Scratch.delete(made);
    if (damaged != null) {
      throw damaged;
    }
    return false;
  }

  /**
   * Where history begins, the workstation that makes the master often holds just what the ledger
   * says: a copy says the same as entry after entry.
   */
  private boolean takeFromLocal(Path made) {
    try (Sql local = Sql.open(plan.local(), OpenMode.READ, LocalDatabase.BUSY)) {
      local.copyTo(made);
    }
    try (Replica copy = Replica.openUnpublished(made, plan.rules(), plan.selection())) {
      if (new NewMaster(copy).keepOnlyShared()) {
        return true;
      }
    }
    Scratch.delete(made);
    return false;
  }
}
