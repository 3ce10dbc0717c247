package tidemark.replica;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tidemark.change.Definition;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.change.RowKey;
import tidemark.change.SqlName;
import tidemark.change.TableRule;
import tidemark.jdbc.OpenMode;
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
  private final Sql sql;
  private final Function<String, TableRule> rules;
  private final SyncState syncState;
  private final TableStates states;
  private final Keys keys;
  private final Declared declared;
  private final Held held;
  private final Conflicts conflicts;
  private final TableChoice choice;
  private final SchemaVersion schema;
  private final ApplicationTriggers application;
  private final SleepingTriggers triggers;
  private final boolean published;

  /** An application works in it, and waits while rows are written. */
  private final boolean shared;

  private boolean prepared;

  private Replica(
      Sql sql,
      Durability durability,
      Function<String, TableRule> rules,
      Predicate<String> selection) {
    this.sql = sql;
    this.published = durability != Durability.NONE;
    this.shared = durability == Durability.OF_THE_APPLICATION;
    this.syncState = new SyncState(sql);
    this.states = new TableStates(sql);
    this.keys = new Keys(sql);
    this.declared = new Declared(sql);
    this.rules = durability == Durability.OF_THE_APPLICATION ? rules : underLedgersKey(rules);
    this.held = new Held(sql);
    this.conflicts = new Conflicts(sql);
    this.application = new ApplicationTriggers(sql, this.rules, syncState);
    this.triggers = new SleepingTriggers(sql, application);
    this.choice = new TableChoice(sql, this.rules, selection, states, keys, triggers);
    this.schema = new SchemaVersion(sql, this.rules, syncState);
  }

  /** The master's keys are the ledger's, whatever the config of who opens it says. */
  private Function<String, TableRule> underLedgersKey(Function<String, TableRule> configured) {
    return name -> {
      TableRule rule = configured.apply(name);
      if (!OwnTables.areIn(sql)) {
        return rule;
      }
      List<String> known =
          keys.other(name).filter(Keys.Other::isTold).map(Keys.Other::key).orElse(states.key(name));
      return known.isEmpty() ? rule : rule.withKey(known);
    };
  }

  // ---- opening

  /**
   * Opens the database, makes our own tables and the triggers where they are missing.
   *
   * @param rules how each table is synced
   * @param selection which tables take part; the triggers stand on the others too
   */
  public static Replica open(
      Path file, Duration busy, Function<String, TableRule> rules, Predicate<String> selection) {
    return open(file, busy, Durability.OF_THE_APPLICATION, rules, selection);
  }

  /**
   * Opens the master, which lies on a share. It holds all that the ledger has told of, whatever the
   * workstation that writes it has chosen for itself.
   */
  public static Replica openMaster(
      Path file, Duration busy, Function<String, TableRule> rules, Predicate<String> selection) {
    return open(file, busy, Durability.ON_A_SHARE, rules, selection);
  }

  /** Opens a master that is being made on this machine's own disk. */
  public static Replica openUnpublished(
      Path file, Function<String, TableRule> rules, Predicate<String> selection) {
    return open(file, Duration.ZERO, Durability.NONE, rules, selection);
  }

  private static Replica open(
      Path file,
      Duration busy,
      Durability durability,
      Function<String, TableRule> rules,
      Predicate<String> selection) {
    Sql sql = Sql.open(file, OpenMode.WRITE, busy);
    try {
      durability.set(sql);
      Replica replica = new Replica(sql, durability, rules, selection);
      if (durability != Durability.OF_THE_APPLICATION && OwnTables.areIn(sql)) {
        replica.states.announcedTables().forEach(replica.choice::follow);
      }
      if (!OwnTables.areIn(sql) || replica.schema.moved()) {
        sql.inTransaction(replica::prepareAnew);
      } else {
        replica.look();
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
    return look(file, busy, Durability.OF_THE_APPLICATION, rules, selection);
  }

  /** Looks at the master, or at a copy of it. */
  public static Optional<Replica> lookAtMaster(
      Path file, Duration busy, Function<String, TableRule> rules, Predicate<String> selection) {
    return look(file, busy, Durability.ON_A_SHARE, rules, selection);
  }

  private static Optional<Replica> look(
      Path file,
      Duration busy,
      Durability durability,
      Function<String, TableRule> rules,
      Predicate<String> selection) {
    Sql sql = Sql.open(file, OpenMode.READ, busy);
    try {
      if (!OwnTables.areIn(sql)) {
        sql.close();
        return Optional.empty();
      }
      OwnTables.readAsMade(sql);
      Replica replica = new Replica(sql, durability, rules, selection);
      replica.look();
      return Optional.of(replica);
    } catch (RuntimeException e) {
      sql.close();
      throw e;
    }
  }

  private void look() {
    sql.inReadTransaction(
        () -> {
          OwnTables.refuseNewerFormat(sql);
          choice.look(false);
          schema.look();
          return true;
        });
  }

  private void prepare() {
    OwnTables.make(sql);
    choice.look(true);
    prepared = true;
    schema.remember();
  }

  /** Whatever the application did to its tables may have followed on edits of theirs. */
  private void prepareAnew() {
    prepare();
    for (SyncedTable table : everyTable().values()) {
      if (states.rescan(table.name()) == Look.NONE && table.shadow().hasMarks()) {
        states.rescan(table.name(), Look.EVICTED);
      }
    }
  }

  // ---- what is here

  public Sql sql() {
    return sql;
  }

  /** The tables that take part, by name. */
  public Map<String, SyncedTable> tables() {
    return choice.synced();
  }

  /** All tables with a key, also those that take no part at present or are refused. */
  public Map<String, SyncedTable> everyTable() {
    return choice.every();
  }

  /** Every foreign key whose both ends are understood, of tables that take no part too. */
  public List<Kinship> kinships() {
    return choice.kinships();
  }

  public SyncedTable table(String name) {
    SyncedTable table = choice.every().get(name);
    if (table == null) {
      throw new IllegalArgumentException(name + " is not understood");
    }
    return table;
  }

  /** Tables that are left alone, with the reason. */
  public Map<String, String> refused() {
    return choice.refused();
  }

  public void refuse(String table, String why) {
    choice.refuse(table, why);
  }

  /** The ledger knows the table, and the application has yet to make it. */
  public void await(String table) {
    choice.await(table);
  }

  public boolean selects(String table) {
    return choice.selects(table);
  }

  /** From here on the table takes part, whatever was chosen. */
  public void follow(String table) {
    if (choice.follow(table) && hasTable(table)) {
      prepare();
    }
  }

  /** Tables that nobody chose, but chosen ones refer to their rows. */
  public Set<String> takenAlong() {
    return choice.takenAlong();
  }

  public TableStates states() {
    return states;
  }

  public Keys keys() {
    return keys;
  }

  public Declared declared() {
    return declared;
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

  public @Nullable String state(String key) {
    return syncState.get(key);
  }

  /** Null also where something else stands there, in a copy from the share maybe. */
  public @Nullable Long stateNumber(String key) {
    String text = state(key);
    return text != null && text.matches("-?\\d{1,18}") ? (Long) Long.parseLong(text) : null;
  }

  public void state(String key, @Nullable Object value) {
    syncState.put(key, value);
  }

  /** So many more edits of the table were stamped in local time. */
  public void noteLocalTimes(String table, int edits) {
    String key = TableStates.LOCAL_TIME + table;
    String before = syncState.get(key);
    syncState.put(key, Long.toString((before == null ? 0 : Long.parseLong(before)) + edits));
  }

  public boolean hasMarks() {
    return tables().values().stream().anyMatch(t -> t.shadow().hasMarks());
  }

  /** Another number as soon as anybody but us has written; good for as long as this is open. */
  public long writtenByOthers() {
    return sql.number("PRAGMA data_version");
  }

  public boolean hasTable(String name) {
    return sql.exists(
        "SELECT 1 FROM sqlite_master WHERE type='table' AND name=? COLLATE NOCASE", name);
  }

  /** The table, or a word on why it is not synced here. */
  public SyncedTable syncedHere(String name) {
    SyncedTable table = tables().get(name);
    if (table == null) {
      throw new Failure(
          Failure.INCOMPLETE,
          refused().getOrDefault(name, "the table " + name + " is not synced here"),
          "see `tidemark status` for the tables that are");
    }
    return table;
  }

  /** A table as this database spells its name; empty where nothing is known of it. */
  public Optional<String> spelling(String table) {
    return sql.first(
            "SELECT name FROM sqlite_master WHERE type='table' AND name=? COLLATE NOCASE",
            c -> c.string(1),
            table)
        .or(() -> states.spelling(table));
  }

  /** The same of all its columns, by their folded names. */
  public Map<String, String> columnSpellings(String table) {
    Map<String, String> all = states.columnSpellings(table);
    sql.query(
            "SELECT name FROM pragma_table_xinfo(?)",
            c -> SyncColumns.canonical(c.string(1)),
            table)
        .forEach(name -> all.put(SqlName.folded(name), name));
    return all;
  }

  /** The columns that were added to the application's tables, by table. */
  public Map<String, List<String>> addedColumns() {
    return new AddedColumns(sql).all();
  }

  /** Tables of somebody else under names that are ours; they are never touched. */
  public List<String> strangers() {
    List<String> strangers = new ArrayList<>(OwnTables.likeShadows(sql));
    sql
        .query(
            "SELECT name FROM sqlite_master WHERE type='table' AND name LIKE 'sync\\_%' ESCAPE '\\' AND name NOT LIKE 'sync\\_rows\\_%' ESCAPE '\\' ORDER BY name",
            c -> c.string(1))
        .stream()
        .filter(name -> !OwnTables.own(name))
        .forEach(strangers::add);
    return strangers;
  }

  /** Somebody else may have it open: between our transactions too, it may be amid a change. */
  public boolean isPublished() {
    return published;
  }

  /** A consistent copy into a file that is not there yet. */
  public void copyTo(Path copy) {
    sql.copyTo(copy);
  }

  // ---- writing

  /**
   * One write transaction in which rows may be written once it is {@link #quiet}; capture and the
   * application's triggers wake up at its end.
   */
  public <T> T applying(Supplier<T> body) {
    prepared = false;
    try {
      return sql.inTransaction(
          () -> {
            if (schema.moved()) {
              prepareAnew();
            }
            T result = body.get();
            if (triggers.haveKept()) {
              wentByUnseen();
            }
            if (triggers.wake()) {
              schema.remember();
            }
            return result;
          });
    } catch (RuntimeException | Error e) {
      triggers.wokenByRollback();
      schema.doubt();
      if (prepared) {
        lookAgain(e);
      }
      throw e;
    }
  }

  /**
   * The same for what came from the share, which is not to keep the application waiting.
   *
   * @throws TooCostly after which nothing was done
   */
  public <T> T settling(Supplier<T> body) {
    return triggers.time().limiting(() -> applying(body));
  }

  /** From here on the table is refused as it is made; not if it was slow but once. */
  public void leaveOut(TooCostly costly) {
    if (costly.isCertain()) {
      sql.inTransaction(() -> choice.leaveOut(costly.table()));
    }
  }

  WritingTime writingTime() {
    return triggers.time();
  }

  /** Tables and shadows made in the transaction went with it. */
  private void lookAgain(Throwable reason) {
    try {
      sql.inTransaction(this::prepare);
    } catch (RuntimeException e) {
      reason.addSuppressed(e); // the first failure is the one to tell
    }
  }

  /** What the application's triggers wrote meanwhile into tables that are off, for now. */
  private void wentByUnseen() {
    Set<String> travelling = choice.travelling();
    for (String name : everyTable().keySet()) {
      if (!travelling.contains(name) && !states.rescan(name).comparesRows()) {
        states.rescan(name, Look.UNSEEN_EDITS);
      }
    }
  }

  /**
   * From here to the transaction's end our capture does not fire on what we write, nor do the
   * application's triggers, but for those that keep what no row carries.
   */
  public void quiet() {
    triggers.sleep(tables().keySet(), choice.travelling());
  }

  /** The application's triggers on a table get in the way: from here on they sleep. */
  public void silence(RefusedByTrigger refused) {
    if (triggers.silenced().putIfAbsent(refused.table(), refused.why()) != null) {
      throw refused;
    }
  }

  /** What a person should know of the application's triggers. */
  public List<String> triggerRemarks() {
    List<String> remarks = new ArrayList<>();
    application.roles(tables().keySet(), choice.travelling()).stream()
        .map(ApplicationTriggers.Role::remark)
        .filter(Objects::nonNull)
        .forEach(remarks::add);
    triggers
        .silenced()
        .forEach((table, why) -> remarks.add(ApplicationTriggers.inTheWay(table, why)));
    return remarks;
  }

  /**
   * A savepoint was rolled back: the sleeping triggers are awake, and made tables are not there.
   */
  public void wokenByRollback() {
    triggers.wokenByRollback();
    prepare();
  }

  /** The entries after this one are no more: what they settled here is pending again. */
  public void unsettleAfter(Position common) {
    for (String name : TableChoice.applicationTables(sql)) {
      SyncedTable table = choice.remembered(name);
      if (table != null) {
        markEvicted(table);
        table.edits().unsettleAfter(common.number());
      }
      Position position = states.position(name);
      if (position != null && position.number() > common.number()) {
        states.advance(name, common);
      }
    }
    states.forgetEntriesAfter(common.number());
    states.unannounceAfter(common.number());
    keys.forgetAfter(common.number());
    held.forgetAfter(common.number());
    conflicts.unpostAfter(common.number());
  }

  /** Or they would be told of as what they were, under the tokens of their former edits. */
  private void markEvicted(SyncedTable table) {
    List<RowKey> evicted = withoutHeld(table, table.edits().evicted());
    if (evicted.size() <= table.edits().evictedAtMost()) {
      table.edits().markEvicted(evicted);
    }
  }

  /** A row that waits to be applied is missing for that reason. */
  public List<RowKey> withoutHeld(SyncedTable table, List<RowKey> keys) {
    return keys.stream().filter(key -> held.find(table.name(), key).isEmpty()).toList();
  }

  // ---- definitions

  public Definition definition(SyncedTable table) {
    return Definitions.of(sql, table.shape(), states.generation(table.name()));
  }

  public Definition definition(SyncedTable table, String column) {
    return Definitions.of(
        table.shape(), table.shape().column(column), states.generation(table.name()));
  }

  /**
   * Is something missing here that the ledger defines? A table that IT has reshaped (a column was
   * renamed, say) is for the application to follow.
   */
  public boolean lacks(Definition definition) {
    SyncedTable table = tables().get(definition.table());
    if (table == null) {
      return definition.isTable() && !hasTable(definition.table());
    }
    boolean reshaped = definition.generation() > states.generation(definition.table());
    return !reshaped && !table.columns().names().containsAll(definition.columns());
  }

  /** Makes what the ledger defines, whole or not at all, inside the present transaction. */
  public void make(Definition definition) {
    makeUnprepared(definition);
    prepare();
  }

  private void makeUnprepared(Definition definition) {
    sql.execute("SAVEPOINT make");
    try {
      Definitions.make(sql, definition, shared);
    } catch (RuntimeException e) {
      sql.execute("ROLLBACK TO make");
      throw e;
    } finally {
      sql.execute("RELEASE make");
    }
  }

  /**
   * Those of the tables that nothing is known of here. Whoever joins has many of them, and what is
   * there is looked at as a whole: so all are made, and then prepared. What cannot be made is left
   * to who asks for it alone.
   *
   * @return which were made
   */
  public List<String> makeUnknown(List<Definition> tables) {
    List<String> made = new ArrayList<>();
    for (Definition table : tables) {
      String name = table.table();
      if (selects(name) && !states.knows(name) && !hasTable(name)) {
        try {
          makeUnprepared(table);
          made.add(name);
        } catch (Failure e) {
          if (!refusesDefinition(e)) {
            throw e;
          }
        }
      }
    }
    if (!made.isEmpty()) {
      prepare();
    }
    return made;
  }

  /** The ledger was told of this table or column; to be called before it is announced here. */
  public void tell(Definition definition) {
    declared.tell(definition, states);
  }

  /**
   * In the rows from before a column was added, this database's own default gives way to the
   * ledger's. Rows with pending edits are posted as they are; so are all, if the table refuses it.
   */
  public void spread(String table) {
    for (Declared.Added added : declared.toSpread(table)) {
      SyncedTable here = table(table);
      if (!here.columns().has(added.column())) {
        continue; // once the application has made it
      }
      here.replaceDefault(added.column(), added.value(), this::quiet);
      declared.spread(table, added);
      prepare();
    }
  }

  /**
   * What a table's definition in the ledger says of its key. A table with another key is read no
   * further until it has that one: where nobody has worked in it, at once.
   *
   * @param at the entry
   * @param before the entry before that one
   * @param own the entry is one of this replica's own
   * @param remake the table may be made anew under the key
   * @return whether the table goes on here with the key of this definition
   */
  public boolean meetKey(
      Definition definition, long at, Position before, String who, boolean own, boolean remake) {
    String name = definition.table();
    ToldKeys.Word word = new ToldKeys(states, keys).meet(definition, at, before, who, own);
    if (word == ToldKeys.Word.ANOTHER) {
      String refusal = null;
      if (hasTable(name) && (remake || (keys.isFresh(name) && !table(name).shadow().hasMarks()))) {
        refusal = remake(definition);
      }
      prepare();
      if (refusal != null) {
        String what = name + " cannot be made anew under its key in " + sql.file() + ": " + refusal;
        if (remake) {
          throw new Failure(Failure.REFUSED, what, "take what is in its way out of that file");
        }
        refuse(name, what);
      }
      return !keys.differ(name);
    }
    return word == ToldKeys.Word.PRESENT;
  }

  private @Nullable String remake(Definition definition) {
    quiet();
    try {
      return sql.attempt(() -> Definitions.remake(sql, definition, shared, this::prepare));
    } catch (Failure e) {
      if (!refusesDefinition(e)) {
        throw e;
      }
      return e.whatFailed();
    }
  }

  /** What cannot be made is the definition's fault, and not that of the file it is made in. */
  public static boolean refusesDefinition(Failure e) {
    return e.exitCode() == Failure.REFUSED && !e.isDamage();
  }

  /** The ledger and the table were compared, if only to find that they differ. */
  public boolean hasMet(String table) {
    return states.position(table) != null
        || keys.differ(table)
        || choice.refused().containsKey(table);
  }

  /** IT says that the table is as it should be: begin a new generation of it. */
  public void acceptShape(String table) {
    sql.inTransaction(
        () -> {
          int known = keys.other(table).map(Keys.Other::generation).orElse(0);
          boolean rekeyed = keys.differ(table);
          states.accept(table, Math.max(known, states.generation(table)) + 1);
          declared.forget(table);
          prepare();
          if (rekeyed) {
            beginKey(table);
          } else {
            states.rescan(table, Look.ACCEPTED);
          }
        });
  }

  /** Every row is to be posted anew, once it was compared with what is remembered of it. */
  private void beginKey(String table) {
    Position position = states.position(table);
    long read = position == null ? 0 : position.number();
    long refusedAt = held.first(table);
    keys.beginHere(table, refusedAt > 0 ? Math.min(read, refusedAt - 1) : read);
    keys.settleFormer(table);
    states.rescan(table, Look.UNSEEN_EDITS);
    prepare();
  }

  @Override
  public void close() {
    sql.close();
  }
}
