package tidemark.app;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.change.Place;
import tidemark.config.Settings;
import tidemark.ledger.Ledger;
import tidemark.look.Fleet;
import tidemark.look.Repair;
import tidemark.look.Verify;
import tidemark.past.Differences;
import tidemark.past.Feed;
import tidemark.past.FeedItem;
import tidemark.replica.DatabaseFile;
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;
import tidemark.run.Request;
import tidemark.run.SyncReport;
import tidemark.say.FleetMember;
import tidemark.sync.DatabaseSync;
import tidemark.sync.LedgerRebuild;
import tidemark.sync.Migration;
import tidemark.sync.SchemaAccept;
import tidemark.upkeep.maintain.Maintenance;
import tidemark.upkeep.report.Report;
import tidemark.upkeep.report.Reporting;

/**
 * One database of the config: this workstation's file, its master, the ledger between them, and
 * everything that can be asked of it.
 *
 * <p>Guarantee: whatever writes is done by one process of this machine at a time. Threading: one
 * thread.
 */
public final class Database {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  private final Plan plan;
  private final Ledger ledger;
  private final LocalAccess access;
  private final BackupPlaces places;
  private final Settings settings;
  private final Clock clock;

  Database(
      Plan plan,
      Ledger ledger,
      LocalAccess access,
      BackupPlaces places,
      Settings settings,
      Clock clock) {
    this.plan = plan;
    this.ledger = ledger;
    this.access = access;
    this.places = places;
    this.settings = settings;
    this.clock = clock;
  }

  public String name() {
    return plan.name();
  }

  public Path local() {
    return plan.local();
  }

  public Place place() {
    return plan.place();
  }

  /** Whether somebody tells of others' edits, so that nobody has to look for them. */
  public boolean isTold() {
    return ledger.tells();
  }

  /**
   * Waits for others' edits, for so long at most.
   *
   * @param known the last entry that is no news, though it may not have been read
   * @return the last entry there is; empty where nothing is new
   */
  public OptionalLong awaitNews(long known, Duration most) {
    return ledger.awaitAfter(Math.max(known, standing().ownSight().position()), most);
  }

  /** An empty local database, where there is neither it nor its master. */
  public void begin() {
    access.alone(() -> new DatabaseSync(plan, ledger, clock, settled -> {}).begin());
  }

  /**
   * A run, now.
   *
   * @param progress is told how many changes were settled so far
   */
  public DatabaseSync.Outcome sync(Request request, LongConsumer progress) {
    DatabaseSync.Outcome outcome;
    try {
      outcome = access.alone(() -> new DatabaseSync(plan, ledger, clock, progress).run(request));
    } catch (Failure busy) {
      outcome = new DatabaseSync.Outcome("error", new SyncReport(), 0, busy);
    }
    RunLine.write(LOG, name(), request, outcome);
    return outcome;
  }

  /** Edits rows, and does not return before they stand in the ledger. */
  public SyncReport carry(DatabaseSync.Hand hand, Request request) {
    return access.alone(
        () -> new DatabaseSync(plan, ledger, clock, settled -> {}).carry(hand, request));
  }

  /**
   * Carries the ledger to another, empty place.
   *
   * @param there the same database, as it will be
   */
  Migration.Moved migrate(Plan there, Ledger to, LongConsumer progress) {
    Migration migration = new Migration(plan, ledger, there, to, clock, progress);
    return access.alone(migration::run);
  }

  /** Of what is here now; empty where there is no ledger. */
  String ledgerId() {
    return ledger.info().map(Ledger.Info::id).orElse("");
  }

  /** Who follows a ledger has to find that very one. */
  void requireLedger(String id) {
    if (!ledgerId().equals(id)) {
      throw new Failure(
          Failure.REFUSED,
          "what is at " + plan.place() + " is not that ledger",
          "Ask who moved it; edits stay here until then.");
    }
  }

  /** The place that the config names, where this workstation went on at another by itself. */
  public Optional<Place> followedFrom() {
    Place configured = settings.database(name()).place();
    return configured.toString().equals(plan.place().toString())
        ? Optional.empty()
        : Optional.of(configured);
  }

  /** What is to be changed in the config since the ledger was moved; nothing where it is here. */
  List<Failure> moves() {
    String key = "databases." + name() + ".master: ";
    List<Failure> moves = new ArrayList<>();
    followedFrom()
        .ifPresent(
            from ->
                moves.add(
                    new Failure(
                        0,
                        key
                            + "the ledger of "
                            + from
                            + " was moved to "
                            + place()
                            + ", where this workstation followed it",
                        "Set `master: " + place() + "` in the config.")));
    try {
      ledger
          .info()
          .map(Ledger.Info::movedTo)
          .map(to -> Failure.ofMove("ledger of " + place(), to))
          .map(moved -> new Failure(moved.exitCode(), key + moved.whatFailed(), moved.hint()))
          .ifPresent(moves::add);
    } catch (Failure unknown) {
      LOG.debug("{}: nobody answers where the ledger is: {}", name(), unknown.whatFailed());
    }
    return moves;
  }

  /** The names of its tables; empty where it is not there or was never synced. */
  public Set<String> tables() {
    return access.looking(replica -> Set.copyOf(replica.everyTable().keySet())).orElse(Set.of());
  }

  /** Those that are not synced, too, or never were; empty where there is no database to look at. */
  Optional<Set<String>> everyTable() {
    return access.isMissing()
        ? Optional.empty()
        : Optional.of(DatabaseFile.tables(plan.local(), LocalDatabase.BUSY));
  }

  /** Its runs by parts: this workstation's, or everybody's as far as they are known. */
  public PastRuns runs() {
    return new PastRuns(plan, ledger, access);
  }

  /** Everybody who syncs it, and what is wrong with each. */
  public List<FleetMember> fleet() {
    List<Fleet.Member> fleet = new Fleet(plan, ledger).workstations();
    FleetProblems problems = new FleetProblems(fleet, settings.health(), clock.instant());
    return fleet.stream().map(one -> new FleetMember(one, problems.of(one))).toList();
  }

  /** Takes a workstation that is gone out of the fleet. */
  public void forget(Fleet.Member gone) {
    new Fleet(plan, ledger).forget(gone);
  }

  /** The audit trail, oldest first. */
  public void feed(Feed.Filter filter, Consumer<FeedItem> consumer) {
    access.told(
        () -> {
          new Feed(plan, ledger).each(filter, consumer);
          return true;
        });
  }

  /** Runs, changes and growth since then, in numbers. */
  public Report report(Instant since) {
    return access.told(() -> new Reporting(plan, ledger, clock).since(since));
  }

  /** What is well and what is not. */
  public DatabaseHealth health() {
    return new DatabaseHealth(plan, ledger, settings, places.first(), access.state(), clock);
  }

  public DatabaseStanding standing() {
    return new DatabaseStanding(
        plan,
        ledger,
        access,
        health(),
        clock,
        settings.sync().leaseTimeout(),
        followedFrom().orElse(null));
  }

  public DatabaseConflicts conflicts() {
    return new DatabaseConflicts(plan, access, clock);
  }

  public DatabaseArchives archives() {
    return new DatabaseArchives(plan, ledger, access, clock);
  }

  /** Takes both leases away from whoever has them; says from whom. */
  public List<String> breakLeases() {
    List<String> owners = new ArrayList<>();
    ledger.foldLease().breakIt().ifPresent(owner -> owners.add("fold lease of " + owner.who()));
    ledger.appendLease().breakIt().ifPresent(owner -> owners.add("append lease of " + owner.who()));
    return owners;
  }

  /** Compares the local database and the master, in this order, with the ledger. */
  public List<Differences> verify() {
    return access.told(() -> new Verify(plan, ledger, clock).run());
  }

  /** Compares and makes the same what is not. */
  public Repair.Repaired repair(Request request) {
    return access.alone(() -> new Repair(plan, ledger, clock).run(request));
  }

  /**
   * Looks after the local database and the master.
   *
   * @param masterEvery the master is left alone where anybody looked after it since
   */
  public Maintenance.Result maintain(Maintenance.Wanted wanted, Duration masterEvery) {
    return access.alone(() -> new Maintenance(plan, ledger, clock, wanted).run(masterEvery));
  }

  /** Begins a new ledger where the share's was lost. */
  public LedgerRebuild.Rebuilt rebuildLedger(Request request, LongConsumer progress) {
    return access.alone(() -> new LedgerRebuild(plan, ledger, clock, progress).run(request));
  }

  /** Brings back what was. */
  public Restore restore() {
    return new Restore(plan, ledger, clock, places.all(name()), access);
  }

  public DatabaseBackups backups() {
    return new DatabaseBackups(plan, ledger, access, places, clock);
  }

  /** Accepts a table as it is now. */
  public void acceptSchema(String table) {
    access.alone(() -> new SchemaAccept(plan).run(table));
  }

  /** How many rows wait to be sent. */
  public long unsent() {
    return access
        .looking(
            replica ->
                replica.everyTable().values().stream()
                    .mapToLong(table -> table.shadow().countMarks())
                    .sum())
        .orElse(0L);
  }

  /** The columns that Tidemark added to it, by table. */
  public Map<String, List<String>> addedColumns() {
    return access.isMissing()
        ? Map.of()
        : DatabaseFile.addedColumns(plan.local(), LocalDatabase.BUSY);
  }

  /**
   * Takes all that is Tidemark's out of the local database.
   *
   * @param columns those it added, too
   * @return of these the ones that stay, and why
   */
  public List<String> detach(boolean columns) {
    if (access.isMissing()) {
      throw new Failure(
          Failure.USAGE,
          "there is no database " + plan.local() + " to take Tidemark out of",
          "correct databases." + name() + ".local in the config, or take the database out of it");
    }
    return access.alone(() -> DatabaseFile.detach(plan.local(), LocalDatabase.BUSY, columns));
  }
}
