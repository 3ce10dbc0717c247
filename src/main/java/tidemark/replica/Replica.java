package tidemark.replica;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tidemark.change.Definition;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.change.TableRule;
import tidemark.jdbc.Sql;
import tidemark.replica.TableStates.Look;

/**
 * One SQLite database with change capture and, per table, a position in the ledger. A workstation's
 * local database is one; so is the master.
 *
 * <p>Guarantee: whatever is written here by Tidemark is written in one short transaction, with the
 * application's triggers asleep and its own capture switched off. Threading: one thread at a time;
 * other connections, the application's among them, may be at work on the same file.
 */
public final class Replica implements AutoCloseable {
  private static final long UNSEEN = -1;
  private static final long STALE = -2;

  private final Sql sql;
  private final Function<String, TableRule> rules;
  private final Predicate<String> selection;
  private final TableStates states;
  private final Held held;
  private final Conflicts conflicts;
  private final Map<String, SyncedTable> tables = new TreeMap<>();
  private final Map<String, SyncedTable> every = new TreeMap<>();
  private final Map<String, String> refused = new TreeMap<>();
  private final Set<String> takenAlong = new TreeSet<>();
  private final List<String> sleeping = new ArrayList<>();
  private long schemaVersion = UNSEEN;
  private boolean prepared;
  private boolean quiet;

  private Replica(Sql sql, Function<String, TableRule> rules, Predicate<String> selection) {
    this.sql = sql;
    this.rules = rules;
    this.selection = selection;
    this.states = new TableStates(sql);
    this.held = new Held(sql);
    this.conflicts = new Conflicts(sql);
  }

  /**
   * Opens the database, makes our own tables and the triggers where they are missing.
   *
   * @param rules how each table is synced
   * @param selection which tables take part; the triggers stand on the others too
   */
  public static Replica open(
      Path file, Duration busy, Function<String, TableRule> rules, Predicate<String> selection) {
    return open(Sql.open(file, Sql.Mode.WRITE, busy), rules, selection);
  }

  /**
   * Opens the master, which lies on a share: rollback journal, since WAL needs shared memory, and
   * every commit flushed with its folder.
   */
  public static Replica openMaster(
      Path file, Duration busy, Function<String, TableRule> rules, Predicate<String> selection) {
    Sql sql = Sql.open(file, Sql.Mode.WRITE, busy);
    try {
      sql.execute("PRAGMA synchronous=EXTRA");
      String mode = sql.first("PRAGMA journal_mode=DELETE", c -> c.string(1)).orElse("");
      if (!mode.equals("delete")) {
        throw new Failure(
            Failure.BUSY,
            file + " is in " + mode + " mode and another program keeps it there",
            "close the program that has it open");
      }
    } catch (RuntimeException e) {
      sql.close();
      throw e;
    }
    return open(sql, rules, selection);
  }

  /**
   * Opens a master that is being made on this machine's own disk: until it is put in its place,
   * whole and flushed, nothing of it needs to survive a crash.
   */
  public static Replica openUnpublished(
      Path file, Function<String, TableRule> rules, Predicate<String> selection) {
    Sql sql = Sql.open(file, Sql.Mode.WRITE, Duration.ZERO);
    try {
      sql.execute("PRAGMA synchronous=OFF");
      sql.execute("PRAGMA journal_mode=MEMORY");
    } catch (RuntimeException e) {
      sql.close();
      throw e;
    }
    return open(sql, rules, selection);
  }

  private static Replica open(
      Sql sql, Function<String, TableRule> rules, Predicate<String> selection) {
    try {
      Replica replica = new Replica(sql, rules, selection);
      if (!OwnTables.areIn(sql) || replica.schemaMoved()) {
        sql.inTransaction(replica::prepare);
      } else {
        sql.inReadTransaction(
            () -> {
              OwnTables.refuseNewerFormat(sql);
              replica.load(false);
              return true;
            });
      }
      return replica;
    } catch (RuntimeException e) {
      sql.close();
      throw e;
    }
  }

  /**
   * Opens the database to look at it, changing nothing; empty where it was never synced. Tables the
   * application made or altered since the last run are seen as they are now.
   */
  public static Optional<Replica> look(
      Path file, Duration busy, Function<String, TableRule> rules, Predicate<String> selection) {
    Sql sql = Sql.open(file, Sql.Mode.READ, busy);
    try {
      if (!OwnTables.areIn(sql)) {
        sql.close();
        return Optional.empty();
      }
      Replica replica = new Replica(sql, rules, selection);
      sql.inReadTransaction(
          () -> {
            OwnTables.refuseNewerFormat(sql);
            replica.load(false);
            return true;
          });
      return Optional.of(replica);
    } catch (RuntimeException e) {
      sql.close();
      throw e;
    }
  }

  public Sql sql() {
    return sql;
  }

  /** The tables that take part, by name. */
  public Map<String, SyncedTable> tables() {
    return tables;
  }

  /** All tables with a key, also those that take no part at present or are refused. */
  public Map<String, SyncedTable> everyTable() {
    return every;
  }

  public SyncedTable table(String name) {
    SyncedTable table = every.get(name);
    if (table == null) {
      throw new IllegalArgumentException(name + " is not understood");
    }
    return table;
  }

  /** Tables that are left alone, with the reason. */
  public Map<String, String> refused() {
    return refused;
  }

  public void refuse(String table, String why) {
    refused.put(table, why);
    tables.remove(table);
  }

  public TableStates states() {
    return states;
  }

  public Held held() {
    return held;
  }

  public Conflicts conflicts() {
    return conflicts;
  }

  public Function<String, TableRule> rules() {
    return rules;
  }

  public boolean selects(String table) {
    return chosen(table) || takenAlong.contains(table);
  }

  private boolean chosen(String table) {
    return selection.test(table) && rules.apply(table).synced();
  }

  /** Tables that nobody chose, but chosen ones refer to their rows. */
  public Set<String> takenAlong() {
    return takenAlong;
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
    }
  }

  public @Nullable String state(String key) {
    return sql.first("SELECT value FROM sync_state WHERE key=?", c -> c.text(1), key).orElse(null);
  }

  public void state(String key, @Nullable Object value) {
    if (value == null) {
      sql.update("DELETE FROM sync_state WHERE key=?", key);
    } else {
      sql.update(
          "INSERT INTO sync_state(key, value) VALUES(?,?) ON CONFLICT(key) DO UPDATE SET value=excluded.value WHERE value IS NOT excluded.value",
          key,
          value);
    }
  }

  public boolean hasMarks() {
    return tables.values().stream().anyMatch(t -> t.shadow().hasMarks());
  }

  /** Tables of somebody else under names that are ours; they are never touched. */
  public List<String> strangers() {
    return sql
        .query(
            "SELECT name FROM sqlite_master WHERE type='table' AND name LIKE 'sync\\_%' ESCAPE '\\' AND name NOT LIKE 'sync\\_rows\\_%' ESCAPE '\\' ORDER BY name",
            c -> c.string(1))
        .stream()
        .filter(name -> !OwnTables.own(name))
        .toList();
  }

  // ---- whole files

  /** An empty database. */
  public static void create(Path file) {
    create(file, 0, 0);
  }

  /** An empty database that tells applications this version of their data. */
  public static void create(Path file, int userVersion, int applicationId) {
    try (Sql sql = Sql.open(file, Sql.Mode.CREATE, Duration.ZERO)) {
      sql.execute("PRAGMA user_version=" + userVersion);
      sql.execute("PRAGMA application_id=" + applicationId);
      sql.execute("VACUUM"); // writes the header
    }
  }

  /** A copy of the master becomes a workstation's own: what was the master's alone goes. */
  public static void becomeAnother(Path copy) {
    try (Sql sql = Sql.open(copy, Sql.Mode.WRITE, Duration.ZERO)) {
      sql.inTransaction(() -> forgetWhoseItWas(sql));
    }
  }

  private static void forgetWhoseItWas(Sql sql) {
    sql.execute("DELETE FROM sync_state WHERE key NOT IN ('format', 'ledger')");
    sql.execute("DELETE FROM sync_log");
    sql.execute("DELETE FROM sync_rekeyed");
  }

  /**
   * Of a workstation's database that holds just what the ledger says, and nothing else of value,
   * everything goes that nobody shares; false where it has more to tell, or less.
   */
  public boolean becomeMaster() {
    if (!isSettled()) {
      return false;
    }
    boolean alone = every.size() == tables.size();
    sql.inTransaction(this::dropAllButTables);
    if (!alone) {
      sql.execute("VACUUM"); // what was nobody else's business is not to be found in free pages
    }
    return true;
  }

  private boolean isSettled() {
    return !hasMarks()
        && refused.isEmpty()
        && held.isEmpty()
        && states.toRescan().isEmpty()
        && states.passedBy().isEmpty()
        && conflicts.unposted().isEmpty()
        && !sql.exists("SELECT 1 FROM sync_waiting")
        && !sql.exists("SELECT 1 FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'")
        && sql.encoding().equals("UTF-8")
        && tables.values().stream().allMatch(t -> t.rowsWithoutKey() == 0)
        && applicationTables().size() == every.size();
  }

  private void dropAllButTables() {
    for (String type : List.of("view", "trigger")) {
      sql.query(
              "SELECT name FROM sqlite_master WHERE type=? AND name NOT LIKE 'sync\\_%' ESCAPE '\\'",
              c -> c.string(1), type)
          .forEach(name -> sql.execute("DROP " + type + " " + Sql.name(name)));
    }
    for (String name : every.keySet()) {
      if (!tables.containsKey(name)) {
        sql.execute("DROP TABLE " + Sql.name(name));
        sql.execute("DROP TABLE " + Sql.name(Shadow.tableName(name)));
        sql.update("DELETE FROM sync_tables WHERE name=?", name);
        sql.update("DELETE FROM sync_columns WHERE table_name=?", name);
      }
    }
    forgetWhoseItWas(sql);
  }

  /** A consistent copy into a file that is not there yet. */
  public void copyTo(Path copy) {
    sql.copyTo(copy);
  }

  /**
   * A new master tells applications the same version of their data as the database it comes from.
   */
  public void likeLocal(Path local) {
    try (Sql other = Sql.open(local, Sql.Mode.READ, Duration.ZERO)) {
      for (String pragma : List.of("user_version", "application_id")) {
        if (sql.number("PRAGMA " + pragma) == 0) {
          sql.execute("PRAGMA " + pragma + "=" + other.number("PRAGMA " + pragma));
        }
      }
    }
  }

  // ---- writing

  /**
   * One write transaction in which rows may be written once it is {@link #quiet}; capture and the
   * application's triggers wake up at its end.
   */
  public <T> T applying(java.util.function.Supplier<T> body) {
    prepared = false;
    try {
      return sql.inTransaction(
          () -> {
            if (schemaMoved()) {
              prepare();
            }
            T result = body.get();
            wake();
            return result;
          });
    } catch (RuntimeException | Error e) {
      quiet = false;
      sleeping.clear(); // the rollback has brought them back
      schemaVersion = STALE;
      if (prepared) {
        lookAgain(e);
      }
      throw e;
    }
  }

  /** Tables and shadows made in the transaction went with it. */
  private void lookAgain(Throwable reason) {
    try {
      sql.inTransaction(this::prepare);
    } catch (RuntimeException e) {
      reason.addSuppressed(e); // the first failure is the one to tell
    }
  }

  /**
   * Keeps our capture and the application's triggers from firing on what we write: their effects
   * travel as rows of their own. They are dropped and made again unchanged inside the transaction.
   */
  public void quiet() {
    if (quiet) {
      return;
    }
    quiet = true;
    sql.update("INSERT INTO sync_state(key, value) VALUES('applying', 1)");
    record Trigger(String name, String table, String ddl) {}
    List<Trigger> triggers =
        sql.query(
            "SELECT name, tbl_name, sql FROM sqlite_master WHERE type='trigger' AND name NOT LIKE 'sync\\_%' ESCAPE '\\' ORDER BY rowid",
            c -> new Trigger(c.string(1), c.string(2), c.string(3)));
    for (Trigger trigger : triggers) {
      if (tables.containsKey(trigger.table())) {
        sql.execute("DROP TRIGGER " + Sql.name(trigger.name()));
        sleeping.add(trigger.ddl());
      }
    }
  }

  /**
   * A savepoint was rolled back: the sleeping triggers are awake, and made tables are not there.
   */
  public void wokenByRollback() {
    quiet = false;
    sleeping.clear();
    prepare();
  }

  private void wake() {
    if (quiet) {
      quiet = false;
      sql.update("DELETE FROM sync_state WHERE key='applying'");
    }
    if (!sleeping.isEmpty()) {
      sleeping.forEach(sql::execute);
      sleeping.clear();
      schemaVersion = sql.number("PRAGMA schema_version");
      state("schema", fingerprint(schemaVersion));
    }
  }

  // ---- shape

  /** Does the schema differ from what was looked at, in this process or by any before it? */
  private boolean schemaMoved() {
    long now = sql.number("PRAGMA schema_version");
    if (schemaVersion != UNSEEN) {
      return now != schemaVersion;
    }
    String seen = state("schema");
    return seen == null || !seen.equals(fingerprint(now));
  }

  /** Rules are part of it: another key in the config needs other triggers. */
  private String fingerprint(long version) {
    return version + " " + OwnTables.FORMAT + " " + rulesText();
  }

  private String rulesText() {
    List<String> names =
        sql.query(
            "SELECT name FROM sqlite_master WHERE type='table' ORDER BY name", c -> c.string(1));
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      TableRule rule = rules.apply(name);
      if (!rule.key().isEmpty() || rule.autoKey() || !rule.unique().isEmpty()) {
        text.append(name).append(rule.key()).append(rule.autoKey()).append(rule.unique());
      }
    }
    return text.toString();
  }

  private void prepare() {
    OwnTables.make(sql);
    load(true);
    prepared = true;
    schemaVersion = sql.number("PRAGMA schema_version");
    state("schema", fingerprint(schemaVersion));
  }

  /** Looks at all tables again, after definitions were made. */
  public void reload() {
    prepare();
  }

  private void load(boolean install) {
    tables.clear();
    every.clear();
    refused.clear();
    Map<String, String> wanted = new LinkedHashMap<>();
    Set<String> all = applicationTables();
    takeParentsAlong(all);
    for (String name : all) {
      SyncedTable table = look(name, install);
      if (table != null) {
        every.put(name, table);
        Capture.triggers(table.shape()).forEach((trigger, ddl) -> wanted.put(trigger, ddl));
        if (selects(name) && !refused.containsKey(name)) {
          tables.put(name, table);
        }
      }
    }
    noticeVanished(all);
    if (install) {
      installTriggers(wanted);
    }
    if (schemaVersion == UNSEEN) {
      schemaVersion = sql.number("PRAGMA schema_version");
    }
  }

  private Set<String> applicationTables() {
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

  private @Nullable SyncedTable look(String name, boolean install) {
    TableRule rule = rules.apply(name);
    TableShape shape = TableShape.read(sql, name, rule);
    String trouble = keyTrouble(shape);
    if (trouble != null) {
      if (selects(name)) {
        refused.put(name, name + ": " + trouble);
      }
      return null;
    }
    if (install) {
      if (addSyncColumns(shape)) {
        shape = TableShape.read(sql, name, rule);
      }
      remember(shape);
    }
    String moved = shapeTrouble(shape, install);
    if (moved != null && selects(name)) {
      refused.put(name, name + ": " + moved);
    }
    SyncedTable table = new SyncedTable(sql, shape, rule, states.defaults(name));
    if (moved == null && selects(name) && !shape.keyed()) {
      table.keyTrouble().ifPresent(why -> refused.put(name, name + ": " + why));
    }
    return table;
  }

  private static @Nullable String keyTrouble(TableShape shape) {
    if (shape.key().isEmpty()) {
      return "the table has no primary key; name its key columns in the config (tables: "
          + shape.name()
          + ": { key: [...] })";
    }
    if (Stream.concat(Stream.of(shape.name()), shape.columnNames().stream())
        .anyMatch(name -> name.chars().anyMatch(Character::isISOControl))) {
      return "the ledger carries no names with control characters";
    }
    List<String> missing = shape.key().stream().filter(k -> !shape.hasColumn(k)).toList();
    return missing.isEmpty()
        ? null
        : "it has no column " + String.join(", ", missing) + " as the config's key says";
  }

  private boolean addSyncColumns(TableShape shape) {
    boolean added = false;
    for (String column : SyncColumns.ALL) {
      if (!shape.hasColumn(column)) {
        sql.execute(
            "ALTER TABLE "
                + Sql.name(shape.name())
                + " ADD COLUMN "
                + column
                + " "
                + SyncColumns.type(column, TableShape.isStrict(sql, shape.name())));
        added = true;
      }
    }
    return added;
  }

  private void remember(TableShape shape) {
    String name = shape.name();
    boolean firstLook = !states.knows(name);
    if (firstLook) {
      states.begin(name);
    }
    Set<String> known = states.columns(name);
    boolean seenBefore = known.stream().anyMatch(c -> states.key(name).contains(c));
    if (!seenBefore || states.key(name).equals(shape.key())) {
      for (TableShape.Column column : shape.columns()) {
        if (!known.contains(column.name()) || !seenBefore) {
          states.see(
              name,
              column,
              shape.key().indexOf(column.name()),
              TableStates.ConstantDefault.of(column));
        }
      }
    }
    sql.execute(Shadow.createTable(shape));
    sql.execute(Shadow.createIndex(shape));
    if (!shape.keyed()) {
      sql.execute(
          "CREATE INDEX IF NOT EXISTS "
              + Sql.name("sync_key_" + name)
              + " ON "
              + Sql.name(name)
              + "("
              + String.join(",", shape.key().stream().map(Sql::name).toList())
              + ")");
    }
    List<String> unique = shape.columns().isEmpty() ? List.of() : rules.apply(name).unique();
    if (!unique.isEmpty() && unique.stream().allMatch(shape::hasColumn)) {
      sql.execute(
          "CREATE INDEX IF NOT EXISTS "
              + Sql.name("sync_unique_" + name)
              + " ON "
              + Sql.name(name)
              + "("
              + String.join(",", unique.stream().map(Sql::name).toList())
              + ")");
    }
  }

  /** Dropped, renamed or re-keyed: not for a program to decide. */
  private @Nullable String shapeTrouble(TableShape shape, boolean install) {
    String name = shape.name();
    List<String> key = states.key(name);
    if (!key.isEmpty() && !key.equals(shape.key())) {
      return "its key was "
          + String.join(", ", key)
          + " and is "
          + String.join(", ", shape.key())
          + "; see `tidemark schema accept --table "
          + name
          + "`";
    }
    for (String column : states.columns(name)) {
      if (!column.isEmpty() && !shape.hasColumn(column) && states.seenHere(name, column)) {
        if (!states.announced(name, column) || states.retired(name, column)) {
          if (install) {
            forgetColumn(name, column);
          }
        } else {
          return "column "
              + column
              + " was dropped or renamed; see `tidemark schema accept --table "
              + name
              + "`";
        }
      }
    }
    return null;
  }

  private void forgetColumn(String table, String column) {
    if (states.retired(table, column) && states.rescan(table) == Look.NONE) {
      states.rescan(table, Look.RESHAPED);
    }
    states.forgetColumn(table, column);
  }

  private void noticeVanished(Set<String> present) {
    for (String known :
        sql.query("SELECT name FROM sync_tables WHERE position IS NOT NULL", c -> c.string(1))) {
      if (!present.contains(known) && selects(known)) {
        refused.put(
            known,
            known
                + ": the table is gone here; make it again, or leave it out of the config's tables");
      }
    }
    for (String awaited : states.announcedTables()) {
      if (!present.contains(awaited) && selects(awaited)) {
        refused.putIfAbsent(awaited, awaited + ": the table is awaited from the application");
      }
    }
  }

  private void installTriggers(Map<String, String> wanted) {
    record Standing(String table, String ddl) {}
    Map<String, Standing> standing = new LinkedHashMap<>();
    sql.each(
        "SELECT name, tbl_name, sql FROM sqlite_master WHERE type='trigger' AND name LIKE 'sync\\_%' ESCAPE '\\'",
        c -> standing.put(c.string(1), new Standing(c.string(2), c.string(3))));
    standing.forEach(
        (name, trigger) -> {
          if (!trigger.ddl().equals(wanted.get(name))) {
            sql.execute("DROP TRIGGER " + Sql.name(name));
          }
        });
    wanted.forEach(
        (name, ddl) -> {
          Standing there = standing.get(name);
          if (there == null || !there.ddl().equals(ddl)) {
            sql.execute(ddl);
            // without it, or with it on another table after a rename, edits went by unseen
            String table = name.substring(name.indexOf('_', 5) + 1);
            if (states.rescan(table) == Look.NONE) {
              states.rescan(table, Look.UNSEEN_EDITS);
            }
          }
        });
  }

  /** The entries after this one are no more: what they settled here is pending again. */
  public void unsettleAfter(Position common) {
    for (String name : applicationTables()) {
      TableShape shape = TableShape.read(sql, name, rules.apply(name));
      boolean remembered =
          sql.exists("SELECT 1 FROM sqlite_master WHERE name=?", Shadow.tableName(name));
      if (remembered && keyTrouble(shape) == null) {
        new SyncedTable(sql, shape, rules.apply(name), states.defaults(name))
            .unsettleAfter(common.number());
      }
      Position position = states.position(name);
      if (position != null && position.number() > common.number()) {
        states.advance(name, common);
      }
    }
    states.forgetEntriesAfter(common.number());
    states.unannounceAfter(common.number());
    held.forgetAfter(common.number());
    conflicts.unpostAfter(common.number());
  }

  // ---- definitions

  public Definition definition(SyncedTable table) {
    return Definitions.of(sql, table.shape(), states.generation(table.name()));
  }

  public Definition definition(SyncedTable table, String column) {
    return Definitions.of(
        table.shape(), table.shape().column(column), states.generation(table.name()));
  }

  public boolean hasTable(String name) {
    return sql.exists("SELECT 1 FROM sqlite_master WHERE type='table' AND name=?", name);
  }

  /**
   * Is something missing here that the ledger defines? A table that IT has reshaped (a column was
   * renamed, say) is for the application to follow.
   */
  public boolean lacks(Definition definition) {
    SyncedTable table = tables.get(definition.table());
    if (table == null) {
      return definition.isTable() && !hasTable(definition.table());
    }
    boolean reshaped = definition.generation() > states.generation(definition.table());
    return !reshaped && !table.columns().names().containsAll(definition.columns());
  }

  /** Makes what the ledger defines, whole or not at all, inside the present transaction. */
  public void make(Definition definition) {
    sql.execute("SAVEPOINT make");
    try {
      Definitions.make(sql, definition);
    } catch (RuntimeException e) {
      sql.execute("ROLLBACK TO make");
      throw e;
    } finally {
      sql.execute("RELEASE make");
    }
    prepare();
  }

  /** IT says that the table is as it should be: begin a new generation of it. */
  public void acceptShape(String table) {
    sql.inTransaction(
        () -> {
          boolean rekeyed =
              !states.key(table).equals(TableShape.read(sql, table, rules.apply(table)).key());
          states.accept(table, states.generation(table) + 1);
          if (rekeyed) {
            sql.execute("DROP TABLE IF EXISTS " + Sql.name(Shadow.tableName(table)));
          }
          prepare();
          states.rescan(table, Look.ACCEPTED);
        });
  }

  /** Takes all that is ours out of the database; the application's data and columns stay. */
  public static void detach(Path file, Duration busy) {
    try (Sql sql = Sql.open(file, Sql.Mode.WRITE, busy)) {
      sql.inTransaction(
          () -> {
            for (String kind : List.of("trigger", "index", "table")) {
              List<String> ours =
                  sql.query(
                      "SELECT name FROM sqlite_master WHERE type=? AND name LIKE 'sync\\_%' ESCAPE '\\' AND name NOT LIKE '%\\_former%' ESCAPE '\\' AND (sql IS NOT NULL)",
                      c -> c.string(1), kind);
              ours.forEach(name -> sql.execute("DROP " + kind + " IF EXISTS " + Sql.name(name)));
            }
          });
    }
  }

  @Override
  public void close() {
    sql.close();
  }
}
