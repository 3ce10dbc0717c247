package tidemark.control;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tidemark.say.DaemonState;
import tidemark.say.SyncWish;

/** What the running daemon does for whoever asks on its endpoint. */
public interface Endpoint {
  /** At once, whatever share and databases do. */
  DaemonState state();

  /** How everything stands, as JSON. */
  String status();

  /** A run, now or after the one under way; tells how it ended, as JSON. */
  String sync(SyncWish wish);

  /**
   * Writes the interval into the config and goes by it.
   *
   * @param every null for by hand only
   */
  void schedule(@Nullable Duration every);

  /**
   * Nothing runs by itself until it is resumed.
   *
   * @param howLong null until somebody says so
   */
  void pause(@Nullable Duration howLong);

  void resume();

  /** Its end has come: it answers for nothing but itself. */
  boolean isEnding();

  /** Ends the daemon, soon after this returned. */
  void stop();
}
