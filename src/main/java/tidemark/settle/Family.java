package tidemark.settle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.change.Values;
import tidemark.replica.Kinship;
import tidemark.replica.Replica;
import tidemark.replica.SyncedTable;

/** Which rows hang on which, by the foreign keys the tables declare. */
public final class Family {
  private static final String CHILDREN = "sync_children";

  private final Replica replica;

  /** Asked again and again, while tables come and go only between settlings. */
  private final Map<String, List<Kinship>> byParent = new HashMap<>();

  private final Map<String, List<Kinship>> byChild = new HashMap<>();
  private final Map<String, List<Kinship>> privately = new HashMap<>();
  private final Map<String, Boolean> relatives = new HashMap<>();

  public Family(Replica replica) {
    this.replica = replica;
  }

  public record Member(RowId id, Row row) {}

  /** The foreign keys by which rows of synced tables refer to this one's. */
  public List<Kinship> childrenOf(String parent) {
    return byParent.computeIfAbsent(
        parent,
        name ->
            replica.kinships().stream()
                .filter(kin -> kin.parent().name().equals(name) && isSynced(kin.child()))
                .toList());
  }

  /** The foreign keys by which this table's rows refer to those of synced tables. */
  public List<Kinship> parentsOf(String child) {
    return byChild.computeIfAbsent(
        child,
        name ->
            replica.kinships().stream()
                .filter(kin -> kin.child().name().equals(name) && isSynced(kin.parent()))
                .toList());
  }

  /** Those of tables that are nobody else's business. */
  public List<Kinship> privateChildrenOf(String parent) {
    return privately.computeIfAbsent(
        parent,
        name ->
            replica.kinships().stream()
                .filter(kin -> kin.parent().name().equals(name) && !isSynced(kin.child()))
                .toList());
  }

  /**
   * What keeps a row from going with all that hangs on it, in words; null where nothing does. Rows
   * that are not synced are nobody else's business: they are neither deleted nor orphaned.
   */
  public @Nullable String keeper(RowId id, Row row, List<Member> descendants) {
    List<Member> going = new ArrayList<>(descendants);
    going.add(0, new Member(id, row));
    return keeper(going);
  }

  /** The same of rows that go together. */
  @Nullable String keeper(List<Member> going) {
    return going.stream().flatMap(member -> privateChild(member).stream()).findFirst().orElse(null);
  }

  private Optional<String> privateChild(Member member) {
    for (Kinship kin : privateChildrenOf(member.id().table())) {
      List<@Nullable Object> values = valuesOf(member.row(), kin.foreign().parentColumns());
      if (!values.contains(null) && kin.hasChildren(values)) {
        return Optional.of(
            "rows of " + kin.child().name() + ", which is not synced, refer to " + member.id());
      }
    }
    return Optional.empty();
  }

  private boolean isSynced(SyncedTable table) {
    return replica.tables().containsKey(table.name());
  }

  boolean isParent(String table) {
    return !childrenOf(table).isEmpty();
  }

  boolean hasRelatives(String table) {
    return relatives.computeIfAbsent(
        table,
        name -> isParent(name) || !parentsOf(name).isEmpty() || !privateChildrenOf(name).isEmpty());
  }

  /** Whether a row that refers to a value of another one really means that one. */
  public interface Meaning {
    boolean test(Kinship kin, RowId parent, RowId child);
  }

  /** All that hangs on this row, deep. */
  public List<Member> descendants(RowId id, @Nullable Row row) {
    return descendants(id, row, (kin, parent, child) -> true);
  }

  public List<Member> descendants(RowId id, @Nullable Row row, Meaning meaning) {
    return row == null ? List.of() : descendants(List.of(new Member(id, row)), meaning);
  }

  /** Level by level, each row once. */
  public List<Member> descendants(Collection<Member> of, Meaning meaning) {
    List<Member> found = new ArrayList<>();
    Set<RowId> seen = new HashSet<>();
    of.forEach(member -> seen.add(member.id()));
    List<Member> level = List.copyOf(of);
    while (!level.isEmpty()) {
      List<Member> next = new ArrayList<>();
      valuesOf(level)
          .forEach(
              (kin, referred) -> {
                for (Kinship.Child child : kin.childrenOf(referred.values(), false)) {
                  RowId id = new RowId(kin.child().name(), child.key());
                  RowId parent = referred.whose().get(child.of());
                  Row row =
                      meaning.test(kin, parent, id) && seen.add(id)
                          ? kin.child().row(child.key())
                          : null;
                  if (row != null) {
                    next.add(new Member(id, row));
                  }
                }
              });
      found.addAll(next);
      level = next;
    }
    return found;
  }

  /** What rows can be referred to by, and whose it is. */
  private record Referred(List<List<@Nullable Object>> values, List<RowId> whose) {}

  private Map<Kinship, Referred> valuesOf(List<Member> members) {
    Map<Kinship, Referred> all = new LinkedHashMap<>();
    for (Member member : members) {
      for (Kinship kin : childrenOf(member.id().table())) {
        List<@Nullable Object> values = valuesOf(member.row(), kin.foreign().parentColumns());
        if (!values.contains(null)) {
          Referred referred =
              all.computeIfAbsent(kin, k -> new Referred(new ArrayList<>(), new ArrayList<>()));
          referred.values().add(values);
          referred.whose().add(member.id());
        }
      }
    }
    return all;
  }

  /** A row that refers to what gets other values, and what it is to hold then. */
  public interface Follower {
    void accept(Kinship kin, RowKey child, Map<String, @Nullable Object> values);
  }

  /** Those, synced or not, that refer to a row which was so and is to be otherwise. */
  public void eachFollower(String table, Row before, Row now, Follower follower) {
    Stream.concat(childrenOf(table).stream(), privateChildrenOf(table).stream())
        .forEach(
            kin -> {
              List<String> referred = kin.foreign().parentColumns();
              List<@Nullable Object> old = valuesOf(before, referred);
              if (old.contains(null) || sameValues(before, now, referred)) {
                return;
              }
              Map<String, @Nullable Object> values = kin.referring(valuesOf(now, referred));
              kin.childrenOf(List.of(old), false)
                  .forEach(child -> follower.accept(kin, child.key(), values));
            });
  }

  static boolean sameValues(Row one, Row other, List<String> columns) {
    return columns.stream().allMatch(c -> Values.same(one.get(c), other.get(c)));
  }

  public static List<@Nullable Object> valuesOf(Row row, List<String> columns) {
    List<@Nullable Object> values = new ArrayList<>();
    columns.forEach(c -> values.add(row.get(c)));
    return values;
  }

  /** What these columns are to hold. */
  static Map<String, @Nullable Object> together(
      List<String> columns, List<? extends @Nullable Object> values) {
    Map<String, @Nullable Object> together = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      together.put(columns.get(i), values.get(i));
    }
    return together;
  }

  /** The row as JSON, with what hung on it, so that all of it can be brought back. */
  public static String withDescendants(Row row, List<Member> descendants) {
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
  public record Lost(String table, Row row) {}

  /** What {@link #withDescendants} wrote: the row, then all that hung on it, parents first. */
  public static List<Lost> parse(String table, String text) {
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
  public List<SyncedTable> parentsFirst(Set<String> names) {
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
