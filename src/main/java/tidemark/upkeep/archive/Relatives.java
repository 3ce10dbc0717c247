package tidemark.upkeep.archive;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.replica.Held;
import tidemark.replica.Kinship;
import tidemark.replica.Remembered;
import tidemark.replica.Replica;
import tidemark.replica.SyncedTable;

/**
 * Which rows go with a row: all that hangs on it by declared foreign keys. A foreign key with
 * RESTRICT or SET NULL says that its rows live on by themselves: they keep the row where it is.
 *
 * <p>What waits, is held or is in an open conflict is as of when this was made. Threading: that of
 * the replica.
 */
final class Relatives {
  private final Replica replica;
  private final Set<String> disputed = new HashSet<>();

  Relatives(Replica replica) {
    this.replica = replica;
    for (Held.Waiting waiting : replica.held().all()) {
      disputed.add(text(waiting.table(), Json.keyText(waiting.key())));
    }
    replica
        .conflicts()
        .eachOpen(open -> disputed.add(text(open.conflict().table(), open.conflict().key())));
  }

  /**
   * A row and all that goes with it, parents first.
   *
   * @param obstacle why none of them can go; null if they can
   */
  record Family(Map<RowId, Row> rows, @Nullable NotArchived obstacle) {}

  /** One for each row that is there, found in one pass over each table however many they are. */
  List<Family> of(SyncedTable table, List<RowKey> keys) {
    Ties ties = new Ties();
    keys.forEach(key -> ties.meet(table, key));
    List<RowId> roots = List.copyOf(ties.rows.keySet());
    List<RowId> parents = roots;
    while (!parents.isEmpty()) {
      parents = childrenOf(parents, ties);
    }
    return roots.stream().map(root -> family(root, ties)).toList();
  }

  /** Who hangs on whom, as far as it is known. */
  private static final class Ties {
    private final Map<RowId, Row> rows = new LinkedHashMap<>();
    private final Map<RowId, Set<RowId>> children = new HashMap<>();
    private final Map<RowId, Set<RowId>> referring = new HashMap<>();

    /** True where it is there, and was not met before. */
    boolean meet(SyncedTable table, RowKey key) {
      RowId id = new RowId(table.name(), key);
      Row row = rows.containsKey(id) ? null : table.row(key);
      if (row != null) {
        rows.put(id, row);
      }
      return row != null;
    }
  }

  private List<RowId> childrenOf(List<RowId> parents, Ties ties) {
    List<RowId> met = new ArrayList<>();
    for (Kinship kin : replica.kinships()) {
      List<List<@Nullable Object>> values = new ArrayList<>();
      List<RowId> whose = new ArrayList<>();
      for (RowId parent : parents) {
        Row row = parent.table().equals(kin.parent().name()) ? ties.rows.get(parent) : null;
        List<@Nullable Object> referred = new ArrayList<>();
        if (row != null) {
          kin.foreign().parentColumns().forEach(column -> referred.add(row.get(column)));
        }
        if (row != null && !referred.contains(null)) {
          values.add(referred);
          whose.add(parent);
        }
      }
      boolean outlives = kin.foreign().outlivesParent();
      for (Kinship.Child child : kin.childrenOf(values, false)) {
        RowId id = new RowId(kin.child().name(), child.key());
        (outlives ? ties.referring : ties.children)
            .computeIfAbsent(whose.get(child.of()), unseen -> new LinkedHashSet<>())
            .add(id);
        if (!outlives && ties.meet(kin.child(), child.key())) {
          met.add(id);
        }
      }
    }
    return met;
  }

  private Family family(RowId root, Ties ties) {
    Map<RowId, Row> rows = new LinkedHashMap<>();
    Map<RowId, RowId> referring = new LinkedHashMap<>();
    Deque<RowId> todo = new ArrayDeque<>(List.of(root));
    while (!todo.isEmpty()) {
      RowId id = todo.remove();
      Row row = ties.rows.get(id);
      if (row != null && rows.put(id, row) == null) {
        todo.addAll(ties.children.getOrDefault(id, Set.of()));
        ties.referring.getOrDefault(id, Set.of()).forEach(other -> referring.put(other, id));
      }
    }
    return new Family(rows, obstacle(rows, referring));
  }

  private @Nullable NotArchived obstacle(Map<RowId, Row> rows, Map<RowId, RowId> referring) {
    for (Map.Entry<RowId, RowId> reference : referring.entrySet()) {
      if (!rows.containsKey(reference.getKey())) {
        return new NotArchived(reference.getValue(), "still needed by " + reference.getKey());
      }
    }
    for (RowId id : rows.keySet()) {
      String why = obstacle(id);
      if (why != null) {
        return new NotArchived(id, why);
      }
    }
    return null;
  }

  private @Nullable String obstacle(RowId id) {
    SyncedTable table = replica.tables().get(id.table());
    if (table == null) {
      return "its table is not synced here";
    }
    if (disputed.contains(text(id.table(), Json.keyText(id.key())))) {
      return "in an open conflict, or held back";
    }
    Remembered remembered = table.shadow().get(id.key());
    return remembered == null || remembered.mark() != null ? "edited and not synced yet" : null;
  }

  private static String text(String table, String key) {
    return table + " " + key;
  }
}
