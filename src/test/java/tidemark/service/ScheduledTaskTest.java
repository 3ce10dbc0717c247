package tidemark.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Failure;

/**
 * What Windows' `schtasks` answers where a task is not there or cannot be looked at, which wine's
 * does not: a program of that name answers as Windows documents it, in words of another language.
 */
@DisabledOnOs(OS.WINDOWS)
class ScheduledTaskTest {
  private static final String TASK = "Tidemark - BÜRO - jörg";
  private static final String OTHERS = "echo '\"\\Updates\",\"N/A\",\"Bereit\"'";

  @TempDir Path folder;
  private final AtomicInteger stopped = new AtomicInteger();

  /**
   * @param list what it does when asked for all tasks; for one it always fails
   */
  private ScheduledTask task(String list) throws IOException {
    Path script = folder.resolve("schtasks.sh");
    Files.writeString(
        script,
        "case \"$*\" in\n  'schtasks /query /tn '*) echo 'FEHLER: Zugriff verweigert'; exit 1;;\n"
            + "  'schtasks /query /fo csv /nh') "
            + list
            + ";;\n  *) echo \"unexpected: $*\"; exit 9;;\nesac\n");
    return ScheduledTask.ofUser(
        new Tools(List.of("sh", script.toString()), Path::toString),
        Programs.in(folder),
        "BÜRO\\jörg",
        stopped::incrementAndGet);
  }

  @Test
  void one_that_the_list_does_not_hold_is_not_there() throws IOException {
    ScheduledTask task = task(OTHERS);

    assertThat(task.uninstall()).containsExactly("There is no task '" + TASK + "'.");
    assertThat(task.status().lines()).containsExactly("There is no task '" + TASK + "'.");
    assertThat(stopped).hasValue(0);
  }

  @Test
  void one_that_is_in_the_list_and_cannot_be_looked_at_is_there() throws IOException {
    fails(task(OTHERS + "; echo '\"\\" + TASK + "\",\"N/A\",\"Bereit\"'"), "Zugriff verweigert");
  }

  @Test
  void where_the_scheduler_does_not_answer_nobody_knows() throws IOException {
    fails(task("echo 'FEHLER: RPC'; exit 1"), "FEHLER: RPC");
  }

  private void fails(ScheduledTask task, String why) {
    for (Runnable asked : List.<Runnable>of(task::uninstall, task::status)) {
      assertThatThrownBy(asked::run)
          .isInstanceOf(Failure.class)
          .hasMessageContainingAll("Windows does not tell", TASK, why);
    }
    assertThat(stopped).hasValue(0);
  }
}
