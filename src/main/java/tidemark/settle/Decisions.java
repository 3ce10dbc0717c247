package tidemark.settle;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Parents;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.Values;
import tidemark.replica.Held.Numbered;
import tidemark.replica.Kinship;
import tidemark.settle.Settling.Arrival;

/** What is to be taken from the ledger, row by row, and what that says of whom rows refer to. */
final class Decisions {
  private final Map<RowId, Arrival> arrivals;

  /** Decided: the ledger's change is to be applied. */
  final Map<RowId, List<Numbered>> puts = new LinkedHashMap<>();

  final Map<RowId, List<Numbered>> deletes = new LinkedHashMap<>();

  /** Of those to be put: not the ledger's row, but what it and pending edits make together. */
  final Map<RowId, Row> merged = new HashMap<>();

  /** Rows of pending edits that took in columns of the ledger's. */
  final Set<RowId> grown = new HashSet<>();

  /**
   * @param arrivals what came in, of which all of it is
   */
  Decisions(Map<RowId, Arrival> arrivals) {
    this.arrivals = arrivals;
  }

  /** Decided: it is to be as the ledger has it. */
  void take(RowId id, List<Numbered> changes) {
    (Settling.last(changes).isDelete() ? deletes : puts).put(id, changes);
  }

  /**
   * The record that a row refers to, as its author said; null where that is not known, or where the
   * reference is not the author's any more.
   */
  Optional<String> told(Kinship kin, RowId child, Row row) {
    return Optional.ofNullable(parentsOf(kin, child, row).birth(kin.foreign().reference()));
  }

  /** Its author said that the row refers to no record, though to a value. */
  boolean toldOrphan(Kinship kin, RowId child, Row row) {
    Parents parents = parentsOf(kin, child, row);
    List<String> reference = kin.foreign().reference();
    return parents.areTold(reference) && parents.birth(reference) == null;
  }

  private Parents parentsOf(Kinship kin, RowId child, Row row) {
    Change change = taken(child);
    Row written = change == null ? null : change.row();
    boolean itsAuthors =
        written != null
            && kin.foreign().columns().stream()
                .allMatch(c -> Values.same(written.get(c), row.get(c)));
    return change != null && itsAuthors ? change.parents() : Parents.UNTOLD;
  }

  /** What is being taken may have put another record into this one's place. */
  boolean mayBeAnother(RowId id) {
    List<Numbered> changes = puts.get(id);
    return changes == null
        || changes.stream().anyMatch(n -> n.change().isDelete() || n.change().born());
  }

  /** The change of this row that is being taken, or was merged with pending edits. */
  @Nullable Change taken(RowId id) {
    List<Numbered> changes = puts.get(id);
    Arrival arrival = changes == null && grown.contains(id) ? arrivals.get(id) : null;
    return changes != null
        ? Settling.last(changes)
        : arrival == null ? null : Settling.last(arrival.changes);
  }

  /** A row that refers to this record's value means it, as far as is known. */
  boolean means(Kinship kin, RowId child, @Nullable String record) {
    Row row = record == null ? null : kin.child().row(child.key());
    String told = row == null ? null : told(kin, child, row).orElse(null);
    return told == null || told.equals(record);
  }
}
