package tidemark.testing;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tidemark.change.ConflictRule;
import tidemark.change.TableRule;

/**
 * Families of tables: parents that children refer to in all the ways SQLite knows, by a UNIQUE
 * number, by two columns, by a name that knows no case, by text where the parent has a number, in
 * rings and trees, over three levels. Every row has the id it was born with, `pid`, which never
 * changes; a child also has that of the parent it was made for, `of`.
 */
final class FamilyTables {
  /** A table that stays on its machine and refers to one that is synced. */
  static final String DRAFTS = "drafts";

  /** Written by a trigger alone. */
  static final String EVENTS = "events";

  /** Kept by triggers on each machine for itself, beside a full-text index. */
  static final String MIRROR = "mirror";

  /** Its application changes the type of a column. */
  static final String CODES = "codes";

  /** Its application changes the key. */
  static final String RATES = "tariff";

  private final Random random;
  private final List<Kin> kins = new ArrayList<>();
  private final List<String> ddl = new ArrayList<>();
  private final Map<String, TableRule> rules = new HashMap<>();
  private @Nullable Tie drafts;

  private enum Group {
    NUMBERED,
    REVISED,
    NAMED,
    COUNTED,
    RING,
    TREE
  }

  /** How the rows of a table are known to SQLite. */
  enum Key {
    TEXT("id TEXT PRIMARY KEY"),
    AUTO("id INTEGER PRIMARY KEY AUTOINCREMENT"),
    /** Its numbers are its key: whoever has the same number is the same record. */
    NATURAL("");

    private final String ddl;

    Key(String ddl) {
      this.ddl = ddl;
    }
  }

  /**
   * A column whose values tell one record from another, and which may be given another value.
   *
   * @param type what it is declared with
   * @param small how many values are fought for
   */
  record Number(String column, String type, int small) {
    boolean isText() {
      return type.startsWith("TEXT");
    }

    /** Text that looks like a number and is not the same as one. */
    boolean isCode() {
      return column.equals("c");
    }

    boolean knowsNoCase() {
      return type.contains("NOCASE");
    }
  }

  /** Columns of a child that refer to its parent. */
  record Tie(List<String> columns, String parent, List<String> parentColumns, boolean noCase) {}

  /** A table of records. */
  record Kin(String name, Key key, List<Number> numbers, @Nullable Tie tie) {
    boolean isNatural() {
      return key == Key.NATURAL;
    }

    /** Whether its one number tells its records from one another. */
    boolean isUnique() {
      return numbers.size() == 1 && !name.equals("offer") && !numbers.get(0).isCode();
    }
  }

  /**
   * @param kinds of {@link Mishaps}, which may need tables of their own
   */
  FamilyTables(Random random, Set<Mishaps.Kind> kinds) {
    this.random = random;
    EnumSet<Group> groups = EnumSet.noneOf(Group.class);
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      groups.add(Group.values()[random.nextInt(Group.values().length)]);
    }
    for (Group group : groups) {
      switch (group) {
        case NUMBERED -> numbered();
        case REVISED -> revised();
        case NAMED -> named();
        case COUNTED -> counted();
        case RING -> ring();
        case TREE -> tree();
      }
    }
    if (kinds.contains(Mishaps.Kind.FTS)) {
      searched();
    }
    if (kinds.contains(Mishaps.Kind.TYPES)) {
      Number code = new Number("c", "TEXT", 5);
      table(new Kin(CODES, Key.TEXT, List.of(code), null), "c TEXT, " + REST);
    }
    if (kinds.contains(Mishaps.Kind.KEYS)) {
      table(new Kin(RATES, Key.TEXT, List.of(), null), "rev INTEGER NOT NULL DEFAULT 0, " + REST);
    }
  }

  /** What the application makes sure of when it starts. */
  List<String> tables() {
    return ddl;
  }

  /** The tables of an application that are synced. */
  static List<String> synced(Database db) {
    return db.applicationTables().stream()
        .filter(name -> !name.equals(DRAFTS) && !name.equals(MIRROR))
        .toList();
  }

  List<Kin> kins() {
    return kins;
  }

  /** What {@link #DRAFTS} refer to; null where there are none. */
  @Nullable Tie drafts() {
    return drafts;
  }

  /** How these tables are synced, the same everywhere. */
  Map<String, TableRule> rules() {
    return rules;
  }

  /** All synced tables whose rows are known by a `pid`. */
  Set<String> shared() {
    Set<String> names = new TreeSet<>(Set.of(EVENTS));
    kins.forEach(kin -> names.add(kin.name()));
    return names;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private Key someKey() {
    return oneOf(List.of(Key.TEXT, Key.AUTO));
  }

  private String actions() {
    return " ON DELETE "
        + oneOf(List.of("CASCADE", "CASCADE", "SET NULL", "NO ACTION"))
        + " ON UPDATE "
        + oneOf(List.of("CASCADE", "CASCADE", "CASCADE", "NO ACTION"))
        + (chance(20) ? " DEFERRABLE INITIALLY DEFERRED" : "");
  }

  private static final String REST = "a TEXT, b TEXT, pid TEXT";

  private void table(Kin kin, String columns) {
    String key = kin.key().ddl.isEmpty() ? "" : kin.key().ddl + ", ";
    ddl.add("CREATE TABLE IF NOT EXISTS " + kin.name() + "(" + key + columns + ")");
    kins.add(kin);
    if (kin.tie() == null) {
      int dice = random.nextInt(100);
      if (dice < 25) {
        rules.put(kin.name(), new TableRule(null, true, List.of(), false, List.of(), false, true));
      } else if (dice < 35) {
        rules.put(
            kin.name(),
            new TableRule(
                ConflictRule.MANUAL, chance(50), List.of(), false, List.of(), false, true));
      }
    }
  }

  private void numbered() {
    String type = oneOf(List.of("INTEGER", "INTEGER", "TEXT", "TEXT COLLATE NOCASE"));
    Number no = new Number("no", type, 5);
    Kin quotes = new Kin("q", someKey(), List.of(no), null);
    table(quotes, "no " + type + " UNIQUE, " + REST + (chance(30) ? ", updated_at DATETIME" : ""));
    boolean coded = chance(30);
    List<Number> numbers = coded ? List.of(new Number("code", "INTEGER", 5)) : List.of();
    Tie toQuote = new Tie(List.of("no"), "q", List.of("no"), no.knowsNoCase());
    Kin items = new Kin("item", someKey(), numbers, toQuote);
    table(
        items,
        (coded ? "code INTEGER UNIQUE, " : "")
            + "no "
            + oneOf(List.of(no.isText() ? "TEXT" : "INTEGER", "TEXT"))
            + " REFERENCES q(no)"
            + actions()
            + ", "
            + REST
            + ", of TEXT");
    if (chance(50)) {
      String to = coded ? "code" : "id";
      Kin parts =
          new Kin(
              "part", Key.AUTO, List.of(), new Tie(List.of("item"), "item", List.of(to), false));
      String childType = !coded && items.key() == Key.TEXT ? "TEXT" : "INTEGER";
      table(
          parts,
          "item "
              + childType
              + " REFERENCES item("
              + to
              + ")"
              + actions()
              + ", "
              + REST
              + ", of TEXT");
    }
    if (chance(30)) {
      touchesItsParent();
    }
    if (chance(30)) {
      writesEvents();
    }
    if (chance(30)) {
      drafts(toQuote, type);
    }
  }

  private void touchesItsParent() {
    ddl.add(
        "CREATE TRIGGER IF NOT EXISTS item_touches AFTER INSERT ON item BEGIN UPDATE q SET b=NEW.a WHERE no=NEW.no; END");
  }

  private void writesEvents() {
    ddl.add(
        "CREATE TABLE IF NOT EXISTS "
            + EVENTS
            + "(id INTEGER PRIMARY KEY AUTOINCREMENT, src TEXT, pid TEXT)");
    ddl.add(
        "CREATE TRIGGER IF NOT EXISTS item_event AFTER INSERT ON item BEGIN INSERT INTO "
            + EVENTS
            + "(src,pid) VALUES(NEW.pid,'rec'||lower(hex(randomblob(8)))); END");
  }

  private void drafts(Tie tie, String type) {
    if (drafts != null) {
      return;
    }
    drafts = tie;
    ddl.add(
        "CREATE TABLE IF NOT EXISTS "
            + DRAFTS
            + "(id INTEGER PRIMARY KEY, "
            + tie.columns().get(0)
            + " "
            + type
            + " REFERENCES "
            + tie.parent()
            + "("
            + tie.parentColumns().get(0)
            + ") ON DELETE CASCADE ON UPDATE CASCADE, note TEXT, pid TEXT, of TEXT)");
    rules.put(DRAFTS, new TableRule(null, false, List.of(), false, List.of(), false, false));
  }

  private void revised() {
    Number number = new Number("number", "INTEGER", 4);
    Number rev = new Number("rev", "INTEGER", 3);
    switch (random.nextInt(3)) {
      case 0 -> {
        Kin offers = new Kin("offer", someKey(), List.of(number, rev), null);
        table(offers, "number INTEGER, rev INTEGER, " + REST + ", UNIQUE(number, rev)");
        line(List.of("number", "rev"));
      }
      case 1 -> {
        Kin offers = new Kin("offer", Key.AUTO, List.of(rev), null);
        table(offers, "rev INTEGER, " + REST + ", UNIQUE(id, rev)");
        line(List.of("id", "rev"));
      }
      default -> {
        Kin offers = new Kin("offer", Key.NATURAL, List.of(number, rev), null);
        table(offers, "number INTEGER, rev INTEGER, " + REST + ", PRIMARY KEY(number, rev)");
        line(List.of("number", "rev"));
      }
    }
  }

  private void line(List<String> to) {
    List<String> from = List.of("offer", "its_rev");
    Kin lines = new Kin("line", someKey(), List.of(), new Tie(from, "offer", to, false));
    table(
        lines,
        "offer INTEGER, its_rev INTEGER, "
            + REST
            + ", of TEXT, FOREIGN KEY(offer, its_rev) REFERENCES offer("
            + String.join(", ", to)
            + ")"
            + actions());
  }

  private void named() {
    Number name = new Number("name", "TEXT COLLATE NOCASE", 4);
    table(
        new Kin("label", Key.NATURAL, List.of(name), null),
        "name TEXT COLLATE NOCASE PRIMARY KEY, " + REST);
    Tie tie = new Tie(List.of("label"), "label", List.of("name"), true);
    table(
        new Kin("labelled", someKey(), List.of(), tie),
        "label TEXT REFERENCES label(name)" + actions() + ", " + REST + ", of TEXT");
  }

  private void counted() {
    table(new Kin("box", Key.AUTO, List.of(), null), REST);
    Tie tie = new Tie(List.of("box"), "box", List.of("id"), false);
    table(
        new Kin("thing", someKey(), List.of(), tie),
        "box "
            + oneOf(List.of("TEXT", "INTEGER"))
            + " REFERENCES box"
            + actions()
            + ", "
            + REST
            + ", of TEXT");
    if (chance(30)) {
      drafts(tie, "INTEGER");
    }
  }

  private void ring() {
    Number no = new Number("no", "INTEGER", 5);
    Key key = someKey();
    for (String name : List.of("plug", "socket")) {
      String other = name.equals("plug") ? "socket" : "plug";
      Tie tie = new Tie(List.of("mate"), other, List.of("no"), false);
      table(
          new Kin(name, key, List.of(no), tie),
          "no INTEGER UNIQUE, mate INTEGER REFERENCES "
              + other
              + "(no) ON DELETE "
              + oneOf(List.of("CASCADE", "SET NULL"))
              + " ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED, "
              + REST
              + ", of TEXT");
    }
  }

  private void tree() {
    Number no = new Number("no", "TEXT", 5);
    Tie tie = new Tie(List.of("up"), "branch", List.of("no"), false);
    table(
        new Kin("branch", someKey(), List.of(no), tie),
        "no TEXT UNIQUE, up TEXT REFERENCES branch(no)" + actions() + ", " + REST + ", of TEXT");
  }

  /** What is not carried is kept by triggers: they have to see rows that arrive. */
  private void searched() {
    table(new Kin("page", Key.AUTO, List.of(), null), REST);
    rules.put(MIRROR, new TableRule(null, false, List.of(), false, List.of(), false, false));
    String in = "INSERT INTO search(rowid, a) VALUES(NEW.id, NEW.a);";
    String out = "INSERT INTO search(search, rowid, a) VALUES('delete', OLD.id, OLD.a);";
    ddl.addAll(
        List.of(
            "CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(a, content='page', content_rowid='id')",
            "CREATE TABLE IF NOT EXISTS mirror(pid TEXT PRIMARY KEY, a TEXT)",
            "CREATE TRIGGER IF NOT EXISTS page_in AFTER INSERT ON page BEGIN "
                + in
                + " INSERT INTO mirror(pid, a) VALUES(NEW.pid, substr(NEW.a, 3)); END",
            "CREATE TRIGGER IF NOT EXISTS page_out AFTER DELETE ON page BEGIN "
                + out
                + " DELETE FROM mirror WHERE pid=OLD.pid; END",
            "CREATE TRIGGER IF NOT EXISTS page_changes AFTER UPDATE ON page BEGIN "
                + out
                + in
                + " UPDATE mirror SET a=substr(NEW.a, 3) WHERE pid=OLD.pid; END",
            "INSERT OR REPLACE INTO mirror(pid, a) SELECT pid, substr(a, 3) FROM page",
            "INSERT INTO search(search) VALUES('rebuild')"));
  }

  /** What the triggers keep is what the rows say. */
  static void checkSearch(Workstation at) {
    if (!at.db().hasTable("search") || !at.db().hasTable("page")) {
      return;
    }
    List<String> pages = at.db().rows("SELECT pid, substr(a, 3) FROM page ORDER BY pid");
    List<String> mirror = at.db().rows("SELECT pid, a FROM mirror ORDER BY pid");
    if (!pages.equals(mirror)) {
      throw new AssertionError("mirror at " + at.name() + ": " + mirror + " of " + pages);
    }
    try {
      at.db().execute("INSERT INTO search(search, rank) VALUES('integrity-check', 1)");
    } catch (IllegalStateException e) {
      throw new AssertionError("search at " + at.name() + ": " + e.getMessage(), e);
    }
  }
}
