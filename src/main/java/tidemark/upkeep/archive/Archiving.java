package tidemark.upkeep.archive;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.ledger.Lease;
import tidemark.ledger.Ledger;
import tidemark.replica.Remembered;
import tidemark.replica.Replica;
import tidemark.replica.SyncedTable;
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;
import tidemark.run.Request;
import tidemark.run.Scratch;
import tidemark.sync.DatabaseSync;
import tidemark.upkeep.archive.Relatives.Family;

/**
 * Moves old rows, and all that hangs on them, out of a table into an archive.
 *
 * <p>Guarantee: a row is deleted only once it stands in the archive, flushed and read back, and
 * only if it still is what stands there; cut off at any moment, rows are in both at worst, and the
 * next time finishes it. The deletes are ordinary edits, which the sync at the end carries. Commit
 * points: the archive's own, then one short local transaction for some rows at a time. Threading:
 * one thread, which has the workstation's lock; the fold lease keeps others from the archive.
 */
public final class Archiving {
  private final Plan plan;
  private final Ledger ledger;
  private final Clock clock;

  public Archiving(Plan plan, Ledger ledger, Clock clock) {
    this.plan = plan;
    this.ledger = ledger;
    this.clock = clock;
  }

  /**
   * What was moved, or would be.
   *
   * @param rows how many of each table
   * @param undated rows of the table whose date means nothing
   * @param sync the run that carried the deletes; null where there were none
   */
  public record Result(
      Map<String, Integer> rows,
      List<NotArchived> left,
      int undated,
      DatabaseSync.@Nullable Outcome sync) {}

  /** What would be moved as things stand here, without touching anything. */
  public Result wouldMove(ArchiveOrder order) {
    try (Replica replica = new LocalDatabase(plan).look().orElseThrow(this::neverSynced)) {
      return replica
          .sql()
          .inReadTransaction(
              () -> {
                OldRows old = OldRows.find(replica, order);
                Tally tally = new Tally();
                Relatives relatives = new Relatives(replica);
                for (List<RowKey> some : OldRows.parts(old.keys())) {
                  for (Family family : relatives.of(old.table(), some)) {
                    if (tally.isFree(family)) {
                      family.rows().keySet().forEach(tally::gone);
                    }
                  }
                }
                return new Result(tally.rows(), tally.left(), old.undated(), null);
              });
    }
  }

  private Failure neverSynced() {
    return new Failure(
        Failure.USAGE, plan.local() + " was never synced", "type `tidemark sync` first");
  }

  /** Syncs, moves, and syncs. */
  public Result move(ArchiveOrder order) {
    sync(order);
    Tally tally = new Tally();
    int undated;
    try (Replica replica = new LocalDatabase(plan).open()) {
      OldRows old = OldRows.find(replica, order);
      undated = old.undated();
      if (!old.keys().isEmpty()) {
        move(replica, old, order, tally);
      }
    }
    boolean moved = !tally.rows().isEmpty();
    return new Result(tally.rows(), tally.left(), undated, moved ? run(order) : null);
  }

  private DatabaseSync.Outcome run(ArchiveOrder order) {
    return new DatabaseSync(plan, ledger, clock, settled -> {})
        .run(Request.byHand(order.conflicts()));
  }

  /** What others did to the rows is to be known first. */
  private void sync(ArchiveOrder order) {
    Failure failure = run(order).failure();
    if (failure != null) {
      throw failure;
    }
  }

  private void move(Replica replica, OldRows old, ArchiveOrder order, Tally tally) {
    List<Path> temporary = new ArrayList<>();
    try (Lease.Held lease = ledger.foldLease().acquire(Lease.PATIENCE).orElseThrow(this::busy)) {
      lease.beating();
      Path readBack = order.to();
      List<RowKey> copied;
      if (ArchiveDump.isOne(order.to())) {
        Path work = temporary(temporary);
        readBack = temporary(temporary);
        ArchiveDump dump = new ArchiveDump(order.to(), plan.share());
        if (dump.exists()) {
          dump.load(work);
        }
        copied = copy(replica, old, order, work, tally);
        try (ArchiveFile archive = ArchiveFile.read(work, plan.share())) {
          dump.write(archive, () -> mustBeMine(lease));
        }
        dump.load(readBack);
      } else {
        copied = copy(replica, old, order, order.to(), tally);
      }
      mustBeMine(lease);
      try (ArchiveFile archive = ArchiveFile.read(readBack, plan.share())) {
        new ArchivedRowsRemoval(replica, archive, tally).run(old.table(), copied);
      }
    } finally {
      temporary.forEach(Scratch::delete);
    }
  }

  private void mustBeMine(Lease.Held lease) {
    if (!lease.stillMine()) {
      throw busy();
    }
  }

  private Failure busy() {
    return new Failure(
        Failure.BUSY,
        "another workstation is at work on the master or an archive",
        "try again in a minute");
  }

  private Path temporary(List<Path> all) {
    Path file = Scratch.file(plan.scratch(), "archive");
    all.add(file);
    return file;
  }

  /** Into the archive, with all that hangs on them; says which. */
  private List<RowKey> copy(
      Replica replica, OldRows old, ArchiveOrder order, Path file, Tally tally) {
    List<RowKey> copied = new ArrayList<>();
    Relatives relatives = new Relatives(replica);
    Map<String, List<String>> definitions = new HashMap<>();
    try (ArchiveFile archive = ArchiveFile.append(file, plan.name(), plan.share())) {
      long run =
          archive.run(
              ChangeTime.spaced(clock.millis()),
              plan.author().user(),
              plan.author().workstation(),
              old.table().name(),
              old.dateColumn(),
              ChangeTime.spaced(order.before()));
      for (List<RowKey> some : OldRows.parts(old.keys())) {
        Map<RowId, Row> rows = new LinkedHashMap<>();
        for (Family family : relatives.of(old.table(), some)) {
          if (tally.isFree(family)) {
            copied.add(family.rows().keySet().iterator().next().key());
            rows.putAll(family.rows());
          }
        }
        List<ArchivedRow> copies = new ArrayList<>();
        rows.forEach((id, row) -> copies.add(copyOf(replica, id, row, definitions)));
        archive.keep(run, copies);
      }
    }
    return copied;
  }

  private static ArchivedRow copyOf(
      Replica replica, RowId id, Row row, Map<String, List<String>> definitions) {
    SyncedTable table = replica.table(id.table());
    List<String> definition =
        definitions.computeIfAbsent(id.table(), name -> replica.definition(table).ddl());
    Remembered remembered = table.shadow().get(id.key());
    String birth = remembered == null ? null : remembered.record();
    return new ArchivedRow(table, definition, id.key(), row, birth);
  }
}
