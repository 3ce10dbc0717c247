package tidemark.daemon;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.app.OwnedLock;
import tidemark.app.RunningDaemon;
import tidemark.app.Workstation;
import tidemark.change.Failure;
import tidemark.config.Settings;
import tidemark.config.SettingsFile;
import tidemark.config.SettingsInForce;
import tidemark.config.SettingsWatcher;
import tidemark.config.Surroundings;
import tidemark.control.ControlClient;
import tidemark.control.ControlFile;
import tidemark.control.ControlServer;
import tidemark.control.Endpoint;
import tidemark.control.OwnersFolder;
import tidemark.control.Services;
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

  /** Something that runs beside the daemon, and ends before it. */
  public interface Companion {
    Companion NONE = (workstation, news) -> () -> {};

    /**
     * Starts it.
     *
     * @param news lets the daemon look for what there is to sync
     */
    Ending start(Workstation workstation, Runnable news);

    /** How it ends. */
    interface Ending extends AutoCloseable {
      @Override
      void close();
    }
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
    run(Companion.NONE, greeting);
  }

  /** The same with something beside it. */
  public void run(Companion companion, Greeting greeting) {
    Workstation workstation = new Workstation(inForce.settings(), surroundings, clock);
    try (OwnedLock one = workstation.locks().beDaemon();
        LookedAfter lookedAfter = new LookedAfter();
        Schedule schedule = new Schedule("tidemark")) {
      lookedAfter.add(workstation);
      Pauses pauses = new Pauses(new SplittableRandom());
      Daemon daemon = new Daemon(workstation, clock, schedule, pauses, version);
      ConfigReloading reloading =
          new ConfigReloading(daemon.config, daemon.keeper, lookedAfter, this::show);
      schedule.job(CONFIG, () -> reloading.take(watcher.check()));
      schedule.every(CONFIG, CONFIG_EVERY, clock.instant());
      RunningConfig desk =
          new RunningConfig(file, watcher, surroundings, daemon.config, reloading::take);
      Endpoint endpoint = daemon.endpoint(desk::every, this::stop);
      try (ControlServer server =
              listen(new Services(endpoint, daemon.answers, desk, daemon.events, clock));
          Tray icon =
              new Tray(endpoint, daemon.events, server == null ? null : this::page, surroundings)) {
        daemon.begin();
        schedule.start();
        beside(icon);
        Optional<Failure> why;
        try (Companion.Ending other = companion.start(workstation, daemon.looks::news)) {
          greet(greeting, server == null ? null : server.port());
          why = awaitStop(one, schedule);
        }
        schedule.close();
        daemon.listening.close();
        daemon.keeper.end(LAST_STEPS);
        why.ifPresent(
            failure -> {
              throw failure;
            });
      }
      LOG.info("Tidemark ends");
    } finally {
      ended.countDown();
    }
  }

  private @Nullable ControlServer listen(Services services) {
    Settings settings = inForce.settings();
    ControlFile.delete(settings.state()); // one that was killed has left it
    return settings.control().port().isEmpty()
        ? null
        : ControlServer.start(
            settings.state(),
            settings.control().port().getAsInt(),
            new ControlServer.Program(version, file.own().toString()),
            services);
  }

  private Optional<URI> page() {
    return new RunningDaemon(inForce.settings().state()).client().map(ControlClient::pageAddress);
  }

  /** From now on the config decides whether it is shown. */
  private synchronized void beside(Tray icon) {
    tray = icon;
    show(watcher.inForce().settings());
  }

  private synchronized void show(Settings settings) {
    if (tray != null) {
      tray.want(settings.tray());
    }
  }

  private void greet(Greeting greeting, @Nullable Integer port) {
    Settings settings = inForce.settings();
    inForce.warnings().forEach(LOG::warn);
    LOG.info("Tidemark {} runs for {} at {}", version, settings.user(), settings.workstation());
    greeting.running(port);
  }

  /** Until somebody stops it, or it cannot do its work any more; then why. */
  private Optional<Failure> awaitStop(OwnedLock one, Schedule schedule) {
    Path state = inForce.settings().state();
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
