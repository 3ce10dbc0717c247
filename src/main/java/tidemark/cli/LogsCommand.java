package tidemark.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tidemark.log.LogTail;
import tidemark.log.ProgramLog;

/** `logs`: what the program wrote down, the daemon and the commands alike. */
@Command(name = "logs", description = "Prints the newest lines of the log.")
final class LogsCommand extends SettingsCommand {
  private static final long LOOK_EVERY = 300;

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "50",
      description = "So many lines, $${DEFAULT-VALUE} unless told otherwise.")
  private int last;

  @Option(names = "--follow", description = "Goes on with what is written, until Ctrl-C.")
  private boolean follow;

  LogsCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    read();
    Path folder = ProgramLog.folder();
    LogTail log = new LogTail(folder);
    List<String> lines = log.last(last);
    if (lines.isEmpty() && last > 0) {
      ErrorLines.tell(err(), "nothing is logged yet in " + folder, "");
    }
    print(lines);
    while (follow && !Thread.currentThread().isInterrupted() && !out().checkError()) {
      if (pause()) {
        print(log.more());
      }
    }
    return 0;
  }

  private void print(List<String> lines) {
    lines.forEach(out()::println);
    out().flush();
  }

  /** False if it is to end. */
  private static boolean pause() {
    try {
      Thread.sleep(LOOK_EVERY);
      return true;
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
