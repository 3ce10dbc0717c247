package tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;
import tidemark.cli.Start;
import tidemark.config.Settings;
import tidemark.config.SettingsFile;
import tidemark.config.Surroundings;
import tidemark.upkeep.health.Finding;

/** The steps of the self test for Windows, which are the same everywhere, tried here. */
@Tag("heavy")
class SelfTestTest {
  @TempDir Path folder;
  private Settings settings;
  private final List<String> holding =
      List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-cp",
          System.getProperty("java.class.path"),
          "tidemark.Tidemark",
          "doctor",
          "--hold-lock");

  @BeforeEach
  void a_config() throws IOException {
    Files.createDirectories(folder.resolve("share"));
    Path config = folder.resolve("tidemark.yml");
    Files.writeString(
        config,
        "state: '%1$s/state'\ndatabases:\n  a:\n    local: '%1$s/a.db'\n    master: '%1$s/share/a.db'\n"
            .formatted(folder));
    settings = new SettingsFile(on("Linux"), Optional.of(config)).read().settings();
  }

  private Surroundings on(String system) {
    return new Surroundings(
        Map.of(), system, folder, "zoe", "PC-7", folder.resolve("m"), Optional.empty());
  }

  private List<Finding> run(Clock clock, List<String> second) {
    return new SelfTest(settings, clock, second).run();
  }

  private static List<String> bad(List<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.health() == Finding.Health.BAD)
        .map(finding -> finding.check() + ": " + finding.what())
        .toList();
  }

  @Test
  void on_a_good_machine_each_step_is_well_and_nothing_is_left_behind() throws IOException {
    List<Finding> findings = run(Clock.systemUTC(), holding);
    assertThat(bad(findings)).isEmpty();
    assertThat(findings)
        .extracting(Finding::what)
        .anyMatch(what -> what.startsWith("SQLite 3."))
        .anyMatch(what -> what.contains("goes with its owner, killed ones too"))
        .anyMatch(what -> what.contains("only for the first who does it"))
        .anyMatch(what -> what.contains("while somebody reads it"))
        .anyMatch(what -> what.startsWith("paths of "))
        .anyMatch(what -> what.contains("clock and the share's differ"))
        .anyMatch(what -> what.contains("logoff"));
    for (Path place : List.of(folder.resolve("share"), folder.resolve("state"))) {
      try (Stream<Path> left = Files.list(place)) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void a_share_that_is_away_is_told_and_the_rest_is_tried_all_the_same() throws IOException {
    Files.delete(folder.resolve("share"));
    Files.writeString(folder.resolve("share"), "a file in its place");
    List<Finding> findings = run(Clock.systemUTC(), holding);
    assertThat(bad(findings)).singleElement().asString().startsWith("share " + folder);
    assertThat(findings).anyMatch(finding -> finding.check().equals("logoff"));
  }

  @Test
  void a_clock_that_is_wrong_and_locks_that_hold_nobody_are_found() {
    List<String> holdsNothing = List.of("sh", "-c", "echo holds; cat >/dev/null", "sh");
    Clock wrong = Clock.offset(Clock.system(ZoneOffset.UTC), Duration.ofHours(1));
    assertThat(bad(run(wrong, holdsNothing)))
        .anyMatch(bad -> bad.contains("the clocks differ by"))
        .anyMatch(bad -> bad.startsWith("share") && bad.contains("could write at once"))
        .anyMatch(bad -> bad.startsWith("state") && bad.contains("could write at once"));
  }

  @Test
  void a_second_process_that_does_not_start_is_told() {
    assertThat(bad(run(Clock.systemUTC(), List.of("sh", "-c", "echo no Java here"))))
        .anyMatch(bad -> bad.contains("no Java here"));
  }

  private Typed type(String system) {
    return Typed.at(
        new Start(() -> on(system), Clock.systemUTC()),
        "doctor",
        "--windows-selftest",
        "--config",
        folder.resolve("tidemark.yml").toString());
  }

  @Test
  void the_command_keeps_a_report_and_is_for_windows_alone() throws IOException {
    Typed windows = type("Windows 11");
    assertThat(windows.exitCode()).as(windows.out() + windows.err()).isZero();
    try (Stream<Path> state = Files.list(folder.resolve("state"))) {
      Path report =
          state.filter(file -> file.toString().contains("selftest-")).findFirst().orElseThrow();
      assertThat(windows.out()).contains("The report is " + report).contains("killed ones too");
      assertThat(windows.out()).startsWith(Files.readString(report));
    }
    Typed linux = type("Linux");
    assertThat(linux.exitCode()).isEqualTo(2);
    assertThat(linux.err()).contains("the self test is for Windows");
  }
}
