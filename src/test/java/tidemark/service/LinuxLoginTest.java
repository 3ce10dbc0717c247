package tidemark.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A unit of a real systemd of a user: what is written is what is started, and ended. */
@Tag("systemd")
class LinuxLoginTest {
  @TempDir Path folder;
  private Path home;
  private Program program;
  private Path told;

  @BeforeEach
  void a_program_that_tells_how_it_was_started() throws IOException {
    home = Files.createDirectories(folder.resolve("home of Zoë 100%"));
    program = Programs.in(folder);
    told = folder.resolve("told");
    Files.writeString(
        program.launcher(),
        """
        #!/bin/sh
        trap 'echo ended in good order >>%1$s; exit 143' TERM
        printf '%%s\\n' "$$" "$JAVA_HOME" "$PWD" "$@" >%1$s.new
        mv %1$s.new %1$s
        while :; do sleep 1 & wait $!; done
        """
            .formatted("'" + told + "'"));
    assertThat(program.launcher().toFile().setExecutable(true)).isTrue();
  }

  private LinuxLogin login(UserSystemd systemd) {
    return new LinuxLogin(systemd.tools(), program, home, () -> {});
  }

  /** What the program told once it came so far. */
  private List<String> started(UserSystemd systemd) throws Exception {
    systemd.until("the program runs", () -> read().matches("(?s)\\d+\n.*"));
    List<String> lines = read().lines().toList();
    Files.delete(told);
    return lines;
  }

  private String read() {
    try {
      return Files.exists(told) ? Files.readString(told) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean lives(String pid) {
    Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(pid));
    return process.isPresent() && process.get().isAlive();
  }

  @Test
  void installed_it_runs_with_odd_paths_and_uninstalled_it_ends_in_good_order() throws Exception {
    try (UserSystemd systemd = UserSystemd.of(home)) {
      assertThat(login(systemd).status().installed()).isFalse();
      assertThat(login(systemd).install(true)).contains("It was started.");
      List<String> lines = started(systemd);
      List<String> expected = new ArrayList<>(List.of(program.java().toString(), home.toString()));
      expected.addAll(program.arguments());
      assertThat(lines.subList(1, lines.size())).isEqualTo(expected);
      Registration.Standing standing = login(systemd).status();
      assertThat(standing.installed()).isTrue();
      assertThat(standing.lines()).anyMatch(line -> line.contains("ActiveState=active"));
      assertThat(lives(lines.get(0))).isTrue();

      login(systemd).uninstall();
      assertThat(lives(lines.get(0))).isFalse();
      assertThat(told).hasContent("ended in good order");
      assertThat(login(systemd).status().installed()).isFalse();
      assertThat(home.resolve(".config/systemd/user/default.target.wants/tidemark.service"))
          .doesNotExist();
    }
  }

  @Test
  void installed_twice_the_later_one_runs_alone() throws Exception {
    try (UserSystemd systemd = UserSystemd.of(home)) {
      login(systemd).install(true);
      String first = started(systemd).get(0);
      program =
          new Program(
              program.home(), program.java(), program.jar(), List.of(), List.of("run", "again"));
      login(systemd).install(true);
      assertThat(lives(first)).isFalse();
      List<String> lines = started(systemd);
      assertThat(lines).endsWith("run", "again");
      login(systemd).uninstall();
    }
  }

  @Test
  void what_the_desktop_started_is_no_longer_started_by_it() throws Exception {
    Path entry = home.resolve(".config/autostart/tidemark.desktop");
    Tools without = new Tools(List.of("env", "XDG_RUNTIME_DIR=" + folder), Path::toString);
    new LinuxLogin(without, program, home, () -> {}).install(true);
    assertThat(entry).exists();
    try (UserSystemd systemd = UserSystemd.of(home)) {
      login(systemd).install(false);
      assertThat(entry).doesNotExist();
      assertThat(login(systemd).status().installed()).isTrue();
      login(systemd).uninstall();
    }
  }
}
