package tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import tidemark.change.Failure;

class TidemarkTest {
  private final StringWriter err = new StringWriter();

  @Test
  void a_failure_is_one_line_of_what_and_one_of_what_to_do() {
    int exitCode =
        run(new Failing(new Failure(Failure.OFFLINE, "the share is\n away", "Connect to it.")));

    assertThat(exitCode).isEqualTo(Failure.OFFLINE);
    assertThat(err.toString().lines())
        .containsExactly("tidemark: the share is away", "  Connect to it.");
  }

  @Test
  void a_bug_is_named_as_one_with_the_place_of_the_log_and_without_a_stack_trace() {
    assertThat(run(new Failing(new IllegalStateException("cannot be")))).isEqualTo(Tidemark.BUG);

    assertThat(err.toString().lines()).hasSize(2);
    assertThat(err.toString()).contains("cannot be", "bug in Tidemark", "log in ");
  }

  @Test
  void an_error_of_the_machine_is_told_the_same_way() {
    assertThat(run(new Failing(new OutOfMemoryError("heap")))).isEqualTo(Tidemark.BUG);

    assertThat(err.toString().lines()).hasSize(2);
  }

  @Test
  void wrong_usage_is_exit_2_with_a_hint() {
    assertThat(run(new Failing(new OutOfMemoryError()), "fails")).isEqualTo(Failure.USAGE);

    assertThat(err.toString().lines()).hasSize(2);
    assertThat(err.toString()).contains("fails", "`fail`", "--help");
  }

  private int run(Failing failing) {
    return run(failing, "fail");
  }

  private int run(Failing failing, String command) {
    CommandLine line = Tidemark.commandLine(root -> root.addSubcommand(failing));
    line.setErr(new PrintWriter(err));
    return Tidemark.run(line, command);
  }

  /** A command that ends with what it is given. */
  @Command(name = "fail")
  static final class Failing implements Runnable {
    private final Throwable failure;

    Failing(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public void run() {
      if (failure instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failure;
    }
  }
}
