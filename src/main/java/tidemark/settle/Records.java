package tidemark.settle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.replica.Kinship;
import tidemark.replica.Remembered;
import tidemark.replica.Replica;
import tidemark.replica.SyncedTable;

/**
 * Which record was where before this settling, and where it is now. A record is known by the token
 * it was born with; keys and other values it may exchange.
 */
final class Records {
  private final Replica replica;
  private final Family family;
  private final Map<RowId, Was> former = new LinkedHashMap<>();

  Records(Replica replica, Family family) {
    this.replica = replica;
    this.family = family;
  }

  /**
   * A row as it was before this settling touched it.
   *
   * @param record null where no row refers to this table's
   * @param unknown to the ledger: if another birth under its key wins, the two are one from then on
   */
  record Was(Row row, @Nullable String record, boolean unknown) {}

  /** To be called before a row is touched: where somebody may have to be found or brought back. */
  void remember(RowId id) {
    if (former.containsKey(id) || !family.hasRelatives(id.table())) {
      return;
    }
    SyncedTable table = replica.table(id.table());
    Row row = table.row(id.key());
    if (row != null) {
      Remembered remembered = family.isParent(id.table()) ? table.shadow().get(id.key()) : null;
      former.put(
          id,
          new Was(
              row,
              remembered == null ? null : remembered.record(),
              remembered != null && remembered.absentInLedger()));
    }
  }

  /** As it is now is how it was before what comes next. */
  void begin() {
    former.clear();
  }

  Map<RowId, Was> former() {
    return former;
  }

  @Nullable Row formerRow(RowId id) {
    Was was = former.get(id);
    return was == null ? null : was.row();
  }

  /**
   * Where the records that were here stand now; those that are gone are left out. They are looked
   * for together, since each time takes a pass over what is remembered of the table.
   */
  Map<RowId, RowId> now(Map<RowId, Was> all) {
    Map<RowId, RowId> now = new HashMap<>();
    Map<String, Map<String, List<RowId>>> elsewhere = new LinkedHashMap<>();
    all.forEach(
        (id, was) -> {
          if (isStillHere(id, was)) {
            now.put(id, id);
          } else if (was.record() != null) {
            elsewhere
                .computeIfAbsent(id.table(), t -> new LinkedHashMap<>())
                .computeIfAbsent(was.record(), record -> new ArrayList<>())
                .add(id);
          }
        });
    elsewhere.forEach(
        (table, records) ->
            replica
                .table(table)
                .standing(records.keySet())
                .forEach(
                    (record, key) ->
                        records
                            .getOrDefault(record, List.of())
                            .forEach(id -> now.put(id, new RowId(table, key)))));
    return now;
  }

  private boolean isStillHere(RowId id, Was was) {
    SyncedTable table = replica.table(id.table());
    if (!table.has(id.key())) {
      return false;
    }
    Remembered here = table.shadow().get(id.key());
    String now = here == null ? null : here.record();
    return was.unknown() || was.record() == null || now == null || now.equals(was.record());
  }

  /** The row under which this record stands. */
  Optional<RowId> find(SyncedTable table, String record) {
    return table.shadow().keysOf(record).stream()
        .filter(table::has)
        .map(key -> new RowId(table.name(), key))
        .findFirst();
  }

  /**
   * The row that pending edits have put where the ledger has this record: under a key that people
   * give, the two are one.
   */
  Optional<RowId> oneWith(SyncedTable table, String record) {
    return table
        .shadow()
        .inLedger(record)
        .filter(key -> !table.shape().autoKey() && table.has(key))
        .filter(key -> isInLedger(table.shadow().get(key)))
        .map(key -> new RowId(table.name(), key));
  }

  private static boolean isInLedger(@Nullable Remembered remembered) {
    return remembered != null && !remembered.absentInLedger();
  }

  /** Where this record stood last, whether it does still or not. */
  Optional<RowId> last(SyncedTable table, String record) {
    return table.shadow().keysOf(record).stream()
        .map(key -> new RowId(table.name(), key))
        .findFirst();
  }

  /** The record that rows here meant by these values before this settling. */
  Optional<String> meant(Kinship kin, List<@Nullable Object> values) {
    List<@Nullable Object> wanted = kin.comparable(values);
    for (Map.Entry<RowId, Was> was : former.entrySet()) {
      if (was.getKey().table().equals(kin.parent().name())
          && kin.comparable(Family.valuesOf(was.getValue().row(), kin.foreign().parentColumns()))
              .equals(wanted)) {
        return Optional.ofNullable(was.getValue().record());
      }
    }
    return kin.parentOf(values).map(Kinship.Parent::record);
  }

  /** The record under this key, or the one that was last. */
  @Nullable String at(RowId id) {
    Remembered remembered = replica.table(id.table()).shadow().get(id.key());
    return remembered == null ? null : remembered.record();
  }
}
