package tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Failure;
import tidemark.daemon.Holder;
import tidemark.testing.JavaProcess;
import tidemark.testing.ReadOnly;

/** Who may do what at a time, between processes. */
class LocksTest {
  private static final Duration NOW = Duration.ZERO;

  @TempDir Path folder;
  private Path state;
  private Path local;

  @BeforeEach
  void aDatabaseInAFolderOfAnyName() throws Exception {
    state = folder.resolve("Zustand für Jörg");
    local = Files.createDirectories(folder.resolve("Büro 100% neu")).resolve("server größe.db");
    Files.createFile(local);
  }

  private Locks ben() {
    return new Locks(folder.resolve("state of ben"), "ben");
  }

  private JavaProcess anna(String what) throws Exception {
    return new JavaProcess(folder, Holder.class, what, state.toString(), local.toString(), "anna")
        .said("holds");
  }

  private static void refused(ThrowingCallable work, JavaProcess owner, String... words) {
    assertThatThrownBy(work)
        .asInstanceOf(type(Failure.class))
        .satisfies(
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(Failure.BUSY);
              assertThat(failure.whatFailed())
                  .contains(words)
                  .contains("(anna, process " + owner.pid() + ", since 20");
              assertThat(failure.hint()).isNotBlank();
            });
  }

  private Locks.Taken run(Locks locks, Path file) {
    return locks.run("server", folder.resolve("runs"), file, NOW);
  }

  @Test
  void of_two_daemons_of_one_user_the_second_is_told_who_the_first_is() throws Exception {
    try (JavaProcess first = anna("daemon")) {
      Locks second = new Locks(state, "anna");

      refused(second::beDaemon, first, "the daemon is running already");

      assertThat(second.daemon()).hasValueSatisfying(who -> assertThat(who).contains("anna"));
      assertThat(second.daemon()).as("to ask takes nothing").isPresent();
    }
  }

  @Test
  void a_killed_owner_leaves_no_lock() throws Exception {
    Locks second = new Locks(state, "anna");
    anna("daemon").kill();

    assertThat(second.daemon()).isEmpty();
    try (OwnedLock taken = second.beDaemon()) {
      assertThat(taken).isNotNull();
    }
  }

  @Test
  void two_configs_on_one_local_database_have_one_daemon() throws Exception {
    try (JavaProcess first = anna("looks")) {
      refused(() -> ben().lookAfter("server", local), first, "another daemon syncs " + local);
      try (Locks.Taken run = run(ben(), local)) {
        assertThat(run.locks()).as("but a run by hand has its turn").hasSize(2);
      }
    }
  }

  @Test
  void a_daemons_runs_do_not_give_back_what_the_daemon_has() throws Exception {
    try (OwnedLock looks = ben().lookAfter("server", local)) {
      run(ben(), local).close();

      try (JavaProcess second =
          new JavaProcess(folder, Holder.class, "looks", state.toString(), local + "", "anna")) {
        assertThat(second.ended(60)).as("refused").isNotZero();
        assertThat(second.err()).contains("another daemon syncs", "(ben, process");
      }
      assertThat(looks).isNotNull();
    }
  }

  @Test
  void runs_of_two_configs_on_one_local_database_take_turns() throws Exception {
    try (JavaProcess first = anna("run")) {
      refused(() -> run(ben(), local), first, "another run on server");
      first.kill();
      try (Locks.Taken run = run(ben(), local)) {
        assertThat(run.locks()).hasSize(2);
      }
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void another_way_to_the_same_file_is_no_way_around_the_lock() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link.db"), local);
    Path way = Files.createSymbolicLink(folder.resolve("way"), local.getParent());
    try (JavaProcess first = anna("run")) {
      refused(() -> run(ben(), link), first, "another run");
      refused(() -> run(ben(), way.resolve(local.getFileName())), first, "another run");
    }
  }

  @Test
  void a_run_that_waits_gets_its_turn_when_the_one_before_is_gone() throws Exception {
    try (JavaProcess first = anna("run")) {
      Thread killer =
          new Thread(
              () -> {
                try {
                  first.kill();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      killer.start();
      ben().run("server", folder.resolve("runs"), local, Duration.ofMinutes(1)).close();
      killer.join();
    }
  }

  @Test
  void a_local_folder_that_is_not_there_is_left_for_the_run_to_tell_of() {
    Path nowhere = folder.resolve("gone/server.db");

    assertThat(ben().lookAfter("server", nowhere)).isNull();
    try (Locks.Taken run = run(ben(), nowhere)) {
      assertThat(run.locks()).hasSize(1);
    }
    assertThat(folder.resolve("gone")).doesNotExist();
  }

  @Test
  void a_local_folder_nobody_may_write_keeps_no_daemon_from_starting_and_is_told_by_the_run()
      throws Exception {
    try (ReadOnly readOnly = ReadOnly.make(local.getParent())) {
      assertThat(ben().lookAfter("server", local)).isNull();
      assertThatThrownBy(() -> run(ben(), local))
          .asInstanceOf(type(Failure.class))
          .satisfies(
              failure -> {
                assertThat(failure.exitCode()).isEqualTo(Failure.INCOMPLETE);
                assertThat(failure.whatFailed()).contains(local.getParent().toString());
              });
      assertThat(readOnly).isNotNull();
    }
    run(ben(), local).close();
  }

  @Test
  void a_very_long_name_is_cut_and_still_readable() {
    Locks endless = new Locks(state, "ä".repeat(300));
    try (OwnedLock taken = endless.beDaemon()) {
      assertThat(taken).isNotNull();
      assertThat(OwnedLock.owner(state.resolve("daemon.lock")).orElseThrow())
          .startsWith(" (äää")
          .contains("process " + ProcessHandle.current().pid())
          .doesNotContain("\uFFFD");
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void everybody_who_may_write_the_folder_may_take_the_lock() throws Exception {
    run(ben(), local).close();
    try (OwnedLock looks = ben().lookAfter("server", local)) {
      assertThat(looks).isNotNull();
    }

    try (var files = Files.list(local.getParent())) {
      assertThat(files.filter(file -> file.toString().endsWith(".lock")))
          .hasSize(2)
          .allSatisfy(
              file ->
                  assertThat(Files.getPosixFilePermissions(file).toString())
                      .contains("OTHERS_WRITE"));
    }
  }
}
