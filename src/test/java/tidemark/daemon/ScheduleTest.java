package tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tidemark.testing.Wait;

/** What Quartz does with times that have passed, and with jobs that take long or fail. */
class ScheduleTest {
  private final Schedule schedule = new Schedule("test");
  private final AtomicInteger count = new AtomicInteger();
  private final Semaphore done = new Semaphore(0);

  @AfterEach
  void end() {
    schedule.close();
  }

  private void counting(String name) {
    schedule.job(
        name,
        () -> {
          count.incrementAndGet();
          done.release();
        });
  }

  private static boolean within(Semaphore semaphore) throws InterruptedException {
    return semaphore.tryAcquire(60, TimeUnit.SECONDS);
  }

  @Test
  void a_time_that_passed_while_the_machine_slept_comes_once_and_at_once() throws Exception {
    counting("sync");
    schedule.at("sync", Instant.now().minus(Duration.ofHours(9)));
    schedule.start();
    assertThat(within(done)).isTrue();
    assertThat(schedule.next("sync")).isEmpty();
    assertThat(count).hasValue(1);
  }

  @Test
  void many_times_that_passed_come_once_and_then_it_goes_on() throws Exception {
    counting("look");
    schedule.every("look", Duration.ofMinutes(10), Instant.now().minus(Duration.ofHours(9)));
    schedule.start();
    assertThat(within(done)).isTrue();
    assertThat(schedule.next("look").orElseThrow())
        .isAfter(Instant.now().plus(Duration.ofMinutes(9)));
    assertThat(count).hasValue(1);
  }

  @Test
  void a_job_that_breaks_off_is_told_of_until_it_comes_to_its_end() throws Exception {
    schedule.job(
        "sync",
        () -> {
          try {
            if (count.incrementAndGet() == 1) {
              throw new OutOfMemoryError("Java heap space");
            }
          } finally {
            done.release();
          }
        });
    schedule.start();
    assertThat(schedule.trouble()).isEmpty();
    begun("sync");
    assertThat(schedule.trouble().orElseThrow()).contains("sync", "OutOfMemoryError", "heap space");
    begun("sync");
    assertThat(schedule.trouble()).isEmpty();
  }

  /** Begun now, and come to its end. */
  private void begun(String name) throws Exception {
    schedule.now(name);
    assertThat(within(done)).isTrue();
    Wait.until("the job's end", () -> !schedule.isAtWork());
  }

  @Test
  void where_nothing_begins_any_more_however_often_one_asks_the_schedule_is_dead()
      throws Exception {
    counting("config");
    assertThat(askedOften()).isTrue();
    schedule.start();
    begun("config");
    assertThat(schedule.isDead()).isFalse();
    Semaphore until = new Semaphore(0);
    schedule.job("sync", () -> within(done, until));
    schedule.now("sync");
    assertThat(within(done)).isTrue();
    assertThat(askedOften()).as("while a job takes long").isFalse();
    until.release();
  }

  private static void within(Semaphore begins, Semaphore ends) {
    begins.release();
    ends.acquireUninterruptibly();
  }

  private boolean askedOften() {
    boolean dead = false;
    for (int i = 0; i < 400; i++) {
      dead |= schedule.isDead();
    }
    return dead;
  }

  @Test
  void a_later_plan_replaces_the_former() throws Exception {
    counting("sync");
    schedule.at("sync", Instant.now().plus(Duration.ofHours(1)));
    schedule.at("sync", Instant.now().plus(Duration.ofHours(2)));
    assertThat(schedule.next("sync").orElseThrow())
        .isAfter(Instant.now().plus(Duration.ofMinutes(119)));
    schedule.never("sync");
    assertThat(schedule.next("sync")).isEmpty();
    schedule.never("sync");
  }

  @Test
  void a_job_never_overlaps_itself_but_others_go_on_meanwhile() throws Exception {
    CountDownLatch hold = new CountDownLatch(1);
    Semaphore began = new Semaphore(0);
    AtomicInteger at = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    schedule.job(
        "sync",
        () -> {
          most.accumulateAndGet(at.incrementAndGet(), Math::max);
          began.release();
          try {
            hold.await(60, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          at.decrementAndGet();
          done.release();
        });
    counting("config");
    schedule.start();
    schedule.at("sync", Instant.now());
    assertThat(within(began)).isTrue();
    schedule.at("sync", Instant.now());
    schedule.at("config", Instant.now());
    assertThat(within(done)).isTrue();
    assertThat(count).as("the config was read meanwhile").hasValue(1);
    assertThat(began.availablePermits()).isZero();
    hold.countDown();
    assertThat(within(began)).as("the second comes after the first").isTrue();
    done.acquire(2);
    assertThat(most).hasValue(1);
  }

  @Test
  void a_job_that_fails_comes_again() throws Exception {
    schedule.job(
        "sync",
        () -> {
          done.release();
          throw new IllegalStateException("broken on purpose");
        });
    schedule.start();
    schedule.at("sync", Instant.now());
    assertThat(within(done)).isTrue();
    schedule.at("sync", Instant.now());
    assertThat(within(done)).isTrue();
  }

  @Test
  void after_its_end_nothing_is_planned_and_whoever_asks_is_told_so() {
    schedule.job("sync", done::release);
    schedule.at("sync", Instant.now().plus(Duration.ofHours(1)));
    schedule.start();

    schedule.close();

    schedule.at("sync", Instant.now());
    schedule.never("sync");
    assertThat(schedule.next("sync")).isEmpty();
  }

  @Test
  void a_job_may_plan_itself() throws Exception {
    schedule.job(
        "sync",
        () -> {
          if (count.incrementAndGet() < 3) {
            schedule.at("sync", Instant.now());
          }
          done.release();
        });
    schedule.start();
    schedule.at("sync", Instant.now());
    assertThat(done.tryAcquire(3, 60, TimeUnit.SECONDS)).isTrue();
    assertThat(schedule.next("sync")).isEmpty();
  }
}
