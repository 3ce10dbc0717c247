package tidemark.sync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.catchup.Align;
import tidemark.catchup.EntryBrief;
import tidemark.catchup.EntryIndex;
import tidemark.catchup.EntryRepair;
import tidemark.catchup.SyncRun;
import tidemark.change.ChangeTime;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.change.Token;
import tidemark.ledger.Author;
import tidemark.ledger.Ledger;
import tidemark.master.Fold;
import tidemark.master.FoldResult;
import tidemark.master.MasterFile;
import tidemark.replica.DatabaseFile;
import tidemark.replica.Replica;
import tidemark.replica.SyncLog;
import tidemark.replica.SyncedTable;
import tidemark.run.Identity;
import tidemark.run.LedgerCopy;
import tidemark.run.LocalDamage;
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;
import tidemark.run.Request;
import tidemark.run.RunRecord;
import tidemark.run.Scratch;
import tidemark.run.SyncReport;
import tidemark.run.Workstations;
import tidemark.settle.Terms;

/**
 * A whole run for one database: the local replica catches up with the ledger, the master is brought
 * up to date if it can be had, and the run is written down.
 *
 * <p>Guarantee: a locked, missing or damaged master stops nobody; it is only behind. Threading: one
 * run at a time.
 */
public final class DatabaseSync {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseSync.class);
  public static final String MASTER_TROUBLE = "masterTrouble";
  public static final String ONLY_READ = "onlyRead";

  /** Edits were carried past whole runs: the master is still to get them. */
  public static final String CARRIED = "carried";

  private final Plan plan;
  private final LocalDatabase local;
  private final Ledger ledger;
  private final Clock clock;
  private final LongConsumer progress;

  public DatabaseSync(Plan plan, Ledger ledger, Clock clock, LongConsumer progress) {
    this.plan = plan;
    this.local = new LocalDatabase(plan);
    this.ledger = ledger;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * How a run ended.
   *
   * @param failure null unless status is offline or error
   */
  public record Outcome(
      String status, SyncReport report, long durationMs, @Nullable Failure failure) {
    public boolean success() {
      return status.equals("success");
    }

    public int exitCode() {
      return failure != null ? failure.exitCode() : success() ? 0 : Failure.INCOMPLETE;
    }
  }

  public Outcome run(Request request) {
    long started = clock.millis();
    long from = System.nanoTime();
    String runId = UUID.randomUUID().toString();
    SyncReport report = new SyncReport();
    try {
      local.requirePath();
      new SameApplication(plan).require();
      Ledger.Info info = open();
      boolean copied = makeLocal(report);
      try (Replica replica = local.open()) {
        if (copied) {
          countEveryRow(replica, report);
        }
        report.add(catchUp(replica, info, request));
        if (new EntryRepair(replica, ledger).hourly(info, clock.millis(), report)) {
          Scratch.sweep(plan, clock.millis());
          ledger.sweepKept(clock.millis() - Scratch.ABANDONED);
          replica.states().thin(info.floor(), Set.of());
        }
        SyncReport known = report;
        FoldResult folded =
            fold(
                replica,
                info,
                () -> {
                  List<SyncLog.Run> runs = new Workstations(ledger).runs(replica);
                  runs.add(
                      RunRecord.of(
                          known,
                          request,
                          status(known),
                          null,
                          started,
                          millisSince(from),
                          plan.author().workstation(),
                          plan.author().user(),
                          runId));
                  return runs;
                });
        if (folded.posted() > 0 && request.direction() != Direction.PUSH) {
          report.add(run(replica, info, request)); // what somebody edited in the master
        }
        folded = maySayNothing(folded, request, report) ? folded.withoutAWord() : folded;
        folded.into(report);
        remember(replica, MASTER_TROUBLE, folded.trouble());
        remember(replica, ONLY_READ, report.onlyRead());
        remember(replica, CARRIED, null);
        return finish(replica, report, request, started, from, runId);
      }
    } catch (Failure failure) {
      return fail(LocalDamage.told(plan.local(), failure), report, request, started, from, runId);
    } catch (RuntimeException | VirtualMachineError | LinkageError unforeseen) {
      LOG.error("a run ended unforeseen", unforeseen);
      return fail(unforeseen(unforeseen), report, request, started, from, runId);
    }
  }

  /** Edits rows in between, as the application would. */
  public interface Hand {
    /** Whether all that the ledger has must be read before. */
    boolean mustHaveReadAll();

    /** Before anything more of the ledger is read, outside of a transaction. */
    void edit(Replica replica);

    /** After all that is pending was posted. */
    void posted(Replica replica);
  }

  /**
   * A short run between two others, for edits that somebody waits for: they stand in the ledger
   * when it ends, or it fails. The master, and writing it down, are left to the next whole run.
   */
  public SyncReport carry(Hand hand, Request request) {
    Ledger.Info info = ledger.info().orElseThrow(() -> Align.ledgerIsGone(plan.place()));
    if (info.movedTo() != null) {
      throw Failure.ofMove("ledger of " + plan.place(), info.movedTo());
    }
    if (local.isMissing()) {
      throw new Failure(
          Failure.INCOMPLETE,
          plan.local() + " is not there yet",
          "it is made by the first run; see `tidemark status`");
    }
    try (Replica replica = local.open()) {
      if (hand.mustHaveReadAll()) {
        var unused =
            run(
                replica,
                info,
                new Request(Set.of(), Direction.PULL, request.conflicts(), request.trigger()));
      }
      hand.edit(replica);
      SyncReport report = run(replica, info, request);
      if (report.totalPushed() > 0) {
        remember(replica, CARRIED, "yes");
      }
      hand.posted(replica);
      return report;
    }
  }

  private FoldResult fold(Replica replica, Ledger.Info info, Supplier<List<SyncLog.Run>> runs) {
    return plan.hasMaster()
        ? new Fold(plan, ledger, clock).run(info, head(replica), runs)
        : FoldResult.none();
  }

  /** Else nothing would tell of it but the log: the run before it, which went well, stays last. */
  private static Failure unforeseen(Throwable e) {
    return e instanceof OutOfMemoryError
        ? new Failure(
            Failure.BUG,
            "the run needed more memory than there is: " + e.getMessage(),
            "Give more memory: TIDEMARK_JAVA_OPTS=-Xmx2g. If that does not help, send the log.",
            e)
        : new Failure(Failure.BUG, "unexpected " + e, "A bug: please send the log.", e);
  }

  /** Who has rights to read alone leaves the master to others. */
  private boolean maySayNothing(FoldResult folded, Request request, SyncReport report) {
    Failure why = folded.failure();
    return why != null
        && why.exitCode() == Failure.OFFLINE
        && (report.onlyRead() != null
            || (request.direction() == Direction.PULL && ledger.canOnlyBeRead()));
  }

  /** For `status`, which neither opens the master nor writes to the share. */
  private static void remember(Replica replica, String what, @Nullable String trouble) {
    if (!Objects.equals(trouble, replica.state(what))) {
      replica.sql().inTransaction(() -> replica.state(what, trouble));
    }
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }

  private static String status(SyncReport report) {
    return report.held().isEmpty() ? "success" : "partial";
  }

  private SyncReport catchUp(Replica replica, Ledger.Info info, Request request) {
    boolean begun = info.id().equals(replica.state("ledger")) && replica.states().hasMetAny();
    if (!begun
        && plan.hasMaster()
        && info.floor() == 0
        && ledger.read(1) == null
        && new MasterFile(plan).existsSurely()) {
      new Fold(plan, ledger, clock).adopt(info); // what the master holds is where history begins
    }
    return run(replica, info, request);
  }

  private SyncReport run(Replica replica, Ledger.Info info, Request request) {
    Terms terms = Terms.ofWorkstation(author(replica), request, plan.addShape());
    return new SyncRun(replica, ledger, terms, clock, plan.scratch(), progress)
        .tells(read -> EntryIndex.add(plan.index(), read.stream().map(EntryBrief::of).toList()))
        .run(info);
  }

  private Author author(Replica replica) {
    return new Author(
        plan.author().user(), plan.author().workstation(), Identity.of(replica, plan.author()));
  }

  private static Position head(Replica replica) {
    return replica.states().positions().values().stream()
        .max(Comparator.comparingLong(Position::number))
        .orElse(Position.START);
  }

  // ---- opening

  /** Whoever has synced never creates a ledger, even if the local database was lost since. */
  private Ledger.Info open() {
    Optional<Ledger.Info> info = look();
    if (info.isPresent()) {
      String movedTo = info.get().movedTo();
      if (movedTo != null) {
        throw Failure.ofMove("ledger of " + plan.place(), movedTo);
      }
      return info.get();
    }
    if (local.hasSynced() || ledger.wasHere()) {
      throw Align.ledgerIsGone(plan.place());
    }
    requireSomethingToBeginWith();
    if (plan.hasMaster()) {
      new MasterFile(plan).requireDatabase();
    }
    return ledger.create();
  }

  /** An empty local database, where there is nothing at all to begin with. */
  public void begin() {
    local.requirePath();
    if (look().isEmpty() && !ledger.wasHere() && nothingToBeginWith()) {
      DatabaseFile.create(plan.local());
    }
  }

  private boolean nothingToBeginWith() {
    return Files.notExists(plan.local()) && !(plan.hasMaster() && new MasterFile(plan).exists());
  }

  /** A mistyped path must not become a database, a master and a ledger that nobody looks at. */
  private void requireSomethingToBeginWith() {
    if (nothingToBeginWith()) {
      throw new Failure(
          Failure.USAGE,
          "neither " + plan.local() + " nor its master " + plan.place() + " is there",
          "correct databases."
              + plan.name()
              + " in the config; where the application makes its database later, begin with an empty one by `tidemark sync --create`");
    }
  }

  private Optional<Ledger.Info> look() {
    try {
      return ledger.info();
    } catch (Failure e) {
      throw e.exitCode() == Failure.OFFLINE && plan.hasMaster()
          ? new MasterFile(plan).explained(e)
          : e;
    }
  }

  private static void countEveryRow(Replica replica, SyncReport report) {
    for (SyncedTable table : replica.tables().values()) {
      if (table.count() > 0) {
        report.pulled(table.name(), (int) table.count());
      }
    }
  }

  /**
   * Missing or empty: made from the snapshot where there is one, else from the first entry on. Says
   * whether it was the snapshot.
   */
  private boolean makeLocal(SyncReport report) {
    if (!local.isMissing()) {
      return false;
    }
    try {
      Path made = plan.local().resolveSibling(plan.local().getFileName() + ".new-" + Token.fresh());
      try {
        Optional<LedgerCopy> copy = LedgerCopy.bring(ledger, made, Long.MAX_VALUE);
        if (copy.isPresent()) {
          List<String> leftOut = new ArrayList<>(copy.get().leftOut());
          leftOut.addAll(DatabaseFile.becomeAnother(made));
          tellLeftOut(leftOut, report);
        } else if (plan.hasMaster()) {
          new MasterFile(plan).createAlike(made);
        } else {
          Ledger.Beginning beginning = ledger.beginning();
          DatabaseFile.create(made, beginning.userVersion(), beginning.applicationId());
        }
        for (String ending : List.of("-wal", "-shm", "-journal")) { // of the one that is gone
          Files.deleteIfExists(plan.local().resolveSibling(plan.local().getFileName() + ending));
        }
        Files.move(made, plan.local(), StandardCopyOption.REPLACE_EXISTING);
        return copy.isPresent();
      } finally {
        Scratch.delete(made);
      }
    } catch (IOException e) {
      throw new Failure(
          Failure.INCOMPLETE,
          plan.local() + " cannot be made: " + e,
          "make its folder writable for this user",
          e);
    }
  }

  private static void tellLeftOut(List<String> leftOut, SyncReport report) {
    if (!leftOut.isEmpty()) {
      report.note(
          "left out of the new database, since the ledger's definitions do not bring it: "
              + String.join("; ", leftOut)
              + "; what belongs to the application is for it to make");
    }
  }

  // ---- writing it down

  private Outcome finish(
      Replica replica, SyncReport report, Request request, long started, long from, String runId) {
    String status = status(report);
    long duration = millisSince(from);
    SyncLog.Run run =
        RunRecord.of(
            report,
            request,
            status,
            RunRecord.error(report),
            started,
            duration,
            plan.author().workstation(),
            plan.author().user(),
            runId);
    boolean quietLook =
        request.trigger().equals("watch")
            && report.totalPulled() + report.totalPushed() + report.conflicts() == 0
            && report.held().isEmpty();
    if (!quietLook) {
      write(replica, run);
    }
    try {
      new Workstations(ledger)
          .publish(replica, author(replica), plan.local().toString(), report, clock.millis());
    } catch (Failure e) {
      LOG.warn(
          "this workstation's file could not be written and will be with the next run: {}",
          e.getMessage());
    }
    return new Outcome(status, report, duration, null);
  }

  private void write(Replica replica, SyncLog.Run run) {
    SyncLog log = new SyncLog(replica.sql());
    long oldest = clock.millis() - Duration.ofDays(plan.keepLogDays()).toMillis();
    replica
        .sql()
        .inTransaction(
            () -> {
              log.write(run);
              log.prune(ChangeTime.spaced(oldest), plan.keepLogRows());
            });
  }

  private Outcome fail(
      Failure failure, SyncReport report, Request request, long started, long from, String runId) {
    String status = failure.exitCode() == Failure.OFFLINE ? "offline" : "error";
    long duration = millisSince(from);
    if (!failure.forbids(plan.local()) && !local.isMissing()) {
      try (Replica replica = local.open()) {
        SyncLog.Run run =
            RunRecord.of(
                report,
                request,
                status,
                failure.whatFailed(),
                started,
                duration,
                plan.author().workstation(),
                plan.author().user(),
                runId);
        write(replica, run);
      } catch (RuntimeException e) {
        LOG.warn("the failed run could not be written into sync_log: {}", e.getMessage());
      }
    }
    return new Outcome(status, report, duration, failure);
  }
}
