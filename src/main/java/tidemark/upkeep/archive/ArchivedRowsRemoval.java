package tidemark.upkeep.archive;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.jdbc.Refusal;
import tidemark.replica.HandEdit;
import tidemark.replica.Replica;
import tidemark.replica.SyncedTable;
import tidemark.upkeep.archive.Relatives.Family;

/**
 * Deletes here what an archive holds.
 *
 * <p>Guarantee: what is not in the archive just as it is here stays. Commit point: one short local
 * transaction for some rows at a time. Threading: that of the replica.
 */
final class ArchivedRowsRemoval {
  private final Replica replica;
  private final ArchiveFile archive;
  private final Tally tally;

  ArchivedRowsRemoval(Replica replica, ArchiveFile archive, Tally tally) {
    this.replica = replica;
    this.archive = archive;
    this.tally = tally;
  }

  void run(SyncedTable table, List<RowKey> copied) {
    for (List<RowKey> some : OldRows.parts(copied)) {
      Set<RowId> asked = new LinkedHashSet<>();
      new Relatives(replica).of(table, some).forEach(one -> asked.addAll(one.rows().keySet()));
      Map<RowId, List<Row>> kept = archive.rows(asked); // it may lie on the share: no lock yet
      replica
          .sql()
          .inTransaction(
              () -> new Relatives(replica).of(table, some).forEach(one -> delete(one, kept)));
    }
  }

  private void delete(Family family, Map<RowId, List<Row>> kept) {
    if (!tally.isFree(family)) {
      return;
    }
    family.rows().keySet().removeIf(tally::isGone); // with another one before it
    for (Map.Entry<RowId, Row> row : family.rows().entrySet()) {
      boolean held =
          kept.getOrDefault(row.getKey(), List.of()).stream()
              .anyMatch(copy -> ArchivedRow.same(copy, row.getValue()));
      if (!held) {
        tally.leave(new NotArchived(row.getKey(), "changed while it was archived"));
        return;
      }
    }
    List<RowId> parentsFirst = new ArrayList<>(family.rows().keySet());
    Refusal refusal = deleteAll(parentsFirst);
    if (refusal == null) {
      parentsFirst.forEach(tally::gone);
    } else {
      tally.leave(new NotArchived(parentsFirst.get(0), "the database refuses it: " + refusal));
    }
  }

  /** All of them, children first, or none. */
  private @Nullable Refusal deleteAll(List<RowId> parentsFirst) {
    HandEdit edit = new HandEdit(replica);
    replica.sql().execute("SAVEPOINT family");
    for (int i = parentsFirst.size() - 1; i >= 0; i--) {
      RowId id = parentsFirst.get(i);
      Refusal refusal = edit.delete(replica.table(id.table()), id.key());
      if (refusal != null) {
        replica.sql().execute("ROLLBACK TO family");
        replica.sql().execute("RELEASE family");
        return refusal;
      }
    }
    replica.sql().execute("RELEASE family");
    return null;
  }
}
