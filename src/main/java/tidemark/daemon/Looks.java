package tidemark.daemon;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.app.Database;
import tidemark.change.Failure;
import tidemark.look.Status.Sight;
import tidemark.say.SyncResult;
import tidemark.say.SyncWish;

/**
 * Looks that write nothing down, and lead to a run only where there is something to do: whether
 * anything is to be synced, and whether a share is there again.
 */
final class Looks {
  private static final Logger LOG = LoggerFactory.getLogger(Looks.class);
  static final String LOOK = "look";

  private final ConfigInForce config;
  private final Syncing syncing;
  private final LostShares lost;
  private final BooleanSupplier paused;
  private final Listening listening;
  private final Consumer<SyncResult> after;
  private final Map<String, Sight> seen = new HashMap<>();
  private final Moves moves = new Moves();

  Looks(
      ConfigInForce config,
      Syncing syncing,
      LostShares lost,
      BooleanSupplier paused,
      Schedule schedule,
      Listening listening,
      Consumer<SyncResult> after) {
    this.config = config;
    this.syncing = syncing;
    this.lost = lost;
    this.paused = paused;
    this.listening = listening;
    this.after = after;
    schedule.job(LOOK, this::look);
    schedule.job(LostShares.RETRY, this::retry);
  }

  /** Syncs where others' entries or own unsent edits are seen. Whoever asks meanwhile waits. */
  synchronized void look() {
    listening.begin();
    Set<String> news = new TreeSet<>();
    for (Database database : config.workstation().databases()) {
      if (paused.getAsBoolean() || lost.includes(database.name())) {
        continue;
      }
      try {
        Sight now =
            database.isTold() ? database.standing().ownSight() : database.standing().sight();
        // what a run has left, such as held rows, is no news at the next look
        if (now.hasNews() && !now.equals(seen.put(database.name(), now))) {
          news.add(database.name());
        }
      } catch (Failure e) {
        lost.met(database.name(), e);
        if (moves.isNews(database.name(), e)) {
          news.add(database.name());
        }
      }
    }
    if (!news.isEmpty()) {
      after.accept(syncing.run(SyncWish.of(news), "watch"));
    }
  }

  /** Somebody reached the share from here just now: what was lost is there again. */
  void news() {
    retry();
    look();
  }

  /** Is the share there again? */
  synchronized void retry() {
    Set<String> back = new TreeSet<>();
    for (Database database : config.workstation().databases()) {
      if (lost.includes(database.name()) && isReachable(database)) {
        back.add(database.name());
      }
    }
    try {
      if (!back.isEmpty() && !paused.getAsBoolean()) {
        LOG.info("the share is there again: {}", String.join(", ", back));
        syncing.run(SyncWish.of(back), "schedule");
      }
    } finally {
      lost.lookAgain();
    }
  }

  private static boolean isReachable(Database database) {
    try {
      database.standing().sight();
      return true;
    } catch (Failure e) {
      return e.exitCode() != Failure.OFFLINE; // what else is wrong, a run tells
    }
  }
}
