package tidemark.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Tables of the kinds that an application seldom has, and that go wrong most easily: rows that
 * refer to their own table, three levels of numbers that SQLite chose, keys that know no case, two
 * UNIQUE constraints, keys of two columns that children follow, computed columns, triggers that
 * write elsewhere, logical numbers.
 */
final class OddTables {
  private final Random random;
  private final Supplier<String> word;
  private final List<Kind> kinds = new ArrayList<>();

  private enum Kind {
    NODES,
    JOBS,
    TAGS,
    STAFF,
    RATES,
    STOCK,
    BILLS
  }

  /**
   * @param word gives each value its own word
   */
  OddTables(Random random, Supplier<String> word) {
    this.random = random;
    this.word = word;
    for (Kind kind : Kind.values()) {
      if (random.nextInt(10) < 4) {
        kinds.add(kind);
      }
    }
    if (kinds.isEmpty()) {
      kinds.add(Kind.NODES);
    }
  }

  List<String> tables() {
    List<String> ddl = new ArrayList<>();
    kinds.forEach(kind -> ddl.addAll(tables(kind)));
    return ddl;
  }

  private static List<String> tables(Kind kind) {
    return switch (kind) {
      case NODES ->
          List.of(
              "CREATE TABLE IF NOT EXISTS nodes(id INTEGER PRIMARY KEY AUTOINCREMENT, parent INTEGER REFERENCES nodes(id) ON DELETE CASCADE, a TEXT)");
      case JOBS ->
          List.of(
              "CREATE TABLE IF NOT EXISTS jobs(id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT)",
              "CREATE TABLE IF NOT EXISTS tasks(id INTEGER PRIMARY KEY AUTOINCREMENT, job INTEGER NOT NULL REFERENCES jobs(id) ON DELETE CASCADE, a TEXT)",
              "CREATE TABLE IF NOT EXISTS steps(task INTEGER NOT NULL REFERENCES tasks(id) ON DELETE CASCADE ON UPDATE CASCADE, n INTEGER, a TEXT, PRIMARY KEY(task, n)) WITHOUT ROWID");
      case TAGS ->
          List.of(
              "CREATE TABLE IF NOT EXISTS tags(name TEXT COLLATE NOCASE PRIMARY KEY, a TEXT)",
              "CREATE TABLE IF NOT EXISTS tagged(id TEXT PRIMARY KEY, tag TEXT REFERENCES tags(name) ON DELETE SET NULL ON UPDATE CASCADE, a TEXT)");
      case STAFF ->
          List.of(
              "CREATE TABLE IF NOT EXISTS staff(id INTEGER PRIMARY KEY, mail TEXT UNIQUE, room TEXT, badge INTEGER, a TEXT, UNIQUE(room, badge))");
      case RATES ->
          List.of(
              "CREATE TABLE IF NOT EXISTS rates(region TEXT, year INTEGER, a TEXT, b TEXT, PRIMARY KEY(region, year))",
              "CREATE TABLE IF NOT EXISTS remarks(id TEXT PRIMARY KEY, region TEXT, year INTEGER, a TEXT, FOREIGN KEY(region, year) REFERENCES rates(region, year) ON DELETE CASCADE ON UPDATE CASCADE)");
      case STOCK ->
          List.of(
              "CREATE TABLE IF NOT EXISTS stock(id TEXT PRIMARY KEY, a TEXT, n INTEGER, twice INTEGER GENERATED ALWAYS AS (n*2) STORED, label TEXT AS ('-'||n) VIRTUAL UNIQUE, updated_at DATETIME)",
              "CREATE TABLE IF NOT EXISTS movements(id INTEGER PRIMARY KEY AUTOINCREMENT, stock TEXT, a TEXT)",
              "CREATE TRIGGER IF NOT EXISTS stock_moves AFTER UPDATE OF a ON stock BEGIN INSERT INTO movements(stock,a) VALUES(NEW.id,NEW.a); END",
              "CREATE TRIGGER IF NOT EXISTS stock_stamp AFTER UPDATE OF n ON stock WHEN NEW.n IS NOT OLD.n BEGIN UPDATE stock SET updated_at=strftime('%Y-%m-%d %H:%M:%f','now') WHERE id=NEW.id; END",
              "CREATE TRIGGER IF NOT EXISTS stock_gone AFTER DELETE ON stock BEGIN DELETE FROM movements WHERE stock=OLD.id; END");
      case BILLS ->
          List.of(
              "CREATE TABLE IF NOT EXISTS bills(id TEXT PRIMARY KEY, number TEXT, a TEXT, b TEXT)");
    };
  }

  private String oneOf(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String insert() {
    return oneOf("INSERT", "INSERT OR REPLACE", "INSERT OR REPLACE", "INSERT OR IGNORE");
  }

  private String update() {
    return oneOf("UPDATE", "UPDATE OR REPLACE", "UPDATE OR IGNORE");
  }

  private String some(String table) {
    return "(SELECT id FROM " + table + " ORDER BY id LIMIT 1 OFFSET " + random.nextInt(4) + ")";
  }

  private String last(String table) {
    return "(SELECT max(id) FROM " + table + ")";
  }

  String edit() {
    return switch (kinds.get(random.nextInt(kinds.size()))) {
      case NODES -> node();
      case JOBS -> job();
      case TAGS -> tag();
      case STAFF -> staff();
      case RATES -> rate();
      case STOCK -> stock();
      case BILLS -> bill();
    };
  }

  private String node() {
    String parent = oneOf("NULL", some("nodes"), last("nodes"));
    return switch (random.nextInt(8)) {
      case 0, 1, 2, 3 -> "INSERT INTO nodes(parent,a) VALUES(" + parent + "," + word.get() + ")";
      case 4 -> "UPDATE nodes SET parent=" + parent + " WHERE id=" + some("nodes");
      case 5, 6 -> "UPDATE nodes SET a=" + word.get() + " WHERE id=" + some("nodes");
      default -> "DELETE FROM nodes WHERE id=" + some("nodes");
    };
  }

  private String job() {
    String job = oneOf(some("jobs"), last("jobs"));
    String task = oneOf(some("tasks"), last("tasks"));
    String step = " WHERE task=" + task + " AND n=" + random.nextInt(2);
    return switch (random.nextInt(14)) {
      case 0, 1 -> "INSERT INTO jobs(a) VALUES(" + word.get() + ")";
      case 2, 3, 4 -> "INSERT INTO tasks(job,a) VALUES(" + job + "," + word.get() + ")";
      case 5, 6, 7 ->
          insert()
              + " INTO steps(task,n,a) VALUES("
              + String.join(",", task, "" + random.nextInt(2), word.get())
              + ")";
      case 8 -> "UPDATE jobs SET a=" + word.get() + " WHERE id=" + job;
      case 9 -> "UPDATE tasks SET a=" + word.get() + " WHERE id=" + task;
      case 10 -> "UPDATE steps SET a=" + word.get() + step;
      case 11 -> "UPDATE tasks SET id=" + (20 + random.nextInt(9)) + " WHERE id=" + task;
      case 12 -> "DELETE FROM tasks WHERE id=" + task;
      default -> "DELETE FROM jobs WHERE id=" + some("jobs");
    };
  }

  private String tag() {
    String name = oneOf("'red'", "'Red'", "'RED'", "'blue'", "'Blue'", "'green'");
    String id = "'t" + random.nextInt(4) + "'";
    return switch (random.nextInt(9)) {
      case 0, 1, 2 ->
          insert() + " INTO tags(name,a) VALUES(" + String.join(",", name, word.get()) + ")";
      case 3 -> update() + " tags SET name=" + name + " WHERE name=" + oneOf("'red'", "'blue'");
      case 4 -> "UPDATE tags SET a=" + word.get() + " WHERE name=" + name;
      case 5 -> "DELETE FROM tags WHERE name=" + name;
      case 6, 7 ->
          insert()
              + " INTO tagged(id,tag,a) VALUES("
              + String.join(",", id, name, word.get())
              + ")";
      default -> "DELETE FROM tagged WHERE id=" + id;
    };
  }

  private String staff() {
    String id = "" + (1 + random.nextInt(5));
    String mail = oneOf("'m1'", "'m2'", "'m3'", "NULL");
    String room = oneOf("'r1'", "'r2'", "NULL");
    String badge = "" + random.nextInt(2);
    return switch (random.nextInt(8)) {
      case 0, 1, 2 ->
          insert()
              + " INTO staff(id,mail,room,badge,a) VALUES("
              + String.join(",", id, mail, room, badge, word.get())
              + ")";
      case 3 -> update() + " staff SET mail=" + mail + ", a=" + word.get() + " WHERE id=" + id;
      case 4 -> update() + " staff SET room=" + room + ", badge=" + badge + " WHERE id=" + id;
      case 5 -> update() + " staff SET id=" + (1 + random.nextInt(5)) + " WHERE id=" + id;
      case 6 -> "UPDATE staff SET a=" + word.get() + " WHERE id=" + id;
      default -> "DELETE FROM staff WHERE id=" + id;
    };
  }

  private String rate() {
    String region = oneOf("'north'", "'south'");
    String year = "" + (2020 + random.nextInt(2));
    String where = " WHERE region=" + region + " AND year=" + year;
    String id = "'m" + random.nextInt(4) + "'";
    return switch (random.nextInt(9)) {
      case 0, 1, 2 ->
          insert()
              + " INTO rates(region,year,a,b) VALUES("
              + String.join(",", region, year, word.get(), word.get())
              + ")";
      case 3 -> "UPDATE rates SET a=" + word.get() + where;
      case 4 -> "UPDATE rates SET b=" + word.get() + where;
      case 5 -> update() + " rates SET year=" + (2020 + random.nextInt(3)) + where;
      case 6 -> "DELETE FROM rates" + where;
      default ->
          insert()
              + " INTO remarks(id,region,year,a) VALUES("
              + String.join(",", id, region, year, word.get())
              + ")";
    };
  }

  private String stock() {
    String id = "'s" + random.nextInt(4) + "'";
    String n = oneOf("1", "2", "3", "NULL");
    return switch (random.nextInt(7)) {
      case 0, 1, 2 ->
          insert() + " INTO stock(id,a,n) VALUES(" + String.join(",", id, word.get(), n) + ")";
      case 3, 4 -> "UPDATE stock SET a=" + word.get() + " WHERE id=" + id;
      case 5 -> update() + " stock SET n=" + n + " WHERE id=" + id;
      default -> "DELETE FROM stock WHERE id=" + id;
    };
  }

  private String bill() {
    String id = "'b" + random.nextInt(4) + "'";
    String number = oneOf("'2026-001'", "'2026-002'", "'2026-003'");
    return switch (random.nextInt(6)) {
      case 0, 1, 2 ->
          insert()
              + " INTO bills(id,number,a,b) VALUES("
              + String.join(",", id, number, word.get(), word.get())
              + ")";
      case 3 -> "UPDATE bills SET a=" + word.get() + " WHERE id=" + id;
      case 4 -> "UPDATE bills SET b=" + word.get() + ", number=" + number + " WHERE id=" + id;
      default -> "DELETE FROM bills WHERE id=" + id;
    };
  }
}
