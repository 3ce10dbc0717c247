package tidemark.ledger.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Failure;
import tidemark.ledger.Author;
import tidemark.ledger.Lease;
import tidemark.ledger.Samples;
import tidemark.ledger.TestShare;
import tidemark.ledger.TestShare.BreakingTap;
import tidemark.share.Bandwidth;
import tidemark.share.Pace;
import tidemark.share.Patience;
import tidemark.share.ShareFiles;

class FolderLeaseTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private TestShare share;
  private Lease john;
  private Lease jane;

  @BeforeEach
  void twoWhoWantOneLease() throws IOException {
    share = new TestShare();
    john = lease(Samples.JOHN, ShareFiles.Tap.NONE);
    jane = lease(Samples.JANE, ShareFiles.Tap.NONE);
  }

  @AfterEach
  void closed() throws IOException {
    share.close();
  }

  private Path folder() {
    return share.root.resolve("fold");
  }

  private Lease lease(Author owner, ShareFiles.Tap tap) {
    return new FolderLease(new ShareFiles(tap, share.pace), folder(), owner, TIMEOUT, share.clock);
  }

  @Test
  void one_at_a_time_has_it_and_giving_it_back_leaves_nothing() throws IOException {
    try (Lease.Held held = john.tryAcquire().orElseThrow()) {
      assertThat(held.stillMine()).isTrue();
      assertThat(jane.tryAcquire()).isEmpty();
      assertThat(john.tryAcquire()).isEmpty();
      assertThat(jane.owner().orElseThrow().who())
          .contains("john.doe at PC-7")
          .contains("since 2025-01-15T10:30:00.000Z");
    }
    assertThat(jane.owner()).isEmpty();
    assertThat(Files.list(folder())).isEmpty();
    assertThat(jane.tryAcquire()).isPresent();
  }

  @Test
  void waiting_for_it_ends_when_the_time_is_over() {
    assertThat(john.tryAcquire()).isPresent();
    long start = share.pace.nanos();
    assertThat(jane.acquire(Duration.ofSeconds(5))).isEmpty();
    assertThat(share.pace.nanos() - start).isBetween(5_000_000_000L, 5_600_000_000L);
  }

  @Test
  void a_dead_owner_is_taken_over_once_its_beat_stood_still_for_the_timeout() {
    Lease.Held dead = john.tryAcquire().orElseThrow();
    long start = share.pace.nanos();
    Lease.Held held = jane.acquire(Duration.ofMinutes(2)).orElseThrow();
    assertThat(share.pace.nanos() - start).isGreaterThanOrEqualTo(TIMEOUT.toNanos());
    assertThat(held.stillMine()).isTrue();
    assertThat(dead.stillMine()).isFalse();
    assertThat(dead.beat()).isFalse();
    dead.close();
    assertThat(held.stillMine()).isTrue();
  }

  @Test
  void an_owner_who_beats_keeps_it_however_long() {
    Lease.Held held = john.tryAcquire().orElseThrow();
    for (int i = 0; i < 100; i++) {
      share.pace.pass(Duration.ofSeconds(10));
      assertThat(held.beat()).isTrue();
      assertThat(jane.tryAcquire()).isEmpty();
    }
  }

  @Test
  void asking_whether_it_is_still_mine_beats_too() {
    Lease.Held held = john.tryAcquire().orElseThrow();
    for (int i = 0; i < 20; i++) {
      share.pace.pass(Duration.ofSeconds(14));
      assertThat(held.stillMine()).isTrue();
      assertThat(jane.tryAcquire()).isEmpty();
    }
  }

  @Test
  @Timeout(60)
  void work_that_is_long_in_one_step_beats_by_itself_and_is_not_given_up() throws IOException {
    CountDownLatch beats = new CountDownLatch(20);
    ShareFiles.Tap counting =
        new ShareFiles.Tap() {
          @Override
          public void after(ShareFiles.Operation operation, Path path) {
            if (operation == ShareFiles.Operation.WRITE
                && path.getFileName().toString().startsWith("beat-")) {
              share.pace.pass(Duration.ofSeconds(10));
              beats.countDown();
            }
          }
        };
    Patience patience = new Patience(Duration.ofSeconds(30), share.pace);
    ShareFiles files = new ShareFiles(counting, share.pace, Bandwidth.UNLIMITED, patience);
    Lease beating =
        new FolderLease(files, folder(), Samples.JOHN, Duration.ofMillis(120), share.clock);

    boolean done =
        files.reach(
            "fold",
            folder(),
            () -> {
              try (Lease.Held held = beating.tryAcquire().orElseThrow().beating()) {
                awaited(beats); // far longer than the patience, without an operation of its own
                return held.stillMine();
              }
            });

    assertThat(done).isTrue();
    assertThat(patience.hangs()).isFalse();
    assertThat(jane.owner()).isEmpty();
  }

  private static void awaited(CountDownLatch beats) {
    try {
      beats.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void an_observer_that_slept_does_not_take_its_sleep_for_the_owners_death() {
    Lease.Held held = john.tryAcquire().orElseThrow();
    assertThat(jane.tryAcquire()).isEmpty();
    share.pace.pass(Duration.ofHours(8));
    assertThat(jane.tryAcquire()).isEmpty();
    held.beat();
    assertThat(jane.tryAcquire()).isEmpty();
    assertThat(held.stillMine()).isTrue();
  }

  /** A process of Jane's machine, whose clocks tests set. */
  private Lease janes(Pace pace, Clock clock) {
    return janes(pace, clock, Samples.JANE);
  }

  private Lease janes(Pace pace, Clock clock, Author who) {
    ShareFiles files = new ShareFiles(ShareFiles.Tap.NONE, pace);
    Path memory = share.fileSystem.getPath("/state/fold-lease.json");
    return new FolderLease(files, folder(), who, TIMEOUT, clock, memory);
  }

  /** The wall clock, as far as a pace has come. */
  private Clock wall() {
    return Clock.fixed(Instant.ofEpochMilli(share.pace.nanos() / 1_000_000), ZoneOffset.UTC);
  }

  @Test
  void what_one_process_saw_counts_for_the_next_and_the_rest_is_watched() {
    Lease.Held dead = john.tryAcquire().orElseThrow();
    assertThat(janes(share.pace, wall()).takeOver()).isEmpty();
    share.pace.pass(Duration.ofMinutes(5));
    long start = share.pace.nanos();

    Lease.Held held = janes(share.pace, wall()).takeOver().orElseThrow();

    assertThat(share.pace.nanos() - start).isBetween(15_000_000_000L, 16_000_000_000L);
    assertThat(held.stillMine()).isTrue();
    assertThat(dead.stillMine()).isFalse();
  }

  @Test
  void processes_that_come_often_take_it_over_after_the_timeout_and_not_before() {
    assertThat(john.tryAcquire()).isPresent();
    long start = share.pace.nanos();
    while (janes(share.pace, wall()).tryAcquire().isEmpty()) {
      share.pace.pass(Duration.ofSeconds(4));
    }
    assertThat(share.pace.nanos() - start).isBetween(30_000_000_000L, 34_000_000_000L);
  }

  @Test
  void who_has_time_to_wait_watches_it_to_the_end_too() {
    assertThat(john.tryAcquire()).isPresent();
    assertThat(janes(share.pace, wall()).acquire(Duration.ofSeconds(5))).isEmpty();
    share.pace.pass(Duration.ofMinutes(5));
    assertThat(janes(share.pace, wall()).acquire(Duration.ofSeconds(5))).isPresent();
  }

  @Test
  void who_beats_while_it_is_watched_keeps_it() {
    Lease.Held held = john.tryAcquire().orElseThrow();
    assertThat(janes(share.pace, wall()).takeOver()).isEmpty();
    share.pace.pass(Duration.ofHours(8)); // both machines slept
    Clock now = wall();
    Pace beating =
        new Pace() {
          @Override
          public long nanos() {
            return share.pace.nanos();
          }

          @Override
          public void pause(long millis) {
            share.pace.pause(millis);
            held.beat();
          }
        };

    assertThat(janes(beating, now).takeOver()).isEmpty();

    assertThat(held.stillMine()).isTrue();
  }

  @Test
  void a_clock_that_was_set_makes_nobody_dead() {
    assertThat(john.tryAcquire()).isPresent();
    for (int day = 1; day < 10; day++) {
      Clock jumped = Clock.offset(wall(), Duration.ofDays(day));
      assertThat(janes(share.pace, jumped).takeOver()).isEmpty();
    }
  }

  @Test
  void neither_does_a_machine_that_counts_its_time_anew_after_a_start() {
    share.pace.pass(Duration.ofHours(1));
    assertThat(john.tryAcquire()).isPresent();
    assertThat(janes(share.pace, wall()).takeOver()).isEmpty();
    Clock later = Clock.offset(wall(), Duration.ofMinutes(1));

    assertThat(janes(new TestShare.SettablePace(), later).takeOver()).isEmpty();
  }

  @Test
  void what_another_machine_saw_does_not_count() {
    assertThat(john.tryAcquire()).isPresent();
    assertThat(janes(share.pace, wall()).takeOver()).isEmpty();
    share.pace.pass(Duration.ofMinutes(5));
    Author copied = new Author("jane.roe", "PC-8", "another machine");

    assertThat(janes(share.pace, wall(), copied).takeOver()).isEmpty();
  }

  @Test
  void a_lease_without_a_readable_owner_is_taken_over_too() throws IOException {
    for (String owner : List.of("", "half {", "{}")) {
      Path lease = Files.createDirectories(folder().resolve("lease"));
      if (!owner.isEmpty()) {
        Files.writeString(lease.resolve("owner.json"), owner);
      }
      assertThat(jane.owner()).isPresent();
      assertThat(jane.tryAcquire()).isEmpty();
      jane.acquire(Duration.ofMinutes(1)).orElseThrow().close();
    }
  }

  @Test
  void a_new_lease_moved_away_in_place_of_a_dead_one_goes_back() throws IOException {
    assertThat(john.tryAcquire()).isPresent();
    List<Lease.Held> quicker = new ArrayList<>();
    ShareFiles.Tap justBefore =
        new ShareFiles.Tap() {
          @Override
          public void before(ShareFiles.Operation operation, Path path) {
            if (operation == ShareFiles.Operation.MOVE && quicker.isEmpty()) {
              quicker.add(jane.acquire(Duration.ofMinutes(2)).orElseThrow());
            }
          }
        };
    Lease jim = lease(new Author("jim", "PC-1", "x"), justBefore);
    assertThat(jim.acquire(Duration.ofSeconds(31))).isEmpty();
    assertThat(quicker).hasSize(1);
    assertThat(quicker.get(0).stillMine()).isTrue();
    assertThat(jim.owner().orElseThrow().who()).contains("jane.roe");
  }

  @Test
  void of_many_who_race_one_has_it(@TempDir Path real) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger turns = new AtomicInteger();
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Author me = new Author("u" + i, "PC-" + i, "r" + i);
      ShareFiles files = new ShareFiles(ShareFiles.Tap.NONE, Pace.REAL);
      Lease lease = new FolderLease(files, real.resolve("fold"), me, TIMEOUT, share.clock);
      running.add(
          threads.submit(
              () -> {
                for (int tries = 0; tries < 60; tries++) {
                  lease.tryAcquire().ifPresent(held -> alone(held, inside, turns));
                }
              }));
    }
    for (Future<?> run : running) {
      run.get();
    }
    threads.shutdown();
    assertThat(turns.get()).isPositive();
  }

  @Tag("heavy")
  @Test
  @Timeout(120)
  void of_fifty_who_stand_in_line_nobody_starves(@TempDir Path real) throws Exception {
    int many = 50;
    int turns = 20 * many;
    ExecutorService threads = Executors.newFixedThreadPool(many);
    AtomicInteger taken = new AtomicInteger();
    List<Future<Integer>> running = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      Author me = new Author("u" + i, "PC-" + i, "r" + i);
      ShareFiles files = new ShareFiles(ShareFiles.Tap.NONE, Pace.REAL);
      Lease lease = new FolderLease(files, real.resolve("append"), me, TIMEOUT, share.clock);
      running.add(threads.submit(() -> turnsHad(lease, taken, turns)));
    }
    List<Integer> had = new ArrayList<>();
    for (Future<Integer> run : running) {
      had.add(run.get());
    }
    threads.shutdown();
    assertThat(had).allMatch(own -> own >= 2, "of twenty that would be even");
  }

  private static int turnsHad(Lease lease, AtomicInteger taken, int turns) {
    int had = 0;
    while (taken.get() < turns) {
      try (Lease.Held held = lease.acquire(Duration.ofMinutes(2)).orElseThrow()) {
        taken.getAndIncrement();
        had++;
      }
    }
    return had;
  }

  @Test
  void a_lease_that_is_broken_by_hand_is_noticed_by_its_living_owner() throws IOException {
    Lease.Held held = john.tryAcquire().orElseThrow();
    assertThat(jane.isTaken()).isTrue();

    assertThat(jane.breakIt().orElseThrow().who()).contains("john.doe at PC-7");

    assertThat(jane.isTaken()).isFalse();
    assertThat(held.stillMine()).isFalse();
    assertThat(jane.breakIt()).isEmpty();
    Lease.Held next = jane.tryAcquire().orElseThrow();
    held.close();
    assertThat(next.stillMine()).isTrue();
  }

  private static void alone(Lease.Held held, AtomicInteger inside, AtomicInteger turns) {
    try (held) {
      assertThat(inside.incrementAndGet()).isEqualTo(1);
      assertThat(held.stillMine()).isTrue();
      turns.incrementAndGet();
      inside.decrementAndGet();
    }
  }

  @Test
  void a_link_that_breaks_anywhere_leaves_it_to_be_had_again() {
    for (boolean afterwards : new boolean[] {false, true}) {
      for (int at = 0; ; at++) {
        BreakingTap tap = new BreakingTap().breaking(at, afterwards);
        try {
          lease(Samples.JOHN, tap).tryAcquire().ifPresent(Lease.Held::close);
        } catch (Failure e) {
          assertThat(e.exitCode()).isEqualTo(Failure.OFFLINE);
        }
        if (!tap.reached()) {
          break;
        }
        jane.acquire(Duration.ofMinutes(2)).orElseThrow().close();
      }
    }
  }

  @Test
  void where_the_share_is_gone_it_says_so() throws IOException {
    Files.delete(share.root);
    assertThatThrownBy(() -> john.tryAcquire())
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(Failure.OFFLINE));
  }
}
