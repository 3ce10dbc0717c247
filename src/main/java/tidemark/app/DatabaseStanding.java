package tidemark.app;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Place;
import tidemark.ledger.Ledger;
import tidemark.look.DatabaseStatus;
import tidemark.look.Status;
import tidemark.replica.SyncLog;
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;
import tidemark.say.DatabaseState;

/** How one database stands, as far as that can be told without changing anything. */
public final class DatabaseStanding {
  private final Plan plan;
  private final Ledger ledger;
  private final LocalAccess access;
  private final DatabaseHealth health;
  private final Clock clock;
  private final Duration leaseTimeout;
  private final @Nullable Place followedFrom;

  DatabaseStanding(
      Plan plan,
      Ledger ledger,
      LocalAccess access,
      DatabaseHealth health,
      Clock clock,
      Duration leaseTimeout,
      @Nullable Place followedFrom) {
    this.plan = plan;
    this.ledger = ledger;
    this.access = access;
    this.health = health;
    this.clock = clock;
    this.leaseTimeout = leaseTimeout;
    this.followedFrom = followedFrom;
  }

  /** How it stands: what is known here, and a look at the share. */
  public DatabaseStatus status() {
    return access.told(() -> new Status(plan, ledger).look());
  }

  /** How it stands, or why nobody can tell. */
  public DatabaseState tell(boolean withWaiting) {
    try {
      DatabaseStatus status = status();
      List<Status.Waiting> waiting = new ArrayList<>();
      if (withWaiting) {
        pending(waiting::add);
      }
      return state(status, lastSync(status), waiting, null);
    } catch (Failure failure) {
      return state(null, null, List.of(), failure);
    }
  }

  private DatabaseState state(
      @Nullable DatabaseStatus status,
      @Nullable String lastSync,
      List<Status.Waiting> waiting,
      @Nullable Failure failure) {
    boolean left = status != null && status.masterIsLeft(clock.millis(), leaseTimeout);
    return new DatabaseState(
        plan.name(),
        plan.local(),
        plan.place(),
        followedFrom,
        status,
        lastSync,
        left,
        waiting,
        health.last(),
        failure);
  }

  private @Nullable String lastSync(DatabaseStatus status) {
    SyncLog.Row last = status.lastRun();
    if (last == null || gotThrough(last)) {
      return last == null ? null : last.run().timestamp();
    }
    return SyncLog.read(plan.local(), LocalDatabase.BUSY, 1000, null, null).stream()
        .filter(DatabaseStanding::gotThrough)
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

  /** The same as far as it can be seen here. */
  public Status.Sight ownSight() {
    return new Status(plan, ledger).ownSight();
  }

  /** Every row that waits, is held back or stands in an open conflict. */
  public void pending(Consumer<Status.Waiting> consumer) {
    new Status(plan, ledger).pending(consumer);
  }
}
