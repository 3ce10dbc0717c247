package tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testing.Folders;

/** The log as it comes to lie on the disk. */
class LogFileTest {
  @TempDir Path folder;
  private final String before = System.getProperty("tidemark.log.dir");

  @BeforeEach
  void here() {
    System.setProperty("tidemark.log.dir", folder.toString());
  }

  @AfterEach
  void asItWas() {
    if (before == null) {
      System.clearProperty("tidemark.log.dir");
    } else {
      System.setProperty("tidemark.log.dir", before);
    }
  }

  private void log(String largest, int lines) {
    log(largest, "200MB", lines);
  }

  private void log(String largest, String together, int lines) {
    LoggerContext logging = new LoggerContext();
    logging.setMDCAdapter(new LogbackMDCAdapter());
    LogFile file = new LogFile(FileSize.valueOf(largest), FileSize.valueOf(together));
    file.setContext(logging);
    file.start();
    Logger log = logging.getLogger("tidemark.test");
    log.addAppender(file);
    for (int i = 0; i < lines; i++) {
      log.info("line {}", i);
    }
    logging.stop(); // waits for what sweeps
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // where it lies in a folder of the user's
  void every_file_is_its_users_alone() throws IOException {
    log("10KB", 1_000);

    assertThat(files()).hasSizeGreaterThan(2);
    for (Path file : files()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .as(file.toString())
          .isEqualTo("rw-------");
    }
  }

  @Test
  void a_log_that_somebody_deleted_comes_back() throws IOException {
    Path logs = folder.resolve("logs");
    System.setProperty("tidemark.log.dir", logs.toString());
    LoggerContext logging = new LoggerContext();
    logging.setMDCAdapter(new LogbackMDCAdapter());
    LogFile file = new LogFile(FileSize.valueOf("10MB"), FileSize.valueOf("200MB"));
    file.setContext(logging);
    file.start();
    Logger log = logging.getLogger("tidemark.test");
    log.addAppender(file);
    log.info("before");
    Folders.delete(logs);
    log.info("after");
    logging.stop();
    assertThat(new LogTail(logs).last(9))
        .singleElement()
        .asString()
        .endsWith("tidemark.test: after");
  }

  @Test
  void a_file_that_has_grown_large_is_followed_by_the_next_and_no_line_is_lost()
      throws IOException {
    log("10KB", 2_000);

    assertThat(files()).hasSizeBetween(5, 40);
    assertThat(files())
        .allMatch(
            file ->
                file.getFileName()
                    .toString()
                    .matches("tidemark-\\d{4}-\\d\\d-\\d\\d\\.\\d+\\.log"));
    for (Path file : files()) {
      assertThat(Files.size(file)).isLessThan(12_000);
    }
    assertThat(new LogTail(folder).last(9_999)).hasSize(2_000);
    assertThat(new LogTail(folder).last(3)).last().asString().endsWith("tidemark.test: line 1999");
  }

  @Test
  void all_files_together_stay_below_a_size_and_the_newest_lines_stay() throws IOException {
    log("10KB", "50KB", 5_000);

    long together = 0;
    for (Path file : files()) {
      together += Files.size(file);
    }
    // the sweeps of files that filled within milliseconds run beside each other, and sweep more
    assertThat(together).isBetween(1L, 75_000L);
    assertThat(new LogTail(folder).last(1)).first().asString().endsWith("line 4999");
  }

  @Test
  void a_later_process_goes_on_in_the_newest_file() throws IOException {
    log("10KB", 300);
    int before = files().size();

    log("10KB", 1);

    assertThat(files()).hasSize(before);
    assertThat(new LogTail(folder).last(9_999)).hasSize(301);
  }

  @Test
  void what_is_older_than_keepDays_is_swept_even_if_no_process_lives_for_a_day()
      throws IOException {
    LocalDate today = LocalDate.now();
    Path foreign = Files.writeString(folder.resolve("other-2020-01-01.0.log"), "foreign\n");
    Path recent =
        Files.writeString(folder.resolve("tidemark-" + today.minusDays(2) + ".0.log"), "recent\n");
    Path lately =
        Files.writeString(folder.resolve("tidemark-" + today.minusDays(93) + ".0.log"), "lately\n");

    log("10KB", 1);

    assertThat(lately).doesNotExist();
    assertThat(recent).exists();
    assertThat(foreign).exists();
  }

  @Test
  void several_processes_write_to_one_log_and_no_line_is_lost_or_torn() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (String name : List.of("anna", "bert", "carl")) {
      processes.add(probe("2000*" + name));
    }
    for (Process process : processes) {
      assertThat(process.waitFor()).isZero();
    }

    List<String> lines = new LogTail(folder).last(10_000);
    assertThat(lines)
        .hasSize(6_000)
        .allMatch(line -> line.matches("20.*INFO  \\[main] tidemark\\.probe: \\w{4} \\d+"));
    assertThat(lines.stream().map(line -> line.substring(line.indexOf(": "))).distinct())
        .hasSize(6_000);
  }

  @Test
  void the_level_changes_without_a_restart() throws Exception {
    assertThat(
            probe(
                    "1*first",
                    "level=debug",
                    "1*second",
                    "level=warn",
                    "1*third",
                    "level=info",
                    "1*x")
                .waitFor())
        .isZero();

    assertThat(new LogTail(folder).last(99).stream().map(line -> line.replaceAll(".*: ", "")))
        .containsExactly("first 0", "second 0", "debug second 0", "x 0");
  }

  @Test
  void a_level_the_process_was_started_with_is_not_for_the_config_to_change() throws Exception {
    assertThat(start(List.of("-Dtidemark.log.level=debug"), "1*first").waitFor()).isZero();

    assertThat(new LogTail(folder).last(99)).hasSize(2);
  }

  @Test
  void secrets_do_not_get_into_it() throws Exception {
    assertThat(
            probe(
                    "1*Authorization: Bearer abc.def-123 sent",
                    "1*{\"port\":1,\"token\":\"s3cret\",\"pid\":2}",
                    "1*password=hunter2 given",
                    "1*smb://anna:hunter2@nas/office is away",
                    "1*the token is not in my list, the password is wrong")
                .waitFor())
        .isZero();

    assertThat(String.join("\n", new LogTail(folder).last(99)))
        .doesNotContain("abc.def", "s3cret", "hunter2")
        .contains(
            "Bearer *** sent",
            "\"token\":\"***\",\"pid\":2",
            "password=*** given",
            "smb://anna:***@nas/office",
            "the token is not in my list, the password is wrong");
  }

  private Process probe(String... args) throws IOException {
    return start(List.of(), args);
  }

  private Process start(List<String> options, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
    command.addAll(options);
    command.add(LogProbe.class.getName());
    command.add(folder.toString());
    command.addAll(List.of(args));
    return new ProcessBuilder(command).inheritIO().start();
  }
}
