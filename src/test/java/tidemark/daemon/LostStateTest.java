package tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Failure;
import tidemark.testing.Folders;

/** The state folder is deleted under a running daemon: it does not go on as if nothing had been. */
@DisabledOnOs(OS.WINDOWS) // where nobody can delete what is open
@Timeout(60)
class LostStateTest {
  @TempDir Path folder;

  private void runs(Kept anna, DaemonProcess.Greeting greeting) {
    new DaemonProcess(anna.file(), anna.read(), anna.surroundings(), Clock.systemUTC(), "1")
        .run(greeting);
  }

  @Test
  void a_daemon_whose_state_folder_is_deleted_says_so_and_ends_and_the_next_one_runs()
      throws IOException {
    try (Kept anna = new Kept(folder, "anna", "onStart: false")) {
      Files.writeString(anna.config(), Files.readString(anna.config()) + "tray: false\n");
      assertThatThrownBy(() -> runs(anna, port -> Folders.delete(anna.state())))
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> {
                assertThat(failure.exitCode()).isEqualTo(Failure.INCOMPLETE);
                assertThat(failure.whatFailed()).contains(anna.state() + " was deleted");
              });

      DaemonProcess next =
          new DaemonProcess(anna.file(), anna.read(), anna.surroundings(), Clock.systemUTC(), "1");
      next.run(
          port -> {
            assertThat(Folders.in(anna.state())).contains("control.json", "daemon.lock");
            next.stop();
          });
    }
  }

  @Test
  void one_that_finds_anothers_folder_in_its_place_leaves_that_as_it_is() throws IOException {
    try (Kept anna = new Kept(folder, "anna", "onStart: false")) {
      Files.writeString(anna.config(), Files.readString(anna.config()) + "tray: false\n");
      String others = "{\"port\":1,\"token\":\"another\",\"pid\":1}";
      assertThatThrownBy(
              () ->
                  runs(
                      anna,
                      port -> {
                        Folders.delete(anna.state());
                        write(anna.state().resolve("daemon.lock"), "");
                        write(anna.state().resolve("control.json"), others);
                      }))
          .isInstanceOf(Failure.class);
      assertThat(anna.state().resolve("control.json")).hasContent(others);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
