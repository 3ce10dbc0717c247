package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.share.ShareFiles;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;

/** What a run costs the share when there is nothing to do, which is most of the time. */
class NothingToDoTest {

  private static final int AT_MOST = 6;

  @TempDir Path folder;

  private Workstation synced() {
    Fleet fleet = new Fleet(folder);
    Workstation anna = fleet.workstation("anna");
    Workstation ben = fleet.workstation("ben");
    anna.edit("CREATE TABLE notes(id TEXT PRIMARY KEY, text TEXT)");
    anna.edit("INSERT INTO notes VALUES('n1','one'),('n2','two')");
    fleet.settle();
    ben.edit("UPDATE notes SET text='three' WHERE id='n2'");
    fleet.settle().assertSame();
    return anna;
  }

  @Test
  void a_run_with_nothing_to_do_costs_at_most_six_operations_on_the_share() {
    assertThat(operationsOfARun(synced())).hasSizeBetween(1, AT_MOST);
  }

  @Test
  void nor_does_a_daemons_run_after_one_that_read_something() {
    Workstation anna = synced().startDaemon();
    Workstation ben = new Fleet(folder).workstation("ben");
    ben.edit("UPDATE notes SET text='four' WHERE id='n2'");
    ben.syncWell();
    anna.syncWell();
    assertThat(operationsOfARun(anna)).hasSizeBetween(1, AT_MOST);
  }

  @Test
  void a_share_that_sets_the_masters_time_only_after_the_fold_has_nobody_fold_again()
      throws IOException {
    Workstation anna = synced();
    Path master = new Fleet(folder).master().file();
    long left = Files.getLastModifiedTime(master).toMillis();
    Files.setLastModifiedTime(master, FileTime.fromMillis(left + 2_000));
    assertThat(operationsOfARun(anna)).hasSizeBetween(1, AT_MOST);
  }

  private static List<String> operationsOfARun(Workstation anna) {
    List<String> operations = new ArrayList<>();
    anna.tap =
        new ShareFiles.Tap() {
          @Override
          public void before(ShareFiles.Operation operation, Path path) {
            operations.add(operation + " " + path.getFileName());
          }
        };
    anna.syncWell();
    return operations;
  }

  @Test
  void a_run_with_nothing_to_do_does_not_open_the_master() throws Exception {
    Workstation anna = synced();
    try (Connection browser = new Fleet(folder).master().connect();
        Statement statement = browser.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      DatabaseSync.Outcome outcome = anna.syncWell();
      assertThat(outcome.report().notes()).isEmpty();
      assertThat(outcome.report().masterBehind()).isZero();
    }
  }

  @Test
  @Tag("strace")
  void the_whole_process_makes_at_most_six_file_calls_on_the_share() throws Exception {
    Assumptions.assumeTrue(hasStrace(), "strace is not installed");
    Path config = config();
    tidemark(config);
    tidemark(config);
    Path trace = folder.resolve("trace.txt");
    run(List.of("strace", "-f", "-e", "trace=%file", "-o", trace.toString()), config);
    String share = folder.resolve("share").toString();
    List<String> calls =
        Files.readAllLines(trace).stream()
            .filter(line -> line.contains(share) && !line.contains("execve("))
            .toList();
    assertThat(calls).hasSizeBetween(1, AT_MOST);
    assertThat(calls).noneMatch(call -> call.contains("server.db\", O_RDWR"));
  }

  private Path config() throws IOException {
    Files.createDirectories(folder.resolve("share"));
    Workstation anna = new Fleet(folder).workstation("anna");
    anna.edit("CREATE TABLE notes(id TEXT PRIMARY KEY, text TEXT)");
    anna.edit("INSERT INTO notes VALUES('n1','one')");
    String text =
        """
        user: anna
        workstation: PC-anna
        state: '%s'
        databases:
          server:
            local: '%s'
            master: '%s'
        """
            .formatted(
                folder.resolve("state"), anna.db().file(), folder.resolve("share/server.db"));
    return Files.writeString(folder.resolve("tidemark.yml"), text);
  }

  private void tidemark(Path config) throws Exception {
    run(List.of(), config);
  }

  private void run(List<String> before, Path config) throws Exception {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "tidemark.Tidemark",
            "sync",
            "--config",
            config.toString()));
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }

  private static boolean hasStrace() throws InterruptedException {
    try {
      return new ProcessBuilder("strace", "-V")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
