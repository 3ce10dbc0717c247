package tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.app.Locks;
import tidemark.app.Workstation;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.Place;
import tidemark.say.SyncWish;

/** When a workstation syncs by itself. Time is the tests'; the files are real. */
class KeeperTest {
  @TempDir Path folder;
  private final List<Kept> all = new ArrayList<>();

  private Kept kept(String user, String sync) {
    Kept kept = new Kept(folder, user, sync);
    all.add(kept);
    kept.local()
        .execute(
            "CREATE TABLE IF NOT EXISTS quotes(id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT UNIQUE)",
            "INSERT INTO quotes(title) VALUES('first of " + user + "')");
    return kept;
  }

  @AfterEach
  void end() {
    all.forEach(Kept::close);
  }

  private static Duration untilNext(Kept kept) {
    return untilNext(kept, Keeper.SYNC);
  }

  private static Duration untilNext(Kept kept, String job) {
    return Duration.between(kept.clock.instant(), kept.schedule.next(job).orElseThrow());
  }

  // ---- the interval

  @Test
  void the_first_run_comes_soon_after_login_and_the_next_an_interval_later() {
    Kept anna = kept("anna", "every: 60m");

    anna.keeper.begin();
    assertThat(untilNext(anna)).isLessThanOrEqualTo(Duration.ofSeconds(10));

    anna.keeper.due();
    assertThat(untilNext(anna)).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
    assertThat(anna.endpoint.state().next())
        .isEqualTo(anna.schedule.next(Keeper.SYNC).orElseThrow());

    anna.keeper.due();
    assertThat(anna.log()).containsExactly("start|success", "schedule|success");
  }

  @Test
  void without_sync_on_start_the_first_run_comes_after_an_interval() {
    Kept anna = kept("anna", "every: 60m\nonStart: false");
    anna.keeper.begin();
    assertThat(untilNext(anna)).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
    anna.keeper.due();
    assertThat(anna.log()).containsExactly("schedule|success");
  }

  @Test
  void a_master_that_was_locked_when_a_look_found_news_follows_a_minute_later() throws Exception {
    Kept anna = kept("anna", "every: 120m\nwatch: 10s\nonStart: false");
    anna.keeper.begin();
    anna.keeper.due();
    anna.local().execute("INSERT INTO quotes(title) VALUES('second')");
    try (Connection other = anna.master().connect();
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      anna.looks.look();
    }
    assertThat(anna.master().value("SELECT count(*) FROM quotes")).isEqualTo("1");
    assertThat(untilNext(anna)).isLessThanOrEqualTo(Duration.ofMinutes(1));
    anna.keeper.due();
    assertThat(anna.master().value("SELECT count(*) FROM quotes")).isEqualTo("2");
  }

  @Test
  void by_hand_only_means_that_nothing_is_planned() {
    Kept anna = kept("anna", "every: manual\nonStart: false");
    anna.keeper.begin();
    assertThat(anna.schedule.next(Keeper.SYNC)).isEmpty();
    assertThat(anna.endpoint.state().next()).isNull();
  }

  @Test
  void fifty_machines_do_not_arrive_in_the_same_second() {
    Pauses pauses = new Pauses(new java.util.SplittableRandom(1));
    List<Duration> intervals = new ArrayList<>();
    List<Duration> starts = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      intervals.add(pauses.after(Duration.ofMinutes(10)));
      starts.add(pauses.beforeStart());
    }
    assertThat(intervals)
        .allMatch(pause -> pause.compareTo(Duration.ofMinutes(10)) >= 0)
        .allMatch(pause -> pause.compareTo(Duration.ofMinutes(11)) <= 0);
    assertThat(intervals.stream().map(Duration::toSeconds).distinct().count()).isGreaterThan(20);
    assertThat(starts.stream().map(Duration::toMillis).distinct().count()).isGreaterThan(45);
  }

  @Test
  void the_interval_changed_in_the_file_is_the_interval_in_force() {
    Kept anna = kept("anna", "every: 24h");
    anna.keeper.begin();
    anna.keeper.due();
    assertThat(untilNext(anna)).isGreaterThan(Duration.ofHours(23));

    anna.configure("every: 5m");
    anna.keeper.take(anna.workstation());
    assertThat(untilNext(anna)).isBetween(Duration.ofMinutes(4), Duration.ofSeconds(330));

    anna.configure("every: manual");
    anna.keeper.take(anna.workstation());
    assertThat(anna.schedule.next(Keeper.SYNC)).isEmpty();
  }

  @Test
  void an_interval_that_would_have_been_over_by_now_is_over_at_once() {
    Kept anna = kept("anna", "every: 24h");
    anna.keeper.begin();
    anna.keeper.due();
    anna.clock.setError(Duration.ofHours(3));
    anna.configure("every: 1h");
    anna.keeper.take(anna.workstation());
    assertThat(untilNext(anna)).isLessThanOrEqualTo(Duration.ZERO);
  }

  @Test
  void a_config_that_is_wrong_changes_nothing_and_is_told_until_it_is_mended() {
    Kept anna = kept("anna", "every: 60m");
    anna.keeper.begin();
    anna.keeper.due();
    Instant next = anna.schedule.next(Keeper.SYNC).orElseThrow();

    anna.daemon.config.refuse("sync.every is wrong");
    assertThat(anna.schedule.next(Keeper.SYNC)).contains(next);
    assertThat(anna.endpoint.state().configProblem()).isEqualTo("sync.every is wrong");

    anna.keeper.take(anna.workstation());
    assertThat(anna.endpoint.state().configProblem()).isNull();
  }

  @Test
  void where_another_process_is_at_it_the_daemon_comes_back_within_a_minute() {
    Kept anna = kept("anna", "every: 24h\nshareTimeout: 1s");
    anna.keeper.begin();
    anna.keeper.due();
    try (Locks.Taken other =
        anna.workstation()
            .locks()
            .run(
                "server",
                anna.state().resolve("server"),
                anna.local().file(),
                Duration.ofSeconds(1))) {
      assertThat(other.locks()).hasSize(2);
      anna.keeper.due();
    }
    assertThat(untilNext(anna)).isLessThanOrEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void a_master_that_stayed_behind_is_looked_after_soon_but_not_for_ever() throws Exception {
    Kept anna = kept("anna", "every: 24h");
    anna.keeper.begin();
    anna.keeper.due();
    assertThat(untilNext(anna)).isGreaterThan(Duration.ofHours(23));
    try (Connection browser = anna.master().connect();
        Statement statement = browser.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      anna.local().execute("INSERT INTO quotes(title) VALUES('while it is locked')");
      for (int i = 0; i < 4; i++) {
        anna.keeper.due();
        assertThat(untilNext(anna)).isLessThanOrEqualTo(Duration.ofMinutes(1));
      }
      anna.keeper.due();
      assertThat(untilNext(anna)).isGreaterThan(Duration.ofHours(23));
    }
    anna.keeper.due();
    assertThat(anna.master().rows("SELECT title FROM quotes")).contains("while it is locked");
  }

  // ---- the share is away

  @Test
  void the_share_away_at_login_is_tried_again_with_growing_pauses_and_one_line_in_the_log() {
    Kept anna = kept("anna", "every: 24h");
    anna.unplug();
    anna.keeper.begin();
    anna.keeper.due();
    assertThat(anna.endpoint.state().offlineSince()).isNotNull();

    List<Duration> pauses = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      pauses.add(untilNext(anna, LostShares.RETRY));
      anna.clock.setError(anna.clock.error().plus(pauses.get(i)));
      anna.looks.retry();
    }

    assertThat(pauses.get(0)).isLessThanOrEqualTo(Duration.ofSeconds(10));
    assertThat(pauses.get(3)).isGreaterThan(pauses.get(0));
    assertThat(pauses).allMatch(pause -> pause.compareTo(Duration.ofSeconds(51)) < 0);
    assertThat(anna.log()).containsExactly("start|offline");
  }

  @Test
  void the_share_away_for_an_hour_is_noticed_when_it_is_back_and_nothing_was_lost() {
    Kept anna = kept("anna", "every: 24h");
    anna.keeper.begin();
    anna.keeper.due();
    anna.unplug();
    anna.local().execute("INSERT INTO quotes(title) VALUES('made offline')");
    anna.keeper.due();
    Instant lost = anna.endpoint.state().offlineSince();
    anna.clock.setError(Duration.ofHours(1));
    anna.looks.retry();
    assertThat(anna.endpoint.state().offlineSince()).isEqualTo(lost);

    anna.plug();
    anna.looks.retry();

    assertThat(anna.endpoint.state().offlineSince()).isNull();
    assertThat(anna.schedule.next(LostShares.RETRY)).isEmpty();
    assertThat(anna.log()).containsExactly("start|success", "schedule|offline", "schedule|success");
    Kept ben = kept("ben", "every: 24h");
    ben.endpoint.sync(SyncWish.ALL);
    assertThat(ben.local().rows("SELECT title FROM quotes ORDER BY id")).contains("made offline");
  }

  @Test
  void an_empty_folder_where_the_share_was_is_away_too() throws Exception {
    Kept anna = kept("anna", "every: 24h");
    anna.keeper.begin();
    anna.keeper.due();
    anna.unplug();
    java.nio.file.Files.createDirectories(folder.resolve("share"));
    anna.keeper.due();
    anna.looks.retry();
    anna.looks.retry();
    assertThat(anna.endpoint.state().offlineSince()).isNotNull();
    assertThat(anna.log()).containsExactly("start|success", "schedule|offline");
  }

  // ---- watching

  @Test
  void a_look_syncs_own_unsent_edits_and_others_entries_and_nothing_else() {
    Kept anna = kept("anna", "every: 24h\nwatch: 10s");
    Kept ben = kept("ben", "every: 24h\nwatch: 10s");
    anna.keeper.begin();
    assertThat(untilNext(anna, Looks.LOOK)).isLessThanOrEqualTo(Duration.ofSeconds(10));
    anna.keeper.due();
    ben.keeper.due();
    anna.looks.look();
    int before = anna.log().size();

    anna.looks.look();
    anna.looks.look();
    assertThat(anna.log()).hasSize(before);

    anna.local().execute("INSERT INTO quotes(title) VALUES('unsent')");
    anna.looks.look();
    assertThat(anna.log()).hasSize(before + 1).last().isEqualTo("watch|success");

    ben.looks.look();
    assertThat(ben.local().rows("SELECT title FROM quotes")).contains("unsent");
    assertThat(anna.endpoint.state().syncing()).isFalse();
  }

  @Test
  void a_ledger_that_was_moved_is_told_of_by_one_run_and_not_by_every_look() throws Exception {
    Kept anna = kept("anna", "every: 24h\nwatch: 10s");
    Kept ben = kept("ben", "every: 24h\nwatch: 10s");
    anna.keeper.due();
    ben.keeper.due();
    int before = ben.log().size();
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere")).resolve("server.db");
    Workstation hers = anna.workstation();
    hers.migrate(hers.databases().get(0), new Place.Folder(elsewhere), carried -> {});

    ben.looks.look();
    ben.looks.look();

    assertThat(ben.log()).hasSize(before + 1).last().isEqualTo("watch|error");
    assertThat(ben.endpoint.state().offlineSince()).isNull();
  }

  @Test
  void rows_that_wait_for_a_person_are_no_news_for_ever() {
    Kept anna = kept("anna", "every: 24h\nwatch: 10s\nconflicts: manual");
    Kept ben = kept("ben", "every: 24h\nwatch: 10s\nconflicts: manual");
    anna.keeper.due();
    ben.keeper.due();
    anna.keeper.due();
    anna.local().execute("UPDATE quotes SET title='by anna' WHERE id=1");
    ben.local().execute("UPDATE quotes SET title='by ben' WHERE id=1");
    anna.looks.look();
    for (int i = 0; i < 3; i++) {
      ben.looks.look();
    }
    int before = ben.log().size();
    assertThat(ben.local().value("SELECT count(*) FROM sync_held")).isEqualTo("1");
    for (int i = 0; i < 5; i++) {
      ben.looks.look();
    }
    assertThat(ben.log()).hasSize(before);
  }

  // ---- pausing and asking

  @Test
  void paused_nothing_runs_by_itself_but_who_asks_gets_a_run() {
    Kept anna = kept("anna", "every: 60m\nwatch: 10s");
    anna.keeper.begin();
    anna.keeper.due();
    anna.endpoint.pause(Duration.ofHours(2));

    assertThat(anna.schedule.next(Keeper.SYNC)).isEmpty();
    assertThat(anna.schedule.next(Looks.LOOK)).isEmpty();
    assertThat(untilNext(anna, Pausing.RESUME)).isGreaterThan(Duration.ofMinutes(119));
    anna.keeper.due();
    anna.local().execute("INSERT INTO quotes(title) VALUES('meanwhile')");
    anna.looks.look();
    assertThat(anna.log()).containsExactly("start|success");

    anna.endpoint.sync(SyncWish.ALL);
    assertThat(anna.log()).last().isEqualTo("manual|success");

    anna.endpoint.resume();
    assertThat(anna.endpoint.state().paused()).isFalse();
    assertThat(untilNext(anna)).isLessThanOrEqualTo(Duration.ofMinutes(61));
    assertThat(anna.schedule.next(Looks.LOOK)).isPresent();
    assertThat(anna.schedule.next(Pausing.RESUME)).isEmpty();
  }

  @Test
  void what_was_due_in_a_pause_is_due_when_it_ends() {
    Kept anna = kept("anna", "every: 60m");
    anna.keeper.begin();
    anna.keeper.due();
    anna.endpoint.pause(null);
    anna.clock.setError(Duration.ofHours(5));
    anna.endpoint.resume();
    assertThat(untilNext(anna)).isLessThanOrEqualTo(Duration.ZERO);
  }

  @Test
  void runs_never_overlap_and_who_asks_during_one_gets_one_of_his_own() throws Exception {
    Kept anna = kept("anna", "every: 60m");
    RunQueue runs = new RunQueue();
    CountDownLatch under = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    List<String> order = new java.util.concurrent.CopyOnWriteArrayList<>();
    CompletableFuture<String> first =
        CompletableFuture.supplyAsync(
            () ->
                runs.next(
                    stop -> {
                      under.countDown();
                      await(go);
                      order.add("first");
                      return "first";
                    }));
    await(under);
    CompletableFuture<String> second =
        CompletableFuture.supplyAsync(
            () ->
                runs.next(
                    stop -> {
                      order.add("second");
                      return anna.endpoint.sync(SyncWish.ALL);
                    }));
    assertThat(runs.areUnderWay()).isTrue();
    assertThat(order).isEmpty();
    go.countDown();
    assertThat(Json.object(second.get(60, TimeUnit.SECONDS))).containsEntry("success", true);
    assertThat(first.get()).isEqualTo("first");
    assertThat(order).containsExactly("first", "second");
    assertThat(runs.areUnderWay()).isFalse();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  // ---- the end

  @Test
  void at_the_end_a_last_run_takes_along_what_is_unsent_if_the_config_wants_it() {
    Kept anna = kept("anna", "every: 60m\nonExit: true");
    anna.keeper.begin();
    anna.keeper.due();
    anna.local().execute("INSERT INTO quotes(title) VALUES('just before going home')");
    anna.keeper.end(Duration.ofSeconds(30));
    assertThat(anna.log()).containsExactly("start|success", "exit|success");
    assertThatThrownBy(() -> anna.endpoint.sync(SyncWish.ALL))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("the daemon ends");
  }

  @Test
  void at_the_end_a_share_that_is_away_is_not_waited_for() {
    Kept anna = kept("anna", "every: 60m\nonExit: true");
    anna.keeper.begin();
    anna.keeper.due();
    anna.unplug();
    anna.keeper.due();
    anna.keeper.end(Duration.ofSeconds(30));
    assertThat(anna.log()).containsExactly("start|success", "schedule|offline");
  }
}
