package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is kept between runs holds rows and tokens, and is this user's alone. */
@DisabledOnOs(OS.WINDOWS) // where it lies in a folder of the user's
class StateFolderTest {
  @TempDir Path folder;
  private Office.Desk anna;
  private Path state;

  @BeforeEach
  void oneThatHasSynced() {
    anna = new Office(folder).desk("anna");
    assertThat(anna.type("sync").exitCode()).isZero();
    state = anna.place().resolve("state");
  }

  private static String rights(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void nobody_else_enters_it_whatever_the_umask() throws IOException {
    assertThat(rights(state)).isEqualTo("rwx------");
  }

  @Test
  void one_that_others_could_enter_is_closed_at_the_next_command() throws IOException {
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));
    anna.type("status");
    assertThat(rights(state)).isEqualTo("rwx------");
  }

  @Test
  void its_files_are_this_users_alone() throws IOException {
    anna.type("interval", "30m");
    anna.type("doctor");
    assertThat(files(state)).hasSizeGreaterThan(2);
    for (Path file : files(state)) {
      if (!Files.isDirectory(file)) {
        assertThat(rights(file)).as(file.toString()).isEqualTo("rw-------");
      }
    }
  }

  /** A home folder, or one that several programs share. */
  @Test
  void one_that_holds_other_things_stays_open_and_what_is_ours_in_it_is_closed()
      throws IOException {
    Path shared = Files.createDirectory(anna.place().resolve("shared"));
    Path notes = Files.writeString(shared.resolve("notes.txt"), "for all to read");
    Files.setPosixFilePermissions(notes, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
    String config = Files.readString(anna.config());
    Files.writeString(anna.config(), config.replace(state.toString(), shared.toString()));

    assertThat(anna.type("sync").exitCode()).isZero();
    anna.type("interval", "30m");
    anna.type("doctor");

    assertThat(rights(shared)).isEqualTo("rwxr-xr-x");
    assertThat(files(shared)).hasSizeGreaterThan(4);
    for (Path file : files(shared)) {
      String closed = Files.isDirectory(file) ? "rwx------" : "rw-------";
      assertThat(rights(file))
          .as(file.toString())
          .isEqualTo(file.equals(notes) ? "rw-r--r--" : closed);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void its_locks_are_this_users_alone() throws IOException {
    try (var files = Files.walk(state)) {
      for (Path lock : files.filter(file -> file.toString().endsWith(".lock")).toList()) {
        assertThat(rights(lock)).as(lock.toString()).isEqualTo("rw-------");
      }
    }
    assertThat(rights(anna.place().resolve("server.db-tidemark.lock"))).isEqualTo("rw-rw-rw-");
  }

  @Test
  void what_is_secret_in_an_address_is_not_shown() {
    for (String address :
        new String[] {
          "https://chat.example.com/hooks/s3cret",
          "https://it:s3cret@chat.example.com/hooks",
          "https://chat.example.com:8443?key=s3cret"
        }) {
      anna.configured("alert:\n  webhook: " + address + "\n");
      assertThat(anna.type("config", "check").out())
          .contains("https://chat.example.com")
          .doesNotContain("s3cret");
    }
  }
}
