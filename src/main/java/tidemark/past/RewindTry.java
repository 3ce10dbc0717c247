package tidemark.past;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.Token;
import tidemark.jdbc.Refusal;
import tidemark.replica.ForeignKey;
import tidemark.replica.Kinship;
import tidemark.replica.RefusedByTrigger;
import tidemark.replica.Remembered;
import tidemark.replica.Replica;
import tidemark.replica.Shadow;
import tidemark.replica.SyncedTable;
import tidemark.settle.Family;

/**
 * One try to write all rows that are to become what they were, in one transaction, with all
 * triggers asleep. Where anything stands in the way nothing is written, and it says what.
 */
final class RewindTry {
  /**
   * A row that is to become what it was.
   *
   * @param entry by which it was settled when it was compared
   * @param asChild it goes since its parent does
   */
  record Wanted(RowId id, Fate how, @Nullable Long entry, boolean asChild) {}

  /** What was there at the moment that is gone back to. */
  interface Then {
    /** The row as it was; null where there was none. */
    @Nullable Row target(RowId id);

    /** The record that stood there then. */
    @Nullable String pastBirth(RowId id);

    /** The parent as it was then, which had these values. */
    @Nullable RowId pastParent(String table, List<String> columns, List<@Nullable Object> values);
  }

  private final Replica replica;
  private final Then then;
  private final List<Wanted> rows;
  private final long now;
  private final Family family;
  private final Map<RowId, String> refused = new LinkedHashMap<>();
  private final Map<RowId, RowId> parents = new LinkedHashMap<>();
  private final Map<RowId, RowId> children = new LinkedHashMap<>();

  RewindTry(Replica replica, Then then, List<Wanted> rows, long now) {
    this.replica = replica;
    this.then = then;
    this.rows = rows;
    this.now = now;
    this.family = new Family(replica);
  }

  /** Ends the transaction without a trace. */
  private static final class Again extends RuntimeException {
    private static final long serialVersionUID = 1;

    Again() {
      super("something stands in the way", null, false, false);
    }
  }

  /** Rows that cannot be written, and why. */
  Map<RowId, String> refused() {
    return refused;
  }

  /** Parents that are missing, and the row that needs them. */
  Map<RowId, RowId> parents() {
    return parents;
  }

  /** Rows that refer to one that would go. */
  Map<RowId, RowId> children() {
    return children;
  }

  /** True where all of it was written. */
  boolean run() {
    try {
      return replica.applying(
          () -> {
            rows.forEach(this::mustBeAsCompared);
            goOnOrEnd();
            replica.quiet();
            List<Going> gone = valuesThatGo();
            Map<RowId, String> births = whoComesBack();
            write();
            rows.forEach(this::mustHaveParents);
            gone.forEach(this::mustHaveNoChildren);
            goOnOrEnd();
            rows.forEach(row -> mark(row, births.get(row.id())));
            return true;
          });
    } catch (Again again) {
      return false;
    } catch (RefusedByTrigger trigger) {
      refused.clear();
      replica.silence(trigger);
      return run();
    }
  }

  private void goOnOrEnd() {
    if (refused.size() + parents.size() + children.size() > 0) {
      throw new Again();
    }
  }

  private SyncedTable table(RowId id) {
    return replica.table(id.table());
  }

  private void mustBeAsCompared(Wanted row) {
    Remembered remembered = table(row.id()).shadow().get(row.id().key());
    boolean edited = remembered != null && remembered.mark() != null;
    Long entry = remembered == null ? null : remembered.entry();
    if (edited || !Objects.equals(entry, row.entry())) {
      refused.put(row.id(), "edited here meanwhile");
    }
  }

  /** The records that stood there then, but for those that stay where they are by now. */
  private Map<RowId, String> whoComesBack() {
    Map<RowId, String> births = new LinkedHashMap<>();
    Set<RowId> going = new HashSet<>();
    for (Wanted row : rows) {
      String birth = row.how() == Fate.COMES_BACK ? then.pastBirth(row.id()) : null;
      if (birth != null) {
        births.put(row.id(), birth);
      } else if (row.how() == Fate.GOES) {
        going.add(row.id());
      }
    }
    Map<String, List<String>> byTable = new LinkedHashMap<>();
    births.forEach(
        (id, birth) -> byTable.computeIfAbsent(id.table(), t -> new ArrayList<>()).add(birth));
    byTable.forEach(
        (name, some) ->
            replica
                .table(name)
                .standing(some)
                .forEach(
                    (birth, key) -> {
                      if (!going.contains(new RowId(name, key))) {
                        births.values().remove(birth);
                      }
                    }));
    return births;
  }

  /** To be posted as what this person did now. */
  private void mark(Wanted row, @Nullable String birth) {
    Shadow shadow = table(row.id()).shadow();
    shadow.mark(row.id().key(), Token.fresh(), now, Remembered.Clock.MOMENT, false, false);
    if (birth == null) {
      shadow.stillTheSame(row.id().key());
    } else {
      shadow.bringsBack(row.id().key(), birth);
    }
  }

  // ---- writing

  private void write() {
    Map<String, List<Wanted>> byTable =
        rows.stream().collect(Collectors.groupingBy(w -> w.id().table()));
    List<SyncedTable> tables = new ArrayList<>(family.parentsFirst(byTable.keySet()));
    List<RowId> inTheWay = new ArrayList<>();
    Collections.reverse(tables);
    for (SyncedTable table : tables) {
      for (Wanted row : byTable.getOrDefault(table.name(), List.of())) {
        if (row.how() == Fate.GOES) {
          table.delete(row.id().key());
        }
      }
    }
    Collections.reverse(tables);
    for (SyncedTable table : tables) {
      for (Wanted row : byTable.getOrDefault(table.name(), List.of())) {
        if (row.how() != Fate.GOES && put(table, then.target(row.id())) != null) {
          inTheWay.add(row.id());
        }
      }
    }
    putTogether(inTheWay);
  }

  private @Nullable Refusal put(SyncedTable table, @Nullable Row row) {
    return row == null
        ? Refusal.because("it was not there")
        : table.put(row, ChangeTime.spaced(now));
  }

  /** Those that exchange values which must be unique make room for one another first. */
  private void putTogether(List<RowId> ids) {
    Map<RowId, Row> whole = new LinkedHashMap<>();
    for (RowId id : ids) {
      SyncedTable table = table(id);
      Row target = then.target(id);
      if (target != null) {
        whole.put(id, table.overlay(table.row(id.key()), target));
      }
    }
    whole.keySet().forEach(id -> table(id).delete(id.key()));
    whole.forEach(
        (id, row) -> {
          Refusal refusal = put(table(id), row);
          if (refusal != null) {
            refused.put(id, refusal.why());
          }
        });
  }

  // ---- who belongs to whom

  private void mustHaveParents(Wanted row) {
    Row written = row.how() == Fate.GOES ? null : table(row.id()).row(row.id().key());
    if (written == null) {
      return;
    }
    for (ForeignKey foreign : table(row.id()).shape().foreignKeys()) {
      SyncedTable parent = replica.everyTable().get(foreign.parent());
      List<@Nullable Object> values = Family.valuesOf(written, foreign.columns());
      if (parent == null
          || values.contains(null)
          || !parent.keysWhere(foreign.parentColumns(), values).isEmpty()) {
        continue;
      }
      RowId past = then.pastParent(foreign.parent(), foreign.parentColumns(), values);
      if (past == null) {
        refused.put(row.id(), "its parent " + foreign.parent() + " " + values + " is not there");
      } else {
        parents.put(past, row.id());
      }
    }
  }

  /**
   * What children may refer to that is not there after this.
   *
   * @param whose it was, one by one
   */
  private record Going(Kinship kin, List<List<@Nullable Object>> values, List<RowId> whose) {}

  private List<Going> valuesThatGo() {
    Map<Kinship, Going> gone = new LinkedHashMap<>();
    for (Wanted row : rows) {
      String table = row.id().table();
      for (List<Kinship> kinds :
          List.of(family.childrenOf(table), family.privateChildrenOf(table))) {
        for (Kinship kin : kinds) {
          List<@Nullable Object> values = referred(kin, table(row.id()).row(row.id().key()));
          if (!values.contains(null) && !values.equals(referred(kin, then.target(row.id())))) {
            Going going =
                gone.computeIfAbsent(kin, k -> new Going(k, new ArrayList<>(), new ArrayList<>()));
            going.values().add(values);
            going.whose().add(row.id());
          }
        }
      }
    }
    return List.copyOf(gone.values());
  }

  private static List<@Nullable Object> referred(Kinship kin, @Nullable Row parent) {
    return parent == null
        ? Collections.singletonList(null)
        : Family.valuesOf(parent, kin.foreign().parentColumns());
  }

  private void mustHaveNoChildren(Going gone) {
    for (Kinship.Child child : gone.kin().childrenOf(gone.values(), false)) {
      Row row = gone.kin().child().row(child.key());
      if (row != null
          && gone.kin().parentOf(Family.valuesOf(row, gone.kin().foreign().columns())).isEmpty()) {
        children.put(
            new RowId(gone.kin().child().name(), child.key()), gone.whose().get(child.of()));
      }
    }
  }
}
