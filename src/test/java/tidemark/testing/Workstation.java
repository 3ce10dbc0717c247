package tidemark.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.change.HealthLimits;
import tidemark.change.Place;
import tidemark.change.TableRule;
import tidemark.change.WorkingHours;
import tidemark.ledger.Author;
import tidemark.ledger.KeptEntries;
import tidemark.ledger.Lease;
import tidemark.ledger.Ledger;
import tidemark.ledger.folder.FolderLease;
import tidemark.ledger.folder.ShareLedger;
import tidemark.ledger.http.Calls;
import tidemark.ledger.http.Client;
import tidemark.ledger.http.HttpLedger;
import tidemark.run.Plan;
import tidemark.run.Request;
import tidemark.run.SyncReport;
import tidemark.share.Bandwidth;
import tidemark.share.Pace;
import tidemark.share.Patience;
import tidemark.share.ShareFiles;
import tidemark.sync.DatabaseSync;
import tidemark.upkeep.health.Subject;

/** One person's machine: a local database, a state folder, a clock, and Tidemark. */
public final class Workstation {
  private static final Duration LEASE_TIMEOUT = Duration.ofSeconds(30);

  private final String name;
  private final Path folder;
  private final Path master;
  private final Database database;
  private final SettableClock clock = new SettableClock();
  private final Map<String, TableRule> rules = new LinkedHashMap<>();

  public ConflictRule conflicts = ConflictRule.NEWEST;
  public Direction direction = Direction.BOTH;
  public boolean addShape = true;

  /** Whether its application has SQLite enforce foreign keys. */
  public boolean foreignKeys = true;

  public Duration keepEntries = Duration.ofDays(90);
  public Set<String> selected = Set.of();
  public ShareFiles.Tap tap = ShareFiles.Tap.NONE;
  public Pace pace = Pace.REAL;
  public boolean leases = true;
  public Patience patience = new Patience(Duration.ofSeconds(30), Pace.REAL);
  public Runnable progress = () -> {};
  private @Nullable Ledger daemon;

  /** Whether it meets the others at a server, which looks after the master. */
  private boolean remote = LentShare.isWanted();

  /** The way to that server, where it is to be broken. */
  public UnaryOperator<Calls.Sending> way = UnaryOperator.identity();

  /** From here on it meets the others at a server in front of the share. */
  public Workstation workFromHome() {
    remote = true;
    return this;
  }

  public LentShare server() {
    return LentShare.of(master);
  }

  /** The server's own workstation, whose application is HTTP. */
  static Workstation ofServer(Path folder, Path master) {
    Workstation own = new Workstation(LentShare.NAME, folder, master);
    own.remote = false;
    return own;
  }

  public Workstation(String name, Path folder, Path master) {
    this.name = name;
    this.folder = folder;
    this.master = master;
    this.database = new Database(folder.resolve("server.db"));
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String name() {
    return name;
  }

  public Path folder() {
    return folder;
  }

  public Database db() {
    return database;
  }

  public SettableClock clock() {
    return clock;
  }

  /** All that its files depend on, besides what it does. */
  List<Object> settings() {
    return Arrays.asList(
        name,
        Map.copyOf(rules),
        conflicts,
        direction,
        addShape,
        foreignKeys,
        keepEntries,
        selected,
        tap,
        pace,
        leases,
        clock.error(),
        daemon);
  }

  /** The application at work. */
  public Workstation edit(String... statements) {
    application().execute(statements);
    return this;
  }

  private Database application() {
    return foreignKeys ? database : database.withoutForeignKeys();
  }

  /**
   * An edit captured on a machine whose clock is wrong: what the triggers noted is wrong by as
   * much.
   */
  public Workstation editWithWrongClock(String... statements) {
    application().execute(statements);
    long seconds = clock.error().toSeconds();
    database.execute(
        database.looking(
            open ->
                open.applicationTables().stream()
                    .map(table -> "sync_rows_" + table)
                    .filter(open::hasTable)
                    .map(
                        shadow ->
                            "UPDATE \""
                                + shadow
                                + "\" SET moment=strftime('%Y-%m-%d %H:%M:%f', moment, '"
                                + seconds
                                + " seconds') WHERE edits IS NOT NULL AND abs(julianday(moment)-julianday('now'))<0.003")
                    .toArray(String[]::new)));
    return this;
  }

  public Workstation rule(String table, TableRule rule) {
    rules.put(table, rule);
    return this;
  }

  public Plan plan() {
    return new Plan(
        "server",
        database.file(),
        place(),
        share(),
        table -> rules.getOrDefault(table, TableRule.DEFAULT),
        table -> selected.isEmpty() || selected.contains(table),
        addShape,
        true,
        folder.resolve("scratch"),
        new Author(name, "PC-" + name, "machine-" + name),
        keepEntries,
        90,
        10_000);
  }

  /** As the doctor sees it, with the limits that hold without a word in the config. */
  public Subject patient() {
    WorkingHours always =
        new WorkingHours(LocalTime.MIN, LocalTime.MAX, EnumSet.allOf(DayOfWeek.class));
    return new Subject(
        plan(),
        ledger(),
        new HealthLimits(
            Duration.ofHours(4),
            always,
            5,
            10,
            50,
            500_000_000,
            Duration.ofDays(7),
            1_000_000,
            Duration.ofSeconds(60),
            Duration.ofHours(36)),
        Optional.of(Duration.ofHours(2)),
        direction,
        Optional.empty(),
        clock);
  }

  private Place place() {
    return remote ? LentShare.of(master).place(name) : new Place.Folder(master);
  }

  public Ledger ledger() {
    if (place() instanceof Place.Server server) {
      Duration timeout = Duration.ofSeconds(30);
      return new HttpLedger(
          server,
          new KeptEntries(folder.resolve("kept")),
          folder.resolve("scratch"),
          way.apply(tapped(Calls.Sending.by(Client.of(server, timeout, name -> Optional.empty())))),
          timeout,
          clock,
          pace,
          Bandwidth.UNLIMITED);
    }
    Ledger ledger =
        new ShareLedger(
            master,
            new KeptEntries(folder.resolve("kept")),
            plan().author(),
            LEASE_TIMEOUT,
            clock,
            share());
    return leases ? ledger : withoutLeases(ledger);
  }

  /** Requests are operations too: whatever fails those on a share fails these. */
  private Calls.Sending tapped(Calls.Sending sending) {
    return request -> {
      ShareFiles.Operation operation =
          request.method().equals("GET") ? ShareFiles.Operation.READ : ShareFiles.Operation.WRITE;
      Path path = Path.of(request.uri().getPath());
      tap.before(operation, path);
      HttpResponse<InputStream> answer = sending.send(request);
      tap.after(operation, path);
      return answer;
    };
  }

  /** Each time it asks for a lease it gets one that nobody else can see. */
  private Ledger withoutLeases(Ledger ledger) {
    return (Ledger)
        Proxy.newProxyInstance(
            Ledger.class.getClassLoader(),
            new Class<?>[] {Ledger.class},
            (proxy, method, args) -> {
              try {
                return method.getReturnType() == Lease.class
                    ? leaseOfItsOwn()
                    : method.invoke(ledger, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private Lease leaseOfItsOwn() {
    return new FolderLease(
        new ShareFiles(ShareFiles.Tap.NONE, pace),
        folder.resolve("lease-" + UUID.randomUUID()),
        plan().author(),
        LEASE_TIMEOUT,
        clock);
  }

  private ShareFiles share() {
    return new ShareFiles(presentTap(), pace, Bandwidth.UNLIMITED, patience);
  }

  private ShareFiles.Tap presentTap() {
    return new ShareFiles.Tap() {
      @Override
      public void before(ShareFiles.Operation operation, Path path) throws IOException {
        tap.before(operation, path);
      }

      @Override
      public void after(ShareFiles.Operation operation, Path path) throws IOException {
        tap.after(operation, path);
      }

      @Override
      public List<Path> listed(Path folder, List<Path> there) {
        return tap.listed(folder, there);
      }
    };
  }

  /** From here on one process serves all syncs, as the daemon does; it forgets when it dies. */
  public Workstation startDaemon() {
    daemon = ledger();
    return this;
  }

  public DatabaseSync.Outcome sync() {
    return sync(direction);
  }

  public DatabaseSync.Outcome sync(Direction how, String... tables) {
    DatabaseSync.Outcome outcome = syncWhateverHappens(how, tables);
    if (outcome.exitCode() == Failure.BUG) { // told like any other error; no test may overlook it
      throw new AssertionError(outcome.failure().whatFailed(), outcome.failure());
    }
    return outcome;
  }

  /** A sync that may meet a bug. */
  public DatabaseSync.Outcome syncWhateverHappens(Direction how, String... tables) {
    DatabaseSync sync =
        new DatabaseSync(
            plan(), daemon == null ? ledger() : daemon, clock, settled -> progress.run());
    try {
      if (isFirstOfAll()) {
        sync.begin();
      }
    } catch (Failure failure) { // as a command ends that meets it there
      return new DatabaseSync.Outcome("offline", new SyncReport(), 0, failure);
    }
    if (!remote) {
      return sync.run(new Request(Set.of(tables), how, conflicts, "manual"));
    }
    LentShare lent = LentShare.of(master);
    if (Files.exists(master)) {
      lent.looksAfterTheMaster();
    }
    DatabaseSync.Outcome outcome = sync.run(new Request(Set.of(tables), how, conflicts, "manual"));
    lent.looksAfterTheMaster();
    return outcome;
  }

  /** With neither a database of its own nor anything on the share. */
  private boolean isFirstOfAll() {
    return !Files.exists(plan().local())
        && Files.isDirectory(master.getParent())
        && !Files.exists(master)
        && !Files.exists(master.resolveSibling(master.getFileName() + "-ledger"));
  }

  /** A sync that must be a success, whole. */
  public DatabaseSync.Outcome syncWell() {
    DatabaseSync.Outcome outcome = sync();
    if (outcome.failure() != null) {
      throw new AssertionError(
          name + ": " + outcome.failure().getMessage() + " | " + outcome.failure().hint(),
          outcome.failure());
    }
    if (!outcome.success()) {
      throw new AssertionError(name + ": " + outcome.status() + " " + outcome.report().held());
    }
    return outcome;
  }

  /** All conflicts this workstation knows: kind, winner, local data, remote data. */
  public List<String> conflicts() {
    return database.rows(
        "SELECT kind, winner, row_key, local_data, remote_data FROM sync_conflicts ORDER BY timestamp, id");
  }

  /** Nothing is left of it but its share of the fleet's memory. */
  public void loseLocalDatabase() {
    for (String suffix : List.of("", "-journal", "-wal", "-shm")) {
      try {
        Files.deleteIfExists(Path.of(database.file() + suffix));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
