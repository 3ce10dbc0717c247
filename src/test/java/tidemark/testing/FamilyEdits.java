package tidemark.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tidemark.testing.FamilyTables.Key;
import tidemark.testing.FamilyTables.Kin;
import tidemark.testing.FamilyTables.Number;
import tidemark.testing.FamilyTables.Tie;

/**
 * Random edits of {@link FamilyTables}. What they say names its rows and values, so that a story
 * can be told again as a test.
 */
final class FamilyEdits {
  private final FamilyTables tables;
  private final Random random;
  private final Supplier<String> word;
  private int births;
  private int fresh = 100;

  FamilyEdits(FamilyTables tables, Random random, Supplier<String> word) {
    this.tables = tables;
    this.random = random;
    this.word = word;
  }

  /** A row as it stands: its values as SQL would write them. */
  private record Record(String pid, Map<String, String> values) {
    String value(String column) {
      return values.getOrDefault(column, "NULL");
    }
  }

  /**
   * The application at work for one transaction.
   *
   * @param loose its foreign keys are not enforced
   */
  String[] edits(Database database, boolean loose) {
    return database.looking(
        db -> {
          List<String> statements = new ArrayList<>();
          for (int i = 1 + random.nextInt(random.nextInt(3) + 1); i > 0; i--) {
            statements.addAll(edit(db, loose));
          }
          return statements.toArray(String[]::new);
        });
  }

  private List<String> edit(Database db, boolean loose) {
    List<Kin> there = tables.kins().stream().filter(kin -> db.hasTable(kin.name())).toList();
    if (there.isEmpty()) {
      return List.of();
    }
    if (tables.drafts() != null && db.hasTable(FamilyTables.DRAFTS) && chance(10)) {
      return draft(db, tables.drafts());
    }
    Kin kin = oneOf(there);
    List<Record> records = records(db, kin);
    int dice = random.nextInt(100);
    if (records.isEmpty() || dice < 30) {
      return birth(db, kin, loose);
    } else if (dice < 50) {
      return List.of(change(kin, oneOf(records)));
    } else if (dice < 66) {
      return kin.numbers().isEmpty()
          ? turn(db, kin, oneOf(records), loose)
          : renumber(kin, oneOf(records), records, loose);
    } else if (dice < 72) {
      return swap(kin, oneOf(records), oneOf(records));
    } else if (dice < 86) {
      return turn(db, kin, oneOf(records), loose);
    }
    return List.of("DELETE FROM " + kin.name() + where(oneOf(records)));
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static String where(Record record) {
    return " WHERE pid=" + record.pid();
  }

  /** The oldest few, on which all are at work, and the youngest. */
  private List<Record> records(Database db, Kin kin) {
    List<String> columns = new ArrayList<>();
    if (kin.key() != Key.NATURAL) {
      columns.add("id");
    }
    kin.numbers().forEach(number -> columns.add(number.column()));
    if (kin.tie() != null) {
      columns.addAll(kin.tie().columns());
    }
    String list = columns.stream().map(c -> ",quote(" + c + ")").collect(Collectors.joining());
    List<Record> found = new ArrayList<>();
    for (String row :
        db.rows("SELECT quote(pid)" + list + " FROM " + kin.name() + " ORDER BY pid")) {
      String[] cells = row.split("\\|");
      Map<String, String> values = new HashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        values.put(columns.get(i), cells[i + 1]);
      }
      found.add(new Record(cells[0], values));
    }
    if (found.size() > 5) {
      found.subList(3, found.size() - 2).clear();
    }
    return found;
  }

  private String birthId() {
    return String.format("'rec%06d'", ++births);
  }

  // ---- values

  private String number(Number number) {
    int value = chance(75) ? 1 + random.nextInt(number.small()) : ++fresh;
    if (number.isCode()) {
      return "'00" + value + "'";
    }
    return number.isText() ? spelt(number.knowsNoCase(), "'n" + value + "'") : "" + value;
  }

  /** Another spelling of the same name. */
  private String spelt(boolean noCase, String value) {
    return noCase && chance(50) ? respelt(value) : value;
  }

  private static String respelt(String value) {
    String upper = value.toUpperCase(Locale.ROOT);
    return value.equals(upper) ? value.toLowerCase(Locale.ROOT) : upper;
  }

  // ---- edits

  private List<String> birth(Database db, Kin kin, boolean loose) {
    Tie tie = kin.tie();
    String pid = birthId();
    Map<String, String> values = new LinkedHashMap<>();
    if (kin.key() == Key.TEXT) {
      values.put("id", pid.replace("rec", "k"));
    }
    kin.numbers().forEach(number -> values.put(number.column(), number(number)));
    if (tie != null) {
      Kin parent = kin(tie.parent());
      List<Record> parents = db.hasTable(parent.name()) ? records(db, parent) : List.of();
      boolean ring = parent.tie() != null && parent.tie().parent().equals(kin.name());
      if (ring && !parent.name().equals(kin.name()) && (parents.isEmpty() || chance(60))) {
        return pair(kin, parent, pid, values);
      }
      if (parents.isEmpty() && !ring && !loose) {
        return birth(db, parent, false);
      }
      refer(values, tie, parents, loose);
    }
    return List.of(insert(kin, pid, values));
  }

  private Kin kin(String name) {
    return tables.kins().stream().filter(k -> k.name().equals(name)).findFirst().orElseThrow();
  }

  private String insert(Kin kin, String pid, Map<String, String> values) {
    Map<String, String> all = new LinkedHashMap<>(values);
    all.put("a", word.get());
    all.put("b", word.get());
    all.put("pid", pid);
    String how =
        oneOf(List.of("INSERT", "INSERT", "INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE"));
    boolean upsert = kin.tie() == null && kin.isUnique() && chance(10);
    return (upsert ? "INSERT" : how)
        + " INTO "
        + kin.name()
        + "("
        + String.join(",", all.keySet())
        + ") VALUES("
        + String.join(",", all.values())
        + ")"
        + (upsert
            ? " ON CONFLICT(" + kin.numbers().get(0).column() + ") DO UPDATE SET a=excluded.a"
            : "");
  }

  /** Two that refer to each other, in one transaction. */
  private List<String> pair(Kin one, Kin other, String pid, Map<String, String> values) {
    String its = birthId();
    Map<String, String> mate = new LinkedHashMap<>();
    if (other.key() == Key.TEXT) {
      mate.put("id", its.replace("rec", "k"));
    }
    other.numbers().forEach(number -> mate.put(number.column(), number(number)));
    values.put("mate", mate.getOrDefault("no", "NULL"));
    values.put("of", its);
    mate.put("mate", values.getOrDefault("no", "NULL"));
    mate.put("of", pid);
    return List.of(
        insert(one, pid, values).replaceFirst("INSERT OR \\w+", "INSERT"),
        insert(other, its, mate).replaceFirst("INSERT OR \\w+", "INSERT"));
  }

  /** To one of these parents, to none, or, where nobody looks, to one that never was. */
  private void refer(Map<String, String> values, Tie tie, List<Record> parents, boolean loose) {
    boolean nobody = parents.isEmpty() || chance(10);
    boolean ghost = loose && chance(25);
    Record parent = nobody || ghost ? null : oneOf(parents);
    for (int i = 0; i < tie.columns().size(); i++) {
      String value =
          ghost
              ? oneOf(List.of("''", "'ghost'", "77", "2"))
              : parent == null
                  ? "NULL"
                  : spelt(tie.noCase(), parent.value(tie.parentColumns().get(i)));
      values.put(tie.columns().get(i), value);
    }
    values.put("of", parent == null ? "NULL" : parent.pid());
  }

  private String change(Kin kin, Record record) {
    String values =
        switch (random.nextInt(4)) {
          case 0, 1 -> "a=" + word.get();
          case 2 -> "b=" + word.get();
          default -> "a=" + word.get() + ", b=" + word.get();
        };
    return "UPDATE " + kin.name() + " SET " + values + where(record);
  }

  /** To another number, one that another record has or had among them. */
  private List<String> renumber(Kin kin, Record record, List<Record> all, boolean loose) {
    Number number = oneOf(kin.numbers());
    String old = record.value(number.column());
    String value =
        number.knowsNoCase() && chance(40)
            ? respelt(old)
            : number.column().equals("rev") && chance(60) && !old.equals("NULL")
                ? "" + (Integer.parseInt(old) + 1)
                : chance(10) ? oneOf(all).value(number.column()) : number(number);
    String how =
        oneOf(List.of("UPDATE", "UPDATE", "UPDATE", "UPDATE OR REPLACE", "UPDATE OR IGNORE"));
    String also = chance(20) ? ", a=" + word.get() : "";
    List<String> statements = new ArrayList<>();
    statements.add(
        how + " " + kin.name() + " SET " + number.column() + "=" + value + also + where(record));
    if (loose && chance(60)) {
      statements.addAll(followByHand(kin, record, number, value));
    }
    return statements;
  }

  /** What an application does for its children that has no foreign keys enforced. */
  private List<String> followByHand(Kin parent, Record record, Number number, String value) {
    List<String> statements = new ArrayList<>();
    for (Kin child : tables.kins()) {
      Tie tie = child.tie();
      int place = tie == null ? -1 : tie.parentColumns().indexOf(number.column());
      if (tie != null && tie.parent().equals(parent.name()) && place >= 0) {
        statements.add(
            "UPDATE "
                + child.name()
                + " SET "
                + tie.columns().get(place)
                + "="
                + value
                + " WHERE of="
                + record.pid());
      }
    }
    return statements;
  }

  private List<String> swap(Kin kin, Record one, Record other) {
    if (kin.numbers().isEmpty() || one.equals(other)) {
      return List.of(change(kin, one));
    }
    Number number = kin.numbers().get(0);
    String aside = number.isText() ? "'n0'" : "0";
    return List.of(
        set(kin, number, aside, one),
        set(kin, number, one.value(number.column()), other),
        set(kin, number, other.value(number.column()), one));
  }

  private static String set(Kin kin, Number number, String value, Record record) {
    return "UPDATE " + kin.name() + " SET " + number.column() + "=" + value + where(record);
  }

  /** The application gives a child to another parent. */
  private List<String> turn(Database db, Kin kin, Record record, boolean loose) {
    Tie tie = kin.tie();
    if (tie == null || !db.hasTable(tie.parent())) {
      return List.of(change(kin, record));
    }
    Map<String, String> values = new LinkedHashMap<>();
    refer(values, tie, records(db, kin(tie.parent())), loose);
    return List.of(
        "UPDATE "
            + kin.name()
            + " SET "
            + values.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(", "))
            + where(record));
  }

  private List<String> draft(Database db, Tie tie) {
    List<Record> parents = db.hasTable(tie.parent()) ? records(db, kin(tie.parent())) : List.of();
    List<String> there = db.rows("SELECT quote(pid) FROM drafts ORDER BY pid");
    if (parents.isEmpty() || (!there.isEmpty() && chance(20))) {
      return there.isEmpty()
          ? List.of()
          : List.of("UPDATE drafts SET note='own" + ++births + "' WHERE pid=" + oneOf(there));
    }
    Record parent = oneOf(parents);
    return List.of(
        "INSERT INTO drafts("
            + tie.columns().get(0)
            + ",note,pid,of) VALUES("
            + String.join(
                ",",
                parent.value(tie.parentColumns().get(0)),
                "'own" + ++births + "'",
                birthId(),
                parent.pid())
            + ")");
  }

  /** Rows to begin with. */
  String[] first(Database database, boolean loose) {
    return database.looking(db -> birth(db, oneOf(tables.kins()), loose).toArray(String[]::new));
  }
}
