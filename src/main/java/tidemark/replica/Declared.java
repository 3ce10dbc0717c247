package tidemark.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.Definition;
import tidemark.change.Failure;
import tidemark.change.SqlName;
import tidemark.change.Values;
import tidemark.jdbc.Sql;
import tidemark.replica.TableStates.ConstantDefault;

/**
 * sync_declared: what the ledger's definitions say of each column, the first word standing: how
 * SQLite is to convert what is stored in it, and what it holds in rows where nobody wrote it.
 */
public final class Declared {
  private final Sql sql;

  Declared(Sql sql) {
    this.sql = sql;
  }

  /**
   * A column whose rows from before may hold this database's own default.
   *
   * @param value what they are to hold
   */
  public record Added(String column, @Nullable Object value) {}

  /** To be called before the definition is announced here. */
  void tell(Definition definition, TableStates states) {
    String name = definition.table();
    if (definition.isTable() && definition.generation() > states.generation(name)) {
      forget(name);
    }
    boolean begunHere = states.position(name) != null && !states.announced(name, "");
    boolean added = // the ledger had no such column: its rows are from before
        !definition.isTable()
            && !begunHere
            && !states.everAnnounced(name).contains(definition.column());
    for (TableShape.Column column : columnsOf(definition)) {
      String spelt = SqlName.among(definition.columns(), column.name()).orElse(column.name());
      ConstantDefault constant = ConstantDefault.of(column).orElse(null);
      sql.update(
          "INSERT OR IGNORE INTO sync_declared(table_name, name, affinity, has_default, default_value, spread) VALUES(?,?,?,?,?,?)",
          definition.table(),
          spelt,
          column.affinity().name(),
          constant == null ? 0 : 1,
          constant == null ? null : constant.value(),
          added && constant != null ? 0 : 1);
    }
  }

  /** None where it cannot be understood, which is named where it is to be made. */
  private static List<TableShape.Column> columnsOf(Definition definition) {
    try (Sql alone = Sql.confined()) {
      return Definitions.columnsOf(alone, definition);
    } catch (Failure e) {
      return List.of();
    }
  }

  /** Somebody accepted another shape of the table: what was said of the former one is past. */
  void forget(String table) {
    sql.update("DELETE FROM sync_declared WHERE table_name=?", table);
  }

  /** As a snapshot tells it, whose database was made from the definitions. */
  void tellAdded(String table, String column, Affinity affinity, @Nullable Object value) {
    sql.update(
        "INSERT OR IGNORE INTO sync_declared(table_name, name, affinity, has_default, default_value, spread) VALUES(?,?,?,1,?,0)",
        table,
        column,
        affinity.name(),
        value);
  }

  public List<Added> toSpread(String table) {
    return sql.query(
        "SELECT name, default_value FROM sync_declared WHERE table_name=? AND NOT spread",
        c -> new Added(c.string(1), c.value(2)),
        table);
  }

  /** From here on the declared value is what counts as nothing in digests. */
  void spread(String table, Added added) {
    sql.update(
        "UPDATE sync_declared SET spread=1 WHERE table_name=? AND name=?", table, added.column());
    sql.update(
        "UPDATE sync_columns SET has_default=1, default_value=? WHERE table_name=? AND name=?",
        added.value(),
        table,
        added.column());
  }

  /** How this table differs from what the ledger says of it, as people read it. */
  public List<String> differences(TableShape shape) {
    List<String> differences = new ArrayList<>();
    if (!sql.exists("SELECT 1 FROM sqlite_master WHERE type='table' AND name='sync_declared'")) {
      return differences; // an older program was the last one at work
    }
    sql.each(
        "SELECT name, affinity, has_default, default_value FROM sync_declared WHERE table_name=? ORDER BY name",
        c -> {
          if (SyncColumns.contains(c.string(1)) || !shape.hasColumn(c.string(1))) {
            return;
          }
          TableShape.Column here =
              shape.column(SqlName.among(shape.columnNames(), c.string(1)).orElseThrow());
          String column = shape.name() + "." + here.name();
          if (!here.affinity().name().equals(c.string(2))) {
            differences.add(
                column
                    + " is declared "
                    + typed(here.type())
                    + " here and as "
                    + c.string(2)
                    + " by the others");
          }
          Optional<ConstantDefault> own = ConstantDefault.of(here);
          boolean same =
              c.flag(3) == own.isPresent()
                  && (own.isEmpty() || Values.same(own.get().value(), c.value(4)));
          if (!same) {
            differences.add(column + " has another DEFAULT here than at the others");
          }
        },
        shape.name());
    return differences;
  }

  private static String typed(String type) {
    return type.isEmpty() ? "without a type" : type;
  }
}
