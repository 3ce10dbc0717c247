package tidemark.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.share.ShareFiles;
import tidemark.sync.DatabaseSync;

/**
 * One random history: workstations edit, sync, crash, lose their connection, their clock and their
 * files; and what must be true of it when all have synced.
 */
public final class History {
  static final String MASTER = "master";

  private final Random random;
  private final Path folder;
  private final Fleet fleet;
  private final RandomSchema schema;
  private final SettablePace pace = new SettablePace();
  private final List<String> story = new ArrayList<>();

  private final Account account;
  private final long seed;
  private final Set<Integer> skipped;
  private final Map<String, Integer> away = new HashMap<>();
  private final @Nullable Mishaps mishaps;
  private int runs;
  private int step;

  /** A history with the tables and the trouble that most offices know. */
  public History(Path folder, long seed) {
    this(folder, seed, Set.of(), Set.of());
  }

  /**
   * @param mishaps what else may happen in it
   * @param skipped steps that are left out, all others being the same; only where there are {@link
   *     Mishaps.Kind#FAMILIES}
   */
  public History(Path folder, long seed, Set<Mishaps.Kind> mishaps, Set<Integer> skipped) {
    this.folder = folder;
    this.seed = seed;
    this.skipped = skipped;
    this.random = new Random(seed);
    this.fleet = new Fleet(folder);
    this.schema = new RandomSchema(random, mishaps);
    FamilyTables families = schema.families();
    this.account = new Account(families == null ? null : new Lineage(families));
    this.mishaps =
        mishaps.isEmpty()
            ? null
            : new Mishaps(mishaps, random, folder, fleet, schema, account, this::tell);
    int count = 2 + random.nextInt(random.nextInt(5) + 1);
    ConflictRule rule =
        List.of(
                ConflictRule.NEWEST,
                ConflictRule.NEWEST,
                ConflictRule.NEWEST,
                ConflictRule.MASTER,
                ConflictRule.LOCAL)
            .get(random.nextInt(5));
    for (int i = 0; i < count; i++) {
      Workstation workstation = fleet.workstation("w" + i);
      workstation.rule("quotes", RandomSchema.rule("quotes"));
      workstation.conflicts = rule;
      workstation.pace = pace;
      workstation.startDaemon();
      if (this.mishaps != null) {
        this.mishaps.equip(workstation);
      }
    }
    fleet.all().get(0).edit(schema.tables());
    if (random.nextInt(3) == 0) {
      fleet.all().get(1).edit(schema.tables());
    }
    tell(count + " workstations, " + rule);
    if (families != null) {
      settleIn(families);
    }
    if (chance(70)) {
      fleet.all().get(0).edit(schema.rows());
      if (families != null) {
        firstRows(fleet.all().get(0));
      }
      fleet.all().forEach(this::sync);
    }
  }

  /** Most have the application, and some applications enforce no foreign keys. */
  private void settleIn(FamilyTables families) {
    fleet.all().get(0).edit(families.tables().toArray(String[]::new));
    boolean loose = chance(25);
    for (Workstation workstation : fleet.all()) {
      if (chance(60)) {
        workstation.edit(schema.atStart());
        tell(workstation.name() + " has the application");
      }
      looseIf(loose && chance(60), workstation);
    }
    families.tables().forEach(this::tell);
    families.rules().forEach((table, rule) -> tell(table + " is synced by " + rule));
  }

  /** From here on nobody sees anybody else's leases. */
  public History withoutLeases() {
    fleet
        .all()
        .forEach(
            workstation -> {
              workstation.leases = false;
              workstation.startDaemon();
            });
    return this;
  }

  /** What happened, step by step. */
  public String story() {
    return String.join("\n", story);
  }

  public int runs() {
    return runs;
  }

  private void tell(String what) {
    story.add(step + " " + what);
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  public History live(int steps) {
    for (int i = 0; i < steps; i++) {
      step++;
      if (schema.families() != null) {
        random.setSeed(mixed(seed, step)); // so that a step is the same whatever came before it
      }
      if (!skipped.contains(step)) {
        step();
      }
    }
    return this;
  }

  /** Neighbours shall not be alike. */
  static long mixed(long seed, int step) {
    long z = seed + step * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private void step() {
    Workstation someone = fleet.all().get(random.nextInt(fleet.all().size()));
    if (mishaps != null && chance(25) && mishaps.befall(someone)) {
      return;
    }
    int dice = random.nextInt(100);
    if (dice < 45) {
      edit(someone);
    } else if (dice < 80) {
      if (away.merge(someone.name(), -1, Integer::sum) < 0) {
        sync(someone);
      }
    } else if (dice < 86) {
      broken(someone);
    } else if (dice < 89) {
      editMaster();
    } else if (dice < 92) {
      away.put(someone.name(), random.nextInt(8));
    } else if (dice < 95) {
      breakClock(someone);
    } else if (dice < 97) {
      retain(someone);
    } else if (dice < 98) {
      lose(someone);
    } else {
      copyOrRestoreShare();
    }
  }

  // ---- what people do

  private void edit(Workstation someone) {
    if (someone.db().applicationTables().isEmpty()) {
      return;
    }
    if (schema.familyEdits() != null && chance(90)) {
      editFamilies(someone);
      return;
    }
    boolean enforcing = someone.foreignKeys;
    someone.foreignKeys = true;
    edit(someone, schema.edits(someone.clock().error()));
    someone.foreignKeys = enforcing;
  }

  private void editFamilies(Workstation someone) {
    edit(someone, schema.familyEdits().edits(someone.db(), !someone.foreignKeys));
  }

  private void edit(Workstation someone, String... statements) {
    Account.Seen before = account.look(someone.db());
    try {
      if (someone.clock().error().isZero()) {
        someone.edit(statements);
      } else {
        someone.editWithWrongClock(statements);
      }
    } catch (IllegalStateException e) {
      mustBeExpected(e);
      return;
    }
    account.edited(someone.name(), before, account.look(someone.db()));
    tell(someone.name() + ": " + String.join("; ", statements));
  }

  private void firstRows(Workstation someone) {
    for (int i = 0; i < 6; i++) {
      edit(someone, schema.familyEdits().first(someone.db(), !someone.foreignKeys));
    }
  }

  private void looseIf(boolean loose, Workstation someone) {
    someone.foreignKeys = !loose;
    if (loose) {
      tell(someone.name() + "'s application enforces no foreign keys");
    }
  }

  /** The application's own constraints may refuse what it does, and tables may be missing. */
  private static void mustBeExpected(IllegalStateException e) {
    String what = String.valueOf(e.getMessage());
    if (!what.contains("onstraint") && !what.contains("no such table")) {
      throw e;
    }
  }

  /** Somebody opens the master with a database browser. */
  private void editMaster() {
    Database master = fleet.master();
    if (!Files.exists(master.file()) || master.applicationTables().isEmpty()) {
      return;
    }
    String[] statements =
        schema.familyEdits() != null && chance(90)
            ? schema.familyEdits().edits(master, false)
            : schema.edits(Duration.ZERO);
    Account.Seen before = account.look(master);
    try {
      master.execute(statements);
    } catch (IllegalStateException e) {
      mustBeExpected(e);
      return;
    }
    account.edited(MASTER, before, account.look(master));
    tell("master: " + String.join("; ", statements));
  }

  private void sync(Workstation someone) {
    Direction direction =
        chance(75) ? Direction.BOTH : chance(50) ? Direction.PUSH : Direction.PULL;
    String[] tables = {};
    List<String> all = FamilyTables.synced(someone.db());
    if (chance(12) && !all.isEmpty()) {
      tables = new String[] {all.get(random.nextInt(all.size()))};
    }
    run(someone, direction, tables);
  }

  private DatabaseSync.Outcome run(Workstation someone, Direction direction, String... tables) {
    runs++;
    DatabaseSync.Outcome[] ran = new DatabaseSync.Outcome[1];
    account.during(someone, () -> ran[0] = someone.sync(direction, tables));
    DatabaseSync.Outcome outcome = ran[0];
    tell(
        someone.name()
            + " syncs "
            + direction
            + " "
            + String.join(",", tables)
            + ": "
            + outcome.status()
            + " pulled "
            + outcome.report().pulled()
            + " pushed "
            + outcome.report().pushed()
            + (outcome.report().conflicts() > 0
                ? " conflicts " + outcome.report().conflictsByKind()
                : "")
            + (outcome.report().held().isEmpty() ? "" : " held " + outcome.report().held())
            + (outcome.failure() == null ? "" : " failed: " + outcome.failure().getMessage()));
    return outcome;
  }

  // ---- what goes wrong

  private void broken(Workstation someone) {
    Saboteur.Blow blow =
        List.of(Saboteur.Blow.KILL, Saboteur.Blow.KILL, Saboteur.Blow.FAIL, Saboteur.Blow.CUT)
            .get(random.nextInt(4));
    int point = random.nextInt(random.nextInt(120) + 1);
    someone.tap = Saboteur.at(blow, point);
    tell(someone.name() + " will meet " + blow + " at " + point);
    try {
      run(someone, Direction.BOTH);
    } catch (Kill kill) {
      tell(someone.name() + " dies: " + kill.getMessage());
      someone.startDaemon();
    } finally {
      someone.tap = ShareFiles.Tap.NONE;
    }
    if (chance(40)) {
      lateSuccess();
    }
  }

  /** A rename the share had reported as failed happens after all. */
  private void lateSuccess() {
    Path ledger = fleet.share().resolve("server.db-ledger");
    for (Path entry : Ledgers.staged(ledger)) {
      Path there = Ledgers.folderOf(ledger, Ledgers.number(entry));
      if (!Files.exists(there)) {
        try {
          Files.createDirectories(there.getParent());
          Files.move(entry.getParent(), there);
          tell("entry " + there.getFileName() + " appears late");
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        return;
      }
    }
  }

  private void breakClock(Workstation someone) {
    Duration error =
        List.of(
                Duration.ZERO,
                Duration.ofSeconds(-600),
                Duration.ofSeconds(40),
                Duration.ofDays(365),
                Duration.ofDays(-3))
            .get(random.nextInt(5));
    someone.clock().setError(error);
    tell(someone.name() + "'s clock is wrong by " + error);
  }

  private void retain(Workstation someone) {
    someone.keepEntries = chance(50) ? Duration.ZERO : Duration.ofDays(90);
    tell(someone.name() + " keeps entries " + someone.keepEntries);
  }

  private void lose(Workstation someone) {
    if (Files.exists(copy())) {
      return; // what stands in no ledger any more could be lost with it
    }
    Account.Seen held = account.look(someone.db());
    someone.loseLocalDatabase();
    Set<String> known = Ledgers.words(fleet.share());
    account.lostBut(someone.name(), known);
    keepMastersOwn(known); // nobody else may have known what a restored share had lost
    account.lostFile(fleet, held);
    tell(someone.name() + " loses its local database");
  }

  private Path copy() {
    return folder.resolve("copy-of-share");
  }

  private void copyOrRestoreShare() {
    try {
      if (!Files.exists(copy())) {
        FileUtils.copyDirectory(fleet.share().toFile(), copy().toFile());
        tell("the share is copied");
      } else if (Files.exists(copy().resolve("server.db-ledger"))) {
        FileUtils.deleteDirectory(fleet.share().toFile());
        FileUtils.moveDirectory(copy().toFile(), fleet.share().toFile());
        keepMastersOwn(Set.of());
        account.lostFile(fleet);
        account.shareRestored(
            fleet.all().stream()
                .collect(Collectors.toMap(Workstation::name, w -> Account.words(w.db()))));
        tell("the share is restored from its copy");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was edited in the master itself is lost where no workstation knows it. */
  private void keepMastersOwn(Set<String> known) {
    Set<String> all = new TreeSet<>(known);
    for (Workstation workstation : fleet.all()) {
      all.addAll(Account.words(workstation.db()));
    }
    all.addAll(Account.words(fleet.master()));
    account.lostBut(MASTER, all);
  }

  // ---- what must be true

  /** Everybody syncs, round after round, until nothing moves any more. */
  public History comeToRest() {
    step++;
    tell("everybody syncs");
    if (schema.families() != null) {
      random.setSeed(mixed(seed, -1));
    }
    if (mishaps != null) {
      mishaps.end();
    }
    Set<String> unrest = new TreeSet<>();
    int unchanged = 0;
    for (int round = 0; round < 30 && unchanged < 8; round++) {
      boolean quiet = true;
      Set<String> before = Set.copyOf(unrest);
      unrest.clear();
      for (Workstation workstation : fleet.all()) {
        workstation.tap = ShareFiles.Tap.NONE;
        if (mishaps != null) {
          mishaps.atRest(workstation);
        }
        DatabaseSync.Outcome outcome = run(workstation, Direction.BOTH);
        if (outcome.failure() != null && outcome.exitCode() != Failure.BUSY) {
          throw new AssertionError(outcome.failure().getMessage(), outcome.failure());
        }
        if (mishaps != null && round > 3) {
          mishaps.look(workstation, outcome.report().held().values());
        }
        outcome.report().held().forEach((what, why) -> unrest.add(workstation.name() + ": " + why));
        quiet &=
            outcome.failure() == null
                && outcome.report().totalPulled() + outcome.report().totalPushed() == 0
                && outcome.report().masterBehind() == 0
                && outcome.report().held().isEmpty();
      }
      pace.pass(Duration.ofSeconds(20));
      unchanged = !unrest.isEmpty() && unrest.equals(before) ? unchanged + 1 : 0;
      if (quiet && round > 2) {
        return this;
      }
    }
    throw new AssertionError("the fleet does not come to rest: " + unrest);
  }

  public void check() {
    Database one = fleet.all().get(0).db();
    Map<String, List<String>> content = one.looking(History::content);
    for (Workstation workstation : fleet.all()) {
      same(content, "at " + workstation.name(), workstation.db());
    }
    same(content, "in the master", fleet.master());
    account.check(one, fleet);
    for (Workstation workstation : fleet.all()) {
      equal("conflicts at " + workstation.name(), conflicts(one), conflicts(workstation.db()));
      equal("orphans at " + workstation.name(), List.of(), orphans(workstation.db()));
      FamilyTables.checkSearch(workstation);
    }
    equal("conflicts in the master", conflicts(one), conflicts(fleet.master()));
  }

  private static Map<String, List<String>> content(Database db) {
    return FamilyTables.synced(db).stream().collect(Collectors.toMap(t -> t, db::content));
  }

  /** Other tables may be there, too: only one's own are what all have. */
  private static void same(Map<String, List<String>> content, String where, Database there) {
    there.looking(
        db -> {
          content.forEach((table, rows) -> equal(table + " " + where, rows, db.content(table)));
          return true;
        });
  }

  private static void equal(String what, List<String> expected, List<String> actual) {
    if (!expected.equals(actual)) {
      List<String> missing = new ArrayList<>(expected);
      missing.removeAll(actual);
      List<String> extra = new ArrayList<>(actual);
      extra.removeAll(expected);
      throw new AssertionError(what + ": missing " + missing + ", more than expected " + extra);
    }
  }

  /** Among families, some applications make their own. */
  private List<String> orphans(Database db) {
    Set<String> related = schema.families() == null ? Set.of() : schema.families().shared();
    return db.rows("SELECT * FROM pragma_foreign_key_check").stream()
        .filter(orphan -> !related.contains(orphan.substring(0, orphan.indexOf('|'))))
        .filter(orphan -> !orphan.startsWith(FamilyTables.DRAFTS + "|"))
        .toList();
  }

  private static List<String> conflicts(Database db) {
    return db.rows(
        "SELECT id, entry, kind, table_name, row_key, winner, resolved, local_data, remote_data, local_by, remote_by FROM sync_conflicts ORDER BY id");
  }
}
