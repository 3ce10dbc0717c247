package tidemark.app;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import java.util.function.ObjLongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.alert.Alerts;
import tidemark.change.Failure;
import tidemark.change.Place;
import tidemark.config.DatabaseSettings;
import tidemark.config.Settings;
import tidemark.config.Surroundings;
import tidemark.config.SyncSettings;
import tidemark.config.SyncSettings.Healing;
import tidemark.config.UnknownTables;
import tidemark.ledger.Author;
import tidemark.ledger.KeptEntries;
import tidemark.ledger.Ledger;
import tidemark.ledger.LentLedger;
import tidemark.ledger.folder.ShareLedger;
import tidemark.ledger.http.Calls;
import tidemark.ledger.http.Client;
import tidemark.ledger.http.HttpLedger;
import tidemark.rest.Stock;
import tidemark.run.Plan;
import tidemark.run.Request;
import tidemark.say.InDatabase;
import tidemark.say.RunResult;
import tidemark.say.SyncResult;
import tidemark.say.SyncWish;
import tidemark.settle.Overruled;
import tidemark.share.Bandwidth;
import tidemark.share.OperationLog;
import tidemark.share.Pace;
import tidemark.share.Patience;
import tidemark.share.ShareFiles;
import tidemark.sync.DatabaseSync;
import tidemark.sync.Migration;

/**
 * Tidemark on this workstation: everything the program consists of is built here, by hand, from the
 * settings.
 *
 * <p>Threading: may be shared; nothing is touched on disk or share before it is asked for.
 */
public final class Workstation {
  private static final Logger LOG = LoggerFactory.getLogger(Workstation.class);
  private static final Duration GLANCE = Duration.ofSeconds(2);

  private final Settings settings;
  private final Surroundings surroundings;
  private final Clock clock;
  private final Duration shareTimeout;
  private final Bandwidth bandwidth;

  /** By folder: where one master hangs, the one beside it does too. */
  private final Map<Path, Patience> patience = new ConcurrentHashMap<>();

  /** They stay: that an owner of a lease is dead, only who looks at it for long can tell. */
  private final Map<String, Ledger> ledgers = new ConcurrentHashMap<>();

  public Workstation(Settings settings, Surroundings surroundings, Clock clock) {
    this(settings, surroundings, clock, settings.sync().shareTimeout());
  }

  private Workstation(
      Settings settings, Surroundings surroundings, Clock clock, Duration shareTimeout) {
    this.settings = settings;
    this.surroundings = surroundings;
    this.clock = clock;
    this.shareTimeout = shareTimeout;
    this.bandwidth = new Bandwidth(settings.sync().bandwidth());
  }

  /** The same for a glance: somebody waits for the answer, and "the share hangs" is one. */
  public Workstation forAGlance() {
    Duration shorter = shareTimeout.compareTo(GLANCE) < 0 ? shareTimeout : GLANCE;
    return new Workstation(settings, surroundings, clock, shorter);
  }

  /** The same program by another config. */
  public Workstation by(Settings changed) {
    return new Workstation(changed, surroundings, clock);
  }

  public Settings settings() {
    return settings;
  }

  public Clock clock() {
    return clock;
  }

  /** All databases, in the order of the config. */
  public List<Database> databases() {
    return databases(List.of());
  }

  /**
   * The databases of these names, in the order of the config.
   *
   * @param names as a user may have typed them; all databases if empty
   */
  public List<Database> databases(List<String> names) {
    names.forEach(settings::database);
    Author author = me();
    List<Database> databases = new ArrayList<>();
    for (DatabaseSettings database : settings.databases().values()) {
      if (names.isEmpty() || names.contains(database.name())) {
        databases.add(database(database, author));
      }
    }
    return databases;
  }

  private Database database(DatabaseSettings database, Author author) {
    return database(database, author, place(database));
  }

  private Path state(DatabaseSettings database) {
    return settings.state().resolve(folderName(database.name()));
  }

  /** Where it meets the others: where the config says, or where it followed them from there. */
  private Place place(DatabaseSettings database) {
    return new Followed(state(database))
        .from(database.place())
        .filter(to -> database.following().leadsTo(to))
        .map(database.following()::place)
        .orElse(database.place());
  }

  private Database database(DatabaseSettings database, Author author, Place place) {
    Path state = state(database);
    Plan plan = plan(database, author, place);
    Ledger ledger = ledger(plan, state);
    LocalAccess access = new LocalAccess(plan, locks(), state, settings.sync().shareTimeout());
    BackupPlaces places =
        new BackupPlaces(settings.backup(), this::share, state.resolve("backup-folders.txt"));
    return new Database(plan, ledger, access, places, settings, clock);
  }

  private Ledger ledger(Plan plan, Path state) {
    return ledgers.computeIfAbsent(
        plan.name() + " " + plan.place(),
        name -> ledger(plan.place(), state, plan.author(), plan.share()));
  }

  private Plan plan(DatabaseSettings database, Author author, Place place) {
    Path state = state(database);
    ShareFiles share = share(place.file().map(file -> file.resolveSibling("")).orElse(state));
    return new Plan(
        database.name(),
        database.local(),
        place,
        share,
        settings.rules(database.name()),
        database.tables()::contains,
        settings.schema() == Settings.SchemaChanges.ADD,
        settings.sync().healMaster() == Healing.AUTO,
        state.resolve("scratch"),
        author,
        Duration.ofDays(settings.ledger().keepDays()),
        settings.log().keepDays(),
        settings.log().keepRows());
  }

  /** What programs that are not Tidemark may read and edit: all databases. */
  List<Stock> stocks() {
    List<Stock> all = new ArrayList<>();
    for (DatabaseSettings of : settings.databases().values()) {
      Plan plan = plan(of, me(), place(of));
      all.add(
          new DatabaseForPrograms(
              database(of, me()),
              plan,
              ledger(plan.place(), state(of).resolve("programs"), me(), plan.share()),
              settings.sync().conflicts()));
    }
    return all;
  }

  /**
   * Carries a database's ledger to another, empty place.
   *
   * @param to as somebody typed it, or as a ledger names it
   * @param progress is told how many entries were carried so far
   */
  public Migration.Moved migrate(Database database, Place to, LongConsumer progress) {
    DatabaseSettings its = settings.database(database.name());
    Plan there = plan(its, me(), to);
    return database.migrate(there, ledger(there, state(its)), progress);
  }

  /**
   * A run that found the ledger moved is made anew where it went, if the config says so: the same
   * ledger has to be there. Else what the former place said is what came of it.
   */
  private DatabaseSync.Outcome syncWhereItIs(
      Database database, Request request, LongConsumer told) {
    Followed followed = new Followed(state(settings.database(database.name())));
    followed.keepOnlyFor(settings.database(database.name()).place());
    DatabaseSync.Outcome outcome = database.sync(request, told);
    Failure failure = outcome.failure();
    String to = failure == null ? null : failure.movedTo();
    DatabaseSettings its = settings.database(database.name());
    if (failure == null || to == null || !its.following().leadsTo(to)) {
      return outcome;
    }
    try {
      Database there = database(its, me(), its.following().place(to));
      there.requireLedger(database.ledgerId());
      followed.remember(its.place(), to);
      LOG.info("{}: the ledger was moved to {}, where this workstation goes on", its.name(), to);
      return there.sync(request, told);
    } catch (Failure e) {
      Failure both =
          new Failure(e.exitCode(), failure.whatFailed() + ", and " + e.whatFailed(), e.hint(), e);
      String status = e.exitCode() == Failure.OFFLINE ? "offline" : "error";
      return new DatabaseSync.Outcome(status, outcome.report(), outcome.durationMs(), both);
    }
  }

  /** By the databases' names what a server may lend: with kept entries of its own. */
  Map<String, LentLedger> lent() {
    Map<String, LentLedger> all = new LinkedHashMap<>();
    for (DatabaseSettings database : settings.databases().values()) {
      place(database)
          .file()
          .ifPresent(
              master ->
                  all.put(
                      database.name(),
                      new ShareLedger(
                          master,
                          new KeptEntries(
                              settings
                                  .state()
                                  .resolve(folderName(database.name()))
                                  .resolve("lent")),
                          me(),
                          settings.sync().leaseTimeout(),
                          clock,
                          share(master.resolveSibling("")))));
    }
    return all;
  }

  private Author me() {
    return new Author(settings.user(), settings.workstation(), Machine.id(settings, surroundings));
  }

  private Ledger ledger(Place place, Path state, Author author, ShareFiles share) {
    KeptEntries kept = new KeptEntries(state.resolve("kept"));
    if (place instanceof Place.Server server) {
      return new HttpLedger(
          server,
          kept,
          state.resolve("scratch"),
          Calls.Sending.by(Client.of(server, shareTimeout, surroundings::variable)),
          shareTimeout,
          clock,
          Pace.REAL,
          bandwidth);
    }
    return new ShareLedger(
        ((Place.Folder) place).master(),
        kept,
        author,
        settings.sync().leaseTimeout(),
        clock,
        share);
  }

  /**
   * A run now, one database after the other.
   *
   * @param trigger schedule, manual, start, exit or watch
   * @param progress is told of which database how many changes were settled so far
   */
  public SyncResult sync(SyncWish wish, String trigger, ObjLongConsumer<String> progress) {
    SyncResult result = new SyncResult();
    new NamedTables(wish.tables())
        .in(databases(List.copyOf(wish.databases())))
        .forEach(
            (database, tables) -> {
              String name = database.name();
              Request request = request(wish, tables, trigger);
              LongConsumer told = settled -> progress.accept(name, settled);
              result.add(name, RunResult.of(syncWhereItIs(database, request, told)));
            });
    return result;
  }

  /**
   * Conflicts that wait for a person, and that such a run would settle by its rule; a database that
   * cannot be looked at keeps nobody from changing what the config says of it.
   */
  public List<InDatabase<Overruled>> overruled(SyncWish wish) {
    List<InDatabase<Overruled>> all = new ArrayList<>();
    for (Database database : databases(List.copyOf(wish.databases()))) {
      try {
        new NamedTables(wish.tables())
            .in(List.of(database))
            .values()
            .forEach(
                tables ->
                    database
                        .conflicts()
                        .overruled(request(wish, tables, "manual"))
                        .forEach(one -> all.add(new InDatabase<>(database.name(), one))));
      } catch (Failure failure) {
        LOG.warn("{}: it is not known what waits: {}", database.name(), failure.whatFailed());
      }
    }
    return all;
  }

  /** What the config says of places that the ledger has left; with 0 where nobody has to wait. */
  public List<Failure> moves() {
    return databases().stream().flatMap(database -> database.moves().stream()).toList();
  }

  /** What the config says of tables that are in no database, a sentence each. */
  public List<String> unknownTables() {
    Map<String, Set<String>> tables = new LinkedHashMap<>();
    for (Database database : databases()) {
      try {
        database.everyTable().ifPresent(there -> tables.put(database.name(), there));
      } catch (Failure failure) { // whoever syncs it hears of that
        LOG.debug("{}: its tables are not known: {}", database.name(), failure.whatFailed());
      }
    }
    return new UnknownTables(settings, tables).sentences();
  }

  private Request request(SyncWish wish, Set<String> tables, String trigger) {
    SyncSettings usual = settings.sync();
    return new Request(
        tables,
        wish.direction() == null ? usual.direction() : wish.direction(),
        wish.conflicts() == null ? usual.conflicts() : wish.conflicts(),
        trigger);
  }

  public Alerts alerts() {
    return new Alerts(settings.alert(), settings.state(), surroundings.windows());
  }

  /** Sends a test message to all whom the config names; tells how it went, way by way. */
  public List<Alerts.Attempt> testAlerts() {
    return alerts().test(HealthAlert.test(settings, clock.instant()));
  }

  public Locks locks() {
    return new Locks(settings.state(), settings.user());
  }

  /** The daemon of this user, should one run. */
  public RunningDaemon running() {
    return new RunningDaemon(settings.state());
  }

  private ShareFiles share(Path folder) {
    Patience its =
        patience.computeIfAbsent(folder, hanging -> new Patience(shareTimeout, Pace.REAL));
    return new ShareFiles(new OperationLog(), Pace.REAL, bandwidth, its);
  }

  /** Where each database's things are kept, in the state folder. */
  public static List<Path> folders(Settings settings) {
    return settings.databases().keySet().stream()
        .map(name -> settings.state().resolve(folderName(name)))
        .toList();
  }

  /** People name their databases as they like; folders are not so free. */
  private static String folderName(String database) {
    String safe = database.replaceAll("[^\\p{L}\\p{N}_-]", "_");
    return safe.equals(database) ? safe : safe + "-" + Integer.toHexString(database.hashCode());
  }
}
