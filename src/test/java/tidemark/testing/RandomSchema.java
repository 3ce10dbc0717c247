package tidemark.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.TableRule;

/**
 * A few tables of the kinds that differ for a sync, and random edits of them. Every value an edit
 * writes is its own word, so that it can be looked for wherever it may have gone.
 */
public final class RandomSchema {
  private static final Pattern WORD = Pattern.compile("word\\d{6}");

  private final Random random;
  private final List<Kind> kinds = new ArrayList<>();
  private final @Nullable OddTables odd;
  private final @Nullable FamilyTables families;
  private final @Nullable FamilyEdits familyEdits;
  private int words;

  private enum Kind {
    NOTES,
    ORDERS,
    PARTS,
    PRICES,
    QUOTES
  }

  /**
   * @param mishaps some need tables of the kinds that are rare, and families of tables
   */
  RandomSchema(Random random, Set<Mishaps.Kind> mishaps) {
    this.random = random;
    for (Kind kind : Kind.values()) {
      if (random.nextInt(10) < 6) {
        kinds.add(kind);
      }
    }
    if (kinds.isEmpty()) {
      kinds.add(Kind.values()[random.nextInt(Kind.values().length)]);
    }
    this.odd = mishaps.contains(Mishaps.Kind.ODD_TABLES) ? new OddTables(random, this::word) : null;
    this.families =
        mishaps.contains(Mishaps.Kind.FAMILIES) ? new FamilyTables(random, mishaps) : null;
    this.familyEdits = families == null ? null : new FamilyEdits(families, random, this::word);
  }

  @Nullable FamilyTables families() {
    return families;
  }

  @Nullable FamilyEdits familyEdits() {
    return familyEdits;
  }

  public String[] tables() {
    List<String> ddl = new ArrayList<>();
    for (Kind kind : kinds) {
      switch (kind) {
        case NOTES ->
            ddl.add("CREATE TABLE notes(id TEXT PRIMARY KEY, a TEXT, b TEXT, updated_at DATETIME)");
        case ORDERS -> {
          ddl.add("CREATE TABLE orders(id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT)");
          ddl.add(
              "CREATE TABLE items(id INTEGER PRIMARY KEY AUTOINCREMENT, order_id INTEGER NOT NULL REFERENCES orders(id) ON DELETE CASCADE, a TEXT)");
        }
        case PARTS -> {
          ddl.add(
              "CREATE TABLE parts(id TEXT PRIMARY KEY, code TEXT COLLATE NOCASE UNIQUE, a TEXT)");
          ddl.add(
              "CREATE TABLE fittings(id TEXT PRIMARY KEY, part TEXT REFERENCES parts(id) ON DELETE CASCADE, a TEXT)");
        }
        case PRICES ->
            ddl.add(
                "CREATE TABLE prices(region TEXT, year INTEGER, a TEXT, updated_at DATETIME, PRIMARY KEY(region, year)) WITHOUT ROWID");
        case QUOTES ->
            ddl.add(
                "CREATE TABLE quotes(id TEXT PRIMARY KEY, a TEXT, b TEXT, c TEXT, updated_at DATETIME)");
      }
    }
    ddl.addAll(List.of(atStart()));
    return ddl.toArray(String[]::new);
  }

  /** What the application makes sure of when it starts. */
  public String[] atStart() {
    List<String> ddl = new ArrayList<>();
    if (odd != null) {
      ddl.addAll(odd.tables());
    }
    if (families != null) {
      ddl.addAll(families.tables());
    }
    return ddl.toArray(String[]::new);
  }

  public static TableRule rule(String table) {
    return table.equals("quotes")
        ? new TableRule(null, true, List.of(), false, List.of(), false, true)
        : TableRule.DEFAULT;
  }

  /** The words that stand in a text. */
  public static Set<String> words(String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }

  String word() {
    return String.format("'word%06d'", ++words);
  }

  private String oneOf(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** The application at work for one transaction. */
  public String[] edits(Duration clockError) {
    String[] statements = new String[1 + random.nextInt(random.nextInt(4) + 1)];
    for (int i = 0; i < statements.length; i++) {
      statements[i] =
          odd != null && chance(60)
              ? odd.edit()
              : edit(kinds.get(random.nextInt(kinds.size())), clockError);
    }
    return statements;
  }

  /** Rows to begin with. */
  public String[] rows() {
    List<String> rows = new ArrayList<>();
    for (Kind kind : kinds) {
      switch (kind) {
        case NOTES -> {
          for (int i = 0; i < 4; i++) {
            rows.add(
                "INSERT INTO notes(id,a,b) VALUES('n" + i + "'," + word() + "," + word() + ")");
          }
        }
        case ORDERS -> {
          for (int i = 1; i < 4; i++) {
            rows.add("INSERT INTO orders(a) VALUES(" + word() + ")");
            rows.add("INSERT INTO items(order_id,a) VALUES(" + i + "," + word() + ")");
          }
        }
        case PARTS -> {
          rows.add("INSERT INTO parts(id,code,a) VALUES('p0','x'," + word() + ")");
          rows.add("INSERT INTO parts(id,code,a) VALUES('p1','y'," + word() + ")");
          rows.add("INSERT INTO fittings(id,part,a) VALUES('f0','p0'," + word() + ")");
        }
        case PRICES ->
            rows.add("INSERT INTO prices(region,year,a) VALUES('north',2020," + word() + ")");
        case QUOTES -> {
          for (int i = 0; i < 3; i++) {
            rows.add(
                "INSERT INTO quotes(id,a,b,c) VALUES('q"
                    + i
                    + "',"
                    + String.join(",", word(), word(), word())
                    + ")");
          }
        }
      }
    }
    return rows.toArray(String[]::new);
  }

  private String insert() {
    return oneOf("INSERT", "INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE");
  }

  private String edit(Kind kind, Duration error) {
    return switch (kind) {
      case NOTES -> note(error);
      case ORDERS -> chance(50) ? order() : item();
      case PARTS -> chance(60) ? part() : fitting();
      case PRICES -> price(error);
      case QUOTES -> quote(error);
    };
  }

  /** How the application stamps a row, if it does. */
  private String stamp(Duration error) {
    long now = Instant.now().plus(error).toEpochMilli();
    return switch (random.nextInt(6)) {
      case 0 -> "'" + ChangeTime.spaced(now) + "'";
      case 1 -> "'" + ChangeTime.iso(now) + "'";
      case 2 -> Long.toString(now);
      case 3 -> "CURRENT_TIMESTAMP";
      case 4 -> "NULL";
      default -> "'yesterday'";
    };
  }

  private String stamping(Duration error) {
    return chance(50) ? ", updated_at=" + stamp(error) : "";
  }

  private String note(Duration error) {
    String id = "'n" + random.nextInt(6) + "'";
    return switch (random.nextInt(10)) {
      case 0, 1, 2 ->
          insert()
              + " INTO notes(id,a,b,updated_at) VALUES("
              + String.join(",", id, word(), word(), stamp(error))
              + ")";
      case 3, 4 -> "UPDATE notes SET a=" + word() + stamping(error) + " WHERE id=" + id;
      case 5 -> "UPDATE notes SET b=" + word() + stamping(error) + " WHERE id=" + id;
      case 6 -> "UPDATE notes SET a=a WHERE id=" + id;
      case 7 -> "UPDATE OR REPLACE notes SET id='n" + random.nextInt(6) + "' WHERE id=" + id;
      case 8 -> "UPDATE notes SET a=NULL WHERE a IS NOT NULL AND id=" + id;
      default -> "DELETE FROM notes WHERE id=" + id;
    };
  }

  private String some(String table) {
    return "(SELECT id FROM " + table + " ORDER BY id LIMIT 1 OFFSET " + random.nextInt(3) + ")";
  }

  private String order() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> "INSERT INTO orders(a) VALUES(" + word() + ")";
      case 3 ->
          "INSERT OR REPLACE INTO orders(id,a) VALUES("
              + (1 + random.nextInt(4))
              + ","
              + word()
              + ")";
      case 4, 5 -> "UPDATE orders SET a=" + word() + " WHERE id=" + some("orders");
      default -> "DELETE FROM orders WHERE id=" + some("orders");
    };
  }

  private String item() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2, 3 ->
          "INSERT INTO items(order_id,a) SELECT id,"
              + word()
              + " FROM orders WHERE id="
              + some("orders");
      case 4 ->
          "UPDATE items SET order_id="
              + some("orders")
              + " WHERE id="
              + some("items")
              + " AND EXISTS(SELECT 1 FROM orders LIMIT 1 OFFSET 2)";
      case 5, 6 -> "UPDATE items SET a=" + word() + " WHERE id=" + some("items");
      default -> "DELETE FROM items WHERE id=" + some("items");
    };
  }

  private String part() {
    String id = "'p" + random.nextInt(5) + "'";
    String code = oneOf("'x'", "'X'", "'y'", "'z'", "NULL");
    return switch (random.nextInt(9)) {
      case 0, 1, 2 ->
          insert() + " INTO parts(id,code,a) VALUES(" + String.join(",", id, code, word()) + ")";
      case 3 -> "UPDATE OR REPLACE parts SET code=" + code + ", a=" + word() + " WHERE id=" + id;
      case 4 -> "UPDATE OR IGNORE parts SET code=" + code + ", a=" + word() + " WHERE id=" + id;
      case 5, 6 -> "UPDATE parts SET a=" + word() + " WHERE id=" + id;
      case 7 -> "UPDATE OR IGNORE parts SET id='p" + random.nextInt(5) + "' WHERE id=" + id;
      default -> "DELETE FROM parts WHERE id=" + id;
    };
  }

  private String fitting() {
    String id = "'f" + random.nextInt(5) + "'";
    return switch (random.nextInt(6)) {
      case 0, 1, 2 ->
          insert()
              + " INTO fittings(id,part,a) VALUES("
              + String.join(",", id, some("parts"), word())
              + ")";
      case 3, 4 -> "UPDATE fittings SET a=" + word() + " WHERE id=" + id;
      default -> "DELETE FROM fittings WHERE id=" + id;
    };
  }

  private String price(Duration error) {
    String region = oneOf("'north'", "'south'");
    int year = 2020 + random.nextInt(3);
    String where = " WHERE region=" + region + " AND year=" + year;
    return switch (random.nextInt(8)) {
      case 0, 1, 2 ->
          insert()
              + " INTO prices(region,year,a) VALUES("
              + region
              + ","
              + year
              + ","
              + word()
              + ")";
      case 3, 4, 5 -> "UPDATE prices SET a=" + word() + stamping(error) + where;
      case 6 -> "UPDATE OR REPLACE prices SET year=" + (2020 + random.nextInt(3)) + where;
      default -> "DELETE FROM prices" + where;
    };
  }

  private String quote(Duration error) {
    String id = "'q" + random.nextInt(4) + "'";
    String where = stamping(error) + " WHERE id=" + id;
    return switch (random.nextInt(9)) {
      case 0, 1 ->
          insert()
              + " INTO quotes(id,a,b,c) VALUES("
              + String.join(",", id, word(), word(), word())
              + ")";
      case 2, 3 -> "UPDATE quotes SET a=" + word() + where;
      case 4, 5 -> "UPDATE quotes SET b=" + word() + where;
      case 6 -> "UPDATE quotes SET b=" + word() + ", c=" + word() + where;
      case 7 -> "UPDATE quotes SET c=NULL" + where + " AND c IS NOT NULL";
      default -> "DELETE FROM quotes WHERE id=" + id;
    };
  }
}
