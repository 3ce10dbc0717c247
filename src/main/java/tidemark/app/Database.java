package tidemark.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Conflict;
import tidemark.change.Failure;
import tidemark.change.Row;
import tidemark.change.Slice;
import tidemark.config.Settings;
import tidemark.ledger.Ledger;
import tidemark.look.DatabaseStatus;
import tidemark.look.Fleet;
import tidemark.look.Repair;
import tidemark.look.Status;
import tidemark.look.Verify;
import tidemark.past.Differences;
import tidemark.past.Feed;
import tidemark.past.FeedItem;
import tidemark.past.Resolution;
import tidemark.replica.Conflicts;
import tidemark.replica.DatabaseFile;
import tidemark.replica.Replica;
import tidemark.replica.SyncLog;
import tidemark.run.LocalDamage;
import tidemark.run.Plan;
import tidemark.run.Request;
import tidemark.run.SyncReport;
import tidemark.say.DatabaseState;
import tidemark.say.FleetMember;
import tidemark.settle.Overruled;
import tidemark.share.ShareFiles;
import tidemark.sync.DatabaseSync;
import tidemark.sync.LedgerRebuild;
import tidemark.sync.SchemaAccept;
import tidemark.upkeep.archive.ArchiveReturn;
import tidemark.upkeep.archive.Archiving;
import tidemark.upkeep.backup.Backups;
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
  private static final Duration BUSY = Duration.ofSeconds(10);

  private final Plan plan;
  private final Ledger ledger;
  private final Locks locks;
  private final Path state;
  private final Clock clock;
  private final Duration patience;
  private final Settings settings;
  private final Function<Path, ShareFiles> shares;

  /**
   * @param state the folder where what belongs to this database is kept
   * @param shares the way to other folders than the master's
   */
  Database(
      Plan plan,
      Ledger ledger,
      Locks locks,
      Path state,
      Clock clock,
      Settings settings,
      Function<Path, ShareFiles> shares) {
    this.plan = plan;
    this.ledger = ledger;
    this.locks = locks;
    this.state = state;
    this.clock = clock;
    this.patience = settings.sync().shareTimeout(); // so long another run may take
    this.settings = settings;
    this.shares = shares;
  }

  public String name() {
    return plan.name();
  }

  public Path local() {
    return plan.local();
  }

  public Path master() {
    return plan.master();
  }

  /** An empty local database, where there is neither it nor its master. */
  public void begin() {
    alone(() -> new DatabaseSync(plan, ledger, clock, settled -> {}).begin());
  }

  /**
   * A run, now.
   *
   * @param progress is told how many changes were settled so far
   */
  public DatabaseSync.Outcome sync(Request request, LongConsumer progress) {
    DatabaseSync.Outcome outcome;
    try {
      outcome = alone(() -> new DatabaseSync(plan, ledger, clock, progress).run(request));
    } catch (Failure busy) {
      outcome = new DatabaseSync.Outcome("error", new SyncReport(), 0, busy);
    }
    RunLine.write(LOG, name(), request, outcome);
    return outcome;
  }

  /** The names of its tables; empty where it is not there or was never synced. */
  public Set<String> tables() {
    return looking(replica -> Set.copyOf(replica.everyTable().keySet())).orElse(Set.of());
  }

  /** Those that are not synced, too, or never were; empty where there is no database to look at. */
  Optional<Set<String>> everyTable() {
    return isNotThere() ? Optional.empty() : Optional.of(DatabaseFile.tables(plan.local(), BUSY));
  }

  /** This workstation's runs, newest first. */
  public List<SyncLog.Row> history(int last, @Nullable String since, @Nullable String status) {
    return isNotThere()
        ? List.of()
        : told(() -> SyncLog.read(plan.local(), BUSY, last, since, status));
  }

  /** Its runs by parts: this workstation's, or everybody's as far as they are known. */
  public PastRuns runs() {
    return new PastRuns(plan, ledger, BUSY);
  }

  /** Everybody who syncs it, and what is wrong with each. */
  public List<FleetMember> fleet() {
    List<Fleet.Workstation> fleet = new Fleet(plan, ledger).workstations();
    FleetProblems problems = new FleetProblems(fleet, settings.health(), clock.instant());
    return fleet.stream().map(one -> new FleetMember(one, problems.of(one))).toList();
  }

  /** Takes a workstation that is gone out of the fleet. */
  public void forget(Fleet.Workstation gone) {
    new Fleet(plan, ledger).forget(gone);
  }

  /** How it stands: what is known here, and a look at the share. */
  public DatabaseStatus status() {
    return told(() -> new Status(plan, ledger).look());
  }

  /** How it stands, or why nobody can tell. */
  public DatabaseState standing(boolean withWaiting) {
    try {
      DatabaseStatus status = status();
      List<Status.Waiting> waiting = new ArrayList<>();
      if (withWaiting) {
        pending(waiting::add);
      }
      return standing(status, lastSync(status), waiting, null);
    } catch (Failure failure) {
      return standing(null, null, List.of(), failure);
    }
  }

  private DatabaseState standing(
      @Nullable DatabaseStatus status,
      @Nullable String lastSync,
      List<Status.Waiting> waiting,
      @Nullable Failure failure) {
    boolean left =
        status != null && status.masterIsLeft(clock.millis(), settings.sync().leaseTimeout());
    return new DatabaseState(
        name(), local(), master(), status, lastSync, left, waiting, health().last(), failure);
  }

  private @Nullable String lastSync(DatabaseStatus status) {
    SyncLog.Row last = status.lastRun();
    if (last == null || gotThrough(last)) {
      return last == null ? null : last.run().timestamp();
    }
    return history(1000, null, null).stream()
        .filter(Database::gotThrough)
        .findFirst()
        .map(row -> row.run().timestamp())
        .orElse(null);
  }

  private static boolean gotThrough(SyncLog.Row row) {
    return row.run().status().equals("success") || row.run().status().equals("partial");
  }

  /** To tell whether a run would find anything to do; fails where the share is away. */
  public Status.Sight sight() {
    return new Status(plan, ledger).sight();
  }

  /** Every row that waits, is held back or stands in an open conflict. */
  public void pending(Consumer<Status.Waiting> consumer) {
    new Status(plan, ledger).pending(consumer);
  }

  /** All conflicts this database knows, oldest first. */
  public void conflicts(Consumer<Conflicts.Kept> consumer) {
    looking(
        replica -> {
          replica.conflicts().each(consumer);
          return true;
        });
  }

  /** The conflicts of which this is how the id begins. */
  public List<Conflicts.Kept> conflictsBeginningWith(String id) {
    return looking(replica -> replica.conflicts().beginningWith(id)).orElse(List.of());
  }

  /** So many of its conflicts, newest first, after leaving out some; and what is kept of each. */
  public <T> Slice<T> conflicts(
      @Nullable Boolean resolved,
      @Nullable String table,
      int limit,
      int offset,
      Function<Conflicts.Kept, T> as) {
    return looking(replica -> replica.conflicts().find(resolved, table, limit, offset, as))
        .orElse(new Slice<>(List.of(), 0));
  }

  /** The conflict of this id. */
  public Optional<Conflicts.Kept> conflict(String id) {
    return looking(replica -> replica.conflicts().find(id)).flatMap(Function.identity());
  }

  /** Conflicts that wait for a person, and that such a run would settle by its rule. */
  public List<Overruled> overruled(Request request) {
    return looking(replica -> Overruled.by(request, replica)).orElse(List.of());
  }

  /** Chooses one of two versions that wait. */
  public void resolve(String conflict, Resolution.Side side) {
    alone(() -> new Resolution(plan, clock).resolve(conflict, side));
  }

  /**
   * Settles a conflict with a third version.
   *
   * @param taken the columns whose values are those of the remote version
   */
  public void resolve(String conflict, Row given, List<String> taken) {
    alone(() -> new Resolution(plan, clock).resolve(conflict, given, taken));
  }

  /**
   * Brings a version of a conflict back.
   *
   * @param which null for the loser
   * @param given what is to replace some of its values
   */
  public void restore(String conflict, Conflict.@Nullable Version which, @Nullable Row given) {
    alone(() -> new Resolution(plan, clock).restore(conflict, which, given));
  }

  /** The audit trail, oldest first. */
  public void feed(Feed.Filter filter, Consumer<FeedItem> consumer) {
    told(
        () -> {
          new Feed(plan, ledger).each(filter, consumer);
          return true;
        });
  }

  /** Runs, changes and growth since then, in numbers. */
  public Report report(Instant since) {
    return told(() -> new Reporting(plan, ledger, clock).since(since));
  }

  /** What is well and what is not. */
  public DatabaseHealth health() {
    return new DatabaseHealth(plan, ledger, settings, backups().storage(), state, clock);
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
    return told(() -> new Verify(plan, ledger, clock).run());
  }

  /** Compares and makes the same what is not. */
  public Repair.Repaired repair(Request request) {
    return alone(() -> new Repair(plan, ledger, clock).run(request));
  }

  /**
   * Looks after the local database and the master.
   *
   * @param masterEvery the master is left alone where anybody looked after it since
   */
  public Maintenance.Result maintain(Maintenance.Terms terms, Duration masterEvery) {
    return alone(() -> new Maintenance(plan, ledger, clock, terms).run(masterEvery));
  }

  /** What {@link #archive} would move, as things stand here. */
  public Archiving.Result wouldArchive(Archiving.Order order) {
    return new Archiving(plan, ledger, clock).wouldMove(order);
  }

  /** Moves old rows into an archive. */
  public Archiving.Result archive(Archiving.Order order) {
    return alone(() -> new Archiving(plan, ledger, clock).move(order));
  }

  /** Brings archived rows back. */
  public ArchiveReturn.Result unarchive(ArchiveReturn.Order order) {
    return alone(() -> new ArchiveReturn(plan, ledger, clock).run(order));
  }

  /** The name of the database that this archive is of. */
  public String databaseOf(Path archive) {
    return ArchiveReturn.databaseOf(archive, plan);
  }

  /** Begins a new ledger where the share's was lost. */
  public LedgerRebuild.Rebuilt rebuildLedger(Request request, LongConsumer progress) {
    return alone(() -> new LedgerRebuild(plan, ledger, clock, progress).run(request));
  }

  /** Brings back what was. */
  public Restore restore() {
    List<Backups> places =
        Stream.of(settings.backup().folder(), settings.backup().copyTo())
            .flatMap(Optional::stream)
            .map(folder -> new Backups(folder, name(), shares.apply(folder)))
            .toList();
    return new Restore(plan, ledger, clock, places, this::alone);
  }

  public DatabaseBackups backups() {
    Path known = state.resolve("backup-folders.txt");
    return new DatabaseBackups(
        plan, ledger, clock, settings.backup(), shares, known, this::alone, patience);
  }

  /** Accepts a table as it is now. */
  public void acceptSchema(String table) {
    alone(() -> new SchemaAccept(plan).run(table));
  }

  /** How many rows wait to be sent. */
  public long unsent() {
    return looking(
            replica ->
                replica.everyTable().values().stream()
                    .mapToLong(table -> table.shadow().countMarks())
                    .sum())
        .orElse(0L);
  }

  /** The columns that Tidemark added to it, by table. */
  public Map<String, List<String>> addedColumns() {
    return isNotThere() ? Map.of() : DatabaseFile.addedColumns(plan.local(), BUSY);
  }

  /**
   * Takes all that is Tidemark's out of the local database.
   *
   * @param columns those it added, too
   * @return of these the ones that stay, and why
   */
  public List<String> detach(boolean columns) {
    if (isNotThere()) {
      throw new Failure(
          Failure.USAGE,
          "there is no database " + plan.local() + " to take Tidemark out of",
          "correct databases." + name() + ".local in the config, or take the database out of it");
    }
    return alone(() -> DatabaseFile.detach(plan.local(), BUSY, columns));
  }

  /** Empty where the database is not there or was never synced. */
  private <T> Optional<T> looking(Function<Replica, T> work) {
    if (isNotThere()) {
      return Optional.empty();
    }
    return told(
        () ->
            Replica.look(plan.local(), BUSY, plan.rules(), plan.selection())
                .map(
                    opened -> {
                      try (Replica replica = opened) {
                        return work.apply(replica);
                      }
                    }));
  }

  /** An empty file is what some tools leave where there was none. */
  private boolean isNotThere() {
    try {
      return Files.size(plan.local()) == 0;
    } catch (IOException e) {
      return !Files.exists(plan.local());
    }
  }

  private void alone(Runnable work) {
    alone(
        () -> {
          work.run();
          return true;
        });
  }

  private <T> T alone(Supplier<T> work) {
    try (Locks.Taken alone = locks.run(plan.name(), state, plan.local(), patience)) {
      return told(work);
    }
  }

  private <T> T told(Supplier<T> work) {
    return LocalDamage.told(plan.local(), work);
  }
}
