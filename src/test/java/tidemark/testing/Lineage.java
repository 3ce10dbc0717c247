package tidemark.testing;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;
import tidemark.testing.FamilyTables.Kin;
import tidemark.testing.FamilyTables.Tie;

/**
 * Who was born in a history, as whose child, and what became of them. Two things must be true of
 * it: no row vanishes whose parent is alive and which nobody deleted, and each child ends under the
 * record it was made for. That something is in sync_conflicts excuses neither.
 */
final class Lineage {
  private static final Pattern BIRTH = Pattern.compile("rec(\\d{6}|[0-9a-f]{16})");

  private final FamilyTables tables;

  /** Every record ever seen after an edit, and where. */
  private final Map<String, String> born = new TreeMap<>();

  /** All that a record was ever made a child of, or that somebody's edit put it under since. */
  private final Map<String, Set<String>> parents = new HashMap<>();

  /** Removed by somebody's edit, by itself, by a cascade or by a REPLACE. */
  private final Set<String> deleted = new HashSet<>();

  /** Gone with a file that alone knew them. */
  private final Set<String> lost = new HashSet<>();

  /** Taken away by a sync, anywhere, be it for a while, or before anybody saw it there. */
  private final Set<String> takenAway = new HashSet<>();

  /** Brought back by somebody's choice. */
  private final Set<String> broughtBack = new HashSet<>();

  /** In an older file that somebody got back, from before its table was first synced there. */
  private final Set<String> foundAnew = new HashSet<>();

  /** Bonds that an author's own edit has broken: those children are where he put them. */
  private final Set<Bond> brokenByAuthor = new HashSet<>();

  /** Records that once had the same name, where the name is the key: to a sync they are one. */
  private final Map<String, Set<String>> namesakes = new HashMap<>();

  /** What anybody's database ever held as a record's code after an edit. */
  private final Set<String> codes = new HashSet<>();

  Lineage(FamilyTables tables) {
    this.tables = tables;
  }

  /** That a child refers to a parent. */
  private record Bond(String child, String of) {}

  /**
   * Where a child stands.
   *
   * @param refers false where it refers to nobody
   * @param parent the record it refers to, null for none
   */
  private record Standing(
      String table, String child, @Nullable String of, boolean refers, @Nullable String parent) {
    boolean isRight() {
      return of == null || of.equals(parent);
    }
  }

  /** What a database holds. */
  record Look(
      Map<String, String> rows,
      List<String> twice,
      List<Standing> standings,
      Map<String, String> names,
      Set<String> drafts,
      Set<String> codes,
      Set<Loser> losers) {}

  static final Look NOTHING =
      new Look(Map.of(), List.of(), List.of(), Map.of(), Set.of(), Set.of(), Set.of());

  /** A record that another one beat, and the workstation that said so. */
  private record Loser(String pid, String workstation) {}

  static Set<String> births(String text) {
    Set<String> found = new HashSet<>();
    Matcher matcher = BIRTH.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }

  Look look(Database database) {
    return Files.exists(database.file()) ? database.looking(this::lookInto) : NOTHING;
  }

  Look lookInto(Database db) {
    Look look =
        new Look(
            new TreeMap<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new HashMap<>(),
            new TreeSet<>(),
            new TreeSet<>(),
            losersOfTheirOwn(db));
    for (String table : tables.shared()) {
      if (db.hasTable(table)) {
        for (String pid : db.rows("SELECT pid FROM " + table)) {
          if (look.rows().put(pid, table) != null) {
            look.twice().add(table + " " + pid);
          }
        }
      }
    }
    for (Kin kin : tables.kins()) {
      Tie tie = kin.tie();
      if (db.hasTable(kin.name()) && tie != null && db.hasTable(tie.parent())) {
        look.standings().addAll(standings(db, kin.name(), tie));
      }
      if (db.hasTable(kin.name()) && kin.isNatural()) {
        String name = String.join("||' '||", kin.numbers().stream().map(n -> n.column()).toList());
        for (String row : db.rows("SELECT pid, lower(" + name + ") FROM " + kin.name())) {
          String[] parts = row.split("\\|", 2);
          look.names().put(parts[0], kin.name() + " " + parts[1]);
        }
      }
    }
    if (db.hasTable(FamilyTables.DRAFTS)) {
      look.drafts().addAll(db.rows("SELECT pid, note, of FROM drafts"));
    }
    if (db.hasTable(FamilyTables.CODES)) {
      look.codes().addAll(db.rows("SELECT pid, quote(c) FROM " + FamilyTables.CODES));
    }
    return look;
  }

  /** Whom each child refers to, as SQLite sees it. */
  private static List<Standing> standings(Database db, String child, Tie tie) {
    List<String> on = new ArrayList<>();
    List<String> none = new ArrayList<>();
    for (int i = 0; i < tie.columns().size(); i++) {
      on.add("p." + tie.parentColumns().get(i) + "=c." + tie.columns().get(i));
      none.add("c." + tie.columns().get(i) + " IS NULL");
    }
    List<Standing> found = new ArrayList<>();
    for (String row :
        db.rows(
            "SELECT c.pid, c.of, "
                + String.join(" OR ", none)
                + ", p.pid FROM "
                + child
                + " c LEFT JOIN "
                + tie.parent()
                + " p ON "
                + String.join(" AND ", on))) {
      String[] parts = row.split("\\|");
      found.add(
          new Standing(child, parts[0], orNull(parts[1]), parts[2].equals("0"), orNull(parts[3])));
    }
    return found;
  }

  private static @Nullable String orNull(String text) {
    return text.equals("null") ? null : text;
  }

  // ---- what happened

  /** Somebody edited. */
  void edited(Look before, Look after) {
    learn(before, after);
    Set<Bond> bonds = bonds(before);
    bonds(after).stream().filter(bond -> !bonds.contains(bond)).forEach(this::hangsOn);
    Set<Bond> broken = broken(before);
    broken(after).stream().filter(bond -> !broken.contains(bond)).forEach(brokenByAuthor::add);
  }

  /** Somebody chose between versions, or brought one back; Tidemark did what it takes. */
  void chosen(Look before, Look after) {
    learn(before, after);
    after.rows().keySet().stream()
        .filter(pid -> !before.rows().containsKey(pid))
        .forEach(broughtBack::add);
  }

  private void learn(Look before, Look after) {
    born.putAll(after.rows());
    codes.addAll(after.codes());
    for (String pid : before.rows().keySet()) {
      if (!after.rows().containsKey(pid)) {
        deleted.add(pid);
      }
    }
    for (Standing standing : after.standings()) {
      String parent = standing.of() == null ? standing.parent() : standing.of();
      if (parent != null) {
        hangsOn(new Bond(standing.child(), parent));
      }
    }
    after
        .names()
        .forEach((pid, name) -> namesakes.computeIfAbsent(name, n -> new TreeSet<>()).add(pid));
  }

  private void hangsOn(Bond bond) {
    parents.computeIfAbsent(bond.child(), c -> new TreeSet<>()).add(bond.of());
  }

  /** Under whom each child is, whomever it was made for. */
  private static Set<Bond> bonds(Look look) {
    Set<Bond> bonds = new HashSet<>();
    for (Standing standing : look.standings()) {
      if (standing.parent() != null) {
        bonds.add(new Bond(standing.child(), standing.parent()));
      }
    }
    return bonds;
  }

  private static Set<Bond> broken(Look look) {
    Set<Bond> broken = new HashSet<>();
    for (Standing standing : look.standings()) {
      if (standing.of() != null && !standing.isRight()) {
        broken.add(new Bond(standing.child(), standing.of()));
      }
    }
    return broken;
  }

  /** Somebody synced, or died while at it. */
  void synced(String who, Look before, Look after) {
    for (String pid : before.rows().keySet()) {
      if (!after.rows().containsKey(pid)) {
        takenAway.add(pid);
      }
    }
    for (Loser loser : after.losers()) {
      boolean lostHere = loser.workstation().equals("PC-" + who);
      if (lostHere && !after.rows().containsKey(loser.pid())) {
        takenAway.add(loser.pid()); // it may have come in by this very run
      }
    }
    if (!before.drafts().equals(after.drafts())) {
      throw new AssertionError(
          "the private rows of "
              + who
              + " were "
              + before.drafts()
              + " and are "
              + after.drafts()
              + " after a sync");
    }
  }

  /**
   * Some file is no more.
   *
   * @param held the records that were in it
   * @param rows those that are in any database, or in a row of the ledger's
   * @param told those that the ledger's conflicts tell of: where the lost file alone had one as a
   *     row, only a person can bring it back from there
   */
  void lostBut(Set<String> held, Set<String> rows, Set<String> told) {
    born.keySet().stream()
        .filter(pid -> !rows.contains(pid) && (held.contains(pid) || !told.contains(pid)))
        .forEach(lost::add);
  }

  /**
   * Somebody has an older file: what nothing is remembered of may be the record that was posted
   * since under this number, or another one; both are kept.
   */
  void olderFile(Database db) {
    for (String table : tables.shared()) {
      String shadow = "sync_rows_" + table;
      boolean unseen =
          !db.hasTable(shadow) || db.rows("SELECT 1 FROM " + shadow + " LIMIT 1").isEmpty();
      if (db.hasTable(table) && unseen) {
        foundAnew.addAll(db.rows("SELECT pid FROM " + table));
      }
    }
  }

  // ---- what must be true

  /**
   * @param one a database that is as all others are
   */
  void check(Database one, Set<String> ledger) {
    List<String> wrong = new ArrayList<>();
    Look look = look(one);
    Set<String> losers = look.losers().stream().map(Loser::pid).collect(Collectors.toSet());
    for (Map.Entry<String, String> record : born.entrySet()) {
      String pid = record.getKey();
      if (!look.rows().containsKey(pid) && !isExcused(pid, look, losers, new HashSet<>())) {
        wrong.add(
            "vanished: "
                + record.getValue()
                + " "
                + pid
                + childOf(pid, look)
                + ", which nobody deleted");
      }
    }
    for (Standing standing : look.standings()) {
      String fault = fault(standing, look);
      if (fault != null) {
        wrong.add(fault);
      }
    }
    for (String twice : look.twice()) {
      String pid = twice.substring(twice.indexOf(' ') + 1);
      boolean mayBe = broughtBack.contains(pid) || foundAnew.contains(pid);
      if (!look.names().containsKey(pid) && !mayBe) {
        wrong.add("twice: " + twice);
      }
    }
    for (String code : look.codes()) {
      if (!codes.contains(code)) {
        wrong.add("nobody wrote: " + code);
      }
    }
    for (String draft : look.drafts()) {
      String pid = draft.substring(0, draft.indexOf('|'));
      if (ledger.contains(pid)) {
        wrong.add("published: the private " + draft);
      }
    }
    if (!wrong.isEmpty()) {
      throw new AssertionError(String.join("; ", wrong));
    }
  }

  private String childOf(String pid, Look look) {
    Set<String> of = parents.getOrDefault(pid, Set.of());
    return of.isEmpty()
        ? ""
        : " of "
            + of.stream()
                .map(p -> p + (look.rows().containsKey(p) ? " (alive)" : " (gone)"))
                .toList();
  }

  /** Deleted, beaten, or gone with a file; or hanging on somebody to whom that happened. */
  private boolean isExcused(String pid, Look look, Set<String> losers, Set<String> seen) {
    if (!seen.add(pid)) {
      return false;
    }
    boolean alive = look.rows().containsKey(pid);
    boolean beaten = losers.contains(pid) && (!alive || takenAway.contains(pid));
    return deleted.contains(pid)
        || lost.contains(pid)
        || beaten
        || parents.getOrDefault(pid, Set.of()).stream()
            .anyMatch(parent -> isExcused(parent, look, losers, seen));
  }

  private @Nullable String fault(Standing standing, Look look) {
    String of = standing.of();
    if (of == null
        || standing.isRight()
        || brokenByAuthor.contains(new Bond(standing.child(), of))
        || sameName(of, standing.parent())) {
      return null;
    }
    String child = standing.table() + " " + standing.child() + " of " + of;
    boolean alive = look.rows().containsKey(of);
    if (!standing.refers()) {
      return alive ? "nobody's: " + child + " refers to nobody, though that one is alive" : null;
    }
    return standing.parent() == null
        ? "orphan: " + child + (alive ? " (alive)" : " (gone)")
        : "stranger's: " + child + (alive ? " (alive)" : " (gone)") + " is " + standing.parent();
  }

  private boolean sameName(String of, @Nullable String parent) {
    return parent != null
        && namesakes.values().stream().anyMatch(n -> n.contains(of) && n.contains(parent));
  }

  /**
   * Records that another one beat, for a UNIQUE value or for a name that is the key; not versions
   * of a record that another version of the same one beat, nor deletes, but for what was done under
   * a name that has another record by now. Where a file was copied that nobody had synced, the
   * copies of a record are two to everybody: what hung on the one that was beaten went with it.
   */
  private Set<Loser> losersOfTheirOwn(Database one) {
    Set<Loser> losers = new HashSet<>();
    if (!one.hasTable("sync_conflicts")) {
      return losers;
    }
    for (String kept :
        one.rows(
            "SELECT kind, table_name, workstation, CASE winner WHEN 'local' THEN remote_data ELSE local_data END, CASE winner WHEN 'local' THEN local_data ELSE remote_data END FROM sync_conflicts WHERE kind IN ('unique','update','delete') AND winner IN ('local','remote')")) {
      String[] parts = kept.split("\\|", 4);
      String versions = parts[3];
      int cut = versions.indexOf("}|") + 1;
      if (cut > 0 && (!parts[0].equals("delete") || isNatural(parts[1]))) {
        String winner = versions.substring(cut + 1);
        String loser = birth(versions.substring(0, cut));
        if (winner.equals("null") || !loser.equals(birth(winner))) {
          losers.add(new Loser(loser, parts[2]));
        } else if (parts[0].equals("unique") && foundAnew.contains(loser)) {
          wentAlong(versions.substring(0, cut))
              .forEach(pid -> losers.add(new Loser(pid, parts[2])));
        }
      }
    }
    return losers;
  }

  private boolean isNatural(String table) {
    return tables.kins().stream().anyMatch(kin -> kin.name().equals(table) && kin.isNatural());
  }

  private static List<String> wentAlong(String row) {
    List<String> births = new ArrayList<>();
    if (Json.object(row).get("sync_children") instanceof List<?> children) {
      for (Object child : children) {
        if (child instanceof Map<?, ?> fields && fields.get("row") instanceof Map<?, ?> values) {
          births.add(String.valueOf(values.get("pid")));
        }
      }
    }
    return births;
  }

  private static String birth(String row) {
    return String.valueOf(Json.object(row).get("pid"));
  }
}
