package tidemark.daemon;

import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tidemark.app.Workstation;
import tidemark.control.Endpoint;
import tidemark.control.Events;

/**
 * The parts of the running daemon, built here by hand; each says what it is for.
 *
 * <p>Nothing happens by time before {@link #begin}, and before the schedule is started.
 */
final class Daemon {
  final Events events = new Events();
  final ConfigInForce config;
  final Notices notices;
  final Syncing syncing;
  final Keeper keeper;
  final Listening listening;
  final Looks looks;
  final Pausing pausing;
  final DaemonStatus status;
  final Answers answers;
  private final Chores chores;

  Daemon(Workstation workstation, Clock clock, Schedule schedule, Pauses pauses, String version) {
    config = new ConfigInForce(workstation, events);
    notices = new Notices(config::workstation, events, clock);
    LostShares lost = new LostShares(config, schedule, pauses, clock);
    syncing = new Syncing(config, lost, events, notices::after);
    keeper = new Keeper(config, syncing, schedule, pauses, clock);
    listening = new Listening(config, syncing, lost, keeper::isHeld);
    looks =
        new Looks(config, syncing, lost, keeper::isHeld, schedule, listening, keeper::finishSoon);
    pausing = new Pausing(keeper, schedule, events, clock);
    status = new DaemonStatus(config, syncing, keeper, pausing, schedule, version);
    answers = new Answers(config, events, clock);
    chores = new Chores(clock, schedule, pauses, () -> Chores.of(config.workstation(), events));
  }

  /**
   * What it does for whoever asks.
   *
   * @param intervals writes `sync.every`; null is by hand only
   */
  Endpoint endpoint(Consumer<@Nullable Duration> intervals, Runnable stopping) {
    return new DaemonEndpoint(status, syncing, pausing, intervals, stopping);
  }

  void begin() {
    notices.begin();
    keeper.begin();
    listening.begin();
    chores.begin();
  }
}
