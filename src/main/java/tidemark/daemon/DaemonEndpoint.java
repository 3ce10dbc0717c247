package tidemark.daemon;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tidemark.control.Endpoint;
import tidemark.say.DaemonState;
import tidemark.say.SyncJson;
import tidemark.say.SyncWish;

/** Whatever is asked of the daemon itself, handed to who does it. */
final class DaemonEndpoint implements Endpoint {
  private final DaemonStatus status;
  private final Syncing syncing;
  private final Pausing pausing;
  private final Consumer<@Nullable Duration> intervals;
  private final Runnable stopping;

  /**
   * @param intervals writes `sync.every`; null is by hand only
   */
  DaemonEndpoint(
      DaemonStatus status,
      Syncing syncing,
      Pausing pausing,
      Consumer<@Nullable Duration> intervals,
      Runnable stopping) {
    this.status = status;
    this.syncing = syncing;
    this.pausing = pausing;
    this.intervals = intervals;
    this.stopping = stopping;
  }

  @Override
  public DaemonState state() {
    return status.ofItself();
  }

  @Override
  public String status() {
    return status.ofAll();
  }

  @Override
  public String sync(SyncWish wish) {
    return SyncJson.text(syncing.run(wish, "manual"), UnaryOperator.identity());
  }

  @Override
  public void schedule(@Nullable Duration every) {
    intervals.accept(every);
  }

  @Override
  public void pause(@Nullable Duration howLong) {
    pausing.pause(howLong);
  }

  @Override
  public void resume() {
    pausing.resume();
  }

  @Override
  public boolean isEnding() {
    return syncing.isEnding();
  }

  @Override
  public void stop() {
    stopping.run();
  }
}
