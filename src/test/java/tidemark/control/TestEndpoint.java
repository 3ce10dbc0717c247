package tidemark.control;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.say.DaemonState;
import tidemark.say.SyncJson;
import tidemark.say.SyncResult;
import tidemark.say.SyncWish;

/** Stands behind the endpoint, tells what it was asked for, and may hang in a run. */
final class TestEndpoint implements Endpoint {
  final List<String> asked = new CopyOnWriteArrayList<>();
  final CountDownLatch running = new CountDownLatch(1);
  volatile @Nullable CountDownLatch goOn;
  volatile @Nullable RuntimeException failure;
  volatile Runnable stopped = () -> {};
  volatile SyncResult result = new SyncResult();
  volatile long pid = ProcessHandle.current().pid();

  Services behind(Events events) {
    return behind(events, Clock.systemUTC());
  }

  Services behind(Events events, Clock clock) {
    return new Services(this, new NoQuestions(), new NoConfig(), events, clock);
  }

  @Override
  public DaemonState state() {
    return new DaemonState(pid, "1.0", goOn != null, null, false, null, null, null, null);
  }

  @Override
  public String status() {
    asked.add("status");
    return "{\"state\":\"connected\"}";
  }

  @Override
  public String sync(SyncWish wish) {
    asked.add("sync " + wish.text());
    running.countDown();
    RuntimeException why = failure;
    if (why != null) {
      throw why;
    }
    CountDownLatch wait = goOn;
    if (wait != null) {
      try {
        wait.await();
      } catch (InterruptedException e) {
        throw new Failure(Failure.BUSY, "stopped", "");
      }
    }
    return SyncJson.text(result, failed -> failed);
  }

  @Override
  public void schedule(@Nullable Duration every) {
    asked.add("schedule " + every);
  }

  @Override
  public void pause(@Nullable Duration howLong) {
    asked.add("pause " + howLong);
  }

  @Override
  public void resume() {
    asked.add("resume");
  }

  @Override
  public boolean isEnding() {
    return false;
  }

  @Override
  public void stop() {
    asked.add("stop");
    stopped.run();
  }
}
