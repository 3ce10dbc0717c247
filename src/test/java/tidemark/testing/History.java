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
import tidemark.ledger.ShareFiles;
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

  private final Account account = new Account();
  private final Map<String, Integer> away = new HashMap<>();
  private final @Nullable Mishaps mishaps;
  private int runs;

  /** A history with the tables and the trouble that most offices know. */
  public History(Path folder, long seed) {
    this(folder, seed, Set.of());
  }

  /**
   * @param mishaps what else may happen in it
   */
  public History(Path folder, long seed, Set<Mishaps.Kind> mishaps) {
    this.folder = folder;
    this.random = new Random(seed);
    this.fleet = new Fleet(folder);
    this.schema = new RandomSchema(random, mishaps.contains(Mishaps.Kind.ODD_TABLES));
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
    if (chance(70)) {
      fleet.all().get(0).edit(schema.rows());
      fleet.all().forEach(this::sync);
    }
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
    story.add(story.size() + " " + what);
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  public History live(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
    }
    return this;
  }

  private void step() {
    Workstation someone = fleet.all().get(random.nextInt(fleet.all().size()));
    if (mishaps != null && chance(25)) {
      mishaps.befall(someone);
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
    String[] statements = schema.edits(someone.clock().error());
    Set<String> before = Account.cells(someone.db());
    try {
      if (someone.clock().error().isZero()) {
        someone.edit(statements);
      } else {
        someone.editWithWrongClock(statements);
      }
    } catch (IllegalStateException e) {
      return; // the application's own constraints refused it
    }
    account.note(someone.name(), before, Account.cells(someone.db()));
    tell(someone.name() + ": " + String.join("; ", statements));
  }

  /** Somebody opens the master with a database browser. */
  private void editMaster() {
    Database master = fleet.master();
    if (!Files.exists(master.file()) || master.applicationTables().isEmpty()) {
      return;
    }
    String[] statements = schema.edits(Duration.ZERO);
    Set<String> before = Account.cells(master);
    try {
      master.execute(statements);
    } catch (IllegalStateException e) {
      return;
    }
    account.note(MASTER, before, Account.cells(master));
    tell("master: " + String.join("; ", statements));
  }

  private void sync(Workstation someone) {
    Direction direction =
        chance(75) ? Direction.BOTH : chance(50) ? Direction.PUSH : Direction.PULL;
    String[] tables = {};
    List<String> all = someone.db().applicationTables();
    if (chance(12) && !all.isEmpty()) {
      tables = new String[] {all.get(random.nextInt(all.size()))};
    }
    run(someone, direction, tables);
  }

  private DatabaseSync.Outcome run(Workstation someone, Direction direction, String... tables) {
    runs++;
    DatabaseSync.Outcome outcome = someone.sync(direction, tables);
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
    someone.loseLocalDatabase();
    Set<String> known = Ledgers.words(fleet.share());
    account.lostBut(someone.name(), known);
    keepMastersOwn(known); // nobody else may have known what a restored share had lost
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
    tell("everybody syncs");
    if (mishaps != null) {
      mishaps.end();
    }
    for (int round = 0; round < 30; round++) {
      boolean quiet = true;
      for (Workstation workstation : fleet.all()) {
        workstation.tap = ShareFiles.Tap.NONE;
        if (mishaps != null) {
          mishaps.settleOpen(workstation);
        }
        DatabaseSync.Outcome outcome = run(workstation, Direction.BOTH);
        if (outcome.failure() != null && outcome.exitCode() != Failure.BUSY) {
          throw new AssertionError(outcome.failure().getMessage(), outcome.failure());
        }
        quiet &=
            outcome.failure() == null
                && outcome.report().totalPulled() + outcome.report().totalPushed() == 0
                && outcome.report().masterBehind() == 0
                && outcome.report().held().isEmpty();
      }
      pace.pass(Duration.ofSeconds(20));
      if (quiet && round > 2) {
        return this;
      }
    }
    throw new AssertionError("the fleet does not come to rest");
  }

  public void check() {
    Database one = fleet.all().get(0).db();
    for (String table : one.applicationTables()) {
      for (Workstation workstation : fleet.all()) {
        equal(
            table + " at " + workstation.name(),
            one.content(table),
            workstation.db().content(table));
      }
      equal(table + " in the master", one.content(table), fleet.master().content(table));
    }
    account.check(one, Ledgers.words(fleet.share()));
    for (Workstation workstation : fleet.all()) {
      equal("conflicts at " + workstation.name(), conflicts(one), conflicts(workstation.db()));
      equal("orphans at " + workstation.name(), List.of(), orphans(workstation.db()));
    }
    equal("conflicts in the master", conflicts(one), conflicts(fleet.master()));
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

  private static List<String> orphans(Database db) {
    return db.rows("SELECT * FROM pragma_foreign_key_check");
  }

  private static List<String> conflicts(Database db) {
    return db.rows(
        "SELECT id, entry, kind, table_name, row_key, winner, resolved, local_data, remote_data, local_by, remote_by FROM sync_conflicts ORDER BY id");
  }
}
