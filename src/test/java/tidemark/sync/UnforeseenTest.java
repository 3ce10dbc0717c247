package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.share.ShareFiles;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;

/** What nobody foresaw ends a run as an error that is told, not as if there had been no run. */
class UnforeseenTest {
  @TempDir Path folder;

  private Workstation annaWhoseRunsEndWith(Throwable unforeseen) {
    Workstation anna = new Fleet(folder).workstation("anna");
    anna.edit("CREATE TABLE t(id INTEGER PRIMARY KEY)", "INSERT INTO t VALUES(1)").syncWell();
    anna.edit("INSERT INTO t(id) VALUES(2)");
    anna.tap =
        new ShareFiles.Tap() {
          @Override
          public void before(ShareFiles.Operation operation, Path path) {
            if (operation == ShareFiles.Operation.MOVE) {
              if (unforeseen instanceof Error error) {
                throw error;
              }
              throw (RuntimeException) unforeseen;
            }
          }
        };
    return anna;
  }

  @Test
  void a_run_that_runs_out_of_memory_is_an_error_with_what_to_do_and_the_next_one_carries_all() {
    Workstation anna = annaWhoseRunsEndWith(new OutOfMemoryError("Java heap space"));
    DatabaseSync.Outcome outcome = anna.syncWhateverHappens(Direction.BOTH);
    assertThat(outcome.status()).isEqualTo("error");
    assertThat(outcome.exitCode()).isEqualTo(Failure.BUG);
    assertThat(outcome.failure().whatFailed()).contains("memory", "Java heap space");
    assertThat(outcome.failure().hint()).contains("TIDEMARK_JAVA_OPTS");
    lastRun(anna, "error", "memory");

    anna.tap = ShareFiles.Tap.NONE;
    anna.syncWell();
    lastRun(anna, "success", "");
  }

  @ParameterizedTest
  @ValueSource(
      classes = {StackOverflowError.class, NoClassDefFoundError.class, NullPointerException.class})
  void so_is_one_that_meets_a_bug(Class<? extends Throwable> kind) throws Exception {
    Workstation anna = annaWhoseRunsEndWith(kind.getConstructor().newInstance());
    DatabaseSync.Outcome outcome = anna.syncWhateverHappens(Direction.BOTH);
    assertThat(outcome.exitCode()).isEqualTo(Failure.BUG);
    lastRun(anna, "error", kind.getSimpleName());
  }

  private static void lastRun(Workstation who, String status, String message) {
    String last =
        "SELECT status||' '||coalesce(error_message,'') FROM sync_log ORDER BY id DESC LIMIT 1";
    assertThat(who.db().value(last)).startsWith(status).contains(message);
  }
}
