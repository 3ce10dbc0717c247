package tidemark.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.commons.io.FileUtils;
import tidemark.change.ConflictRule;
import tidemark.change.Failure;
import tidemark.change.TableRule;
import tidemark.past.Resolution;

/** What seldom happens to workstations and their share, each kind by itself or all together. */
public final class Mishaps {
  /** All that the tables which most offices know can meet. */
  public static final Set<Kind> WITHOUT_FAMILIES =
      Collections.unmodifiableSet(EnumSet.range(Kind.ODD_TABLES, Kind.MASTER));

  private final Set<Kind> kinds;
  private final List<Kind> events;
  private final Upgrades upgrades;
  private final Random random;
  private final Path folder;
  private final Fleet fleet;
  private final RandomSchema schema;
  private final Account account;
  private final Consumer<String> story;

  /** The kinds that are events come after those that are properties of the whole history. */
  public enum Kind {
    ODD_TABLES,
    /** Each workstation has its own strategy for each table. */
    RULES,
    /** Conflicts are resolved and restored, at any time and anywhere. */
    RESOLUTIONS,
    /** The application starts, rebuilds a table, or adds a column. */
    SHAPES,
    /** Tables are left out of sync for a while. */
    SELECTION,
    /** A local file is replaced by its older copy, or by another machine's. */
    COPIES,
    /** Entries are retired, and the archive goes too. */
    RETIREMENT,
    /** The process dies after a local commit. */
    COMMITS,
    /** Files change their journal mode. */
    JOURNALS,
    /** The master is deleted, or its older copy restored. */
    MASTER,
    /** {@link FamilyTables}; no event, and needed for what follows. */
    FAMILIES,
    /** Triggers keep a full-text index and a copy that stays on its machine; no event. */
    FTS,
    /** The application declares a column with another type. */
    TYPES,
    /** The application gives a table another key, and IT accepts it. */
    KEYS;

    private boolean isEvent() {
      return compareTo(RULES) > 0 && this != FAMILIES && this != FTS;
    }
  }

  /** What a history with families meets: nothing else, a few of the others, or all of them. */
  public static Set<Kind> drawn(long seed) {
    Random dice = new Random(History.mixed(seed, -2));
    Set<Kind> kinds = EnumSet.of(Kind.FAMILIES);
    int percent = List.of(0, 25, 100).get(dice.nextInt(3));
    WITHOUT_FAMILIES.stream().filter(kind -> dice.nextInt(100) < percent).forEach(kinds::add);
    List.of(Kind.FTS, Kind.TYPES, Kind.KEYS).stream()
        .filter(kind -> dice.nextInt(100) < 15)
        .forEach(kinds::add);
    return kinds;
  }

  Mishaps(
      Set<Kind> kinds,
      Random random,
      Path folder,
      Fleet fleet,
      RandomSchema schema,
      Account account,
      Consumer<String> story) {
    this.kinds = kinds;
    this.events = kinds.stream().filter(Kind::isEvent).sorted().toList();
    this.random = random;
    this.folder = folder;
    this.fleet = fleet;
    this.schema = schema;
    this.account = account;
    this.story = story;
    this.upgrades = new Upgrades(random, fleet, account, story);
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  void equip(Workstation someone) {
    FamilyTables families = schema.families();
    if (families != null) {
      families.rules().forEach(someone::rule);
    }
    if (!kinds.contains(Kind.RULES)) {
      return;
    }
    for (String table :
        List.of("notes", "parts", "orders", "items", "quotes", "rates", "staff", "tags", "bills")) {
      if (chance(50)) {
        ConflictRule rule = oneOf(List.of(ConflictRule.values()));
        List<String> unique = table.equals("bills") ? List.of("number") : List.of();
        someone.rule(
            table, new TableRule(rule, chance(40), unique, chance(50), List.of(), false, true));
        story.accept(someone.name() + " has for " + table + " " + rule);
      }
    }
    if (families != null) {
      equip(someone, families);
    }
  }

  private void equip(Workstation someone, FamilyTables families) {
    for (String table : families.shared()) {
      if (chance(30)) {
        ConflictRule rule = oneOf(List.of(ConflictRule.values()));
        boolean merge = families.rules().getOrDefault(table, TableRule.DEFAULT).mergeColumns();
        someone.rule(table, new TableRule(rule, merge, List.of(), false, List.of(), false, true));
        story.accept(someone.name() + " has for " + table + " " + rule);
      }
    }
  }

  /** Returns false where nothing can. */
  boolean befall(Workstation someone) {
    if (events.isEmpty()) {
      return !kinds.contains(Kind.FAMILIES);
    }
    switch (oneOf(events)) {
      case ODD_TABLES, RULES, FAMILIES, FTS -> {}
      case RESOLUTIONS -> decide(someone);
      case SHAPES -> reshape(someone);
      case SELECTION -> select(someone);
      case COPIES -> copy(someone);
      case RETIREMENT -> retire();
      case COMMITS -> dieAfterCommit(someone);
      case JOURNALS -> changeJournal(chance(80) ? someone.db() : fleet.master());
      case MASTER -> loseMaster();
      case TYPES -> upgrades.retype(someone);
      case KEYS -> upgrades.rekey(someone);
    }
    return true;
  }

  /** Nothing hinders anybody any more. */
  void end() {
    fleet.all().forEach(w -> w.selected = Set.of());
  }

  /** What people do at a workstation between two runs, once all syncs. */
  void atRest(Workstation someone) {
    settleOpen(someone);
    upgrades.finish(someone);
  }

  /** What IT does about what is held. */
  void look(Workstation someone, Iterable<String> held) {
    upgrades.acceptIfAsked(someone, held);
    for (String why : held) {
      if (why.contains("rows of " + FamilyTables.DRAFTS + ", which is not synced, refer to ")) {
        someone.db().execute("DELETE FROM " + FamilyTables.DRAFTS);
        story.accept(someone.name() + " sees what its private rows keep, and gives them up");
        return;
      }
    }
  }

  // ---- conflicts

  private Resolution at(Workstation someone) {
    return new Resolution(someone.plan(), someone.clock());
  }

  /** In an order that depends on no id, which is random. */
  private static List<String> conflicts(Workstation someone, String columns, String where) {
    if (!Files.exists(someone.db().file())) {
      return List.of();
    }
    return someone
        .db()
        .looking(
            open ->
                open.hasTable("sync_conflicts")
                    ? open.rows(
                        "SELECT "
                            + columns
                            + " FROM sync_conflicts WHERE "
                            + where
                            + " ORDER BY timestamp, table_name, row_key, id")
                    : List.of());
  }

  private void decide(Workstation someone) {
    List<String> conflicts = conflicts(someone, "id, resolved", "true");
    if (conflicts.isEmpty()) {
      return;
    }
    String[] conflict = oneOf(conflicts).split("\\|");
    if (conflict[1].equals("0")) {
      resolve(someone, conflict[0]);
    } else {
      noted(someone, "restores " + conflict[0], () -> at(someone).restore(conflict[0]));
    }
  }

  /** Where rows wait for a person, one decides. */
  private void settleOpen(Workstation someone) {
    if (kinds.contains(Kind.RULES) || kinds.contains(Kind.FAMILIES)) {
      conflicts(someone, "id", "resolved=0").forEach(id -> resolve(someone, id));
    }
  }

  private void resolve(Workstation someone, String id) {
    Resolution.Side side = oneOf(List.of(Resolution.Side.values()));
    noted(someone, "resolves " + id + " " + side, () -> at(someone).resolve(id, side));
  }

  private void noted(Workstation someone, String what, Runnable work) {
    Account.Seen before = account.look(someone.db());
    try {
      work.run();
    } catch (Failure refused) {
      story.accept(someone.name() + " " + what + ": " + refused.getMessage());
      return;
    }
    account.chosen(someone.name(), before, account.look(someone.db()));
    story.accept(someone.name() + " " + what);
  }

  // ---- the application

  private void reshape(Workstation someone) {
    List<String> tables = FamilyTables.synced(someone.db());
    if (tables.isEmpty()) {
      return;
    }
    String table = oneOf(tables);
    try {
      switch (random.nextInt(3)) {
        case 0 -> {
          someone.edit(schema.atStart());
          story.accept(someone.name() + "'s application starts");
        }
        case 1 -> {
          String column = chance(50) ? "extra TEXT" : "grade TEXT DEFAULT 'b'";
          someone.edit("ALTER TABLE " + table + " ADD COLUMN " + column);
          story.accept(someone.name() + ": " + table + " has a new column " + column);
        }
        default -> {
          someone.db().rebuild(table);
          story.accept(someone.name() + " rebuilds " + table);
        }
      }
    } catch (IllegalStateException e) {
      story.accept(someone.name() + " cannot reshape " + table + ": " + e.getMessage());
    }
  }

  private void select(Workstation someone) {
    Set<String> some = new LinkedHashSet<>();
    if (chance(60)) {
      FamilyTables.synced(someone.db()).stream().filter(t -> chance(60)).forEach(some::add);
    }
    someone.selected = some;
    story.accept(someone.name() + " selects " + (some.isEmpty() ? "all" : some));
  }

  // ---- files

  private void copy(Workstation someone) {
    Path copy = folder.resolve("copy-of-" + someone.name());
    boolean shareMayGoBack = Files.exists(folder.resolve("copy-of-share"));
    if (!Files.exists(someone.db().file()) || shareMayGoBack) {
      return; // what both lose, nobody has any more
    }
    if (chance(25)) {
      Workstation other = oneOf(fleet.all());
      if (other != someone && Files.exists(other.db().file())) {
        replace(someone, other.db().file());
        story.accept(someone.name() + " gets a clone of " + other.name() + "'s file");
      }
    } else if (!Files.exists(copy)) {
      copy(someone.db().file(), copy);
      story.accept(someone.name() + "'s file is copied");
    } else {
      replace(someone, copy);
      delete(copy);
      story.accept(someone.name() + " gets its older file back");
    }
  }

  private void replace(Workstation someone, Path by) {
    Set<String> known = Ledgers.words(fleet.share());
    Account.Seen held = account.look(someone.db());
    someone.loseLocalDatabase();
    copy(by, someone.db().file());
    known.addAll(Account.words(someone.db()));
    account.lostBut(someone.name(), known);
    account.cloned(someone.db());
    account.lostFile(fleet, held);
    someone.startDaemon();
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void changeJournal(Database database) {
    if (Files.exists(database.file())) {
      database.rows("PRAGMA journal_mode=" + (chance(50) ? "WAL" : "DELETE"));
      story.accept(database.file().getParent().getFileName() + " changes its journal mode");
    }
  }

  // ---- the share

  private void retire() {
    if (!Files.exists(fleet.master().file()) || !fleet.master().hasTable("sync_state")) {
      return;
    }
    account.retire(Ledgers.words(fleet.share()));
    fleet.age(Duration.ofDays(100));
    Path archive = fleet.share().resolve("server.db-ledger").resolve("archive");
    boolean gone = chance(50) && Files.exists(archive);
    if (gone) {
      try {
        FileUtils.deleteDirectory(archive.toFile());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    story.accept("a hundred days go by" + (gone ? "; the archive is thrown away" : ""));
  }

  private void loseMaster() {
    Path master = fleet.master().file();
    Path copy = folder.resolve("copy-of-master");
    if (!Files.exists(master)) {
      return;
    }
    if (!Files.exists(copy)) {
      copy(master, copy);
      story.accept("the master is copied");
      return;
    }
    Set<String> known = Ledgers.words(fleet.share());
    if (chance(50)) {
      delete(master);
      story.accept("the master is deleted");
    } else {
      copy(copy, master);
      delete(copy);
      known.addAll(Account.words(fleet.master()));
      story.accept("the master's older copy is restored");
    }
    for (Workstation workstation : fleet.all()) {
      known.addAll(Account.words(workstation.db()));
    }
    account.lostBut(History.MASTER, known);
    account.lostFile(fleet);
  }

  private void dieAfterCommit(Workstation someone) {
    int[] commits = {random.nextInt(4)};
    someone.progress =
        () -> {
          if (commits[0]-- == 0) {
            throw new Kill("after a local commit");
          }
        };
    try {
      account.during(
          someone, () -> story.accept(someone.name() + " syncs: " + someone.sync().status()));
    } catch (Kill kill) {
      story.accept(someone.name() + " dies " + kill.getMessage());
      someone.startDaemon();
    } finally {
      someone.progress = () -> {};
    }
  }
}
