package tidemark.daemon;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.app.Database;
import tidemark.change.Failure;
import tidemark.say.SyncWish;

/**
 * Waits at places that tell of others' edits, one open request each, so that nobody has to look for
 * them again and again.
 *
 * <p>Threading: a thread of its own for each such database, which ends when it is not to be watched
 * any more.
 */
final class Listening implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listening.class);

  /** Shorter than what proxies on the way take for a connection that is dead. */
  private static final Duration AT_ONCE = Duration.ofSeconds(25);

  private final ConfigInForce config;
  private final Syncing syncing;
  private final LostShares lost;
  private final BooleanSupplier paused;
  private final Map<String, Thread> threads = new ConcurrentHashMap<>();
  private final Moves moves = new Moves();
  private volatile boolean closed;

  Listening(ConfigInForce config, Syncing syncing, LostShares lost, BooleanSupplier paused) {
    this.config = config;
    this.syncing = syncing;
    this.lost = lost;
    this.paused = paused;
  }

  /** To be called now and then: begins to wait wherever nobody does yet, and it may be of use. */
  void begin() {
    for (Database database : config.workstation().databases()) {
      if (database.isTold() && mayWait(database.name())) {
        threads.computeIfAbsent(database.name(), this::thread);
      }
    }
  }

  private Thread thread(String name) {
    Thread thread = new Thread(() -> listen(name), "listening");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private boolean mayWait(String name) {
    return !closed
        && !paused.getAsBoolean()
        && !lost.includes(name)
        && config.settings().sync().watch().isPresent()
        && config.settings().databases().containsKey(name);
  }

  private void listen(String name) {
    try {
      long told = 0; // what a run could not read is no news after it: one run for each
      while (mayWait(name)) {
        Database database = config.workstation().databases(List.of(name)).get(0);
        OptionalLong news = database.awaitNews(told, AT_ONCE);
        if (news.isPresent() && mayWait(name)) {
          told = news.getAsLong();
          syncing.run(SyncWish.of(Set.of(name)), "watch");
        }
      }
    } catch (Failure e) {
      LOG.debug("nobody tells of {}: {}", name, e.whatFailed());
      lost.met(name, e); // where it is away, that is looked for; else the next look begins anew
      if (moves.isNews(name, e)) {
        syncing.run(SyncWish.of(Set.of(name)), "watch");
      }
    } finally {
      threads.remove(name);
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.values().forEach(Thread::interrupt);
  }
}
