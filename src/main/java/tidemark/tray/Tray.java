package tidemark.tray;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.config.Surroundings;
import tidemark.control.Endpoint;
import tidemark.control.Events;
import tidemark.say.DaemonState;
import tidemark.say.SyncWish;
import tidemark.service.Browser;

/**
 * Keeps the icon beside the clock as the daemon stands, where somebody wants it and can see it.
 *
 * <p>Guarantee: whatever becomes of the icon, the daemon goes on; that there is none is said once.
 * Nothing of the desktop is loaded before an icon is wanted, for that costs memory. Threading: a
 * thread of its own, which alone waits.
 */
public final class Tray implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tray.class);
  private static final Set<String> ENDS_OF_RUNS = Set.of("sync:complete", "sync:error");
  private static final long CALM = TimeUnit.MINUTES.toMillis(1);
  private static final long BUSY = TimeUnit.SECONDS.toMillis(1);

  /** A daemon that begins at login may be earlier than the desktop's panel. */
  private static final int TRIES = 5;

  private final Endpoint endpoint;
  private final Events events;
  private final @Nullable Supplier<Optional<URI>> page;
  private final Surroundings here;
  private @Nullable Thread showing;

  /**
   * @param page an address for the browser; null: there is no page
   */
  public Tray(
      Endpoint endpoint, Events events, @Nullable Supplier<Optional<URI>> page, Surroundings here) {
    this.endpoint = endpoint;
    this.events = events;
    this.page = page;
    this.here = here;
  }

  /** Shows it, or takes it away. */
  public synchronized void want(boolean wanted) {
    if (!wanted) {
      close();
    } else if (showing == null && isBeforeSomebody()) {
      showing = new Thread(this::show, "tray");
      showing.setDaemon(true);
      showing.start();
    }
  }

  private boolean isBeforeSomebody() {
    boolean display =
        here.windows()
            || (!here.osName().startsWith("Mac") && here.variable("DISPLAY").isPresent());
    return display && !Boolean.getBoolean("java.awt.headless");
  }

  private void show() {
    try (Events.Listener listener = events.listen().orElse(null)) {
      if (listener == null) {
        return; // so many listen that one more might do harm
      }
      try (DesktopIcon icon = found(listener)) {
        follow(listener, icon);
      }
    } catch (InterruptedException e) {
      LOG.debug("the icon is wanted no longer");
    } catch (RuntimeException e) {
      String why = e instanceof Failure failure ? failure.whatFailed() : e.toString();
      LOG.warn("there is no icon beside the clock (`tray: false` wants none): {}", why);
      LOG.debug("", e);
    }
  }

  private DesktopIcon found(Events.Listener listener) throws InterruptedException {
    DesktopIcon.Choices choices = choices();
    Optional<DesktopIcon> icon = DesktopIcon.in(choices);
    for (int tries = 1; icon.isEmpty() && tries < TRIES; tries++) {
      TimeUnit.MILLISECONDS.sleep(CALM);
      icon = DesktopIcon.in(choices);
    }
    listener.next(0); // old news
    return icon.orElseThrow(
        () -> new Failure(Failure.INCOMPLETE, "this desktop has no place for it", ""));
  }

  private DesktopIcon.Choices choices() {
    Supplier<Optional<URI>> address = page;
    return new DesktopIcon.Choices(
        once(() -> endpoint.sync(SyncWish.ALL)),
        address == null ? null : once(() -> address.get().ifPresent(new Browser(here)::open)),
        () -> endpoint.pause(null),
        endpoint::resume,
        endpoint::stop);
  }

  /** Who presses it again while it is under way, gets no second one. */
  private static Runnable once(Runnable work) {
    AtomicBoolean underWay = new AtomicBoolean();
    return () -> {
      if (underWay.compareAndSet(false, true)) {
        try {
          work.run();
        } finally {
          underWay.set(false);
        }
      }
    };
  }

  /** How everything stands is asked only when something has happened: it looks at databases. */
  private void follow(Events.Listener listener, DesktopIcon icon) throws InterruptedException {
    DaemonState shown = null;
    boolean news = true;
    while (!Thread.currentThread().isInterrupted()) {
      DaemonState now = endpoint.state();
      if (news || !now.equals(shown)) {
        icon.show(now.syncing() ? Face.SYNCING : standing(now.paused()), now.paused());
        shown = now;
      }
      // a run is under way for a moment after it has told its end
      List<Events.Event> happened = listener.next(now.syncing() ? BUSY : CALM);
      news = happened.stream().anyMatch(event -> ENDS_OF_RUNS.contains(event.name()));
      happened.stream().filter(event -> event.name().equals("notice")).forEach(e -> say(icon, e));
    }
  }

  private Face standing(boolean paused) {
    try {
      return Face.of(String.valueOf(Json.object(endpoint.status()).get("state")), paused);
    } catch (Failure e) {
      LOG.debug("how it stands: {}", e.whatFailed());
      return Face.ERROR;
    }
  }

  private static void say(DesktopIcon icon, Events.Event notice) {
    icon.say(String.valueOf(Json.object(notice.data()).get("message")));
  }

  @Override
  public synchronized void close() {
    Thread thread = showing;
    showing = null;
    if (thread != null) {
      thread.interrupt();
      try {
        thread.join(BUSY);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
