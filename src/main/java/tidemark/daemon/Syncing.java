package tidemark.daemon;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.control.Events;
import tidemark.say.RunResult;
import tidemark.say.SyncResult;
import tidemark.say.SyncWish;

/**
 * The daemon's runs, and who is told of them.
 *
 * <p>Guarantee: one run at a time; who asks during a run gets one of his own after it. Threading:
 * may be called from anywhere; a run is done on the thread that asks for it.
 */
final class Syncing {
  private static final Logger LOG = LoggerFactory.getLogger(Syncing.class);

  private final ConfigInForce config;
  private final LostShares lost;
  private final Events events;
  private final Consumer<SyncResult> ended;
  private final RunQueue runs = new RunQueue();
  private volatile boolean ending;

  /**
   * @param ended is told how each run ended
   */
  Syncing(ConfigInForce config, LostShares lost, Events events, Consumer<SyncResult> ended) {
    this.config = config;
    this.lost = lost;
    this.events = events;
    this.ended = ended;
  }

  SyncResult run(SyncWish wish, String trigger) {
    return runs.next(
        stop -> {
          events.tell("sync:start", Map.of("trigger", trigger));
          SyncResult result =
              config
                  .workstation()
                  .sync(
                      wish,
                      trigger,
                      (database, settled) -> {
                        events.tell(
                            "sync:progress", Map.of("database", database, "settled", settled));
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

  boolean isUnderWay() {
    return runs.areUnderWay();
  }

  /** When the first share that is away now was lost. */
  Optional<Instant> offlineSince() {
    return lost.first();
  }

  boolean isEnding() {
    return ending;
  }

  /**
   * Whatever is under way ends.
   *
   * @param last with a last run before, where the share is there
   */
  void end(Duration patience, boolean last) {
    ending = true;
    events.tell("daemon:stopping", Map.of());
    if (last && lost.first().isEmpty()) {
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
