package tidemark.sync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
import tidemark.replica.ForeignKey;
import tidemark.replica.Replica;
import tidemark.replica.SyncedTable;

/** Which rows hang on which, by the foreign keys the tables declare. */
final class Family {
  private static final String CHILDREN = "sync_children";

  private final Replica replica;

  Family(Replica replica) {
    this.replica = replica;
  }

  record Member(RowId id, Row row) {}

  /** A foreign key and the table that declares it. */
  record Tie(SyncedTable child, ForeignKey key) {}

  /** The foreign keys that refer to this table. */
  List<Tie> tiesTo(String parent) {
    List<Tie> ties = new ArrayList<>();
    for (SyncedTable child : replica.everyTable().values()) {
      for (ForeignKey key : child.shape().foreignKeys()) {
        if (key.parent().equals(parent)) {
          ties.add(new Tie(child, key));
        }
      }
    }
    return ties;
  }

  boolean isParent(String table) {
    return !tiesTo(table).isEmpty();
  }

  boolean hasRelatives(String table) {
    return isParent(table) || !replica.table(table).shape().foreignKeys().isEmpty();
  }

  /** All that hangs on this row, deep. */
  List<Member> descendants(RowId id, @Nullable Row row) {
    List<Member> found = new ArrayList<>();
    if (row == null) {
      return found;
    }
    Set<RowId> seen = new HashSet<>(Set.of(id));
    Deque<Member> todo = new ArrayDeque<>(List.of(new Member(id, row)));
    while (!todo.isEmpty()) {
      Member parent = todo.remove();
      for (Tie tie : tiesTo(parent.id().table())) {
        List<@Nullable Object> values = valuesOf(parent.row(), tie.key().parentColumns());
        if (values.contains(null)) {
          continue;
        }
        for (RowKey key : tie.child().keysReferring(tie.key(), values)) {
          RowId child = new RowId(tie.child().name(), key);
          Row childRow = seen.add(child) ? tie.child().row(key) : null;
          if (childRow != null) {
            found.add(new Member(child, childRow));
            todo.add(new Member(child, childRow));
          }
        }
      }
    }
    return found;
  }

  static List<@Nullable Object> valuesOf(Row row, List<String> columns) {
    List<@Nullable Object> values = new ArrayList<>();
    columns.forEach(c -> values.add(row.get(c)));
    return values;
  }

  /** The row as JSON, with what hung on it, so that all of it can be brought back. */
  static String withDescendants(Row row, List<Member> descendants) {
    if (descendants.isEmpty()) {
      return Json.rowText(row);
    }
    return Json.text(
        json -> {
          json.writeStartObject();
          for (Map.Entry<String, @Nullable Object> value : row.asMap().entrySet()) {
            json.writeFieldName(value.getKey());
            Json.write(json, value.getValue());
          }
          json.writeArrayFieldStart(CHILDREN);
          for (Member member : descendants) {
            json.writeStartObject();
            json.writeStringField("table", member.id().table());
            json.writeFieldName("row");
            json.writeRawValue(Json.rowText(member.row()));
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** A row as it went into a conflict. */
  record Lost(String table, Row row) {}

  /** What {@link #withDescendants} wrote: the row, then all that hung on it, parents first. */
  static List<Lost> parse(String table, String text) {
    Map<String, @Nullable Object> values = Json.object(text);
    List<Lost> lost = new ArrayList<>();
    Object children = values.remove(CHILDREN);
    lost.add(new Lost(table, Json.row(Json.objectText(values))));
    if (children instanceof List<?> list) {
      for (Object child : list) {
        if (child instanceof Map<?, ?> fields
            && fields.get("table") instanceof String name
            && fields.get("row") instanceof Map<?, ?> row) {
          Map<String, @Nullable Object> named = new LinkedHashMap<>();
          row.forEach((column, value) -> named.put(String.valueOf(column), value));
          lost.add(new Lost(name, Json.row(Json.objectText(named))));
        }
      }
    }
    return lost;
  }

  /** Tables with parents before their children; a cycle is cut somewhere. */
  List<SyncedTable> parentsFirst(Set<String> names) {
    Set<String> ordered = new LinkedHashSet<>();
    for (String name : names) {
      visit(name, ordered, new HashSet<>());
    }
    return ordered.stream().filter(names::contains).map(replica::table).toList();
  }

  private void visit(String name, Set<String> ordered, Set<String> above) {
    SyncedTable table = replica.tables().get(name);
    if (table == null || ordered.contains(name) || !above.add(name)) {
      return;
    }
    table.shape().foreignKeys().forEach(key -> visit(key.parent(), ordered, above));
    ordered.add(name);
  }

  /** These tables and all they refer to. */
  Set<String> withParents(Set<String> names) {
    Set<String> all = new LinkedHashSet<>();
    Deque<String> todo = new ArrayDeque<>(names);
    while (!todo.isEmpty()) {
      String name = todo.remove();
      SyncedTable table = replica.tables().get(name);
      if (table != null && all.add(name)) {
        table.shape().foreignKeys().forEach(key -> todo.add(key.parent()));
      }
    }
    return all;
  }
}
