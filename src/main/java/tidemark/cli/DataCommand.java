package tidemark.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import tidemark.daemon.Daemon;
import tidemark.daemon.Database;

/** A command about the data of all databases, or of those that `--db` names. */
abstract class DataCommand extends SettingsCommand {
  @Option(
      names = "--db",
      paramLabel = "NAME",
      description = "Only this database; may be given several times.")
  private List<String> names = new ArrayList<>();

  DataCommand(Start start) {
    super(start);
  }

  protected final Daemon daemon() {
    return new Daemon(read().settings(), start.surroundings().get(), start.clock());
  }

  protected final List<Database> databases(Daemon daemon) {
    return daemon.databases(names);
  }
}
