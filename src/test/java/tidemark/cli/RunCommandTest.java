package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import tidemark.Tidemark;
import tidemark.Typed;
import tidemark.testing.JavaProcess;
import tidemark.testing.Shell;
import tidemark.testing.Wait;

/** `run` in a process of its own, and what one types meanwhile. */
@Tag("heavy")
@Timeout(300)
class RunCommandTest {
  private static final String ADD = "INSERT INTO quotes(quoteId) VALUES('%s')";
  private static final String MANY =
      """
      INSERT INTO quotes(quoteId, projectName)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<%d)
      SELECT '%s'||i, hex(randomblob(100)) FROM n""";

  @TempDir Path folder;
  private final List<JavaProcess> started = new ArrayList<>();
  private Office office;
  private Office.Desk anna;

  @BeforeEach
  void anOffice() {
    office = new Office(folder);
    anna = office.desk("anna");
  }

  @AfterEach
  void nobodyIsLeft() {
    started.forEach(JavaProcess::close);
  }

  private JavaProcess launch(Office.Desk desk, String... more) {
    List<String> args = new ArrayList<>(List.of(more));
    args.addAll(List.of("--config", desk.config().toString()));
    JavaProcess process = new JavaProcess(folder, Tidemark.class, args.toArray(String[]::new));
    started.add(process);
    return process;
  }

  private JavaProcess run(Office.Desk desk) throws Exception {
    return launch(desk, "run").said("Tidemark runs for");
  }

  private static Typed well(Typed typed) {
    assertThat(typed.exitCode()).as(typed.err()).isZero();
    assertThat(typed.err()).isEmpty();
    return typed;
  }

  private static void stop(Office.Desk desk, JavaProcess daemon) throws Exception {
    assertThat(well(desk.type("stop")).out()).isEqualTo("Stopped.\n");
    assertThat(daemon.ended(10)).as(daemon.err()).isZero();
    assertThat(daemon.err()).isEmpty();
  }

  private boolean masterHas(String id) {
    return Files.exists(office.master("server").file())
        && !office.master("server").rows("SELECT 1 FROM quotes WHERE quoteId=?", id).isEmpty();
  }

  private static boolean syncing(Office.Desk desk) {
    return desk.type("status", "--json").out().contains("\"isSyncing\":true");
  }

  // ---- a day

  @Test
  void a_day_with_the_daemon() throws Exception {
    anna.configured("sync:\n  every: 60m\n  onStart: false\n");
    assertThat(well(anna.type("stop")).out()).contains("does not run");
    assertThat(anna.type("status").out()).contains("the daemon does not run");
    JavaProcess daemon = run(anna);
    assertThat(daemon.out()).contains("listening at 127.0.0.1:");

    assertThat(well(anna.type("status")).out()).contains("schedule: every 1h, next at 20");
    anna.edit(ADD.formatted("Q1"));
    assertThat(well(anna.type("sync")).out()).contains("synced, 1 row pushed");
    assertThat(masterHas("Q1")).isTrue();

    well(anna.type("interval", "30m"));
    Wait.until("the interval", () -> anna.type("status").out().contains("every 30m, next at"));

    assertThat(well(anna.type("pause", "--for", "2h")).out()).startsWith("Paused until 20");
    assertThat(well(anna.type("status")).out()).contains("paused until 20");
    assertThat(well(anna.type("pause")).out()).contains("`tidemark resume`");
    assertThat(well(anna.type("status")).out()).contains("paused until `tidemark resume`");
    assertThat(well(anna.type("sync")).exitCode()).as("by hand all the same").isZero();
    assertThat(well(anna.type("resume")).out()).startsWith("Goes on; next sync at 20");

    stop(anna, daemon);
    assertThat(daemon.out().lines()).hasSize(1);
    assertThat(anna.place().resolve("state/control.json")).doesNotExist();
    assertThat(well(anna.type("stop")).out()).contains("does not run");
  }

  @Test
  void a_run_by_the_daemon_is_told_in_the_same_shape_as_one_without() throws Exception {
    anna.configured("sync:\n  onStart: false\ntables:\n  quotes: { conflicts: manual }\n");
    well(anna.type("sync"));
    List<String> alone = course(anna, "Q1");
    JavaProcess daemon = run(anna);
    List<String> asked = course(anna, "Q2");
    stop(anna, daemon);

    assertThat(asked).isEqualTo(alone);
  }

  private List<String> course(Office.Desk desk, String id) {
    List<Typed> typed = new ArrayList<>();
    typed.add(desk.type("sync", "--json"));
    typed.add(desk.type("sync", "--json"));
    desk.edit(ADD.formatted(id));
    typed.add(desk.type("sync", "--json", "--db", "server", "--table", "quotes"));
    typed.add(desk.type("sync", "--json", "--table", "none"));
    typed.add(desk.type("sync", "--json", "--db", "none"));
    desk.edit("UPDATE quotes SET projectName='x' WHERE quoteId='" + id + "'");
    typed.add(desk.type("sync", "--json", "--direction", "pull"));
    typed.add(desk.type("sync"));
    office.unplug();
    typed.add(desk.type("sync", "--json"));
    typed.add(desk.type("sync"));
    office.plug();
    return typed.stream()
        .map(
            t ->
                (t.exitCode() + "\n" + t.out() + t.err())
                    .replaceAll("\"durationMs\":\\d+", "MS")
                    .replaceAll("\\d+\\.\\d\\ds", "S"))
        .toList();
  }

  @Test
  void the_page_of_the_running_daemon_is_opened() throws Exception {
    anna.configured("sync:\n  onStart: false\n");
    assertThat(anna.type("open").err()).contains("the daemon does not run");
    JavaProcess daemon = run(anna);

    Typed without = anna.type("open");
    assertThat(without.exitCode()).isEqualTo(1);
    assertThat(without.err())
        .contains("no browser could be started", "open --print")
        .doesNotContain("code=");
    String address = well(anna.type("open", "--print")).out().strip();
    HttpURLConnection browser = (HttpURLConnection) URI.create(address).toURL().openConnection();
    browser.setInstanceFollowRedirects(false);
    assertThat(browser.getResponseCode()).isEqualTo(303);
    assertThat(browser.getHeaderField("Location")).startsWith("/p/");

    stop(anna, daemon);
    assertThat(daemon.out()).doesNotContain("code=");
  }

  // ---- one daemon

  @Test
  void two_starts_are_one_daemon_and_the_second_says_who_runs() throws Exception {
    JavaProcess first = run(anna);
    JavaProcess second = launch(anna, "run");

    assertThat(second.ended(60)).isEqualTo(4);
    assertThat(second.err().lines()).hasSize(2);
    assertThat(second.err()).contains("running already (anna, process " + first.pid() + ", since");
    stop(anna, first);
  }

  @Test
  void two_configs_on_one_database_are_one_daemon_and_their_runs_take_turns() throws Exception {
    anna.configured("sync:\n  onStart: false\n");
    Office.Desk other = office.emptyDesk("other", "server");
    Office.write(
        other.config(),
        Files.readString(other.config())
            .replace(other.file("server") + "", anna.file("server") + ""));
    JavaProcess first = run(anna);
    well(anna.type("sync"));
    JavaProcess second = launch(other, "run");

    assertThat(second.ended(60)).isEqualTo(4);
    assertThat(second.err())
        .contains("another daemon syncs " + anna.file("server"), "(anna, process " + first.pid());
    anna.edit(ADD.formatted("Q1"));
    well(other.type("sync"));
    assertThat(masterHas("Q1")).isTrue();
    stop(anna, first);
    stop(other, run(other));
  }

  @Test
  void another_config_with_the_same_state_is_synced_by_the_command_itself() throws Exception {
    anna.configured("sync:\n  onStart: false\n");
    Office.Desk test = office.desk("test");
    Office.write(
        test.config(),
        Files.readString(test.config())
            .replace(test.place().resolve("state") + "", anna.place().resolve("state") + "")
            .replace(office.share() + "", folder.resolve("test share") + ""));
    Files.createDirectories(folder.resolve("test share"));
    JavaProcess daemon = run(anna);
    test.edit(ADD.formatted("only a test"));

    assertThat(well(test.type("sync")).out()).contains("1 row pushed");

    assertThat(masterHas("only a test")).isFalse();
    stop(anna, daemon);
  }

  // ---- the end

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  @DisabledOnOs(OS.WINDOWS)
  void a_signal_ends_an_idle_daemon_at_once(String signal) throws Exception {
    JavaProcess daemon = run(anna);
    Wait.until("the first run", () -> anna.type("status").out().contains("connected, entry"));

    daemon.signal(signal);

    assertThat(daemon.ended(5)).isEqualTo(signal.equals("TERM") ? 143 : 130);
    assertThat(daemon.err()).isEmpty();
    assertThat(anna.place().resolve("state/control.json")).doesNotExist();
    assertThat(well(anna.type("status")).out()).contains("the daemon does not run");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT", "stop"})
  @DisabledOnOs(OS.WINDOWS)
  void the_end_in_the_middle_of_a_large_run_comes_in_seconds_and_the_rest_follows(String how)
      throws Exception {
    anna.configured("sync:\n  onStart: false\n");
    JavaProcess daemon = run(anna);
    anna.edit(MANY.formatted(100_000, "Q"));
    JavaProcess sync = launch(anna, "sync");
    Wait.until("a run", () -> syncing(anna));

    if (how.equals("stop")) {
      well(anna.type("stop"));
      assertThat(daemon.ended(5)).isZero();
    } else {
      daemon.signal(how);
      assertThat(daemon.ended(30)).isGreaterThan(128);
    }

    assertThat(daemon.err()).isEmpty();
    assertThat(sync.ended(30)).as(sync.out() + sync.err()).isIn(0, 4);
    assertThat(sync.err()).doesNotContain("Exception", "\tat ");
    well(anna.type("sync"));
    assertThat(office.master("server").value("SELECT count(*) FROM quotes")).isEqualTo("100000");
    assertThat(office.master("server").value("PRAGMA integrity_check")).isEqualTo("ok");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT", "stop"})
  @DisabledOnOs(OS.WINDOWS)
  void the_end_while_the_share_hangs_comes_in_seconds_and_all_is_answered_before(String how)
      throws Exception {
    anna.configured("sync:\n  onStart: false\n");
    well(anna.type("sync"));
    Path about = office.share().resolve("server.db-ledger/ledger.json");
    Files.move(about, folder.resolve("ledger.json"));
    assertThat(Shell.can("mkfifo", about.toString())).isTrue(); // who opens it waits for ever
    JavaProcess daemon = run(anna);
    anna.edit(ADD.formatted("Q1"));
    JavaProcess sync = launch(anna, "sync");
    Wait.until("a run", () -> syncing(anna));

    long began = System.nanoTime();
    assertThat(anna.type("status").out()).contains("syncing");
    well(anna.type("pause"));
    well(anna.type("resume"));
    // Before the share is given up, after 30 s.
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)).isLessThan(25);
    if (how.equals("stop")) {
      well(anna.type("stop"));
    } else {
      daemon.signal(how);
    }

    daemon.ended(35);
    assertThat(daemon.err()).isEmpty();
    assertThat(sync.ended(30)).isIn(3, 4);
    assertThat(sync.err()).doesNotContain("Exception", "\tat ");
    Files.delete(about);
    Files.move(folder.resolve("ledger.json"), about);
    well(anna.type("sync"));
    assertThat(masterHas("Q1")).isTrue();
  }

  @Test
  void onExit_brings_out_what_was_edited_last() throws Exception {
    anna.configured("sync:\n  onStart: false\n  onExit: true\n");
    JavaProcess daemon = run(anna);
    anna.edit(ADD.formatted("last"));

    stop(anna, daemon);

    assertThat(masterHas("last")).isTrue();
    assertThat(anna.type("history").out()).contains("exit");
  }

  @Test
  void onExit_without_the_share_ends_all_the_same() throws Exception {
    anna.configured("sync:\n  onStart: false\n  onExit: true\n");
    well(anna.type("sync"));
    JavaProcess daemon = run(anna);
    anna.edit(ADD.formatted("last"));
    office.unplug();

    stop(anna, daemon);

    office.plug();
    well(anna.type("sync"));
    assertThat(masterHas("last")).isTrue();
  }

  /** What Windows does to programs at logoff: they are gone without having been asked. */
  @Test
  void a_kill_at_any_time_as_by_logging_off_from_windows_loses_nothing() throws Exception {
    long seed = System.nanoTime();
    LoggerFactory.getLogger(RunCommandTest.class).info("seed {}", seed);
    SplittableRandom random = new SplittableRandom(seed);
    anna.configured("sync:\n  every: 1m\n  watch: 1s\n  leaseTimeout: 5s\n");
    Office.Desk ben = office.emptyDesk("ben", "server");
    Map<String, String> expected = new HashMap<>();
    for (int round = 0; round < 12; round++) {
      JavaProcess daemon = random.nextInt(3) == 0 ? launch(anna, "run") : run(anna);
      edits(round, expected);
      JavaProcess sync = launch(anna, "sync");
      TimeUnit.MILLISECONDS.sleep(random.nextInt(4_000));
      edits(1_000 + round, expected);
      daemon.kill();
      if (random.nextBoolean()) {
        sync.kill();
      }
      sync.ended(120);
      assertThat(sync.err()).doesNotContain("Exception", "\tat ");
    }

    well(anna.type("sync"));
    well(ben.type("sync"));
    List<String> rows = new ArrayList<>();
    expected.forEach((id, name) -> rows.add(id + "|" + name));
    String all = "SELECT quoteId, projectName FROM quotes";
    assertThat(anna.db("server").rows(all))
        .as("seed " + seed)
        .containsExactlyInAnyOrderElementsOf(rows);
    assertThat(ben.db("server").rows(all)).containsExactlyInAnyOrderElementsOf(rows);
    JavaProcess last = run(anna); // sees that nobody renews the lease of who was killed
    Wait.until(
        "the master",
        () -> {
          anna.edit("UPDATE quotes SET projectName=projectName WHERE quoteId='0-1'");
          well(anna.type("sync"));
          return new TreeSet<>(office.master("server").rows(all)).equals(new TreeSet<>(rows));
        });
    stop(anna, last);
    assertThat(anna.db("server").value("SELECT count(*) FROM sync_conflicts")).isEqualTo("0");
    assertThat(office.master("server").value("PRAGMA integrity_check")).isEqualTo("ok");
  }

  private void edits(int round, Map<String, String> expected) {
    List<String> statements = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String id = round + "-" + i;
      statements.add("INSERT INTO quotes(quoteId, projectName) VALUES('" + id + "', 'new')");
      expected.put(id, "new");
      String other = (round - 1) + "-" + i;
      if (i % 3 == 0 && expected.containsKey(other)) {
        statements.add(
            "UPDATE quotes SET projectName='" + round + "' WHERE quoteId='" + other + "'");
        expected.put(other, "" + round);
      } else if (i % 7 == 0 && expected.remove(other) != null) {
        statements.add("DELETE FROM quotes WHERE quoteId='" + other + "'");
      }
    }
    anna.edit(statements.toArray(String[]::new));
  }

  @Test
  void after_a_kill_nobody_is_taken_for_the_daemon() throws Exception {
    run(anna).kill();

    assertThat(anna.place().resolve("state/control.json")).exists();
    assertThat(well(anna.type("status")).out()).contains("the daemon does not run");
    assertThat(well(anna.type("stop")).out()).contains("does not run");
    assertThat(well(anna.type("sync")).exitCode()).isZero();
    anna.configured("control:\n  port: off\n");
    JavaProcess silent = run(anna);
    assertThat(anna.place().resolve("state/control.json")).doesNotExist();
    assertThat(silent.runs()).isTrue();
  }

  // ---- what goes wrong

  @Test
  void the_share_gone_at_start_is_no_error_and_its_return_is_noticed() throws Exception {
    well(anna.type("sync"));
    office.unplug();
    anna.edit(ADD.formatted("Q1"));
    JavaProcess daemon = run(anna);
    Wait.until("it is missed", () -> anna.type("status").out().contains("offline since 20"));

    office.plug();

    Wait.until("it is there again", () -> masterHas("Q1"));
    Wait.until("and told", () -> anna.type("status").out().contains("anna at PC-anna: connected"));
    stop(anna, daemon);
  }

  @Test
  void a_config_broken_while_it_runs_changes_nothing_and_is_told_until_it_is_mended()
      throws Exception {
    anna.configured("sync:\n  every: 60m\n  onStart: false\n");
    JavaProcess daemon = run(anna);

    anna.configured("sync:\n  evry: 5m\n");

    Typed status = anna.type("status");
    assertThat(status.exitCode()).isEqualTo(2);
    assertThat(status.err()).contains("sync.evry", "sync.every");
    assertThat(status.out()).contains("runs on with the config it had", "next sync at 20");
    anna.configured("sync:\n  every: 5m\n  onStart: false\n");
    Wait.until("mended", () -> anna.type("status").out().contains("schedule: every 5m, next at"));
    stop(anna, daemon);
  }

  @Test
  void a_daemon_whose_config_is_broken_can_still_be_held_and_ended() throws Exception {
    JavaProcess daemon = run(anna);
    anna.configured("nonsense: true\n");

    assertThat(well(anna.type("pause")).out()).startsWith("Paused");
    assertThat(well(anna.type("resume")).out()).startsWith("Goes on");
    stop(anna, daemon);
  }

  @Test
  void without_an_endpoint_stop_says_what_to_do_and_the_rest_is_done_all_the_same()
      throws Exception {
    anna.configured("control:\n  port: off\n");
    JavaProcess daemon = run(anna);
    assertThat(daemon.out()).doesNotContain("listening", "tidemark stop");

    Typed stop = anna.type("stop");
    assertThat(stop.exitCode()).isEqualTo(4);
    assertThat(stop.err())
        .contains(
            "the daemon (anna, process " + daemon.pid(), "does not listen", "end that process");
    assertThat(well(anna.type("status")).out()).contains("by a daemon (anna", "does not listen");
    anna.edit(ADD.formatted("Q1"));
    well(anna.type("sync"));
    assertThat(masterHas("Q1")).isTrue();
  }

  @Test
  void a_config_that_is_none_is_exit_2_without_a_stack_trace() throws Exception {
    anna.configured("nonsense: true\n");
    JavaProcess daemon = launch(anna, "run");

    assertThat(daemon.ended(60)).isEqualTo(2);
    assertThat(daemon.err()).contains("nonsense").doesNotContain("Exception", "\tat ");
    assertThat(daemon.out()).isEmpty();
  }

  // ---- the demo

  @Test
  void the_demo_runs_and_shows_how_to_look_at_it_and_end_it() throws Exception {
    JavaProcess demo =
        new JavaProcess(
            folder, List.of("-Djava.io.tmpdir=" + folder), Tidemark.class, "run", "--demo");
    started.add(demo);
    demo.said("Tidemark runs for");
    Path config =
        Path.of(
            demo.out()
                .lines()
                .filter(line -> line.contains("tidemark status --config "))
                .findFirst()
                .orElseThrow()
                .replaceAll(".*--config ", "")
                .strip());

    Typed status = anna.typeAsItIs("status", "--config", config.toString());
    assertThat(status.out()).contains("anna at", "schedule: every");
    well(anna.typeAsItIs("stop", "--config", config.toString()));
    assertThat(demo.ended(10)).isZero();
    assertThat(demo.err()).isEmpty();
  }
}
