package tidemark.upkeep.archive;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tidemark.change.RowId;
import tidemark.upkeep.archive.Relatives.Family;

/** What went, and what was left with which reason. */
final class Tally {
  private final Map<String, Integer> rows = new TreeMap<>();
  private final List<NotArchived> left = new ArrayList<>();
  private final Set<RowId> gone = new HashSet<>();

  Map<String, Integer> rows() {
    return rows;
  }

  List<NotArchived> left() {
    return left;
  }

  /** Whether all of them may go; what keeps them is noted once. */
  boolean isFree(Family family) {
    NotArchived obstacle = family.obstacle();
    if (obstacle != null) {
      leave(obstacle);
    }
    return obstacle == null;
  }

  void leave(NotArchived one) {
    if (!left.contains(one)) {
      left.add(one);
    }
  }

  boolean isGone(RowId row) {
    return gone.contains(row);
  }

  void gone(RowId row) {
    if (gone.add(row)) {
      rows.merge(row.table(), 1, Integer::sum);
    }
  }
}
