package tidemark.daemon;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.app.Database;
import tidemark.app.Workstation;
import tidemark.change.Failure;
import tidemark.config.Durations;
import tidemark.config.Settings;
import tidemark.config.SyncSettings;
import tidemark.control.Endpoint;
import tidemark.control.Events;
import tidemark.look.Status.Sight;
import tidemark.say.DaemonState;
import tidemark.say.DatabaseState;
import tidemark.say.RunResult;
import tidemark.say.StatusJson;
import tidemark.say.SyncJson;
import tidemark.say.SyncResult;
import tidemark.say.SyncWish;

/**
 * Keeps the databases in step for as long as the daemon runs: by schedule, by looking, and when
 * somebody asks.
 *
 * <p>Guarantee: one run at a time; who asks during a run gets one of his own after it. A share that
 * is away is tried again by looks that write nothing down. Threading: may be called from anywhere;
 * only runs, looks and the answers about databases wait for a share, and no lock is held meanwhile
 * but the one that keeps runs apart.
 */
final class Keeper implements Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

  static final String SYNC = "sync";
  static final String LOOK = "look";
  static final String RESUME = "resume";

  private static final Duration SOON = Duration.ofMinutes(1);
  private static final int SOON_TRIES = 4;

  private final Clock clock;
  private final Schedule schedule;
  private final Pauses pauses;
  private final Events events;
  private final String version;
  private final RunQueue runs = new RunQueue();
  private final LostShares lost;
  private final Map<String, Sight> seen = new HashMap<>();

  private volatile Settings settings;
  private volatile Workstation workstation;
  private volatile Workstation glance;
  private volatile @Nullable IntervalWriter intervals;
  private volatile Runnable stopping = () -> {};
  private volatile boolean ending;
  private volatile Consumer<SyncResult> ended = result -> {};

  // what follows is guarded by this
  private boolean begun;
  private boolean paused;
  private @Nullable Instant pausedUntil;
  private Instant lastDue;
  private int unfinished;
  private @Nullable String configProblem;

  /** Writes `sync.every`. */
  interface IntervalWriter {
    void write(@Nullable Duration every);
  }

  Keeper(
      Workstation workstation,
      Clock clock,
      Schedule schedule,
      Pauses pauses,
      Events events,
      String version) {
    this.workstation = workstation;
    this.glance = workstation.forAGlance();
    this.settings = workstation.settings();
    this.clock = clock;
    this.lastDue = clock.instant();
    this.schedule = schedule;
    this.pauses = pauses;
    this.lost = new LostShares(clock, schedule, pauses);
    this.events = events;
    this.version = version;
    schedule.job(SYNC, this::due);
    schedule.job(LOOK, this::look);
    schedule.job(LostShares.RETRY, this::retry);
    schedule.job(RESUME, this::resume);
  }

  /** Plans the first run; from then on each plans the next. */
  synchronized void begin() {
    if (settings.sync().onStart()) {
      Instant first = clock.instant().plus(pauses.beforeStart());
      schedule.at(SYNC, first);
    } else {
      begun = true;
      planNext();
    }
    planLooks();
  }

  // ---- by time

  /** The interval is over. */
  void due() {
    String trigger;
    synchronized (this) {
      if (paused) {
        return; // planned anew when it is resumed
      }
      trigger = begun ? "schedule" : "start";
      begun = true;
      lastDue = clock.instant();
    }
    boolean soon = false;
    try {
      soon = isToBeFinished(run(SyncWish.ALL, trigger));
    } finally {
      synchronized (this) {
        planNext();
        if (soon && !paused) {
          schedule.at(SYNC, clock.instant().plus(SOON));
        }
      }
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
    if (!begun || paused) {
      return; // the first run is planned already; or it is planned anew when it is resumed
    }
    Optional<Duration> every = settings.sync().every();
    if (every.isEmpty()) {
      schedule.never(SYNC);
    } else {
      Instant next = lastDue.plus(pauses.after(every.get()));
      Instant now = clock.instant();
      schedule.at(SYNC, next.isBefore(now) ? now : next);
    }
  }

  private void planLooks() {
    Optional<Duration> watch = settings.sync().watch();
    if (watch.isEmpty() || paused) {
      schedule.never(LOOK);
    } else {
      schedule.every(LOOK, watch.get(), clock.instant().plus(watch.get()));
    }
  }

  /** Syncs where others' entries or own unsent edits are seen. */
  void look() {
    Set<String> news = new TreeSet<>();
    for (Database database : workstation.databases(List.of())) {
      if (isPaused() || lost.includes(database.name())) {
        continue;
      }
      try {
        Sight now = database.sight();
        // what a run has left, such as held rows, is no news at the next look
        if (now.hasNews() && !now.equals(seen.put(database.name(), now))) {
          news.add(database.name());
        }
      } catch (Failure e) {
        lost.met(database.name(), e);
      }
    }
    if (!news.isEmpty()) {
      run(new SyncWish(news, Set.of(), null, null), "watch");
    }
  }

  /** Is the share there again? */
  void retry() {
    Set<String> back = new TreeSet<>();
    for (Database database : workstation.databases(List.of())) {
      if (lost.includes(database.name()) && isReachable(database)) {
        back.add(database.name());
      }
    }
    try {
      if (!back.isEmpty() && !isPaused()) {
        LOG.info("the share is there again: {}", String.join(", ", back));
        run(new SyncWish(back, Set.of(), null, null), "schedule");
      }
    } finally {
      lost.lookAgain();
    }
  }

  private static boolean isReachable(Database database) {
    try {
      database.sight();
      return true;
    } catch (Failure e) {
      return e.exitCode() != Failure.OFFLINE; // what else is wrong, a run tells
    }
  }

  private synchronized boolean isPaused() {
    return paused;
  }

  // ---- runs

  private SyncResult run(SyncWish wish, String trigger) {
    return runs.next(
        stop -> {
          events.tell("sync:start", Map.of("trigger", trigger));
          SyncResult result =
              workstation.sync(
                  wish,
                  trigger,
                  (database, settled) -> {
                    events.tell("sync:progress", Map.of("database", database, "settled", settled));
                    stop.check();
                  });
          result.runs().forEach((name, run) -> lost.met(name, run.failure()));
          tell(result);
          ended.accept(result);
          return result;
        });
  }

  private void tell(SyncResult result) {
    events.tell(
        result.exitCode() == 0 || result.failures().isEmpty() ? "sync:complete" : "sync:error",
        Map.of("status", result.status(), "message", result.message()));
    for (Map.Entry<String, RunResult> run : result.runs().entrySet()) {
      if (run.getValue().conflicts() > 0) {
        events.tell(
            "sync:conflict",
            Map.of("database", run.getKey(), "conflicts", (long) run.getValue().conflicts()));
      }
    }
  }

  // ---- what can be asked

  @Override
  public DaemonState state() {
    boolean syncing = runs.areUnderWay();
    synchronized (this) {
      return new DaemonState(
          ProcessHandle.current().pid(),
          version,
          syncing,
          schedule.next(SYNC).orElse(null),
          paused,
          pausedUntil,
          lost.first().orElse(null),
          configProblem,
          schedule.trouble().orElse(null));
    }
  }

  @Override
  public String status() {
    List<DatabaseState> standings = new ArrayList<>();
    for (Database database : glance.databases(List.of())) {
      standings.add(database.standing(false));
    }
    return new StatusJson(settings, standings, false, state()).text();
  }

  /** The same for a glance: somebody waits for the answer. */
  Workstation glance() {
    return glance;
  }

  @Override
  public String sync(SyncWish wish) {
    return SyncJson.text(run(wish, "manual"), UnaryOperator.identity());
  }

  @Override
  public void schedule(@Nullable Duration every) {
    IntervalWriter writer = intervals;
    if (writer == null) {
      throw new Failure(
          Failure.REFUSED, "this daemon has no config of its own to change", "Edit its config.");
    }
    writer.write(every);
  }

  @Override
  public synchronized void pause(@Nullable Duration howLong) {
    paused = true;
    pausedUntil = howLong == null ? null : clock.instant().plus(howLong);
    schedule.never(SYNC);
    schedule.never(LOOK);
    if (pausedUntil == null) {
      schedule.never(RESUME);
    } else {
      schedule.at(RESUME, pausedUntil);
    }
    LOG.info(
        "paused until {}",
        pausedUntil == null ? "it is resumed" : pausedUntil.truncatedTo(ChronoUnit.SECONDS));
    events.tell("daemon:paused", Map.of());
  }

  /** What was due meanwhile is due now. */
  @Override
  public synchronized void resume() {
    if (!paused) {
      return;
    }
    paused = false;
    pausedUntil = null;
    schedule.never(RESUME);
    if (begun) {
      planNext();
    } else {
      schedule.at(SYNC, clock.instant());
    }
    planLooks();
    LOG.info("resumed");
    events.tell("daemon:resumed", Map.of());
  }

  @Override
  public boolean isEnding() {
    return ending;
  }

  @Override
  public void stop() {
    stopping.run();
  }

  /**
   * @param listener is told how each run ended
   */
  void onEnd(Consumer<SyncResult> listener) {
    ended = listener;
  }

  void onStop(Runnable stop) {
    stopping = stop;
  }

  // ---- the config

  void writesIntervals(IntervalWriter writer) {
    intervals = writer;
  }

  /** By the config in force. */
  Workstation workstation() {
    return workstation;
  }

  /** From now on these hold; a run under way goes on by those it began with. */
  void take(Settings fresh, Workstation remade) {
    SyncSettings before = settings.sync();
    synchronized (this) {
      configProblem = null;
      settings = fresh;
      workstation = remade;
      glance = remade.forAGlance();
      lost.keepOnly(settings.databases().keySet());
      if (!before.every().equals(settings.sync().every())) {
        planNext();
      }
      if (!before.watch().equals(settings.sync().watch())) {
        planLooks();
      }
    }
    LOG.info(
        "the config has changed and is in force: {}",
        settings.sync().every().map(every -> "every " + Durations.text(every)).orElse("manual"));
    events.tell("config:changed", Map.of());
  }

  /** The config is wrong now; what was in force still is. */
  void refuse(String problem) {
    synchronized (this) {
      if (Objects.equals(problem, configProblem)) {
        return;
      }
      configProblem = problem;
    }
    LOG.warn("the config as it is now is not taken up: {}", problem);
    events.tell("config:error", Map.of("message", problem));
  }

  // ---- the end

  /** A last run, if the config wants it; then whatever is under way ends. */
  void end(Duration patience) {
    ending = true;
    events.tell("daemon:stopping", Map.of());
    boolean last = settings.sync().onExit() && !isPaused() && lost.first().isEmpty();
    if (last) {
      Thread exit = new Thread(this::lastRun, "exit");
      exit.setDaemon(true);
      exit.start();
      try {
        exit.join(patience.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    runs.end(patience);
  }

  private void lastRun() {
    try {
      run(SyncWish.ALL, "exit");
    } catch (Failure e) {
      LOG.warn("the last run: {}", e.whatFailed());
    }
  }
}
