package tidemark.replica;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.Columns;
import tidemark.change.Conflict;
import tidemark.change.Json;
import tidemark.change.Position;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.change.SqlName;
import tidemark.change.TableRule;
import tidemark.jdbc.Sql;
import tidemark.replica.Keys.Other;
import tidemark.replica.Remembered.Clock;
import tidemark.replica.TableStates.Look;

/**
 * A table that has another key than its rows are remembered by: the memory follows, so that edits
 * are captured on, and pending ones stay pending under the new key. What cannot follow is kept in
 * sync_conflicts. Everything happens inside the caller's transaction.
 */
final class KeyChange {
  private static final String FORMER_MEMORY = "sync_former_memory";

  private final Sql sql;
  private final TableStates states;
  private final Keys keys;
  private final SleepingTriggers triggers;

  KeyChange(Sql sql, TableStates states, Keys keys, SleepingTriggers triggers) {
    this.sql = sql;
    this.triggers = triggers;
    this.states = states;
    this.keys = keys;
  }

  /** The table as it stands now is what is remembered of it; or the ledger's, if it waited. */
  void follow(TableShape shape, TableRule rule) {
    String name = shape.name();
    List<String> former = states.key(name);
    Optional<Other> other = keys.other(name);
    boolean awaited =
        other.filter(o -> o.isTold() && SqlName.same(o.key(), shape.key())).isPresent();
    if (!former.isEmpty() && !former.equals(shape.key())) {
      carry(shape, rule, former, awaited ? other.get().known() : Long.MAX_VALUE);
      if (other.isEmpty()) {
        keys.differ(name, new Other(former, states.generation(name), 0, Position.START, 0, ""));
      } else if (!other.get().isTold() && SqlName.same(other.get().key(), shape.key())) {
        keys.agree(name); // the application went back to it
      }
    }
    if (awaited) {
      cross(shape, other.get());
    }
  }

  /** From here on the table reads what the ledger has under the present key. */
  private void cross(TableShape shape, Other other) {
    String name = shape.name();
    states.advance(name, other.before());
    keys.follow(name, other.entry(), other.known());
    keys.settleFormer(name);
    for (String column : states.columns(name)) {
      if (!shape.hasColumn(column)) {
        states.forgetColumn(name, column); // the former key's, maybe
      }
    }
    if (states.rescan(name) == Look.NONE) {
      states.rescan(name, Look.UNSEEN_EDITS);
    }
  }

  // ---- the memory

  /**
   * @param known what was settled after this entry, the beginner of the new key did not have
   */
  private void carry(TableShape shape, TableRule rule, List<String> former, long known) {
    String name = shape.name();
    Set<String> columns = states.columns(name);
    Digest before = new Digest(states.defaults(name));
    Map<String, String> present = present(shape, former, columns);
    see(shape);
    for (String index : List.of("sync_marks_", "sync_came_")) {
      sql.execute("DROP INDEX IF EXISTS " + Sql.name(index + name));
    }
    sql.execute("ALTER TABLE " + Sql.name(ShadowTable.name(name)) + " RENAME TO " + FORMER_MEMORY);
    sql.execute(ShadowTable.createTable(shape));
    ShadowTable.createIndexes(shape).forEach(sql::execute);
    if (!present.isEmpty()) {
      copyMemory(shape, present);
      carryWaiting(shape, present);
    }
    keepLost(shape, former, present, known);
    sql.execute("DROP TABLE " + FORMER_MEMORY);
    sql.update("DELETE FROM sync_rekeyed WHERE table_name=?", name);
    SyncedTable table = new SyncedTable(sql, shape, rule, states.defaults(name), triggers);
    Respelling.digestAnew(table, before, columns, present);
    states.rescan(name, Look.UNSEEN_EDITS);
  }

  /**
   * The columns that hold today what the former key columns held, by those; none where somebody has
   * to guess. A column that was renamed stands where the former one stood, under a name not known.
   */
  private static Map<String, String> present(
      TableShape shape, List<String> former, Set<String> known) {
    Map<String, String> present = new LinkedHashMap<>();
    for (int i = 0; i < former.size(); i++) {
      String column = former.get(i);
      if (!shape.hasColumn(column)) {
        boolean renamed =
            former.size() == shape.key().size() && !known.contains(shape.key().get(i));
        if (!renamed) {
          return Map.of();
        }
        column = shape.key().get(i);
      }
      present.put(former.get(i), column);
    }
    return present;
  }

  private void see(TableShape shape) {
    sql.update("UPDATE sync_columns SET key_place=NULL WHERE table_name=?", shape.name());
    for (TableShape.Column column : shape.columns()) {
      states.see(
          shape.name(),
          column,
          shape.key().indexOf(column.name()),
          TableStates.ConstantDefault.of(column));
    }
  }

  private void copyMemory(TableShape shape, Map<String, String> present) {
    String whole =
        shape.key().stream()
            .map(k -> "t." + Sql.name(k) + " IS NOT NULL")
            .collect(Collectors.joining(" AND "));
    sql.update(
        "INSERT OR IGNORE INTO "
            + Sql.name(ShadowTable.name(shape.name()))
            + " SELECT "
            + TableSql.names("t.", shape.key())
            + ","
            + ShadowTable.fields("s.")
            + " FROM "
            + FORMER_MEMORY
            + " s JOIN "
            + Sql.name(shape.name())
            + " t ON "
            + sameRow(present)
            + " WHERE "
            + whole);
  }

  /** To the bit, whatever the collation of the table's column. */
  private static String sameRow(Map<String, String> present) {
    List<String> columns = List.copyOf(present.values());
    return TableSql.zip(
        columns,
        ShadowTable.keyColumns(columns.size()),
        (c, k) ->
            "t."
                + Sql.name(c)
                + "=s."
                + k
                + " AND t."
                + Sql.name(c)
                + "=s."
                + k
                + " COLLATE BINARY");
  }

  private void carryWaiting(TableShape shape, Map<String, String> present) {
    for (String key :
        sql.query(
            "SELECT DISTINCT row_key FROM sync_waiting WHERE table_name=?",
            c -> c.string(1),
            shape.name())) {
      List<String> columns = List.copyOf(present.values());
      List<RowKey> now =
          sql.query(
              "SELECT "
                  + TableSql.names("", shape.key())
                  + " FROM "
                  + Sql.name(shape.name())
                  + " WHERE "
                  + columns.stream()
                      .map(c -> Sql.name(c) + "=?")
                      .collect(Collectors.joining(" AND ")),
              c -> RowKey.of(c.values(1, shape.key().size())),
              Json.key(key).parts());
      if (now.size() == 1) {
        sql.update(
            "UPDATE OR REPLACE sync_waiting SET row_key=? WHERE table_name=? AND row_key=?",
            Json.keyText(now.get(0)),
            shape.name(),
            key);
      }
    }
  }

  // ---- what cannot follow

  /** A pending delete, or a pending row for which the new table has no place. */
  private void keepLost(
      TableShape shape, List<String> former, Map<String, String> present, long known) {
    boolean remade =
        sql.exists("SELECT 1 FROM sqlite_master WHERE name=?", Definitions.FORMER_ROWS);
    if (present.isEmpty() && !remade) {
      return; // the rows are there, and which is which is not known: all count as found
    }
    int width = former.size();
    String unmatched =
        present.isEmpty()
            ? ""
            : " AND NOT EXISTS(SELECT 1 FROM "
                + Sql.name(shape.name())
                + " t WHERE "
                + sameRow(present)
                + ")";
    record Lost(RowKey key, Remembered remembered) {}
    List<Lost> lost =
        sql.query(
            "SELECT "
                + ShadowTable.selectList("s.", width)
                + " FROM "
                + FORMER_MEMORY
                + " s WHERE (s.edits IS NOT NULL OR s.entry>?)"
                + unmatched
                + " AND NOT EXISTS(SELECT 1 FROM "
                + Sql.name(ShadowTable.name(shape.name()))
                + " n WHERE n.came=s.first)",
            c -> new Lost(RowKey.of(c.values(1, width)), ShadowTable.rememberedAt(c, width + 1)),
            known);
    for (Lost one : lost) {
      Row row = remade ? formerRow(former, one.key()) : null;
      boolean settledDelete = one.remembered().mark() == null && row == null;
      if (row != null || settledDelete || !one.remembered().unknownToOthers()) {
        keep(shape.name(), one.key(), one.remembered(), row);
      }
    }
  }

  private @Nullable Row formerRow(List<String> former, RowKey key) {
    List<String> columns =
        sql.query(
            "SELECT name FROM pragma_table_info(?)", c -> c.string(1), Definitions.FORMER_ROWS);
    return sql.first(
            "SELECT "
                + TableSql.names("", columns)
                + " FROM "
                + Definitions.FORMER_ROWS
                + " WHERE "
                + former.stream().map(k -> Sql.name(k) + "=?").collect(Collectors.joining(" AND ")),
            c -> new Row(new Columns(columns), c.values(1, columns.size())),
            key.parts())
        .orElse(null);
  }

  /** Signed once it is known who this is: {@link Conflicts#sign}. */
  private void keep(String table, RowKey key, Remembered remembered, @Nullable Row row) {
    Remembered.Mark mark = remembered.mark();
    Long entry = remembered.entry();
    String token = mark != null ? mark.last() : Objects.requireNonNullElse(remembered.token(), "");
    boolean byAnother = mark == null || mark.clock() == Clock.SHARE;
    new Conflicts(sql)
        .record(
            new Conflict(
                token + HexFormat.of().toHexDigits((table + key).hashCode()),
                System.currentTimeMillis(),
                table,
                Json.keyText(key),
                row == null ? "delete" : "refused",
                row == null ? null : Json.rowText(row),
                null,
                byAnother ? "" : null,
                null,
                mark == null ? remembered.at() : mark.momentMillis(),
                null,
                "remote",
                Conflicts.UNSIGNED,
                true,
                "another key",
                null,
                null,
                token,
                entry == null ? 0 : entry,
                null));
  }
}
