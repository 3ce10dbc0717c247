package tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import tidemark.change.Failure;
import tidemark.cli.Commands;
import tidemark.cli.ErrorLines;
import tidemark.cli.Start;
import tidemark.config.Surroundings;
import tidemark.log.ProgramLog;

/**
 * The command `tidemark`, and the one place where a failure becomes an exit code.
 *
 * <p>Whatever fails is told as one line of what and one of what to do; the stack trace goes to the
 * log alone.
 */
@Command(
    name = "tidemark",
    description = "Keeps the SQLite databases of a small team in step.",
    mixinStandardHelpOptions = true,
    versionProvider = Tidemark.Version.class)
public final class Tidemark {
  static final int BUG = Failure.BUG;

  private Tidemark() {}

  public static void main(String[] args) {
    writeUtf8();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> LoggerFactory.getLogger(Tidemark.class).error("A bug in {}", thread, e));
    ClassArchive.makeIfStale();
    Start start = new Start(Tidemark::surroundings, Clock.system(ZoneId.systemDefault()));
    System.exit(run(commandLine(root -> new Commands(start).addTo(root, args)), args));
  }

  private static Surroundings surroundings() {
    return Surroundings.ofThisMachine(
        Optional.ofNullable(System.getProperty("tidemark.home")).map(Path::of));
  }

  /**
   * @param commands adds them to the root
   */
  static CommandLine commandLine(Consumer<CommandLine> commands) {
    CommandLine root = new CommandLine(new Tidemark());
    commands.accept(root);
    return root // these hold only for the commands it already has
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((wrong, args) -> misused(wrong))
        .setExecutionExceptionHandler((e, command, parsed) -> failed(e, command.getErr()));
  }

  static int run(CommandLine command, String... args) {
    try {
      return command.execute(args);
    } catch (Throwable e) { // picocli lets errors pass, out of memory among them
      return failed(e, command.getErr());
    }
  }

  private static int misused(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    String hint = "`" + command.getCommandSpec().qualifiedName() + " --help` shows what it takes.";
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      for (String suggestion : unmatched.getSuggestions()) {
        hint = "Did you mean `" + suggestion + "`? " + hint;
        break;
      }
      if (!command.getSubcommands().isEmpty() && unmatched.getUnmatched().get(0).startsWith("-")) {
        hint = "Options follow the name of their command. " + hint;
      }
    }
    ErrorLines.tell(command.getErr(), textOf(wrong), hint);
    return Failure.USAGE;
  }

  private static int failed(Throwable e, PrintWriter err) {
    if (e instanceof Failure failure) {
      ErrorLines.tell(err, failure.whatFailed(), failure.hint());
      LoggerFactory.getLogger(Tidemark.class).error("{}", failure.whatFailed(), failure);
      return failure.exitCode();
    }
    Path log = ProgramLog.folder();
    LoggerFactory.getLogger(Tidemark.class).error("A bug in Tidemark", e);
    ErrorLines.tell(
        err,
        "unexpected " + e.getClass().getSimpleName() + ": " + textOf(e),
        "This is a bug in Tidemark; please report it with the log in " + log);
    return BUG;
  }

  private static String textOf(Throwable e) {
    @Nullable String message = e.getMessage();
    return message == null ? "no message" : message;
  }

  /** Programs that read our output expect UTF-8, whatever the machine's code page is. */
  private static void writeUtf8() {
    System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8));
    System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8));
  }

  /** The version the jar was built as. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "tidemark " + new Start(() -> surroundings(), Clock.systemUTC()).version()
      };
    }
  }
}
