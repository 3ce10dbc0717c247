package tidemark.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A word that only leads to the commands below it. */
abstract class Group implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  @Override
  public final Integer call() {
    if (spec == null) {
      throw new IllegalStateException("not run as a command");
    }
    throw new ParameterException(
        spec.commandLine(),
        spec.name() + " needs one of: " + String.join(", ", spec.subcommands().keySet()));
  }
}
