package tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Failure;
import tidemark.daemon.chore.Chore;
import tidemark.daemon.chore.ChoreTimes;
import tidemark.testing.SettableClock;

class ChoresTest {
  @TempDir Path folder;

  private final SettableClock clock = new SettableClock();
  private final Schedule schedule = new Schedule("test");
  private final List<String> done = new ArrayList<>();
  private final List<Chore> all = new ArrayList<>();
  private final Chores chores =
      new Chores(clock, schedule, new Pauses(new SplittableRandom(7)), () -> all);

  @AfterEach
  void close() {
    schedule.close();
  }

  @Test
  void each_is_looked_after_in_turn_and_again_some_minutes_later() {
    add("backup", () -> {});
    add("check", () -> {});
    chores.begin();
    assertThat(untilNext()).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(6));

    chores.lookAfterAll();

    assertThat(done).containsExactly("backup", "check");
    assertThat(untilNext()).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(6));
  }

  @Test
  void one_that_fails_keeps_no_other_from_being_done_and_is_tried_again_in_an_hour() {
    add(
        "backup",
        () -> {
          throw new Failure(Failure.OFFLINE, "the share is away", "wait");
        });
    add(
        "check",
        () -> {
          throw new IllegalStateException("a bug");
        });
    add("report", () -> {});

    chores.lookAfterAll();
    clock.setError(Duration.ofMinutes(59));
    chores.lookAfterAll();
    assertThat(done).containsExactly("backup", "check", "report", "report");

    clock.setError(Duration.ofMinutes(61));
    chores.lookAfterAll();
    assertThat(done).endsWith("backup", "check", "report");
  }

  @Test
  void one_that_went_well_is_not_put_off() {
    add("backup", () -> {});
    chores.lookAfterAll();
    chores.lookAfterAll();
    assertThat(done).containsExactly("backup", "backup");
  }

  @Test
  void when_it_was_done_is_remembered_beyond_the_process() {
    Instant now = clock.instant();
    ChoreTimes times = new ChoreTimes(folder.resolve("state"));
    assertThat(times.isDue("check", Duration.ofDays(1), now)).isTrue();

    times.done("check", now);
    times.done("other", now);

    ChoreTimes again = new ChoreTimes(folder.resolve("state"));
    assertThat(again.last("check")).contains(now);
    assertThat(again.isDue("check", Duration.ofDays(1), now.plusSeconds(86_399))).isFalse();
    assertThat(again.isDue("check", Duration.ofDays(1), now.plusSeconds(86_400))).isTrue();
  }

  @Test
  void what_was_done_in_the_future_of_a_wrong_clock_is_due() {
    ChoreTimes times = new ChoreTimes(folder);
    times.done("check", clock.instant().plus(Duration.ofDays(365)));
    assertThat(times.isDue("check", Duration.ofDays(1), clock.instant())).isTrue();
  }

  @Test
  void a_spoilt_file_means_that_all_is_due() throws Exception {
    Files.writeString(folder.resolve("chores.json"), "{\"check\":\"yester");
    ChoreTimes times = new ChoreTimes(folder);
    assertThat(times.isDue("check", Duration.ofDays(1), clock.instant())).isTrue();

    Instant now = clock.instant();
    times.done("check", now);
    assertThat(times.last("check")).contains(now);
  }

  private Duration untilNext() {
    return Duration.between(clock.instant(), schedule.next(Chores.JOB).orElseThrow());
  }

  private void add(String name, Runnable work) {
    all.add(
        new Chore() {
          @Override
          public String name() {
            return name;
          }

          @Override
          public void doIfDue(Instant now) {
            done.add(name);
            work.run();
          }
        });
  }
}
