package tidemark.settle;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Row;
import tidemark.change.Values;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;

/** A row as last synced and what two sides made of it, compared column by column. */
final class ThreeWay {
  private final List<String> columns;
  private final Row mine;
  private final Row theirs;
  private final Set<String> ours = new HashSet<>();
  private final Set<String> both = new HashSet<>();

  ThreeWay(SyncedTable table, Row base, Row mine, Row theirs) {
    this.columns =
        table.shape().columnNames().stream().filter(c -> !SyncColumns.contains(c)).toList();
    this.mine = mine;
    this.theirs = theirs;
    for (String column : columns) {
      boolean mineChanged = differs(table, base, mine, column);
      boolean theirsChanged = differs(table, base, theirs, column);
      if (mineChanged) {
        ours.add(column);
      }
      if (mineChanged && theirsChanged && !Values.same(mine.get(column), theirs.get(column))) {
        both.add(column);
      }
    }
  }

  /** In a row from before the column was added, its default is nobody's change. */
  private static boolean differs(SyncedTable table, Row base, Row now, String column) {
    return base.has(column)
        ? !Values.same(now.get(column), base.get(column))
        : !table.isDefault(column, now.get(column));
  }

  /** Some column was changed on both sides, to different values. */
  boolean overlaps() {
    return !both.isEmpty();
  }

  /** Everybody's changes; where they overlap, mine or theirs. */
  Map<String, @Nullable Object> merged(boolean mineWins) {
    Map<String, @Nullable Object> merged = new LinkedHashMap<>();
    for (String column : columns) {
      boolean keep = ours.contains(column) && (mineWins || !both.contains(column));
      merged.put(column, keep ? mine.get(column) : theirs.get(column));
    }
    return merged;
  }
}
