package tidemark.daemon;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.app.OwnedLock;
import tidemark.app.RunningDaemon;
import tidemark.app.Workstation;
import tidemark.change.Failure;
import tidemark.config.DatabaseSettings;
import tidemark.config.Durations;
import tidemark.config.Settings;
import tidemark.config.SettingsEdit;
import tidemark.config.SettingsFile;
import tidemark.config.SettingsInForce;
import tidemark.config.SettingsWatcher;
import tidemark.config.Surroundings;
import tidemark.control.ControlClient;
import tidemark.control.ControlFile;
import tidemark.control.ControlServer;
import tidemark.control.Events;
import tidemark.control.OwnersFolder;
import tidemark.control.Services;
import tidemark.log.ProgramLog;
import tidemark.tray.Tray;

/**
 * The daemon as a process: the only one of its user, until somebody stops it.
 *
 * <p>Guarantee: however it ends, by `stop`, a signal, or like a lamp, no file is left in the middle
 * of something, and no lock behind. One whose lock file was deleted, or whose jobs run no longer,
 * says so and ends: it could look well and do nothing.
 */
public final class DaemonProcess {
  private static final Logger LOG = LoggerFactory.getLogger(DaemonProcess.class);

  /**
   * How long a run may take to come to a good end; and as long again where it waits for a share.
   */
  private static final Duration LAST_STEPS = Duration.ofSeconds(10);

  private static final String CONFIG = "config";
  private static final Duration CONFIG_EVERY = Duration.ofSeconds(2);
  private static final Duration LOOKS_EVERY = Duration.ofSeconds(2);

  private final SettingsFile file;
  private final SettingsInForce inForce;
  private final SettingsWatcher watcher;
  private final Surroundings surroundings;
  private final Clock clock;
  private final String version;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Map<Path, OwnedLock> lookedAfter = new HashMap<>();
  private @Nullable Tray tray;

  public DaemonProcess(
      SettingsFile file,
      SettingsInForce inForce,
      Surroundings surroundings,
      Clock clock,
      String version) {
    this.file = file;
    this.inForce = inForce;
    this.watcher = new SettingsWatcher(file, inForce);
    this.surroundings = surroundings;
    this.clock = clock;
    this.version = version;
  }

  /** Told once it runs. */
  public interface Greeting {
    /**
     * It runs.
     *
     * @param port where it listens; null where it does not
     */
    void running(@Nullable Integer port);
  }

  /** Returns when it was stopped and all has come to its end. */
  public void run(Greeting greeting) {
    Settings settings = inForce.settings();
    Workstation workstation = new Workstation(settings, surroundings, clock);
    try (OwnedLock one = workstation.locks().beDaemon()) {
      settings.databases().values().forEach(database -> lookAfter(workstation, database));
      Events events = new Events();
      try (Schedule schedule = new Schedule("tidemark")) {
        Pauses pauses = new Pauses(new SplittableRandom());
        Keeper keeper = new Keeper(workstation, clock, schedule, pauses, events, version);
        Chores chores =
            new Chores(clock, schedule, pauses, () -> Chores.of(keeper.workstation(), events));
        Notices notices = new Notices(keeper::workstation, events, clock);
        notices.begin();
        keeper.onEnd(notices::after);
        keeper.onStop(this::stop);
        keeper.writesIntervals(every -> write(every, keeper));
        schedule.job(CONFIG, () -> take(watcher.check(), keeper));
        schedule.every(CONFIG, CONFIG_EVERY, clock.instant());
        try (ControlServer server = listen(settings, keeper, events);
            Tray icon =
                new Tray(keeper, events, server == null ? null : this::page, surroundings)) {
          keeper.begin();
          chores.begin();
          schedule.start();
          beside(icon);
          inForce.warnings().forEach(LOG::warn);
          LOG.info(
              "Tidemark {} runs for {} at {}", version, settings.user(), settings.workstation());
          greeting.running(server == null ? null : server.port());
          Optional<Failure> why = awaitStop(one, schedule, settings.state());
          schedule.close();
          keeper.end(LAST_STEPS);
          why.ifPresent(
              failure -> {
                throw failure;
              });
        }
      }
      LOG.info("Tidemark ends");
    } finally {
      lookedAfter.values().forEach(OwnedLock::close);
      ended.countDown();
    }
  }

  private void lookAfter(Workstation workstation, DatabaseSettings database) {
    if (!lookedAfter.containsKey(database.local())) {
      OwnedLock lock = workstation.locks().lookAfter(database.name(), database.local());
      if (lock != null) {
        lookedAfter.put(database.local(), lock);
      }
    }
  }

  /** What the config names no longer, others may look after. */
  private void letGo(Settings settings) {
    Set<Path> named =
        settings.databases().values().stream()
            .map(DatabaseSettings::local)
            .collect(Collectors.toSet());
    lookedAfter.forEach(
        (local, lock) -> {
          if (!named.contains(local)) {
            lock.close();
          }
        });
    lookedAfter.keySet().retainAll(named);
  }

  private @Nullable ControlServer listen(Settings settings, Keeper keeper, Events events) {
    ControlFile.delete(settings.state()); // one that was killed has left it
    return settings.control().port().isEmpty()
        ? null
        : ControlServer.start(
            settings.state(),
            settings.control().port().getAsInt(),
            new ControlServer.Program(version, file.own().toString()),
            new Services(
                keeper,
                new Answers(keeper, events, clock),
                new RunningConfig(file, watcher, surroundings, clock, look -> take(look, keeper)),
                events,
                clock));
  }

  private Optional<URI> page() {
    return new RunningDaemon(inForce.settings().state()).client().map(ControlClient::pageAddress);
  }

  /** From now on the config decides whether it is shown. */
  private synchronized void beside(Tray icon) {
    tray = icon;
    icon.want(watcher.inForce().settings().tray());
  }

  private void write(@Nullable Duration every, Keeper keeper) {
    String value = every == null ? "manual" : Durations.text(every);
    new SettingsEdit(file, surroundings).set("sync.every", value);
    take(watcher.takeUp(), keeper);
  }

  /** The config may have changed; what cannot be changed while it runs is said. */
  private synchronized void take(SettingsWatcher.Look look, Keeper keeper) {
    if (look instanceof SettingsWatcher.Look.Wrong wrong) {
      keeper.refuse(wrong.problem().whatFailed());
    } else if (look instanceof SettingsWatcher.Look.Changed changed) {
      changed.inForce().warnings().forEach(LOG::warn);
      Settings settings = changed.inForce().settings();
      Workstation remade = new Workstation(settings, surroundings, clock);
      try {
        settings.databases().values().forEach(database -> lookAfter(remade, database));
        keeper.take(settings, remade);
        letGo(settings);
        if (tray != null) {
          tray.want(settings.tray());
        }
        ProgramLog.level(settings.log().level().name());
        Settings first = inForce.settings();
        if (!settings.state().equals(first.state())
            || !settings.control().equals(first.control())) {
          LOG.warn("`state` and `control` take effect when the daemon is started again");
        }
      } catch (Failure failure) {
        keeper.refuse(failure.whatFailed());
      }
    }
  }

  /** Until somebody stops it, or it cannot do its work any more; then why. */
  private Optional<Failure> awaitStop(OwnedLock one, Schedule schedule, Path state) {
    try {
      while (!stopped.await(LOOKS_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        Optional<Failure> why =
            !one.isInPlace()
                ? Optional.of(lost(state))
                : schedule.isDead() ? Optional.of(dead()) : Optional.empty();
        if (why.isPresent()) {
          OwnersFolder.make(state, List.of(state.resolve("logs"))); // so that the log has a place
          LOG.error("{}; {}", why.get().whatFailed(), why.get().hint());
          return why;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  /** Another daemon may have made its own there by now. */
  private static Failure lost(Path state) {
    return new Failure(
        Failure.INCOMPLETE,
        "the state folder " + state + " was deleted or replaced while the daemon ran, so it ends",
        "Start it again, if what starts it at login does not: it makes what it needs. Leave this folder to it.");
  }

  private static Failure dead() {
    return new Failure(
        Failure.BUG,
        "nothing of what the daemon does by time happens any more, so it ends",
        "Start it again, if what starts it at login does not; send the log.");
  }

  /** Asks it to end. */
  public void stop() {
    stopped.countDown();
  }

  /** For a signal: whoever gets it has to wait until the work is done. */
  public void stopAndWait() {
    stop();
    try {
      if (!ended.await(LAST_STEPS.multipliedBy(4).toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("what was under way did not end in time; it is cut off, which harms nothing");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
