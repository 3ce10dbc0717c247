package tidemark.daemon;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tidemark.app.Workstation;
import tidemark.change.Failure;
import tidemark.config.SyncSettings;
import tidemark.say.SyncResult;
import tidemark.say.SyncWish;

/**
 * Keeps the databases in step for as long as the daemon runs: when the next run comes, and the next
 * look.
 *
 * <p>Threading: may be called from anywhere; no lock is held while a run waits for a share.
 */
final class Keeper {
  static final String SYNC = "sync";

  private static final Duration SOON = Duration.ofMinutes(1);
  private static final int SOON_TRIES = 4;

  private final ConfigInForce config;
  private final Syncing syncing;
  private final Schedule schedule;
  private final Pauses pauses;
  private final Clock clock;

  // what follows is guarded by this
  private boolean begun;
  private boolean held;
  private Instant lastDue;
  private int unfinished;

  Keeper(ConfigInForce config, Syncing syncing, Schedule schedule, Pauses pauses, Clock clock) {
    this.config = config;
    this.syncing = syncing;
    this.schedule = schedule;
    this.pauses = pauses;
    this.clock = clock;
    this.lastDue = clock.instant();
    schedule.job(SYNC, this::due);
  }

  /** Plans the first run; from then on each plans the next. */
  synchronized void begin() {
    if (usual().onStart()) {
      schedule.at(SYNC, clock.instant().plus(pauses.beforeStart()));
    } else {
      begun = true;
      planNext();
    }
    planLooks();
  }

  private SyncSettings usual() {
    return config.settings().sync();
  }

  /** The interval is over. */
  void due() {
    String trigger;
    synchronized (this) {
      if (held) {
        return; // planned anew when it goes on
      }
      trigger = begun ? "schedule" : "start";
      begun = true;
      lastDue = clock.instant();
    }
    boolean soon = false;
    try {
      soon = isToBeFinished(syncing.run(SyncWish.ALL, trigger));
    } finally {
      synchronized (this) {
        planNext();
        if (soon && !held) {
          schedule.at(SYNC, clock.instant().plus(SOON));
        }
      }
    }
  }

  /** What a run between two of these has left undone is not left until the interval is over. */
  synchronized void finishSoon(SyncResult result) {
    Instant soon = clock.instant().plus(SOON);
    boolean sooner = schedule.next(SYNC).filter(next -> !next.isAfter(soon)).isPresent();
    if (isToBeFinished(result) && begun && !held && !sooner) {
      schedule.at(SYNC, soon);
    }
  }

  /**
   * Another process is at it, and will not be for long; or the master stayed behind, whose lease
   * may be a dead one's, which takes some looks to see. If it is for long, the interval will do.
   */
  private synchronized boolean isToBeFinished(SyncResult result) {
    boolean behind = result.runs().values().stream().anyMatch(run -> run.masterBehind() > 0);
    unfinished = behind || result.exitCode() == Failure.BUSY ? unfinished + 1 : 0;
    return unfinished > 0 && unfinished <= SOON_TRIES;
  }

  private void planNext() {
    if (!begun || held) {
      return; // the first run is planned already; or it is planned anew when it goes on
    }
    Optional<Duration> every = usual().every();
    if (every.isEmpty()) {
      schedule.never(SYNC);
    } else {
      Instant next = lastDue.plus(pauses.after(every.get()));
      Instant now = clock.instant();
      schedule.at(SYNC, next.isBefore(now) ? now : next);
    }
  }

  private void planLooks() {
    Optional<Duration> watch = usual().watch();
    if (watch.isEmpty() || held) {
      schedule.never(Looks.LOOK);
    } else {
      schedule.every(Looks.LOOK, watch.get(), clock.instant().plus(watch.get()));
    }
  }

  /** When the next run is due; empty: by hand only, or held. */
  Optional<Instant> next() {
    return schedule.next(SYNC);
  }

  /** Nothing runs by itself any more. */
  synchronized void hold() {
    held = true;
    schedule.never(SYNC);
    schedule.never(Looks.LOOK);
  }

  synchronized boolean isHeld() {
    return held;
  }

  /** What was due while it was held is due now. */
  synchronized void goOn() {
    held = false;
    if (begun) {
      planNext();
    } else {
      schedule.at(SYNC, clock.instant());
    }
    planLooks();
  }

  /** From now on this config holds; a run under way goes on by the one it began with. */
  void take(Workstation remade) {
    synchronized (this) {
      SyncSettings before = usual();
      config.take(remade);
      if (!before.every().equals(usual().every())) {
        planNext();
      }
      if (!before.watch().equals(usual().watch())) {
        planLooks();
      }
    }
    config.tellTaken();
  }

  /** A last run, if the config wants it; then whatever is under way ends. */
  void end(Duration patience) {
    syncing.end(patience, usual().onExit() && !isHeld());
  }
}
