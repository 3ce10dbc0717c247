package tidemark.replica;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tidemark.change.TableRule;
import tidemark.jdbc.Sql;

/** The application's tables as last looked at: which take part, and why the others do not. */
final class TableChoice {
  private final Sql sql;
  private final Function<String, TableRule> rules;
  private final Predicate<String> selection;
  private final TableStates states;
  private final ShapeMemory shapes;
  private final KeyChange keyChange;
  private final Fittings fittings;
  private final Map<String, SyncedTable> synced = new TreeMap<>();
  private final Map<String, SyncedTable> every = new TreeMap<>();
  private final Map<String, String> refused = new TreeMap<>();
  private final Set<String> takenAlong = new TreeSet<>();
  private final Set<String> followed = new TreeSet<>();

  TableChoice(
      Sql sql,
      Function<String, TableRule> rules,
      Predicate<String> selection,
      TableStates states,
      Keys keys) {
    this.sql = sql;
    this.rules = rules;
    this.selection = selection;
    this.states = states;
    this.shapes = new ShapeMemory(states, keys);
    this.keyChange = new KeyChange(sql, states, keys);
    this.fittings = new Fittings(sql, states);
  }

  Map<String, SyncedTable> synced() {
    return synced;
  }

  /** All tables with a key, also those that take no part at present or are refused. */
  Map<String, SyncedTable> every() {
    return every;
  }

  Map<String, String> refused() {
    return refused;
  }

  void refuse(String table, String why) {
    refused.put(table, why);
    synced.remove(table);
  }

  boolean selects(String table) {
    return chosen(table) || takenAlong.contains(table);
  }

  private boolean chosen(String table) {
    return followed.contains(table) || (selection.test(table) && rules.apply(table).synced());
  }

  /** It takes part, whatever was chosen; true if it did not before. */
  boolean follow(String table) {
    return followed.add(table);
  }

  /** Tables that nobody chose, but chosen ones refer to their rows. */
  Set<String> takenAlong() {
    return takenAlong;
  }

  /**
   * Looks at all tables again.
   *
   * @param install whatever of ours they lack is made, inside the present transaction
   */
  void look(boolean install) {
    synced.clear();
    every.clear();
    refused.clear();
    Map<String, String> triggers = new LinkedHashMap<>();
    Set<String> all = applicationTables(sql);
    takeParentsAlong(all);
    for (String name : all) {
      SyncedTable table = look(name, install);
      if (table != null) {
        every.put(name, table);
        triggers.putAll(Capture.triggers(table.shape()));
        if (selects(name) && !refused.containsKey(name)) {
          synced.put(name, table);
        }
      }
    }
    noticeVanished(all);
    if (install) {
      fittings.setTriggers(triggers);
    }
  }

  static Set<String> applicationTables(Sql sql) {
    Set<String> names =
        new LinkedHashSet<>(
            sql.query(
                "SELECT name FROM pragma_table_list WHERE schema='main' AND type='table' AND name NOT LIKE 'sync\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
                c -> c.string(1)));
    // SQLite knows what belongs to a virtual table only where it knows the module
    List<String> foreign =
        sql.query(
            "SELECT name FROM sqlite_master v WHERE sql LIKE 'CREATE VIRTUAL%' AND NOT EXISTS(SELECT 1 FROM pragma_module_list m WHERE v.sql LIKE '%USING '||m.name||'%')",
            c -> c.string(1) + "_");
    names.removeIf(n -> foreign.stream().anyMatch(n::startsWith));
    return names;
  }

  private void takeParentsAlong(Set<String> all) {
    takenAlong.clear();
    Deque<String> children = new ArrayDeque<>(all.stream().filter(this::chosen).toList());
    while (!children.isEmpty()) {
      List<String> parents =
          sql.query(
              "SELECT DISTINCT \"table\" FROM pragma_foreign_key_list(?)",
              c -> c.string(1),
              children.remove());
      all.stream()
          .filter(name -> parents.stream().anyMatch(name::equalsIgnoreCase))
          .filter(name -> !chosen(name) && takenAlong.add(name))
          .forEach(children::add);
      parents.stream() // the ledger may have it still to bring
          .filter(parent -> all.stream().noneMatch(parent::equalsIgnoreCase) && !chosen(parent))
          .forEach(takenAlong::add);
    }
  }

  private @Nullable SyncedTable look(String name, boolean install) {
    TableRule rule = rules.apply(name);
    TableShape shape = TableShape.read(sql, name, rule);
    String trouble = KeyCheck.ofShape(shape);
    if (trouble != null) {
      refuseSelected(name, trouble);
      return null;
    }
    if (install) {
      if (fittings.addColumns(shape)) {
        shape = TableShape.read(sql, name, rule);
      }
      keyChange.follow(shape, rule);
      shapes.remember(shape);
      fittings.addMemory(shape, rule);
    }
    String moved = shapes.trouble(shape, install);
    if (moved != null && !states.key(name).isEmpty() && !states.key(name).equals(shape.key())) {
      refuseSelected(name, moved);
      return null; // what is remembered of its rows follows with the next run
    }
    SyncedTable table = new SyncedTable(sql, shape, rule, states.defaults(name));
    if (moved != null) {
      refuseSelected(name, moved);
    } else if (selects(name) && !shape.keyed()) {
      table.keyCheck().ofAllRows().ifPresent(why -> refuseSelected(name, why));
    }
    return table;
  }

  private void refuseSelected(String table, String why) {
    if (selects(table)) {
      refused.put(table, table + ": " + why);
    }
  }

  private void noticeVanished(Set<String> present) {
    for (String known : states.positions().keySet()) {
      if (!present.contains(known)) {
        refuseSelected(
            known, "the table is gone here; make it again, or leave it out of the config's tables");
      }
    }
    for (String awaited : states.announcedTables()) {
      if (!present.contains(awaited) && !refused.containsKey(awaited)) {
        await(awaited);
      }
    }
  }

  void await(String table) {
    refuseSelected(table, "the table is awaited from the application");
  }

  /**
   * A table as it stands in the database at this moment, whether it takes part or not; null where
   * nothing is remembered of its rows.
   */
  @Nullable SyncedTable remembered(String name) {
    TableRule rule = rules.apply(name);
    TableShape shape = TableShape.read(sql, name, rule);
    boolean remembered =
        sql.exists("SELECT 1 FROM sqlite_master WHERE name=?", ShadowTable.name(name));
    return remembered && states.key(name).equals(shape.key()) && KeyCheck.ofShape(shape) == null
        ? new SyncedTable(sql, shape, rule, states.defaults(name))
        : null;
  }
}
