package tidemark.replica;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.SqlName;
import tidemark.change.TableRule;
import tidemark.jdbc.Sql;

/** The application's tables as last looked at: which take part, and why the others do not. */
final class TableChoice {
  /** The note that says why a table could not be prepared. */
  private static final String UNFIT = "unfit ";

  /** The note that rows of a table took too long to be written. */
  private static final String COSTLY = "costly ";

  private static final String MADE_NEXT = "?";

  private final Sql sql;
  private final Function<String, TableRule> rules;
  private final Predicate<String> selection;
  private final TableStates states;
  private final Keys keys;
  private final SyncState syncState;
  private final ShapeMemory shapes;
  private final Respelling respelling;
  private final KeyChange keyChange;
  private final Installation installation;
  private final SleepingTriggers triggers;
  private final Map<String, SyncedTable> synced = new TreeMap<>(SqlName.ORDER);
  private final Map<String, SyncedTable> every = new TreeMap<>(SqlName.ORDER);
  private final Map<String, String> refused = new TreeMap<>(SqlName.ORDER);
  private final List<Kinship> kinships = new ArrayList<>();
  private final Set<String> takenAlong = new TreeSet<>();
  private final Set<String> followed = new TreeSet<>();
  private List<String> likeShadows = List.of();

  TableChoice(
      Sql sql,
      Function<String, TableRule> rules,
      Predicate<String> selection,
      TableStates states,
      Keys keys,
      SleepingTriggers triggers) {
    this.triggers = triggers;
    this.sql = sql;
    this.rules = rules;
    this.selection = selection;
    this.states = states;
    this.keys = keys;
    this.syncState = new SyncState(sql);
    this.shapes = new ShapeMemory(states, keys);
    this.respelling = new Respelling(sql, states, triggers);
    this.keyChange = new KeyChange(sql, states, keys, triggers);
    this.installation = new Installation(sql, states);
  }

  Map<String, SyncedTable> synced() {
    return synced;
  }

  /** All tables with a key, also those that take no part at present or are refused. */
  Map<String, SyncedTable> every() {
    return every;
  }

  /** Every foreign key whose both ends are understood. */
  List<Kinship> kinships() {
    return kinships;
  }

  /** Tables whose rows travel, whether they take part at this moment or are refused. */
  Set<String> travelling() {
    return every.keySet().stream()
        .filter(this::selects)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  Map<String, String> refused() {
    return refused;
  }

  /** With those that refer to it. */
  void refuse(String table, String why) {
    refused.put(table, why);
    synced.remove(table);
    waitFor(table);
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
    Map<String, String> wanted = new LinkedHashMap<>();
    likeShadows = OwnTables.likeShadows(sql);
    if (install) {
      installation.noteOthers();
    }
    Set<String> all = install ? applicationTables(sql) : asRemembered(applicationTables(sql));
    takeParentsAlong(all);
    for (String name : all) {
      SyncedTable table = look(name, install);
      if (table != null) {
        every.put(name, table);
        wanted.putAll(Capture.triggers(table.shape()));
        if (selects(name) && !refused.containsKey(name)) {
          synced.put(name, table);
        }
      }
    }
    kinships.clear();
    every.values().forEach(this::findParents);
    noticeVanished(all);
    keys.differing().forEach(this::waitFor);
    List.copyOf(refused.keySet()).stream().filter(this::isInLedger).forEach(this::waitFor);
    if (install) {
      installation.keepTriggers(wanted);
    }
  }

  /**
   * Whom rows refer to cannot be said where those are not read, or are known to the ledger under
   * another key: such tables wait, too, each with those that refer to it.
   */
  private void waitFor(String parent) {
    for (String child : List.copyOf(synced.keySet())) {
      if (synced.containsKey(child) && SqlName.among(referredBy(child), parent).isPresent()) {
        refuse(child, child + ": it refers to " + parent + ", which has to be settled before");
      }
    }
  }

  /** Else nobody reads it: values are all there is to say whom rows refer to. */
  private boolean isInLedger(String table) {
    return states.announced(table, "") || states.position(table) != null;
  }

  /** Whether there is such a table, and SQLite could follow it there, or not. */
  private List<String> referredBy(String table) {
    return sql.query(
        "SELECT DISTINCT \"table\" FROM pragma_foreign_key_list(?)", c -> c.string(1), table);
  }

  private void findParents(SyncedTable child) {
    for (ForeignKey foreign : child.shape().foreignKeys()) {
      SyncedTable parent = every.get(foreign.parent());
      if (parent != null) {
        kinships.add(new Kinship(sql, child, foreign, parent));
      }
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

  /** Until it is written down, a table that is spelt otherwise by now is what it was. */
  private Set<String> asRemembered(Set<String> names) {
    Set<String> remembered = new LinkedHashSet<>();
    for (String name : names) {
      remembered.add(states.knows(name) ? name : states.spelling(name).orElse(name));
    }
    return remembered;
  }

  private void takeParentsAlong(Set<String> all) {
    takenAlong.clear();
    Deque<String> children = new ArrayDeque<>(all.stream().filter(this::chosen).toList());
    while (!children.isEmpty()) {
      List<String> parents = referredBy(children.remove());
      all.stream()
          .filter(name -> SqlName.among(parents, name).isPresent())
          .filter(name -> !chosen(name) && takenAlong.add(name))
          .forEach(children::add);
      parents.stream() // the ledger may have it still to bring
          .filter(parent -> SqlName.among(all, parent).isEmpty() && !chosen(parent))
          .forEach(takenAlong::add);
    }
  }

  private @Nullable SyncedTable look(String name, boolean install) {
    TableRule rule = rule(name);
    TableShape shape = TableShape.read(sql, name, rule);
    String trouble = trouble(shape);
    if (trouble != null) {
      if (install) {
        installation.removeIndexes(name);
      }
      refuseSelected(name, trouble);
      return null;
    }
    if (install) {
      states
          .spelling(name)
          .filter(former -> !former.equals(name) && !states.knows(name))
          .ifPresent(former -> states.respell(former, name));
      TableShape unfitted = shape;
      syncState.put(UNFIT + name, sql.attempt(() -> fit(unfitted, rule)));
      shape = withSyncColumns(shape, rule);
    }
    String moved = shapes.trouble(shape, install);
    String unfit = syncState.get(UNFIT + name);
    if (unfit != null && moved == null) {
      refuseSelected(name, "it cannot be prepared: " + unfit);
      return null;
    }
    List<String> key = states.key(name);
    if (moved != null && !key.isEmpty() && !SqlName.same(key, shape.key())) {
      refuseSelected(name, moved);
      return null; // what is remembered of its rows follows with the next run
    }
    SyncedTable table = new SyncedTable(sql, shape, rule, states.defaults(name), triggers);
    if (moved != null) {
      refuseSelected(name, moved);
    } else if (isCostly(name, install)) {
      refuseSelected(name, TOO_COSTLY);
    } else if (selects(name) && !shape.keyed()) {
      table.keyCheck().ofAllRows().ifPresent(why -> refuseSelected(name, why));
    }
    return table;
  }

  private @Nullable String trouble(TableShape shape) {
    return SqlName.among(likeShadows, ShadowTable.name(shape.name()))
        .map(
            taken ->
                "what is remembered of its rows needs the name of the table "
                    + taken
                    + ", which is not Tidemark's; rename one of them")
        .orElse(KeyCheck.ofShape(shape));
  }

  /** The one place where SQLite may find that a table cannot be synced. */
  private void fit(TableShape unfitted, TableRule rule) {
    installation.addColumns(unfitted);
    TableShape shape = withSyncColumns(unfitted, rule);
    installation.addMemory(shape, rule);
    respelling.follow(shape, rule);
    keyChange.follow(shape, rule);
    shapes.remember(shape);
    List<String> parents = Collections.nCopies(shape.foreignKeys().size(), "NULL");
    sql.requireUnderstood(
        new SyncedTable(sql, shape, rule, Map.of(), triggers).edits().selectPending(parents));
    installation.setTriggers(shape.name(), Capture.triggers(shape));
  }

  /** The columns are all that fitting changes of a shape; reading one is not for nothing. */
  private TableShape withSyncColumns(TableShape shape, TableRule rule) {
    boolean all = SyncColumns.ALL.stream().allMatch(shape::hasColumn);
    return all ? shape : TableShape.read(sql, shape.name(), rule);
  }

  /** With its columns as the table spells them. */
  private TableRule rule(String table) {
    TableRule rule = rules.apply(table);
    return rule.key().isEmpty() && rule.unique().isEmpty()
        ? rule
        : rule.spelt(sql.query("SELECT name FROM pragma_table_info(?)", c -> c.string(1), table));
  }

  private static final String TOO_COSTLY =
      "what its definition computes takes so long for rows of others that the application would"
          + " wait; make the table, or its indexes, otherwise";

  /** What is written down is the definition that was too costly; a question mark: the next one. */
  private boolean isCostly(String table, boolean install) {
    String costly = syncState.get(COSTLY + table);
    if (costly == null) {
      return false;
    }
    String present = definitionOf(table);
    if (install && costly.equals(MADE_NEXT)) {
      syncState.put(COSTLY + table, present);
    }
    return costly.equals(MADE_NEXT) || costly.equals(present);
  }

  private String definitionOf(String table) {
    return String.join(
        ";",
        sql.query(
            "SELECT sql FROM sqlite_master WHERE type IN ('table','index') AND sql IS NOT NULL AND"
                + " tbl_name=? COLLATE NOCASE AND name NOT LIKE 'sync\\_%' ESCAPE '\\' ORDER BY"
                + " name",
            c -> c.string(1), table));
  }

  /** Inside a transaction; a table that was made in one that failed is made again. */
  void leaveOut(String table) {
    String present = definitionOf(table);
    syncState.put(COSTLY + table, present.isEmpty() ? MADE_NEXT : present);
    refuse(table, table + ": " + TOO_COSTLY);
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
    TableRule rule = rule(name);
    TableShape shape = TableShape.read(sql, name, rule);
    boolean remembered =
        sql.exists(
            "SELECT 1 FROM sqlite_master WHERE name=? COLLATE NOCASE", ShadowTable.name(name));
    return remembered
            && SqlName.same(states.key(name), shape.key())
            && KeyCheck.ofShape(shape) == null
        ? new SyncedTable(sql, shape, rule, states.defaults(name), triggers)
        : null;
  }
}
