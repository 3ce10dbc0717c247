package tidemark.upkeep.maintain;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import tidemark.change.Failure;
import tidemark.ledger.Ledger;
import tidemark.master.MasterWork;
import tidemark.replica.Replica;
import tidemark.run.Plan;

/**
 * Looks after the local database, the master and the ledger: prunes what is kept only for a time,
 * keeps statistics and indexes in order, gives unused space back.
 *
 * <p>Guarantee: no row of the application's changes; who is at work in a file keeps it as it is,
 * and that is said. The master is touched under the fold lease alone. Threading: one thread, which
 * has the workstation's lock on the local database.
 */
public final class Maintenance {
  /** Whoever has the local database open comes first. */
  private static final Duration LOCAL_BUSY = Duration.ofSeconds(1);

  private static final String DONE_AT = "maintained";

  private final Plan plan;
  private final Ledger ledger;
  private final Clock clock;
  private final Wanted wanted;
  private final ToLongFunction<Path> space;

  /**
   * How it is to be done.
   *
   * @param vacuum whether it pays or not
   * @param mayVacuum where it pays
   * @param indexes as {@link ExtraIndexes} reads them
   * @param conflictDays how long settled conflicts are kept
   */
  public record Wanted(boolean vacuum, boolean mayVacuum, List<String> indexes, int conflictDays) {}

  /** What was done to either file. */
  public record Result(List<CareStep> local, List<CareStep> master) {
    public List<Failure> refusals() {
      return Stream.concat(local.stream(), master.stream())
          .flatMap(step -> Optional.ofNullable(step.refused()).stream())
          .toList();
    }

    public int exitCode() {
      return refusals().stream().mapToInt(Failure::exitCode).max().orElse(0);
    }
  }

  public Maintenance(Plan plan, Ledger ledger, Clock clock, Wanted wanted) {
    this(plan, ledger, clock, wanted, Vacuum::spaceIn);
  }

  /**
   * @param space how many bytes can still be written into a folder
   */
  Maintenance(Plan plan, Ledger ledger, Clock clock, Wanted wanted, ToLongFunction<Path> space) {
    this.plan = plan;
    this.ledger = ledger;
    this.clock = clock;
    this.wanted = wanted;
    this.space = space;
  }

  /**
   * The local database, and then the master.
   *
   * @param masterEvery the master is left alone where anybody looked after it since
   */
  public Result run(Duration masterEvery) {
    Optional<Long> floor;
    List<CareStep> master = new ArrayList<>();
    try {
      floor = ledger.info().map(Ledger.Info::floor);
    } catch (Failure away) {
      floor = Optional.empty();
      master.add(CareStep.refused("master", away));
    }
    List<CareStep> local = local(floor);
    if (!plan.hasMaster()) {
      return new Result(local, List.of());
    }
    if (floor.isPresent()) {
      master.addAll(master(masterEvery));
    } else if (master.isEmpty()) {
      master.add(CareStep.done("master", "there is none yet; `tidemark sync` makes it"));
    }
    return new Result(local, master);
  }

  private List<CareStep> local(Optional<Long> floor) {
    if (Files.notExists(plan.local())) {
      return List.of(CareStep.done("local", "there is none yet; `tidemark sync` makes it"));
    }
    try (Replica replica = Replica.open(plan.local(), LOCAL_BUSY, plan.rules(), plan.selection())) {
      FileCare care = new FileCare(replica, new Vacuum(replica.sql(), space));
      if (care.isWhole()) {
        care.pruneLog(daysAgo(plan.keepLogDays()), plan.keepLogRows());
        floor.ifPresent(read -> care.pruneConflicts(daysAgo(wanted.conflictDays()), read));
        care.makeIndexes(wanted.indexes());
        care.refreshStatistics();
        care.makeSmaller(wanted.vacuum(), wanted.mayVacuum());
      }
      return care.steps();
    } catch (Failure refused) {
      return List.of(CareStep.refused("local", refused));
    }
  }

  private List<CareStep> master(Duration every) {
    try {
      return new MasterWork(plan, ledger, clock)
          .run("look after the master", opened -> master(opened, every));
    } catch (Failure refused) {
      return List.of(CareStep.refused("master", refused));
    }
  }

  private List<CareStep> master(MasterWork.Opened opened, Duration every) {
    Replica replica = opened.replica();
    Long last = replica.stateNumber(DONE_AT);
    long now = clock.millis();
    if (last != null && Math.abs(now - last) < every.toMillis()) {
      return List.of(
          CareStep.done("master", "looked after already at " + Instant.ofEpochMilli(last)));
    }
    long floor = ledger.info().map(Ledger.Info::floor).orElse(0L);
    FileCare care = new FileCare(replica, new Vacuum(replica.sql(), space));
    if (care.isWhole()) {
      care.step(
          "ledger", () -> CareStep.removed("ledger", "entries archived", opened.keepLedgerShort()));
      opened.mustBeMine();
      care.pruneLog(daysAgo(plan.keepLogDays()), plan.keepLogRows());
      care.pruneConflicts(daysAgo(wanted.conflictDays()), floor);
      care.makeIndexes(List.of());
      opened.mustBeMine();
      care.refreshStatistics();
      opened.mustBeMine();
      care.makeSmaller(wanted.vacuum(), wanted.mayVacuum());
      opened.mustBeMine();
      if (care.isAllDone()) {
        replica.sql().inTransaction(() -> replica.state(DONE_AT, Long.toString(now)));
      }
    }
    return care.steps();
  }

  private long daysAgo(int days) {
    return clock.millis() - Duration.ofDays(days).toMillis();
  }
}
